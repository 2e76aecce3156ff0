import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import { bitmapOf, nativeBitmapMemory } from '../../src/bitmap/bitmap.ts'
import { EventColumn } from '../../src/events/event-column.ts'
import * as make from '../../src/rules/make-node.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const day = 86_400_000
const start = Date.parse('2026-05-01T00:00:00Z')
const perDay = 1_000

/** 40 days of a thousand events each. */
function events(): PlainEvent[] {
  return Array.from({ length: 40 * perDay }, (_, i) => ({
    kind: 'buy',
    person: (i * 7_919) % 5_000,
    at: start + Math.floor(i / perDay) * day + (i % perDay) * 60_000,
    values: { product: { text: i % 3 === 0 ? 'milk' : 'tea' }, amount: { decimal: String(i % 100) } },
  }))
}

function shop(): { world: EventWorld; behaviours: Behaviours; asOf: (days: number) => number } {
  const world = new EventWorld('UTC', kinds)
  world.add(events(), start)
  return { world, behaviours: new Behaviours(world, { fewEvents: 0 }), asOf: (days) => start + days * day }
}

const month = make.lastWindow(30, 'days')
const milk = make.eventTerm('buy', make.value('eq', 'product', 'milk'))
const did = make.behaviour('count', [milk], month)
const thrice = make.behaviour('count', [milk], month, { op: 'gte', value: 3 })
const amount = make.eventTerm('buy', null, 'amount')
const sum = make.behaviour('sum', [amount], month, { op: 'gte', value: 300 })
const chain = make.sequence([make.step(milk), make.step(make.eventTerm('buy'), make.duration(24, 'hours'))], {
  window: month,
})

