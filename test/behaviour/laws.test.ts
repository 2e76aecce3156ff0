import { afterEach, describe, expect, it } from 'vitest'
import { type BehaviourLeafNode, Behaviours } from '../../src/behaviour/behaviours.ts'
import * as make from '../../src/rules/make-node.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainValue } from './plain-events.ts'

const zone = 'Asia/Shanghai'
/** 2026-11-18, a Wednesday, 10:30 in Shanghai. */
const asOf = Date.parse('2026-11-18T10:30:00+08:00')

let world = new EventWorld(zone, kinds)
let behaviours = new Behaviours(world)
afterEach(() => {
  behaviours.clear()
  world = new EventWorld(zone, kinds)
  behaviours = new Behaviours(world)
})

/** An event: properties by name, numbers and texts as they are written. */
function track(kind: string, person: number, time: string, values: Record<string, string | number | true> = {}): void {
  const plain = (value: string | number | true): PlainValue =>
    value === true ? { flag: true } : typeof value === 'number' ? { decimal: String(value) } : { text: value }
  const at = Date.parse(`${time.length === 10 ? `${time}T12:00` : time}+08:00`)
  world.add([{ kind, person, at, values: mapValues(values, plain) }], asOf)
}

function mapValues<From, To>(values: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}

function people(node: BehaviourLeafNode, at = asOf): number[] {
  const answer = [...behaviours.people(node, at)]
  const matches = behaviours.matcher(node)
  expect(answer).toEqual([0, 1, 2, 3, 4, 5, 6, 7].filter((person) => matches(person, at)))
  return answer
}

const buy = make.eventTerm('buy')
const view = make.eventTerm('view')
const days = (count: number, includeCurrent = false) => make.lastWindow(count, 'days', { includeCurrent })

describe('law 11: one clock', () => {
  it('sees an event at asOf, and none after it', () => {
    track('buy', 1, '2026-11-18T10:30:00')
    track('buy', 2, '2026-11-18T10:30:00.001')
    expect(people(make.behaviour('count', [buy]))).toEqual([1])
    expect(people(make.behaviour('count', [buy]), asOf + 1)).toEqual([1, 2])
    expect(people(make.behaviour('count', [buy]))).toEqual([1])
  })
})

describe('law 12: windows are half-open', () => {
  it('takes whole local days, and cuts hours inside a day exactly', () => {
    track('buy', 1, '2026-11-17T00:00:00')
    track('buy', 2, '2026-11-16T23:59:59.999')
    track('buy', 3, '2026-11-18T00:00:00')
    track('buy', 4, '2026-11-18T10:30:00')
    expect(people(make.behaviour('count', [buy], days(1)))).toEqual([1])
    expect(people(make.behaviour('count', [buy], days(1, true)))).toEqual([1, 3])
    expect(people(make.behaviour('count', [buy], days(0, true)))).toEqual([3])
    track('buy', 5, '2026-11-18T08:30:00')
    track('buy', 6, '2026-11-18T08:29:59.999')
    expect(people(make.behaviour('count', [buy], make.lastWindow(2, 'hours')))).toEqual([5])
  })
})

