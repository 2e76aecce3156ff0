import { expect } from 'vitest'
import { parseInstant } from '../../src/base/instant.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import type {
  DecidingCounts,
  Engine,
  ExplainedBounds,
  ExternalId,
  PersonStep,
  PlanStep,
  SchemaSpec,
  UserSet,
} from '../../src/index.ts'
import { childRules, type EventNode, isEventNode, type RuleNode } from '../../src/rules/ast.ts'
import { Rule } from '../../src/rules/rule.ts'
import { holds, peopleOf } from '../../src/testing/reference-evaluator.ts'
import { decimalNumber } from '../../src/testing/reference-numbers.ts'
import { boundsOf, type ReferenceBounds } from '../../src/testing/reference-time.ts'
import type { ReferenceValue, ReferenceView } from '../../src/testing/reference-view.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { amountOf, chainOf, countsOf, occurrencesOf } from './reference-measured.ts'
import { rulePartsOf } from './rule-parts.ts'

/** Everybody who may be in a case, and one who never is. */
export const world: readonly ExternalId[] = [...Array.from({ length: 60 }, (_, index) => idAt(index)), 'nobody ever']

/** Count, people in order, `has` and `matches`, for the instant at which the reference is seen; so all of these. */
export function checkAnswers(engine: Engine<SchemaSpec>, reference: ReferenceView, node: RuleNode): void {
  const rule = Rule.of(node)
  const then = { asOf: reference.asOf }
  const expected = [...peopleOf(node, reference)]
  const set = engine.select(rule, then)
  expect([...set]).toEqual(expected)
  expect(set.size).toBe(expected.length)
  expect(engine.count(rule, then)).toBe(expected.length)
  const people = new Set(expected)
  const prepared = engine.prepare(rule)
  for (const id of world) {
    const inside = people.has(nameOf(id, reference))
    if (set.has(id) !== inside) throw new Error(`has(${String(id)}) is ${!inside}`)
    if (prepared.matches(id, then) !== inside) throw new Error(`matches(${String(id)}) is ${!inside}`)
  }
  for (const id of world.slice(0, 4)) expect(engine.matches(id, rule, then)).toBe(people.has(nameOf(id, reference)))
  set.release()
}

/** The id that names the person of an id. */
function nameOf(id: ExternalId, { aliases }: ReferenceView): ExternalId {
  return aliases?.get(id) ?? id
}

/** The count of each part, and of the whole without it. */
export function checkPreview(engine: Engine<SchemaSpec>, reference: ReferenceView, node: RuleNode): void {
  const parts = rulePartsOf(node)
  // More than a preview takes: see `previewRule`.
  if (parts.length > 200) return
  const size = (rule: RuleNode): number => peopleOf(rule, reference).size
  const preview = engine.preview(Rule.of(node), { asOf: reference.asOf })
  expect(preview.count).toBe(size(node))
  expect(preview.universe).toBe(reference.people.size)
  const { windows, asOf, timeZone } = engine.explain(Rule.of(node), { asOf: reference.asOf })
  expect(preview).toMatchObject({ windows, asOf, timeZone })
  expect(preview.nodes.map(({ rule, count, without }) => ({ rule, count, without }))).toEqual(
    parts.map((part) => ({
      rule: String(Rule.of(part.node)),
      count: size(part.node),
      without: part.without === null ? null : size(part.without),
    })),
  )
}

/** The counts of an explanation: of the whole, and of each step by itself. */
export function checkExplain(engine: Engine<SchemaSpec>, reference: ReferenceView, node: RuleNode): void {
  const explanation = engine.explain(Rule.of(node), { asOf: reference.asOf })
  expect(explanation.count).toBe(peopleOf(node, reference).size)
  expect(explanation.universe).toBe(reference.people.size)
  expect(explanation.asOf).toBe(reference.asOf)
  const visit = (step: PlanStep): void => {
    const people = peopleOf(Rule.read(step.rule).node, reference).size
    if (step.count !== people) throw new Error(`the step ${step.rule} has ${people} people, not ${step.count}`)
    step.steps.forEach(visit)
  }
  explanation.plan.forEach(visit)
}

