import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { EventColumn } from '../../src/events/event-column.ts'
import { eventsOfPerson } from '../../src/events/person-events.ts'
import { category, event, number } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'

// Days of so many events that a few more are put into their places one by one, in the arrays that forks have too.

const spec = event({ product: category(), amount: number() }, { retentionDays: 10 })
const start = Date.UTC(2026, 10, 10)
const hour = 3_600_000
const day = 24 * hour
const people = 12

interface Kept {
  readonly person: number
  readonly at: number
  readonly eventId: string | null
  readonly product: string | null
  readonly amount: number | null
}

/** What a column shows of each person, in order; and of itself. */
function shownBy(column: EventColumn): unknown {
  const whole = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, limit: Number.POSITIVE_INFINITY }
  return {
    size: column.size,
    ids: column.eventIdCount,
    texts: [...column.category('product')!.texts],
    days: column.days().map(({ day: number, size, people: rows }) => [number, size, [...rows.subarray(0, size)]]),
    events: Array.from({ length: people }, (_, person) => eventsOfPerson(column, person, whole)),
  }
}

/** The same column made anew. */
function rebuilt(kept: readonly Kept[], texts: readonly string[], now: number): EventColumn {
  const column = new EventColumn(spec, TimeZone.of('UTC'))
  column.category('product')
  for (const text of texts) column.category('product')!.add(text)
  for (const { person, at, eventId, product, amount } of kept) {
    column.appendOne(person, { at, eventId, values: [product, amount] }, now)
  }
  return column
}

const step = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      person: fc.nat(people - 1),
      at: fc.nat(3 * 24 - 1).map((hours) => start + hours * hour),
      product: fc.option(fc.nat(300).map((n) => `p${n}`)),
      amount: fc.option(fc.oneof(fc.nat(9), fc.constant(5e9))),
      withId: fc.boolean(),
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ kind: fc.constant('fork' as const) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('read' as const) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('retain' as const) }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constantFrom('readFork' as const, 'release' as const), which: fc.nat(5) }),
    weight: 5,
  },
  { arbitrary: fc.record({ kind: fc.constant('forget' as const), person: fc.nat(people - 1) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      from: fc.uniqueArray(fc.nat(people - 1), { maxLength: 3 }),
    }),
    weight: 2,
  },
)

test('a fork stays what the column was, and the column what it would be without forks', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      let now = start + 3 * day
      const column = new EventColumn(spec, TimeZone.of('UTC'))
      let kept: Kept[] = []
      const texts = new Set<string>()
      let next = 0
      const append = (one: Kept): void => {
        kept.push(one)
        if (one.product !== null) texts.add(one.product)
        const { person, at, eventId, product, amount } = one
        column.appendOne(person, { at, eventId, values: [product, amount] }, now)
      }
      for (let i = 0; i < 240; i++) {
        append({
          person: (i * 7) % people,
          at: start + (i % 72) * hour,
          eventId: i % 3 === 0 ? `e${next++}` : null,
          product: `p${i % 5}`,
          amount: i,
        })
      }
      const forks: { fork: EventColumn; kept: readonly Kept[]; texts: readonly string[]; now: number }[] = []
      const removed = new Set<number>()
      const expected = (then: { kept: readonly Kept[]; texts: readonly string[]; now: number }): unknown =>
        shownBy(rebuilt(then.kept, then.texts, then.now))
      for (const one of steps) {
        if (one.kind === 'append') {
          if (one.at < now - 10 * day) continue
          append({ ...one, eventId: one.withId ? `e${next++}` : null })
        } else if (one.kind === 'fork') forks.push({ fork: column.fork(), kept: [...kept], texts: [...texts], now })
        else if (one.kind === 'read') expect(shownBy(column)).toEqual(expected({ kept, texts: [...texts], now }))
        else if (one.kind === 'retain') {
          now += 3 * day
          column.retain(Math.floor(now / day))
          const oldest = (Math.floor(now / day) - 10) * day
          kept = kept.filter(({ at }) => at >= oldest)
        } else if (one.kind === 'forget') {
          removed.add(one.person)
          column.forget(bitmapOf([one.person]))
          kept = kept.filter(({ person }) => person !== one.person)
        } else if (one.kind === 'give') {
          const to = Array.from({ length: people }, (_, person) => person).find((person) => !one.from.includes(person))!
          const from = Uint32Array.from(one.from).sort()
          const given = [...from].flatMap((person) => kept.filter((each) => each.person === person))
          expect(
            column.give(
              from,
              from.map(() => to),
            ),
          ).toBe(given.length > 0)
          kept = [...kept.filter((each) => !given.includes(each)), ...given.map((each) => ({ ...each, person: to }))]
        } else if (forks.length > 0) {
          const place = one.which % forks.length
          const then = forks[place]!
          if (one.kind === 'release') {
            then.fork.dispose()
            forks.splice(place, 1)
          } else if (removed.size === 0) expect(shownBy(then.fork)).toEqual(expected(then))
          else then.fork.days()
        }
      }
      for (const then of forks) {
        // The ids of events go with their people.
        const hidden = (shown: unknown): unknown =>
          JSON.parse(JSON.stringify(shown), (key, value) => (key === 'eventId' && removed.size > 0 ? null : value))
        expect(hidden(shownBy(then.fork))).toEqual(hidden(expected(then)))
      }
      expect(shownBy(column)).toEqual(expected({ kept, texts: [...texts], now }))
    }),
    campaign(150) as fc.Parameters<unknown>,
  )
})

