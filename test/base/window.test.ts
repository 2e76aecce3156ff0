import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Weekday as CalendarWeekday } from '../../src/base/calendar.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import {
  type PeriodUnit,
  type PlainLastWindow,
  type PlainWindow,
  resolvePeriods,
  resolveWindow,
  type WindowBounds,
} from '../../src/base/window.ts'
import type { Weekday, Window, WindowUnit } from '../../src/rules/ast.ts'
import { campaign } from '../fast-check-config.ts'
import { type Equal, holds } from '../types/equal.ts'
import { anyZone, changes, day, minute, shownTime } from './zone-oracle.ts'

// base can't import rules, so its windows are written again: they are those of rules, with their parameters filled in.
holds<Equal<PeriodUnit, WindowUnit>>()
holds<Equal<CalendarWeekday, Weekday>>()
holds<PlainWindow extends Window ? true : false>()
type Filled<Slot> = Slot extends { readonly param: string } ? never : Slot
type FilledWindow<W> = W extends unknown ? { readonly [Key in keyof W]: Filled<W[Key]> } : never
holds<Equal<FilledWindow<PlainWindow>, FilledWindow<Window>>>()

const weekdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const units: readonly PeriodUnit[] = ['minutes', 'hours', 'days', 'weeks', 'months']
const calendarUnits = ['days', 'weeks', 'months'] as const

const last = (count: number, unit: PeriodUnit, more: Partial<PlainLastWindow> = {}): PlainLastWindow => ({
  kind: 'last',
  count,
  unit,
  includeCurrent: false,
  ago: 0,
  weekStart: 'monday',
  ...more,
})

/** Instants at which windows are asked, many of them near a change of the clock. */
const anyAsk: fc.Arbitrary<{ name: string; asOf: number }> = fc.oneof(
  fc.record({ name: anyZone, asOf: fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2060, 0, 1) }) }),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * day, max: 60 * day }))
    .map(([[name, date], away]) => ({ name, asOf: Date.parse(date) + away })),
  // Midnight itself, and the milliseconds beside it.
  fc
    .tuple(anyZone, fc.integer({ min: -3_000, max: 30_000 }), fc.integer({ min: -1, max: 1 }))
    .map(([name, number, beside]) => ({ name, asOf: TimeZone.of(name).startOfDay(number) + beside })),
)
const anyWeekStart = fc.constantFrom(...weekdays)

const join = (parts: readonly WindowBounds[]): WindowBounds => ({ from: parts[0]!.from, to: parts.at(-1)!.to })
const isIn = (at: number, { from, to }: WindowBounds): boolean => from <= at && at < to

describe('last n units', () => {
  test('n units are n single ones, each of which ends where the next begins', () => {
    fc.assert(
      fc.property(
        anyAsk,
        fc.constantFrom(...units),
        fc.integer({ min: 1, max: 40 }),
        fc.nat({ max: 20 }),
        anyWeekStart,
        ({ name, asOf }, unit, n, ago, weekStart) => {
          const zone = TimeZone.of(name)
          const singles = Array.from({ length: n }, (_, i) =>
            resolveWindow(last(1, unit, { ago: ago + n - 1 - i, weekStart }), asOf, zone),
          )
          for (let i = 1; i < n; i++) expect(singles[i]!.from).toBe(singles[i - 1]!.to)
          for (const { from, to } of singles) expect(from).toBeLessThanOrEqual(to)
          expect(resolveWindow(last(n, unit, { ago, weekStart }), asOf, zone)).toEqual(join(singles))
        },
      ),
      campaign(1_000),
    )
  })

  test('every instant lies in exactly one of the days, weeks, months before and the present one', () => {
    fc.assert(
      fc.property(
        anyAsk,
        fc.constantFrom(...calendarUnits),
        anyWeekStart,
        fc.nat({ max: 20 * day }),
        ({ name, asOf }, unit, weekStart, back) => {
          const zone = TimeZone.of(name)
          const windows = Array.from({ length: 25 }, (_, ago) => last(1, unit, { ago, weekStart }))
          const present = last(0, unit, { includeCurrent: true, weekStart })
          const holding = [present, ...windows].filter((window) => isIn(asOf - back, resolveWindow(window, asOf, zone)))
          // asOf itself is still to come.
          expect(holding.length).toBe(back === 0 ? 0 : 1)
        },
      ),
      campaign(1_000),
    )
  })

  test('includeCurrent adds exactly what is between the beginning of the present unit and asOf', () => {
    fc.assert(
      fc.property(
        anyAsk,
        fc.constantFrom(...calendarUnits),
        fc.nat({ max: 60 }),
        anyWeekStart,
        ({ name, asOf }, unit, n, weekStart) => {
          const zone = TimeZone.of(name)
          const without = resolveWindow(last(n, unit, { weekStart }), asOf, zone)
          const present = resolveWindow(last(0, unit, { includeCurrent: true, weekStart }), asOf, zone)
          expect(present).toEqual({ from: without.to, to: asOf })
          expect(resolveWindow(last(n, unit, { includeCurrent: true, weekStart }), asOf, zone)).toEqual({
            from: without.from,
            to: asOf,
          })
        },
      ),
      campaign(1_000),
    )
  })

  test('days, weeks and months begin where the local calendar shows it', () => {
    const weekdayOf = (wall: number): number => (new Date(wall).getUTCDay() + 6) % 7
    fc.assert(
      fc.property(anyAsk, fc.nat({ max: 30 }), anyWeekStart, ({ name, asOf }, ago, weekStart) => {
        for (const unit of calendarUnits) {
          const { to } = resolveWindow(last(1, unit, { ago, weekStart }), asOf, TimeZone.of(name))
          const shown = shownTime(name, to)
          // Where the clock is put forward at midnight, a day begins up to an hour later.
          expect(((shown % day) + day) % day).toBeLessThanOrEqual(60 * minute)
          // Where a date was left out, another is shown when it would begin.
          if (shownTime(name, to - 1) < shown - day) continue
          if (unit === 'weeks') expect(weekdays[weekdayOf(shown)]).toBe(weekStart)
          if (unit === 'months') expect(new Date(shown).getUTCDate()).toBe(1)
        }
      }),
      campaign(1_000),
    )
  })

  test('what is asked as of an instant moves on with it, never back', () => {
    fc.assert(
      fc.property(
        anyAsk,
        fc.constantFrom(...units),
        fc.nat({ max: 9 }),
        fc.nat({ max: 40 * day }),
        (ask, unit, ago, later) => {
          const zone = TimeZone.of(ask.name)
          const [before, after] = [ask.asOf, ask.asOf + later].map((asOf) =>
            resolveWindow(last(2, unit, { ago }), asOf, zone),
          )
          expect(after!.from).toBeGreaterThanOrEqual(before!.from)
          expect(after!.to).toBeGreaterThanOrEqual(before!.to)
          expect(before!.to).toBeLessThanOrEqual(ask.asOf)
        },
      ),
      campaign(1_000),
    )
  })

  test('windows that would begin before time begin at -Infinity', () => {
    const asOf = Date.parse('2026-11-18T10:30:00+08:00')
    const zone = TimeZone.of('Asia/Shanghai')
    const open = Number.NEGATIVE_INFINITY
    for (const unit of units) {
      for (const count of [1e12, Number.MAX_SAFE_INTEGER]) {
        const { from, to } = resolveWindow(last(count, unit), asOf, zone)
        expect({ unit, count, from }).toEqual({ unit, count, from: open })
        expect(to).toBe(resolveWindow(last(1, unit), asOf, zone).to)
        expect(resolveWindow(last(1, unit, { ago: count }), asOf, zone)).toEqual({ from: open, to: open })
      }
    }
  })
})

