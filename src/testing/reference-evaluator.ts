import type { ExternalId } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import {
  behaviourHolds,
  newHolds,
  occurrenceHolds,
  regularHolds,
  resumedHolds,
  stoppedHolds,
} from './reference-events.ts'
import { logicHolds } from './reference-logic.ts'
import { sequenceHolds } from './reference-sequences.ts'
import { given as slotOf } from './reference-time.ts'
import { valueHolds } from './reference-values.ts'
import type { ReferenceView } from './reference-view.ts'

/**
 * The people of a rule, in the order of first sight (law 25): the specification of every answer. It is slow, and meant
 * to be obviously right: each person of `U` is asked alone.
 *
 * The rule has to fit: its tags, events, audiences and versions exist, and it has no parameters. Nobody in, nobody out.
 * Cost: people × nodes × values and events; for a sequence, events to the power of its steps.
 *
 * @throws Error for an audience or version that is not there, and for a parameter.
 */
export function peopleOf(rule: RuleNode, view: ReferenceView): Set<ExternalId> {
  return new Set([...view.people.keys()].filter((id) => holds(rule, id, view)))
}

/**
 * Whether a living person is among the people of a rule: what each kind of node means. An unknown id is in none.
 * Cost: nodes × values and events.
 *
 * @throws as `peopleOf`
 */
export function holds(node: RuleNode, given: ExternalId, view: ReferenceView): boolean {
  const id = view.aliases?.get(given) ?? given // Law 4.
  const person = view.people.get(id)
  if (person === undefined) return false // Law 2: every answer is a subset of U.
  switch (node.kind) {
    case 'everyone': // Law 2.
      return true
    case 'nobody': // Law 5: what or() of nothing is.
      return false

    case 'not': // Laws 2 and 5.
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
    case 'atLeast':
      return logicHolds(node, (part) => holds(part, id, view))

    case 'behaviour': // Law 13.
      return behaviourHolds(node, id, view)
    case 'first': // Law 14, all of these.
    case 'last':
      return occurrenceHolds(node, id, view)
    case 'stopped':
      return stoppedHolds(node, id, view)
    case 'resumed':
      return resumedHolds(node, id, view)
    case 'new':
      return newHolds(node, id, view)
    case 'regular':
      return regularHolds(node, id, view)
    case 'sequence': // Law 15.
      return sequenceHolds(node, id, view)

    case 'audience': {
      const name = slotOf(node.name)
      const audience = view.audiences.get(name)
      if (audience === undefined) throw new Error(`the reference has no audience ${name}`)
      // Law 16: without a version, its rule as of now; a list has none, and is what it is.
      if (node.version === null && audience.rule !== null) return holds(audience.rule, id, view)
      // Law 19: a version is what it was when it was built.
      const latest = Math.max(...audience.versions.keys())
      const members = audience.versions.get(typeof node.version === 'number' ? node.version : latest)
      if (members === undefined) throw new Error(`the reference has no version ${node.version} of ${name}`)
      return members.has(id)
    }

    default: // Laws 7, 8, 9: one value decides.
      return valueHolds(node, person, view)
  }
}