/** A column with a day of 200 events that has room for more, and ids in two of three. */
function column(): { readonly column: EventColumn; append(at: number): void } {
  const made = new EventColumn(spec, TimeZone.of('UTC'))
  let next = 0
  const append = (at: number): void => {
    const eventId = next % 3 === 0 ? null : `e${next}`
    made.appendOne(next++ % people, { at, eventId, values: [null, null] }, at)
  }
  for (let i = 0; i < 200; i++) append(start + i * 60_000)
  made.days()
  append(start + 1)
  made.days()
  return { column: made, append }
}

test('rows change in place while nobody else has them, and again when nobody else has them any more', () => {
  const { column: live, append } = column()
  const { people: rows } = live.days()[0]!
  append(start + 2)
  expect(live.days()[0]!.people).toBe(rows)
  const forks = [live.fork(), live.fork()]
  append(start + 3)
  expect(live.days()[0]!.people).not.toBe(rows)
  expect(forks.map((fork) => [fork.days()[0]!.people === rows, fork.days()[0]!.size])).toEqual([
    [true, 202],
    [true, 202],
  ])
  const { people: own } = live.days()[0]!
  const more = live.fork()
  for (const fork of [...forks, more]) fork.dispose()
  append(start + 4)
  expect(live.days()[0]!.people).toBe(own)
  // A fork that ends after the first write of the live column, which has not put it into its place yet.
  const late = live.fork()
  append(start + 5)
  late.dispose()
  expect(live.days()[0]!.people).toBe(own)
})

test('ids that retention gave up are kept as long as there is a fork', () => {
  const { column: live, append } = column()
  append(start + day)
  append(start + day)
  const [epoch] = live.eventIds.epochs
  const forks = [live.fork(), live.fork()]
  live.retain(start / day + 11)
  expect([live.size, live.eventIdCount]).toEqual([2, 1])
  expect(epoch!.kept.size).toBeGreaterThan(100)
  forks[0]!.dispose()
  expect(forks[1]!.eventIdCount).toBeGreaterThan(100)
  expect(
    eventsOfPerson(forks[1]!, 1, { from: start, to: start + 61_000, limit: 9 }).map(({ eventId }) => eventId),
  ).toEqual(['e1'])
  forks[1]!.dispose()
  expect(epoch!.kept.size).toBe(0)
  live.retain(start / day + 12)
  expect(epoch!.kept.size).toBe(0)
})

test('a day that is asked for writing and not written keeps what has not been put into its place', () => {
  const { column: live } = column()
  live.appendOne(1, { at: start + 9, eventId: 'twice', values: ['tea', 1] }, start)
  const fork = live.fork()
  expect(live.appendOne(2, { at: start + 9, eventId: 'twice', values: [null, null] }, start)).toBe('duplicate')
  expect(live.days()[0]!.size).toBe(202)
  expect(fork.days()[0]!.size).toBe(202)
})
