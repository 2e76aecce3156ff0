import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EventTerm, isEventNode, type NumberTest, type RuleNode, type Window } from '../../src/rules/ast.ts'
import { anyCase } from '../../src/testing/case-arbitrary.ts'
import { mapRule } from '../../src/testing/map-rule.ts'
import type { PopulationChange } from '../../src/testing/population-change.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { dayOf, startOfDay } from '../../src/testing/reference-time.ts'
import { campaign } from '../fast-check-config.ts'

// Every option of every node, and every sort of value and time, occurs: a generator that never makes one tests nothing of it.

function* inWindow(window: Window): Generator<string> {
  yield `window ${window.kind}`
  if (window.kind === 'last') {
    yield `window last ${window.unit}`
    if (window.includeCurrent) yield window.count === 0 ? `window this ${window.unit}` : 'window includes the present'
    if (window.ago !== 0) yield `window ago, ${window.unit}`
    if (window.unit === 'weeks') yield `weeks from ${window.weekStart}`
  } else if (window.kind === 'range') {
    yield window.from === null ? 'range to' : window.to === null ? 'range from' : 'range from to'
    for (const text of [window.from, window.to]) if (typeof text === 'string') yield `range ${shapeOf(text)}`
  }
}

function shapeOf(text: string): string {
  if (text.length === 10) return 'date'
  return /Z$/.test(text) ? 'instant in UTC' : /[+-]\d\d:\d\d$/.test(text) ? 'instant with offset' : 'local time'
}

function* inTerm({ where, sign }: EventTerm): Generator<string> {
  yield where === null ? 'filter none' : 'tag' in where ? `filter ${where.kind}` : `filter of ${where.kind}`
  yield `sign ${sign}`
}

function* inTest(test: NumberTest): Generator<string> {
  yield `test ${test.op}`
  const constants = test.op === 'between' ? [test.from, test.to] : [test.value]
  for (const constant of constants) yield `test with ${typeof constant}`
}

function* inNode(node: RuleNode): Generator<string> {
  yield node.kind
  if ('window' in node) yield* inWindow(node.window)
  if (isEventNode(node)) yield 'event node'
  switch (node.kind) {
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (typeof node.value === 'number') yield 'constant number'
      else if (/^\d{4}-\d/.test(String(node.value))) yield `constant ${shapeOf(String(node.value))}`
      else if (/^-?[\d.]+$/.test(String(node.value))) yield 'constant decimal text'
      break
    case 'behaviour':
      yield `measure ${node.measure}`
      yield `${node.measure} of ${node.events.length === 1 ? 'one' : 'several'}`
      yield* inTest(node.test)
      for (const term of node.events) yield* inTerm(term)
      break
    case 'first':
    case 'last':
      yield `${node.kind} ${node.test === null ? 'without' : 'with'} a test`
      break
    case 'sequence':
      yield `steps ${node.steps.length}`
      yield node.absence === null ? 'absence none' : `absence of ${node.absence.events.length}`
      yield node.same === null ? 'same none' : 'same'
      yield node.allowSameTime ? 'same time' : 'later in time'
      for (const { within, without } of node.steps.slice(1)) {
        yield within === null ? 'within none' : `within ${within.unit}`
        yield `without ${without.length}`
      }
      break
    case 'regular':
      yield `regular ${node.unit}`
      if (node.weekStart !== 'monday') yield 'regular weekStart'
      break
    default:
  }
}

function* inChange(change: PopulationChange): Generator<string> {
  if (change.kind === 'put') {
    for (const [, row] of change.rows) for (const value of Object.values(row)) yield `put ${sortOf(value)}`
  } else if (change.kind === 'values') yield `values ${change.action} ${change.form}`
  else if (change.kind === 'track') {
    yield `track ${change.form}`
    for (const [, { at, eventId, ...rest }] of change.events) {
      yield `at ${sortOf(at)}`
      yield eventId === undefined || eventId === null ? 'event id none' : `event id ${typeof eventId}`
      yield `${Object.keys(rest).length} properties`
    }
  }
}

function sortOf(value: unknown): string {
  if (value instanceof Date) return 'Date'
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
}