describe('law 13: counting events', () => {
  it('filters each event first, all of the filter on the same one', () => {
    track('buy', 1, '2026-11-10', { product: 'milk', amount: 5 })
    track('buy', 1, '2026-11-11', { product: 'tea', amount: 50 })
    track('buy', 2, '2026-11-11', { product: 'milk', amount: 50 })
    const filter = make.and([make.value('eq', 'product', 'milk'), make.compare('gte', 'amount', 50)])
    expect(people(make.behaviour('count', [make.eventTerm('buy', filter)]))).toEqual([2])
  })

  it('counts an event that is of two terms once', () => {
    track('buy', 1, '2026-11-10', { product: 'milk', gift: true })
    const terms = [make.eventTerm('buy', make.has('gift')), make.eventTerm('buy', make.value('eq', 'product', 'milk'))]
    expect(people(make.behaviour('count', terms, make.ever(), { op: 'eq', value: 1 }))).toEqual([1])
    expect(people(make.behaviour('count', terms, make.ever(), { op: 'gte', value: 2 }))).toEqual([])
  })

  it('has no sum over no event, nor over events without the number', () => {
    track('buy', 1, '2026-11-10', { amount: 0 })
    track('buy', 2, '2026-11-10')
    track('view', 3, '2026-11-10')
    const sum = make.eventTerm('buy', null, 'amount')
    for (const measure of ['sum', 'avg', 'min', 'max'] as const) {
      expect(people(make.behaviour(measure, [sum], make.ever(), { op: 'gte', value: 0 }))).toEqual([1])
      expect(people(make.behaviour(measure, [sum], make.ever(), { op: 'ne', value: 5 }))).toEqual([1])
    }
  })

  it('adds decimals exactly: beyond 2^53, and 0.1 + 0.2 too', () => {
    track('buy', 1, '2026-11-10', { amount: 0.1 })
    track('buy', 1, '2026-11-11', { amount: 0.2 })
    for (let i = 0; i < 3; i++) track('buy', 2, '2026-11-11', { points: Number.MAX_SAFE_INTEGER })
    const sum = (property: string, value: number | string) =>
      make.behaviour('sum', [make.eventTerm('buy', null, property)], make.ever(), { op: 'eq', value })
    expect(people(sum('amount', 0.3))).toEqual([1])
    expect(people(sum('points', '27021597764222973'))).toEqual([2])
    expect(people(sum('points', '27021597764222972'))).toEqual([])
  })

  it('takes away what a term takes away, at the larger of two scales', () => {
    track('buy', 1, '2026-11-10', { amount: 12.25 })
    track('view', 1, '2026-11-11', { amount: 2.2 })
    const net = [make.eventTerm('buy', null, 'amount'), make.eventTerm('view', null, 'amount', -1)]
    expect(people(make.behaviour('sum', net, make.ever(), { op: 'eq', value: '10.05' }))).toEqual([1])
  })

  it('compares an average without rounding it', () => {
    track('buy', 1, '2026-11-10', { points: 1 })
    track('buy', 1, '2026-11-11', { points: 1 })
    track('buy', 1, '2026-11-12', { points: 2 })
    const average = (op: 'gt' | 'lt', value: string) =>
      make.behaviour('avg', [make.eventTerm('buy', null, 'points')], make.ever(), { op, value })
    expect(people(average('gt', '1.333333'))).toEqual([1])
    expect(people(average('lt', '1.333334'))).toEqual([1])
    expect(people(average('gt', '1.333334'))).toEqual([])
  })

  it('counts the same text of two kinds of events as one value, and the same decimal of two scales', () => {
    track('view', 1, '2026-11-10', { product: 'tea', amount: 1.5 })
    track('buy', 1, '2026-11-10', { product: 'milk', amount: 1.5 })
    track('buy', 1, '2026-11-11', { product: 'tea' })
    const different = (property: string, value: number) =>
      make.behaviour(
        'distinct',
        [make.eventTerm('buy', null, property), make.eventTerm('view', null, property)],
        make.ever(),
        { op: 'eq', value },
      )
    expect(people(different('product', 2))).toEqual([1])
    track('buy', 1, '2026-11-12', { amount: 2.5 })
    expect(people(different('amount', 2))).toEqual([1])
  })

  it('counts local days, and days since the last event', () => {
    track('buy', 1, '2026-11-16T23:59')
    track('buy', 1, '2026-11-17T00:01')
    track('buy', 2, '2026-11-17T00:01')
    track('buy', 2, '2026-11-17T23:59')
    expect(people(make.behaviour('days', [buy], make.ever(), { op: 'gte', value: 2 }))).toEqual([1])
    track('buy', 3, '2026-11-18T00:00')
    const since = (value: number) => make.behaviour('recency', [buy], make.ever(), { op: 'eq', value })
    expect(people(since(0))).toEqual([3])
    expect(people(since(1))).toEqual([1, 2])
    expect(people(since(2))).toEqual([])
  })
})

describe('law 14: first and last', () => {
  it('tests the first of all events that fit, not the first of the window', () => {
    track('buy', 1, '2026-10-01')
    track('buy', 1, '2026-11-17')
    track('buy', 2, '2026-11-17')
    expect(people(make.occurrence('first', buy, null, days(5)))).toEqual([2])
    expect(people(make.occurrence('last', buy, null, days(5)))).toEqual([1, 2])
    expect(people(make.occurrence('last', buy, null, make.rangeWindow(null, '2026-11-01')))).toEqual([])
  })

  it('takes any of several at that same instant', () => {
    track('buy', 1, '2026-11-10', { product: 'milk' })
    track('buy', 1, '2026-11-10', { product: 'tea' })
    const first = (text: string) => make.occurrence('first', buy, make.value('eq', 'product', text))
    expect(people(first('milk'))).toEqual([1])
    expect(people(first('tea'))).toEqual([1])
    expect(people(first('water'))).toEqual([])
  })
})

