import fc from 'fast-check'
import { describe, test } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { type BehaviourLeafNode, type BehaviourOptions, Behaviours } from '../../src/behaviour/behaviours.ts'
import { checkEventRows } from '../../src/dataset/check-events.ts'
import { Dataset } from '../../src/dataset/dataset.ts'
import { type EventSpec, type Millis, Rule, type SchemaSpec } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { Schema } from '../../src/schema/schema.ts'
import { trackOf } from '../../src/testing/change-arbitrary.ts'
import { changeFits } from '../../src/testing/change-fits.ts'
import type { PopulationChange } from '../../src/testing/population-change.ts'
import { holds, peopleOf } from '../../src/testing/reference-evaluator.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { conditionFor } from '../../src/testing/rule-arbitrary.ts'
import { schemaOf } from '../../src/testing/schema-arbitrary.ts'
import { smallerRules } from '../../src/testing/smaller-rules.ts'
import { anyFrame, asOfIn } from '../../src/testing/time-arbitrary.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { campaign } from '../fast-check-config.ts'

// Questions about events by themselves, with settings under which a few events go every way that many go: whatever is worked
// out of days is kept, or dropped at once. Events come and people go between the questions.

const settings: readonly (readonly [name: string, options: BehaviourOptions])[] = [
  ['everything is kept', { fewEvents: 0 }],
  ['hardly anything is kept', { fewEvents: 0, cacheBytes: 2_000 }],
  ['days are looked at anew', {}],
]

interface World {
  readonly schema: SchemaSpec
  readonly timeZone: string
  readonly now: number
  readonly asOfs: readonly number[]
  readonly changes: readonly PopulationChange[]
  readonly questions: readonly RuleNode[]
}

const anyWorld: fc.Arbitrary<World> = fc.tuple(schemaOf(['event']), anyFrame).chain(([schema, frame]) => {
  const tracks = Object.entries(schema).map(([event, spec]) => trackOf(event, spec as EventSpec, frame))
  // So many days that counts of them are kept, and moved from one instant to the next.
  const middle = Date.parse(`${frame.date}T12:00:00Z`)
  const spread = fc.tuple(
    fc.constantFrom(...Object.keys(schema)),
    fc.array(fc.nat(4), { minLength: 14, maxLength: 14 }),
  )
  const manyDays = spread.map(
    ([event, actors]): PopulationChange => ({
      kind: 'track',
      event,
      form: 'rows',
      events: actors.map((actor, day) => [idAt(actor), { at: middle + (day - 12) * 86_400_000 }]),
    }),
  )
  const removal = fc.nat(11).map((index): PopulationChange => ({ kind: 'remove', ids: [idAt(index)] }))
  const change = fc.oneof({ arbitrary: fc.oneof(...tracks), weight: 6 }, { arbitrary: removal, weight: 1 })
  return fc.record({
    schema: fc.constant(schema),
    timeZone: fc.constant(frame.timeZone),
    now: asOfIn(frame),
    asOfs: fc.array(asOfIn(frame), { minLength: 1, maxLength: 3 }),
    changes: fc
      .tuple(fc.array(manyDays, { maxLength: 2 }), fc.array(change, { minLength: 1, maxLength: 14 }))
      .map((parts) => parts.flat()),
    questions: fc.array(conditionFor(schema, { frame }).filter(isQuestion), { minLength: 2, maxLength: 4 }),
  })
})

/** What the planner asks: nobody without events is among the people of it. */
function isQuestion(node: RuleNode): boolean {
  if (node.kind === 'first' || node.kind === 'last' || node.kind === 'sequence') return true
  const idle = new ReferencePopulation({}, { now: 0 })
  idle.put('idle', {})
  return node.kind === 'behaviour' && !holds(node, 'idle', idle)
}

/** Plays a world, asking the questions after each change, for each instant. @throws Error that says what differs */
function play({ schema, timeZone, now, asOfs, changes, questions }: World, options: BehaviourOptions): void {
  const reference = new ReferencePopulation(schema, { timeZone, now })
  const dataset = Dataset.empty(Schema.from(schema), TimeZone.of(timeZone))
  const behaviours = new Behaviours({ event: (name) => dataset.event(name), zone: dataset.zone }, options)
  const matchers = questions.map((node) => behaviours.matcher(node as BehaviourLeafNode))
  for (const change of changes) {
    if (!changeFits(change, reference)) continue
    if (change.kind === 'remove') dataset.apply({ kind: 'remove', ids: change.ids })
    else if (change.kind === 'track') {
      const form = dataset.eventForm(change.event)
      const known = change.events.filter(([id]) => change.form !== 'dense' || reference.has(id))
      dataset.apply({ kind: 'track', event: form.name, events: checkEventRows(form, known), now: now as Millis })
    }
    reference.apply(change)
    for (const [index, node] of questions.entries()) {
      for (const asOf of asOfs) {
        behaviours.trim()
        const expected = new Set<number>([...peopleOf(node, reference.at(asOf))].map((id) => dataset.find(id)))
        const { size } = behaviours.estimate(node as BehaviourLeafNode, asOf)
        const found = [...behaviours.people(node as BehaviourLeafNode, asOf).toUint32Array()]
        const then = `${Rule.of(node)} as of ${new Date(asOf).toISOString()}`
        if (found.length !== expected.size || found.some((person) => !expected.has(person))) {
          throw new Error(`${then}: expected ${[...expected]}, found ${found}`)
        }
        if (size < found.length) throw new Error(`${then}: estimated ${size}, found ${found.length}`)
        for (const id of reference.people.keys()) {
          const person = dataset.find(id)
          if (matchers[index]!(person, asOf) !== expected.has(person))
            throw new Error(`${then}: matches(${String(id)})`)
        }
      }
    }
  }
}

/** A world a step smaller, as long as it fails. */
function smallest(world: World, fails: (tried: World) => boolean): World {
  const smaller = function* (): Generator<World> {
    for (const at of world.changes.keys()) yield { ...world, changes: world.changes.toSpliced(at, 1) }
    if (world.questions.length > 1) for (const node of world.questions) yield { ...world, questions: [node] }
    if (world.asOfs.length > 1) for (const asOf of world.asOfs) yield { ...world, asOfs: [asOf] }
    for (const [at, change] of world.changes.entries()) {
      if (change.kind !== 'track' || change.events.length === 1) continue
      for (const place of change.events.keys()) {
        const less = { ...change, events: change.events.toSpliced(place, 1) }
        yield { ...world, changes: world.changes.with(at, less) }
      }
    }
    for (const [at, node] of world.questions.entries()) {
      for (const less of smallerRules(node)) {
        if (isQuestion(less)) yield { ...world, questions: world.questions.with(at, less) }
      }
    }
  }
  for (const tried of smaller()) if (fails(tried)) return smallest(tried, fails)
  return world
}

describe('questions about events, between events', () => {
  test.each(settings)('%s', (_, options) => {
    const failure = (world: World): string | null => {
      try {
        play(world, options)
        return null
      } catch (error) {
        return String(error)
      }
    }
    const property = fc.property(anyWorld, (world) => {
      if (failure(world) === null) return
      const least = smallest(world, (tried) => failure(tried) !== null)
      const shown = JSON.stringify(least, (__, value) => (typeof value === 'bigint' ? `${value}n` : value), 1)
      throw new Error(`${failure(least)}\n${shown}`)
    })
    fc.assert(property, { ...campaign(120), endOnFailure: true })
  })
})