const units = ['minutes', 'hours', 'days', 'weeks', 'months']
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const shapes = ['date', 'instant in UTC', 'instant with offset', 'local time']
const measures = ['count', 'days', 'distinct', 'recency', 'sum', 'avg', 'min', 'max']
const wanted = [
  ...['ever', 'last', 'range', ...units.map((unit) => `last ${unit}`), 'includes the present'].map(
    (of) => `window ${of}`,
  ),
  ...units.slice(2).map((unit) => `window this ${unit}`),
  ...units.map((unit) => `window ago, ${unit}`),
  ...days.map((day) => `weeks from ${day}`),
  ...['range from', 'range to', 'range from to', ...shapes.map((shape) => `range ${shape}`)],
  ...[...shapes, 'number', 'decimal text'].map((of) => `constant ${of}`),
  ...measures.flatMap((of) => [`measure ${of}`, `${of} of one`, `${of} of several`]),
  ...['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', 'with number', 'with string'].map((of) => `test ${of}`),
  ...['none', 'has', 'eq', 'in', 'lt', 'between', 'isNotSet', 'of and', 'of or', 'of not'].map((of) => `filter ${of}`),
  ...['of xor', 'of minus', 'of atLeast', 'startsWith', 'matches'].map((of) => `filter ${of}`),
  ...['sign 1', 'sign -1'],
  ...['first', 'last'].flatMap((kind) => [`${kind} with a test`, `${kind} without a test`]),
  ...[1, 2, 3, 4].map((count) => `steps ${count}`),
  ...['absence none', 'absence of 1', 'absence of 2', 'same', 'same none', 'same time', 'later in time'],
  ...['none', 'seconds', 'minutes', 'hours', 'days', 'weeks'].map((of) => `within ${of}`),
  ...[0, 1, 2].map((count) => `without ${count}`),
  ...units.map((unit) => `regular ${unit}`),
  'regular weekStart',
  ...['Date', 'number', 'bigint', 'string', 'list', 'null', 'undefined', 'boolean'].map((sort) => `put ${sort}`),
  ...['set', 'replace', 'clear'].flatMap((action) => [`values ${action} array`, `values ${action} dense`]),
  ...['one', 'rows', 'columns', 'dense'].map((form) => `track ${form}`),
  ...['Date', 'number', 'string'].map((sort) => `at ${sort}`),
  ...['none', 'string', 'number', 'bigint'].map((of) => `event id ${of}`),
  ...[0, 1, 2, 3].map((count) => `${count} properties`),
  ...['an event at asOf', 'an event after asOf', 'two events of one person at once', 'an event at a midnight'],
  ...['an event id seen before', 'an event that is too old', 'asOf at a midnight', 'several asOfs'],
]

test('every option of rules and every sort of write occurs, many times in some thousand cases', () => {
  const seen = new Map<string, number>()
  const count = (feature: string): void => {
    seen.set(feature, (seen.get(feature) ?? 0) + 1)
  }
  fc.assert(
    fc.property(anyCase(), ({ schema, rule, changes, asOfs, timeZone, now }) => {
      mapRule(rule, (node) => {
        for (const feature of inNode(node)) count(feature)
        return node
      })
      const reference = new ReferencePopulation(schema, { timeZone, now })
      let tracked = 0
      for (const change of changes) {
        for (const feature of inChange(change)) count(feature)
        if (change.kind === 'track') tracked += change.events.length
        const before = [...reference.events.values()].flat().length
        reference.apply(change)
        const missing =
          change.kind === 'track' ? change.events.length + before - [...reference.events.values()].flat().length : 0
        if (missing > 0 && change.kind === 'track') {
          const spec = reference.schema.get(change.event.normalize('NFC'))
          count(
            spec?.kind === 'event' && spec.retentionDays !== null
              ? 'an event that is too old'
              : 'an event id seen before',
          )
        }
      }
      if (tracked === 0) return
      for (const events of reference.events.values()) {
        const times = events.map(({ at }) => at)
        if (new Set(times).size < times.length) count('two events of one person at once')
        for (const at of times) {
          if (asOfs.includes(at)) count('an event at asOf')
          if (asOfs.some((asOf) => at > asOf)) count('an event after asOf')
          if (startOfDay(dayOf(at, timeZone), timeZone) === at) count('an event at a midnight')
        }
      }
      if (asOfs.some((asOf) => startOfDay(dayOf(asOf, timeZone), timeZone) === asOf)) count('asOf at a midnight')
      if (asOfs.length > 1) count('several asOfs')
    }),
    campaign(1_400),
  )
  const rare = wanted
    .filter((feature) => (seen.get(feature) ?? 0) < 4)
    .map((feature) => [feature, seen.get(feature) ?? 0])
  expect(rare).toEqual([])
})
