import type { ExternalId } from '../index.ts'
import { isParameter, type RuleNode, type Slot } from '../rules/index.ts'

/** A value as the reference holds it: `true` for a flag, a text, or the texts of a many-value category. */
export type ReferenceValue = true | string | ReadonlySet<string>

/** The values of one person by column. A column without a value is not in it. */
export type ReferencePerson = ReadonlyMap<string, ReferenceValue>

/** An audience as the reference holds it. */
export interface ReferenceAudience {
  /** `null` for a list. */
  readonly rule: RuleNode | null
  /** Members by version number, from 1 on; the last is the one in force. */
  readonly versions: ReadonlyMap<number, ReadonlySet<ExternalId>>
}

/** All that the meaning of a rule depends on. */
export interface ReferenceView {
  /** `U`, living people in the order of first sight, with their values (law 2). */
  readonly people: ReadonlyMap<ExternalId, ReferencePerson>
  readonly audiences: ReadonlyMap<string, ReferenceAudience>
}

/**
 * The people of a rule, in the order of first sight (law 25): the specification of every answer. It is slow, and meant
 * to be obviously right: each person of `U` is asked alone.
 *
 * The rule has to fit: its tags, audiences and versions exist, and it has no parameters. Nobody in, nobody out.
 * Cost: people × nodes × values.
 *
 * @throws Error for an audience or version that is not there, and for a parameter.
 */
export function peopleOf(rule: RuleNode, view: ReferenceView): Set<ExternalId> {
  return new Set([...view.people.keys()].filter((id) => holds(rule, id, view)))
}

/**
 * Whether a living person is among the people of a rule: what each kind of node means. An unknown id is in none.
 * Cost: nodes × values.
 *
 * @throws as `peopleOf`
 */
export function holds(node: RuleNode, id: ExternalId, view: ReferenceView): boolean {
  const person = view.people.get(id)
  if (person === undefined) return false // Law 2: every answer is a subset of U.
  const ask = (rule: RuleNode): boolean => holds(rule, id, view)
  switch (node.kind) {
    case 'everyone': // Law 2.
      return true
    case 'nobody': // Law 5: what or() of nothing is.
      return false

    case 'has': // A flag is there or not; false cleared it (law 7).
    case 'isSet': // Law 7: says that a value is there, whichever.
      return person.has(bound(node.tag))
    case 'isNotSet': // Law 7: U \ isSet.
      return !person.has(bound(node.tag))

    case 'eq': // Law 7: false for an absent value. Law 8: exact, after NFC.
      return textsOf(person, node.tag).has(nfc(node.value))
    case 'ne': // Law 7: false for an absent value too, so not the same as not(eq).
      return person.has(bound(node.tag)) && !textsOf(person, node.tag).has(nfc(node.value))
    case 'in': // Law 8: in([]) is nobody.
    case 'hasAny':
      return listOf(node.values).some((value) => textsOf(person, node.tag).has(value))
    case 'notIn': // Laws 7 and 8: hasNone([]) is isSet.
    case 'hasNone':
      return person.has(bound(node.tag)) && !listOf(node.values).some((value) => textsOf(person, node.tag).has(value))
    case 'hasAll': // Laws 7 and 8: hasAll([]) is isSet.
      return person.has(bound(node.tag)) && listOf(node.values).every((value) => textsOf(person, node.tag).has(value))

    case 'startsWith': // Law 8, these three: of a value, any of them.
      return [...textsOf(person, node.tag)].some((text) => text.startsWith(nfc(node.text)))
    case 'contains':
      return [...textsOf(person, node.tag)].some((text) => text.includes(nfc(node.text)))
    case 'matches': // JavaScript's own engine, which agrees with RE2 on the patterns that the generators make.
      return [...textsOf(person, node.tag)].some((text) => new RegExp(nfc(node.pattern), 'u').test(text))

    case 'audience': {
      const audience = view.audiences.get(bound(node.name))
      if (audience === undefined) throw new Error(`the reference has no audience ${bound(node.name)}`)
      // Law 16: without a version, its rule as of now; a list has none, and is what it is.
      if (node.version === null && audience.rule !== null) return ask(audience.rule)
      // Law 19: a version is what it was when it was built.
      const latest = Math.max(...audience.versions.keys())
      const members = audience.versions.get(typeof node.version === 'number' ? node.version : latest)
      if (members === undefined) throw new Error(`the reference has no version ${node.version} of ${bound(node.name)}`)
      return members.has(id)
    }

    case 'not': // Law 2: U \ x.
      return !ask(node.rule)
    case 'and': // Law 5, all of these.
      return node.rules.every(ask)
    case 'or':
      return node.rules.some(ask)
    case 'xor': // In an odd number.
      return node.rules.filter(ask).length % 2 === 1
    case 'minus': // a \ (b ∪ c).
      return ask(node.rules[0]!) && !node.rules.slice(1).some(ask)
    case 'atLeast': // A part that stands twice counts twice; k above their number is nobody.
      return node.rules.filter(ask).length >= bound(node.k)
  }
}

/** The texts that a person has in a category: none, one or many. */
function textsOf(person: ReferencePerson, tag: Slot<string>): ReadonlySet<string> {
  const value = person.get(bound(tag))
  if (value === undefined || value === true) return new Set()
  return typeof value === 'string' ? new Set([value]) : value
}

function listOf(values: Slot<readonly Slot<string>[]>): string[] {
  return bound(values).map(nfc)
}

/** Law 8: text is brought to NFC when it is asked, as it was when it was written. */
function nfc(text: Slot<string>): string {
  return bound(text).normalize('NFC')
}

function bound<Value>(slot: Slot<Value>): Value {
  if (isParameter(slot)) throw new Error(`the parameter ${slot.param} has no value: apply the template first`)
  return slot
}
