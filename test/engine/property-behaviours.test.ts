import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Millis } from '../../src/base/brand.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import { type BehaviourLeafNode, Behaviours, type BehaviourOptions } from '../../src/behaviour/behaviours.ts'
import { EventColumn } from '../../src/events/event-column.ts'
import { type ExternalId, type EventSpec, Rule, type SchemaSpec } from '../../src/index.ts'
import { mapRule } from '../../src/testing/map-rule.ts'
import type { PopulationChange } from '../../src/testing/population-change.ts'
import { holds } from '../../src/testing/reference-evaluator.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import type { ReferenceEvent, ReferenceValue } from '../../src/testing/reference-view.ts'
import { conditionFor } from '../../src/testing/rule-arbitrary.ts'
import { schemaOf } from '../../src/testing/schema-arbitrary.ts'
import { anyFrame, asOfIn, type TimeFrame } from '../../src/testing/time-arbitrary.ts'
import { trackOf } from '../../src/testing/change-arbitrary.ts'
import { campaign } from '../fast-check-config.ts'

// The questions about events by themselves, with settings under which a few events take every way that many take: all that
// is worked out of days is kept, or dropped at once, and events come between the questions.

const settings: readonly (readonly [name: string, options: BehaviourOptions])[] = [
  ['everything is kept', { fewEvents: 0 }],
  ['hardly anything is kept', { fewEvents: 0, cacheBytes: 2_000 }],
  ['nothing is kept of days', {}],
]

/** Questions that nobody without events is among the people of, as a planner asks them. */
function isLeaf(node: { readonly kind: string }): node is BehaviourLeafNode {
  return ['behaviour', 'first', 'last', 'sequence'].includes(node.kind)
}

interface World {
  readonly schema: SchemaSpec
  readonly frame: TimeFrame
  readonly changes: readonly PopulationChange[]
  readonly questions: readonly BehaviourLeafNode[]
  readonly asOfs: readonly number[]
}

const anyWorld: fc.Arbitrary<World> = fc.tuple(schemaOf(['event']), anyFrame).chain(([schema, frame]) => {
  const tracks = Object.entries(schema).map(([event, spec]) => trackOf(event, spec as EventSpec, frame))
  const removal = fc.nat(11).map((index): PopulationChange => ({ kind: 'remove', ids: [`u${index}`] }))
  const change = fc.oneof({ arbitrary: fc.oneof(...tracks), weight: 6 }, { arbitrary: removal, weight: 1 })
  const question = conditionFor(schema, { frame }).filter(isLeaf) as fc.Arbitrary<BehaviourLeafNode>
  return fc.record({
    schema: fc.constant(schema),
    frame: fc.constant(frame),
    changes: fc.array(change, { minLength: 1, maxLength: 14 }),
    questions: fc.array(question, { minLength: 1, maxLength: 3 }),
    asOfs: fc.array(asOfIn(frame), { minLength: 1, maxLength: 2 }),
  })
})
