import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Millis } from '../../src/base/brand.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { EventColumn } from '../../src/events/event-column.ts'
import { category, event, flag, number } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'
import { batchOf, contentOf, EventModel, type PlainEvent } from './event-model.ts'

const hour = 3_600_000
const properties = { product: category(), amount: number({ scale: 2 }), gift: flag() }

function plain(person: number, at: number, more: Partial<PlainEvent> = {}): PlainEvent {
  return { person, at, eventId: null, product: null, amount: null, gift: false, ...more }
}

/** The middle of the days that are drawn: a change of the clock of each zone, or a date it left out. */
const zones = [
  ['UTC', Date.UTC(2026, 0, 10)],
  ['America/New_York', Date.UTC(2026, 2, 8, 7)],
  ['America/Sao_Paulo', Date.UTC(2018, 10, 4, 3)],
  ['America/St_Johns', Date.UTC(2006, 9, 29, 2)],
  ['Pacific/Apia', Date.UTC(2011, 11, 30, 10)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)],
] as const

/** Instants in whole steps, so that people have events at the same one. */
const anyOffset = fc.oneof(
  fc.integer({ min: -60, max: 60 }).map((step) => step * hour),
  fc.integer({ min: -3, max: 3 }).map((step) => (step * hour) / 2),
  fc.integer({ min: -3 * 24 * hour, max: 3 * 24 * hour }),
)

const anyEvent = fc.record({
  person: fc.oneof(fc.nat({ max: 6 }), fc.nat({ max: 5_000 })),
  at: anyOffset,
  eventId: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat({ max: 12 }) },
    { weight: 1, arbitrary: fc.nat({ max: 12 }).map(String) },
  ),
  product: fc.option(fc.nat({ max: 400 }).map((i) => `p${i}`)),
  amount: fc.option(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          2 ** 31 - 1,
          2 ** 31,
          -(2 ** 31),
          -(2 ** 31) + 1,
          Number.MAX_SAFE_INTEGER,
          -Number.MAX_SAFE_INTEGER,
        ),
      },
    ),
  ),
  gift: fc.boolean(),
})

type Step =
  | { readonly kind: 'batch' | 'one'; readonly events: readonly PlainEvent[] }
  | { readonly kind: 'forget'; readonly people: readonly number[] }
  | { readonly kind: 'clock' | 'retain'; readonly hours: number }
  | { readonly kind: 'read' | 'lend' }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      events: fc.array(anyEvent, { maxLength: 250, size: 'max' }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('one' as const),
      events: fc.array(anyEvent, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('forget' as const),
      people: fc.array(fc.oneof(fc.nat({ max: 6 }), fc.nat({ max: 5_000 })), { maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('clock' as const, 'retain' as const),
      hours: fc.integer({ min: -5, max: 40 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'lend' as const) }) },
)

describe('EventColumn against a plain array', () => {
  it('holds the same events in the same order, whatever is written, dropped and read in between', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(null, 1, 2, 5),
        fc.array(anyStep, { maxLength: 30 }),
        ([zoneName, middle], retentionDays, steps) => {
          const zone = TimeZone.of(zoneName)
          const column = new EventColumn(event(properties, retentionDays === null ? {} : { retentionDays }), zone)
          const model = new EventModel(zone, retentionDays)
          const lent: (() => void)[] = []
          let now: number = middle
          for (const step of steps) {
            const before = column.revision
            const sizeBefore = column.size
            switch (step.kind) {
              case 'batch': {
                const events = step.events.map((given) => ({ ...given, at: middle + given.at }))
                expect(column.append(batchOf(events, now))).toEqual(model.append(events, now))
                break
              }
              case 'one':
                for (const given of step.events) {
                  const one = { ...given, at: middle + given.at }
                  const outcome = column.appendOne(
                    one.person,
                    { at: one.at, eventId: one.eventId, values: [one.product, one.amount, one.gift || null] },
                    now as Millis,
                  )
                  const { added, duplicates } = model.append([one], now)
                  expect(outcome).toBe(added === 1 ? 'added' : duplicates === 1 ? 'duplicate' : 'expired')
                }
                break
              case 'forget':
                column.forget(bitmapOf(step.people))
                model.forget(step.people)
                break
              case 'clock':
                now += step.hours * hour
                break
              case 'retain':
                now += step.hours * hour
                expect(column.retain(zone.dayOf(now))).toBe(model.advance(zone.dayOf(now)))
                break
              case 'read':
                expect(contentOf(column)).toEqual(model.days())
                for (const day of column.days()) {
                  expect(day.version).toBeLessThanOrEqual(column.revision)
                  expect(day.start).toBe(zone.startOfDay(day.day))
                  expect(day.end).toBe(zone.startOfDay(day.day + 1))
                }
                break
              case 'lend':
                for (const partition of column.fork().partitions()) {
                  const { eventIds } = partition
                  const day = partition.view()
                  const copy = structuredClone([cut(day), eventIds?.slice(0, day.size)])
                  lent.push(() => expect([cut(day), eventIds?.slice(0, day.size)]).toEqual(copy))
                }
            }
            expect(column.size).toBe(model.events.length)
            if (column.size !== sizeBefore) expect(column.revision).toBeGreaterThan(before)
            expect(column.dayCount).toBe(model.days().length)
            expect(column.eventIdCount).toBe(model.events.filter(({ eventId }) => eventId !== null).length)
          }
          expect(contentOf(column)).toEqual(model.days())
          for (const unchanged of lent) unchanged()
        },
      ),
      campaign(150),
    )
  })
})