describe('ranges', () => {
  const zone = TimeZone.of('Asia/Shanghai')
  const asOf = Date.parse('2026-11-18T10:30:00+08:00')
  const at = (text: string): number => Date.parse(text)

  test.each([
    ['2026-11-01', '2026-11-11', '2026-11-01T00:00+08:00', '2026-11-11T00:00+08:00'],
    ['2026-11-01T12:30', '2026-11-01T12:30:00.001', '2026-11-01T12:30+08:00', '2026-11-01T12:30:00.001+08:00'],
    ['2026-11-01T12:30Z', '2026-11-02', '2026-11-01T12:30Z', '2026-11-02T00:00+08:00'],
    ['2026-11-01', null, '2026-11-01T00:00+08:00', '2026-11-18T10:30:00.001+08:00'],
    ['2026-11-01', '2027-01-01', '2026-11-01T00:00+08:00', '2026-11-18T10:30:00.001+08:00'],
    ['2026-12-01', '2027-01-01', '2026-11-18T10:30:00.001+08:00', '2026-11-18T10:30:00.001+08:00'],
    ['2026-12-01', null, '2026-11-18T10:30:00.001+08:00', '2026-11-18T10:30:00.001+08:00'],
    ['2026-11-11', '2026-11-01', '2026-11-01T00:00+08:00', '2026-11-01T00:00+08:00'],
    ['2026-11-11', '2026-11-11', '2026-11-11T00:00+08:00', '2026-11-11T00:00+08:00'],
  ])('from %s to %s', (from, to, first, end) => {
    expect(resolveWindow({ kind: 'range', from, to }, asOf, zone)).toEqual({ from: at(first), to: at(end) })
  })

  test('without a beginning', () => {
    expect(resolveWindow({ kind: 'range', from: null, to: '2026-11-11' }, asOf, zone)).toEqual({
      from: Number.NEGATIVE_INFINITY,
      to: at('2026-11-11T00:00+08:00'),
    })
  })

  test('a bound that is no instant is our own mistake: rules refuse it', () => {
    expect(() => resolveWindow({ kind: 'range', from: 'yesterday', to: null }, asOf, zone)).toThrow('INTERNAL')
  })
})

describe('resolvePeriods', () => {
  test('gives the single units, oldest first', () => {
    fc.assert(
      fc.property(
        anyAsk,
        fc.constantFrom(...units),
        fc.integer({ min: 1, max: 30 }),
        anyWeekStart,
        ({ name, asOf }, unit, of, weekStart) => {
          const zone = TimeZone.of(name)
          const singles = Array.from({ length: of }, (_, i) =>
            resolveWindow(last(1, unit, { ago: of - 1 - i, weekStart }), asOf, zone),
          )
          expect(resolvePeriods(unit, of, weekStart, asOf, zone)).toEqual(singles)
        },
      ),
      campaign(500),
    )
  })

  test('the last 3 weeks before a Wednesday', () => {
    const zone = TimeZone.of('Asia/Shanghai')
    const periods = resolvePeriods('weeks', 3, 'monday', Date.parse('2026-11-18T10:30:00+08:00'), zone)
    expect(periods.map(({ from, to }) => [zone.format(from).slice(0, 16), zone.format(to).slice(0, 16)])).toEqual([
      ['2026-10-26T00:00', '2026-11-02T00:00'],
      ['2026-11-02T00:00', '2026-11-09T00:00'],
      ['2026-11-09T00:00', '2026-11-16T00:00'],
    ])
  })
})
