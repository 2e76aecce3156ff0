import { invariant } from '../base/invariant.ts'
import type {
  BehaviourNode,
  EventNode,
  EventTerm,
  NumberTest,
  OccurrenceNode,
  RegularNode,
  SequenceNode,
} from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'
import type { EventSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import { bound } from './bound.ts'
import { canonicalConstant } from './canonical-constant.ts'
import { canonicalFilter, canonicalTerm } from './canonical-filter.ts'
import type { LogicalNode } from './logical-node.ts'
import type { LogicalPool } from './logical-pool.ts'
import { scaledConstant } from './lower-range.ts'

/**
 * Rules about events as questions of one form: equal questions are one leaf, nobody without events is among the people of
 * one, and what can be said by several questions (stopped, resumed, regular) is said by them, so that their parts are
 * shared and remembered.
 */
export function lowerBehaviour(node: EventNode, pool: LogicalPool, schema: Schema): LogicalNode {
  const did = (event: EventTerm, window: BehaviourNode['window'], times = 1): LogicalNode =>
    lowerMeasure(make.behaviour('count', [event], window, { op: 'gte', value: times }), pool, schema)
  switch (node.kind) {
    case 'behaviour':
      return lowerMeasure(node, pool, schema)
    case 'first':
    case 'last':
      return pool.behaviour(canonicalOccurrence(node, schema))
    case 'sequence':
      return pool.behaviour(canonicalSequence(node, schema))
    case 'stopped':
      return pool.and([did(node.event, node.earlier), pool.not(did(node.event, node.later))])
    case 'resumed':
      return pool.and([did(node.event, node.earlier), pool.not(did(node.event, node.gap)), did(node.event, node.later)])
    case 'new':
      // An event in the window and none before it: the first one of all is in the window.
      return pool.behaviour(canonicalOccurrence(make.occurrence('first', node.event, null, node.window), schema))
    case 'regular':
      return lowerRegular(node, pool, did)
  }
}

function lowerRegular(
  node: RegularNode,
  pool: LogicalPool,
  did: (event: EventTerm, window: BehaviourNode['window'], times: number) => LogicalNode,
): LogicalNode {
  const periods = Array.from({ length: bound(node.of) }, (_, ago) =>
    did(node.event, make.lastWindow(1, node.unit, { ago, weekStart: node.weekStart }), bound(node.times)),
  )
  return pool.atLeast(bound(node.periods), periods)
}

/**
 * The people of a measure. Numbers that are 0 where there is no event are turned so that 0 never passes: `count < 3` is
 * everyone but `count >= 3` (law 13).
 */
function lowerMeasure(node: BehaviourNode, pool: LogicalPool, schema: Schema): LogicalNode {
  const events = node.events.map((term) => canonicalTerm(term, schema)).sort(byText)
  const question = (test: NumberTest): LogicalNode =>
    pool.behaviour(make.behaviour(node.measure, events, node.window, test))
  if (node.measure !== 'count' && node.measure !== 'days' && node.measure !== 'distinct') {
    return question(canonicalTest(node.test, scaleOf(node, schema)))
  }
  const atLeast = (n: number): LogicalNode => {
    if (n <= 0) return pool.everyone
    return n === Number.POSITIVE_INFINITY ? pool.nobody : question({ op: 'gte', value: n })
  }
  const between = (from: number, to: number): LogicalNode => {
    if (from > to || to < 0) return pool.nobody
    if (from <= 0) return pool.not(atLeast(to + 1))
    if (to === Number.POSITIVE_INFINITY) return atLeast(from)
    return question(from === to ? { op: 'eq', value: from } : { op: 'between', from, to })
  }
  const { test } = node
  if (test.op === 'between') return between(scaledConstant(bound(test.from), 0), scaledConstant(bound(test.to), 0))
  const value = scaledConstant(bound(test.value), 0)
  switch (test.op) {
    case 'gte':
      return atLeast(value)
    case 'gt':
      return atLeast(value + 1)
    case 'lt':
      return pool.not(atLeast(value))
    case 'lte':
      return pool.not(atLeast(value + 1))
    case 'eq':
      return between(value, value)
    case 'ne':
      return pool.not(between(value, value))
  }
}

/** Digits after the point of a measure: those of its most precise number, six more for an average. */
function scaleOf(node: BehaviourNode, schema: Schema): number {
  if (node.measure === 'recency') return 0
  const scales = node.events.map(({ event, property }) => {
    const spec = schema.get(bound(event)) as EventSpec | undefined
    const number = property === null ? undefined : spec?.properties[bound(property)]
    invariant(number?.kind === 'number', 'validation lets sums and their kin be taken of numbers only')
    return number.scale
  })
  return Math.max(...scales) + (node.measure === 'avg' ? 6 : 0)
}

/** The test with its constants in one form each: as a number where that carries the decimal, else as its text. */
function canonicalTest(test: NumberTest, scale: number): NumberTest {
  const constant = (value: string | number): string | number => canonicalConstant(value, scale)
  return test.op === 'between'
    ? { op: test.op, from: constant(bound(test.from)), to: constant(bound(test.to)) }
    : { op: test.op, value: constant(bound(test.value)) }
}

function canonicalOccurrence(node: OccurrenceNode, schema: Schema): OccurrenceNode {
  const test = node.test === null ? null : canonicalFilter(node.test, bound(node.event.event), schema)
  return make.occurrence(node.kind, canonicalTerm(node.event, schema), test, node.window)
}

function canonicalSequence(node: SequenceNode, schema: Schema): SequenceNode {
  const terms = (events: readonly EventTerm[]): EventTerm[] =>
    events.map((term) => canonicalTerm(term, schema)).sort(byText)
  const { absence } = node
  return make.sequence(
    node.steps.map(({ event, within, without }) => make.step(canonicalTerm(event, schema), within, terms(without))),
    { ...node, absence: absence === null ? null : { events: terms(absence.events), within: absence.within } },
  )
}

function byText(a: EventTerm, b: EventTerm): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)]
  return first < second ? -1 : first > second ? 1 : 0
}