describe('law 15: sequences', () => {
  const hours = (count: number) => make.duration(count, 'hours')
  const then = (options: Parameters<typeof make.sequence>[1] = {}, ...step: [number?]) =>
    make.sequence([make.step(view), make.step(buy, step[0] === undefined ? null : hours(step[0]))], options)

  it('is strictly later, unless the same time is allowed', () => {
    track('view', 1, '2026-11-10T12:00')
    track('buy', 1, '2026-11-10T12:00')
    expect(people(then())).toEqual([])
    expect(people(then({ allowSameTime: true }))).toEqual([1])
  })

  it('includes the longest gap', () => {
    track('view', 1, '2026-11-10T12:00')
    track('buy', 1, '2026-11-10T14:00')
    track('view', 2, '2026-11-10T12:00')
    track('buy', 2, '2026-11-10T14:00:00.001')
    expect(people(then({}, 2))).toEqual([1])
  })

  it('takes any chain that fits, not the first: a later view may be near enough', () => {
    track('view', 1, '2026-11-10T12:00')
    track('view', 1, '2026-11-11T12:00')
    track('buy', 1, '2026-11-11T13:00')
    expect(people(then({}, 2))).toEqual([1])
  })

  it('uses no event twice', () => {
    track('view', 1, '2026-11-10T12:00')
    const twice = make.sequence([make.step(view), make.step(view)], { allowSameTime: true })
    expect(people(twice)).toEqual([])
    track('view', 1, '2026-11-10T12:00')
    expect(people(twice)).toEqual([1])
    const milkThenAny = make.sequence(
      [make.step(make.eventTerm('buy', make.value('eq', 'product', 'milk'))), make.step(buy), make.step(buy)],
      { allowSameTime: true },
    )
    track('buy', 1, '2026-11-10T12:00', { product: 'milk' })
    track('buy', 1, '2026-11-10T12:00')
    expect(people(milkThenAny)).toEqual([])
    track('buy', 1, '2026-11-10T13:00')
    expect(people(milkThenAny)).toEqual([1])
  })

  it('lets nothing of `without` come strictly between', () => {
    const step = make.step(buy, null, [make.eventTerm('quit')])
    const node = make.sequence([make.step(view), step])
    track('view', 1, '2026-11-10T12:00')
    track('quit', 1, '2026-11-10T13:00')
    track('buy', 1, '2026-11-10T14:00')
    expect(people(node)).toEqual([])
    track('view', 1, '2026-11-10T13:00')
    expect(people(node)).toEqual([1])
  })

  it('knows an absence only when its time has passed', () => {
    const node = make.sequence([make.step(view)], { absence: { events: [buy], within: hours(24) } })
    track('view', 1, '2026-11-17T10:30')
    track('view', 2, '2026-11-17T10:31')
    track('view', 3, '2026-11-16T10:00')
    track('buy', 3, '2026-11-17T10:00')
    track('view', 4, '2026-11-16T10:00')
    track('buy', 4, '2026-11-17T10:00:00.001')
    expect(people(node)).toEqual([1, 4])
    expect(people(node, asOf + 60_000)).toEqual([1, 2, 4])
    expect(people(node)).toEqual([1, 4])
    // Up to the end of its time, also beyond the window; the steps are inside.
    const inside = make.sequence([make.step(view)], {
      absence: { events: [buy], within: hours(24) },
      window: make.rangeWindow(null, '2026-11-17'),
    })
    expect(people(inside)).toEqual([4])
  })

  it('links events by a property; an absent one never links', () => {
    track('view', 1, '2026-11-10T12:00', { product: 'milk' })
    track('buy', 1, '2026-11-10T13:00', { product: 'tea' })
    track('view', 2, '2026-11-10T12:00')
    track('buy', 2, '2026-11-10T13:00')
    track('buy', 3, '2026-11-10T11:00', { product: 'milk' })
    track('view', 3, '2026-11-10T12:00', { product: 'tea' })
    track('buy', 3, '2026-11-10T13:00', { product: 'tea' })
    expect(people(then())).toEqual([1, 2, 3])
    expect(people(then({ same: 'product' }))).toEqual([3])
  })
})