/** The truth of each part for one person, what decided it, and the windows. */
export function checkExplainMatch(
  engine: Engine<SchemaSpec>,
  reference: ReferenceView,
  node: RuleNode,
  given: ExternalId,
): void {
  const id = nameOf(given, reference)
  const told = engine.explainMatch(given, Rule.of(node), { asOf: reference.asOf })
  const person = reference.people.get(id)
  if (person === undefined) {
    expect(told).toBeNull()
    return
  }
  expect(told).toMatchObject({
    asOf: reference.asOf,
    timeZone: reference.timeZone,
    universe: reference.people.size,
    holds: engine.matches(id, Rule.of(node), { asOf: reference.asOf }),
  })
  const visit = (part: RuleNode, found: PersonStep): void => {
    expect(found.rule).toBe(String(Rule.of(part)))
    expect(found.holds).toBe(holds(part, id, reference))
    if ('window' in part) {
      expect(boundsIn(found.window!)).toEqual(
        seenPart(boundsOf(part.window, reference.asOf, reference.timeZone), reference),
      )
    } else expect(found.window).toBeUndefined()
    if (isEventNode(part)) checkMeasured(part, found.value, id, reference)
    else {
      const value = 'tag' in part ? person.get(String(part.tag)) : undefined
      if ('tag' in part && value === undefined) expect(found.value).toBeNull()
      else expect(found.value).toEqual(value === undefined ? undefined : shownValue(value, found.value))
    }
    for (const [index, child] of childRules(part).entries()) visit(child, found.steps[index]!)
  }
  visit(node, told!)
}

/** What a person's events come to in a question, against the reference. */
function checkMeasured(node: EventNode, value: unknown, id: ExternalId, reference: ReferenceView): void {
  switch (node.kind) {
    case 'behaviour':
      expect(value).toBe(amountOf(node, id, reference))
      break
    case 'first':
    case 'last': {
      const events = occurrencesOf(node, id, reference).map(({ at, properties }) => ({
        kind: 'event',
        at: new Date(at),
        properties,
      }))
      if (events.length === 0) expect(value).toBeNull()
      else expect(events).toContainEqual(value)
      break
    }
    case 'sequence': {
      const chain = chainOf(node, id, reference)
      expect(value).toEqual(chain === null ? null : { kind: 'chain', steps: chain.map((at) => new Date(at)) })
      break
    }
    default: {
      const { kind, windows } = value as DecidingCounts
      expect(kind).toBe('counts')
      expect(windows.map(({ role, count, ...bounds }) => ({ role, count, bounds: boundsIn(bounds) }))).toEqual(
        countsOf(node, id, reference).map((one) => ({ ...one, bounds: seenPart(one.bounds, reference) })),
      )
    }
  }
}

/** The instants of bounds that are shown. */
function boundsIn({ from, to }: ExplainedBounds): ReferenceBounds {
  const instant = (text: string): number => parseInstant(text, TimeZone.of('UTC'))!
  return { from: from === null ? -Infinity : instant(from), to: to === null ? Infinity : instant(to) }
}

/** Law 11: what is after `asOf` isn't seen. */
function seenPart({ from, to }: ReferenceBounds, { asOf }: ReferenceView): ReferenceBounds {
  const seen = Math.min(to, asOf + 1)
  return { from: Math.min(from, seen), to: seen }
}

/** A value of the reference as an engine shows it; of a list, in whichever order it is found. */
export function shownValue(value: ReferenceValue, found: unknown): unknown {
  if (value === true || typeof value === 'string') return value
  if (typeof value === 'number') return new Date(value)
  if ('units' in value) return decimalNumber(value)
  const texts = Array.isArray(found) ? found.filter((text) => value.has(text)) : []
  return texts.length === value.size ? texts : [...value]
}

/** A user set against plain sets: its people, pages and samples. */
export function checkUserSet(set: UserSet, expected: readonly ExternalId[], draw: (below: number) => number): void {
  expect([...set.ids()]).toEqual(expected)
  const limit = 1 + draw(9)
  const paged: ExternalId[] = []
  let cursor: string | null = null
  do {
    const page = set.page(cursor, limit)
    expect(page.ids.length <= limit).toBe(true)
    paged.push(...page.ids)
    cursor = page.next
  } while (cursor !== null)
  expect(paged).toEqual(expected)
  const seed = draw(3)
  const small = set.sample(draw(expected.length + 2), { seed })
  const more = small.length + draw(5)
  const large = set.sample(more, { seed })
  expect(large.length).toBe(Math.min(more, expected.length))
  expect(set.sample(small.length, { seed })).toEqual(small)
  expect(large).toEqual(expect.arrayContaining(small))
  expect(expected.filter((id) => large.includes(id))).toEqual(large)
}