describe('EventColumn with few late events in a large day', () => {
  it('puts them behind those of the same person and instant', () => {
    const late = fc.record({ person: fc.nat({ max: 9 }), minute: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(
        fc.array(late, { minLength: 200, maxLength: 300, size: 'max' }),
        fc.array(fc.array(late, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        (first, rounds) => {
          const zone = TimeZone.of('UTC')
          const column = new EventColumn(event(properties), zone)
          const model = new EventModel(zone, null)
          let arrived = 0
          for (const round of [first, ...rounds]) {
            // The amount tells them apart.
            const events = round.map(({ person, minute }) => plain(person, minute * 60_000, { amount: arrived++ }))
            column.append(batchOf(events, 0))
            model.append(events, 0)
            expect(contentOf(column)).toEqual(model.days())
          }
        },
      ),
      campaign(50),
    )
  })
})

/** A day with its arrays cut to their size. */
function cut(day: ReturnType<EventColumn['days']>[number]): unknown {
  return {
    ...day,
    people: day.people.slice(0, day.size),
    times: day.times.slice(0, day.size),
    properties: [...day.properties].map(([name, cells]) => {
      const array = cells.kind === 'category' ? cells.codes : cells.kind === 'number' ? cells.values : cells.bits
      return [name, array.slice(0, day.size)]
    }),
  }
}

describe('EventColumn', () => {
  const zone = TimeZone.of('Asia/Shanghai')
  const now = Date.UTC(2026, 10, 20, 4) as Millis
  const column = () => new EventColumn(event(properties), zone)

  it('sorts many rows of one person, out of order, as it sorts few', () => {
    const many = column()
    const model = new EventModel(zone, null)
    const events = Array.from({ length: 6_000 }, (_, i) =>
      plain(i % 3 === 0 ? 7 : (i * 7919) % 20_000, now - ((i * 104_729) % 9_000_000), { amount: i }),
    )
    for (let from = 0; from < events.length; from += 2_100) {
      const part = events.slice(from, from + 2_100)
      many.append(batchOf(part, now))
      model.append(part, now)
      expect(contentOf(many)).toEqual(model.days())
    }
  })

  it('puts a few late events into a large day without sorting it anew', () => {
    const large = column()
    const model = new EventModel(zone, null)
    const events = Array.from({ length: 5_000 }, (_, i) => plain((i * 7919) % 4_000, now - i, { amount: i }))
    large.append(batchOf(events, now))
    model.append(events, now)
    const [day] = large.days()
    const late = [plain(0, now), plain(3_999, now - 1), plain(2_000, now - 4_000), plain(9_999, now - 7)]
    late.forEach((one) => {
      large.append(batchOf([one], now))
    })
    model.append(late, now)
    expect(contentOf(large)).toEqual(model.days())
    // The array had room: nothing was copied.
    expect(large.days()[0]!.people === day!.people || large.days()[0]!.size > day!.people.length).toBe(true)
  })

  it('gives the same days until something is written, and another version of a day that was', () => {
    const quiet = column()
    quiet.append(batchOf([plain(1, now), plain(2, now - 48 * hour)], now))
    const days = quiet.days()
    expect(quiet.days()).toBe(days)
    quiet.append(batchOf([plain(3, now)], now))
    const later = quiet.days()
    expect(later[0]).toBe(days[0])
    expect(later[1]!.version).toBe(quiet.revision)
    expect(later[1]!.version).toBeGreaterThan(days[1]!.version)
  })

  it('is 24 bytes an event at most: time, two categories and an amount, of the widest kind', () => {
    const spec = event({ product: category(), channel: category(), amount: number({ scale: 2 }) })
    const size = 200_000
    const bytesOf = (products: number, amount: number, batches: number): number => {
      const wide = new EventColumn(spec, zone)
      for (let from = 0; from < size; from += size / batches) {
        const length = size / batches
        const texts = Array.from({ length: products }, (_, i) => `p${i}`)
        wide.append({
          people: Uint32Array.from({ length }, (_, i) => ((from + i) * 7919) % 100_000),
          times: Float64Array.from({ length }, (_, i) => now - 24 * hour * (1 + ((from + i) % 3))),
          eventIds: null,
          now,
          properties: new Map([
            ['product', { kind: 'category', texts, codes: Uint32Array.from({ length }, (_, i) => 1 + (i % products)) }],
            ['channel', { kind: 'category', texts, codes: Uint32Array.from({ length }, (_, i) => 1 + (i % products)) }],
            ['amount', { kind: 'number', values: new Float64Array(length).fill(amount) }],
          ]),
        })
      }
      wide.days()
      return wide.byteSize / wide.size
    }
    for (const batches of [1, 8]) {
      expect(bytesOf(255, 2 ** 31 - 1, batches)).toBe(4 + 4 + 1 + 1 + 4)
      expect(bytesOf(256, 2 ** 31 - 1, batches)).toBe(4 + 4 + 2 + 2 + 4)
      expect(bytesOf(256, 2 ** 31, batches)).toBe(4 + 4 + 2 + 2 + 8)
    }
    expect(bytesOf(70_000, 2 ** 40, 1)).toBe(4 + 4 + 4 + 4 + 8)
  })

  it('has room for late events until the day changes, and then takes what it must', () => {
    const late = new EventColumn(event({}), zone)
    const size = 10_000
    const yesterday = now - 24 * hour
    late.append(batchOf([plain(0, now)], now))
    late.append(
      batchOf(
        Array.from({ length: size }, (_, i) => plain(i, yesterday)),
        now,
      ),
    )
    late.days()
    const before = late.byteSize
    late.append(batchOf([plain(5, yesterday)], now))
    late.days()
    expect(late.byteSize - before).toBeLessThanOrEqual((8 * size) / 16)
    late.retain(zone.dayOf(now) + 1)
    late.days()
    expect(late.byteSize).toBe(8 * (size + 1) + 8)
  })

  it('texts of events that are not kept do not come into the dictionary', () => {
    const kept = new EventColumn(event(properties, { retentionDays: 1 }), zone)
    const events = [
      plain(1, now - 72 * hour, { product: 'old' }),
      plain(1, now, { product: 'b', eventId: 1 }),
      plain(1, now, { product: 'twice', eventId: 1 }),
      plain(1, now, { product: 'a' }),
    ]
    expect(kept.append(batchOf(events, now))).toEqual({ added: 2, duplicates: 1, expired: 1 })
    expect(kept.category('product')!.texts).toEqual(['b', 'a'])
    expect(kept.category('amount')).toBeNull()
    expect(kept.category('none')).toBeNull()
  })

  it('removed people leave no row behind in the arrays', () => {
    const wiped = column()
    wiped.append(batchOf([plain(1, now), plain(2, now, { amount: 77 }), plain(3, now)], now))
    wiped.days()
    wiped.forget(bitmapOf([2]))
    const [day] = wiped.days()
    expect([...day!.people]).not.toContain(2)
    expect(day!.properties.get('amount')).not.toMatchObject({ values: expect.arrayContaining([77]) })
  })
})