describe('what is worked out is kept', () => {
  it('answers the same question from the cache: also at another time of the day, and after writes elsewhere', () => {
    const { world, behaviours, asOf } = shop()
    for (const node of [did, thrice, sum]) {
      const answer = behaviours.people(node, asOf(32))
      const { eventsRead } = behaviours.stats()
      expect(behaviours.people(node, asOf(32))).toBe(answer)
      expect(behaviours.people(node, asOf(32) + 3_600_000)).toBe(answer)
      world.add([{ kind: 'buy', person: 1, at: asOf(32), values: {} }], start)
      expect(behaviours.people(node, asOf(32) + 7_200_000)).toBe(answer)
      world.add([{ kind: 'view', person: 1, at: asOf(20), values: {} }], start)
      expect(behaviours.people(node, asOf(32))).toBe(answer)
      expect(behaviours.stats().eventsRead).toBe(eventsRead)
    }
    behaviours.clear()
  })

  it('looks at the new days alone when the window moves on', () => {
    const { behaviours, asOf } = shop()
    behaviours.people(thrice, asOf(31))
    // The first question sees the days, the second counts them in, from then on they are kept.
    behaviours.people(thrice, asOf(32))
    let read = behaviours.stats().eventsRead
    behaviours.people(thrice, asOf(33))
    // Two days leave or join the counts, one is looked at because it may still change.
    expect(behaviours.stats().eventsRead - read).toBeLessThanOrEqual(3 * perDay)

    behaviours.people(did, asOf(31))
    read = behaviours.stats().eventsRead
    for (let days = 32; days <= 39; days++) behaviours.people(did, asOf(days))
    // Runs of days break up at the left and are put together at the right: a few days for each day.
    expect((behaviours.stats().eventsRead - read) / 8).toBeLessThanOrEqual(6 * perDay)
    behaviours.clear()
  })

  it('adds up the days that join, and takes away those that leave, when the window of a sum moves on', () => {
    const { world, behaviours, asOf } = shop()
    const average = make.behaviour('avg', [amount], month, { op: 'lt', value: 40 })
    // A sum of 0 passes: so it matters who has events at all.
    const little = make.behaviour('sum', [amount], month, { op: 'lte', value: 300 })
    for (const node of [sum, average, little]) {
      behaviours.people(node, asOf(31))
      behaviours.people(node, asOf(32))
      for (const days of [33, 34, 35, 37]) {
        const read = behaviours.stats().eventsRead
        const found = [...behaviours.people(node, asOf(days))]
        // Two days leave and two join at the most; one or two are looked at because they may still change.
        expect(behaviours.stats().eventsRead - read).toBeLessThanOrEqual((days === 37 ? 6 : 3) * perDay)
        const anew = new Behaviours(world, { fewEvents: 1e9 })
        expect(found).toEqual([...anew.people(node, asOf(days))])
        anew.clear()
      }
    }
    // Another threshold, the same sums.
    const read = behaviours.stats().eventsRead
    behaviours.people(make.behaviour('sum', [amount], month, { op: 'gte', value: 200 }), asOf(38))
    expect(behaviours.stats().eventsRead - read).toBeLessThanOrEqual(4 * perDay)
    behaviours.clear()
  })

  it('adds up anew after a late event and a removal, and keeps no sums that leave 2^53', () => {
    const { world, behaviours, asOf } = shop()
    const late = (days: number, decimal: string): void => {
      world.add([{ kind: 'buy', person: 4_999, at: asOf(days) + 5, values: { amount: { decimal } } }], start)
    }
    for (const days of [31, 32, 33]) behaviours.people(sum, asOf(days))
    late(20, '300')
    expect(behaviours.people(sum, asOf(33)).has(4_999)).toBe(true)
    behaviours.people(sum, asOf(34))
    world.remove([4_999])
    expect(behaviours.people(sum, asOf(35)).has(4_999)).toBe(false)
    // Of 32 bits first, then doubles, then none: each time it is found out on the way, and what was kept is dropped.
    const { bytes } = behaviours.stats()
    for (const [decimal, most] of [
      ['90000000', 2 * 65_536 * 8],
      ['90000000000000', 100_000],
    ] as const) {
      late(21, decimal)
      late(22, decimal)
      for (const days of [36, 35, 34, 33]) {
        const anew = new Behaviours(world, { fewEvents: 1e9 })
        expect([...behaviours.people(sum, asOf(days))]).toEqual([...anew.people(sum, asOf(days))])
        anew.clear()
      }
      expect(behaviours.stats().bytes - bytes).toBeLessThanOrEqual(most)
    }
    behaviours.clear()
  })

  it('looks for chains in the new days alone when the window moves on, and in the changed days after a late event', () => {
    const { world, behaviours, asOf } = shop()
    const check = (days: number): number => {
      const read = behaviours.stats().eventsRead
      const found = [...behaviours.people(chain, asOf(days))]
      const events = behaviours.stats().eventsRead - read
      const anew = new Behaviours(world, { fewEvents: 1e9 })
      expect(found).toEqual([...anew.people(chain, asOf(days))])
      anew.clear()
      return events
    }
    check(31)
    let events = 0
    for (let days = 32; days <= 39; days++) events += check(days)
    // A run of days looks at the day before it too.
    expect(events / 8).toBeLessThanOrEqual(12 * perDay)

    const late = (days: number): void => {
      const values = { product: { text: 'milk' } }
      world.add(
        [5, 6].map((at) => ({ kind: 'buy', person: 4_999, at: asOf(days) + at, values })),
        start,
      )
    }
    late(20)
    check(39)
    late(20)
    // The day, and the one after it, each with the day before, and the ends of the window.
    expect(check(39)).toBeLessThanOrEqual(6 * perDay)
    world.remove([4_999])
    check(39)
    behaviours.clear()
  })

  it('keeps counts that outgrow a byte, and shrink again', () => {
    const { world, asOf } = shop()
    const behaviours = new Behaviours(world, { fewEvents: 0 })
    const ofDay = (number: number): number => (number < 18 ? 20 : 30)
    for (let number = 0; number < 40; number++) {
      const visits = Array.from({ length: ofDay(number) }, (_, i) => ({ person: 7, at: asOf(number) + i }))
      visits.push({ person: 70_000, at: asOf(number) })
      world.add(
        visits.map((visit) => ({ kind: 'view', values: {}, ...visit })),
        start,
      )
    }
    const window = make.lastWindow(12, 'days')
    const count = (value: number) => make.behaviour('count', [make.eventTerm('view')], window, { op: 'eq', value })
    const route = [...Array.from({ length: 24 }, (_, i) => 14 + i), 30, 25, 20, 16, 35]
    for (const number of route) {
      let expected = 0
      for (let day = number - 12; day < number; day++) expected += ofDay(day)
      expect([...behaviours.people(count(expected), asOf(number))]).toEqual([7])
      expect([...behaviours.people(count(expected - 256), asOf(number))]).toEqual([])
      expect([...behaviours.people(count(12), asOf(number))]).toEqual([70_000])
    }
    behaviours.clear()
  })

  it('looks at the changed day and its likes alone after a late event', () => {
    const { world, behaviours, asOf } = shop()
    const late = (days: number): void => {
      world.add([{ kind: 'buy', person: 4_999, at: asOf(days) + 5, values: { product: { text: 'milk' } } }], start)
    }
    behaviours.people(did, asOf(31))
    late(12)
    behaviours.people(did, asOf(31))
    late(12)
    const read = behaviours.stats().eventsRead
    expect(behaviours.people(did, asOf(31)).has(4_999)).toBe(true)
    expect(behaviours.stats().eventsRead - read).toBeLessThanOrEqual(perDay + 2)
    behaviours.clear()
  })

  it('counts what tests of one person keep to its budget, and does without it', () => {
    const { world, behaviours, asOf } = shop()
    const people = [...Array(300).keys()]
    const ask = (matcher: (person: number, asOf: number) => boolean): number[] =>
      people.filter((person) => matcher(person, asOf(32)))
    const matcher = behaviours.matcher(did)
    const expected = ask(matcher)
    ask(matcher)
    const { bytes } = behaviours.stats()
    expect(bytes).toBeGreaterThan(10_000)
    behaviours.clear()
    expect(behaviours.stats().bytes).toBe(0)
    // The same test goes on, and the next one makes its masks anew.
    expect(ask(matcher)).toEqual(expected)
    expect(ask(behaviours.matcher(did))).toEqual(expected)
    expect(behaviours.stats().bytes).toBeGreaterThan(0)
    // Days that have gone take nothing with them.
    world.columns.get('buy')!.forget(bitmapOf([...Array(5_000).keys()]))
    world.add([{ kind: 'buy', person: 7, at: asOf(31), values: { product: { text: 'milk' } } }], start)
    expect(ask(behaviours.matcher(did))).toEqual([7])
    expect(behaviours.stats().bytes).toBeLessThan(1_000)

    const small = new Behaviours(world, { fewEvents: 0, cacheBytes: 10 })
    expect(ask(small.matcher(did))).toEqual([7])
    expect(small.stats().bytes).toBe(0)
    behaviours.clear()
  })

  it('drops the least recently used down to its budget, and everything when a kind of events is another', () => {
    const { world, behaviours, asOf } = shop()
    const small = new Behaviours(world, { fewEvents: 0, cacheBytes: 4_000 })
    for (let days = 30; days < 40; days++) small.people(did, asOf(days))
    expect(small.stats().bytes).toBeGreaterThan(4_000)
    small.trim()
    expect(small.stats().bytes).toBeLessThanOrEqual(4_000)
    small.clear()

    expect(behaviours.people(did, asOf(31)).size).toBeGreaterThan(0)
    world.columns.set('buy', new EventColumn(kinds.buy, world.zone))
    expect(behaviours.people(did, asOf(31)).size).toBe(0)
    behaviours.trim()
    expect(behaviours.stats().bytes).toBe(0)
  })

  it.runIf(typeof globalThis.gc === 'function')('frees every bitmap', async () => {
    const collect = async (): Promise<void> => {
      for (let round = 0; round < 2; round++) {
        globalThis.gc?.()
        await setTimeout(1)
      }
    }
    const { world, behaviours, asOf } = shop()
    await collect()
    const before = nativeBitmapMemory().bytes
    const anyChain = make.sequence([make.step(milk), make.step(make.eventTerm('buy'))])
    const between = make.behaviour('recency', [milk], make.ever(), { op: 'between', from: 2, to: 4 })
    for (const node of [did, thrice, sum, chain, anyChain, between]) {
      for (let days = 28; days < 34; days++) {
        behaviours.people(node, asOf(days))
        world.add([{ kind: 'buy', person: days, at: asOf(days - 3), values: {} }], start)
      }
    }
    expect(nativeBitmapMemory().bytes).toBeGreaterThan(before)
    behaviours.clear()
    await collect()
    expect(nativeBitmapMemory().bytes).toBeLessThanOrEqual(before)
  })
})
