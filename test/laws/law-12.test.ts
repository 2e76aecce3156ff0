import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { type PeriodUnit, type PlainLastWindow, type PlainWindow, resolveWindow } from '../../src/base/window.ts'
import { campaign } from '../fast-check-config.ts'

const last = (count: number, unit: PeriodUnit, more: Partial<PlainLastWindow> = {}): PlainLastWindow => ({
  kind: 'last',
  count,
  unit,
  includeCurrent: false,
  ago: 0,
  weekStart: 'monday',
  ...more,
})
const today = { includeCurrent: true }

/** The bounds in local time, to the minute, or to the millisecond where they need it. */
function bounds(window: PlainWindow, asOf: string, name: string): string {
  const zone = TimeZone.of(name)
  const { from, to } = resolveWindow(window, Date.parse(asOf), zone)
  return [from, to].map((at) => zone.format(at).replace(/(:00)?\.000/, '')).join(' ')
}

const hours = ({ from, to }: { from: number; to: number }): number => (to - from) / 3_600_000

describe('law 12: as of Wednesday 2026-11-18, 10:30 in Shanghai', () => {
  test.each<[what: string, window: PlainWindow, expected: string]>([
    ['rolling hours', last(2, 'hours'), '11-18T08:30 11-18T10:30'],
    ['rolling hours, ago', last(2, 'hours', { ago: 3 }), '11-18T05:30 11-18T07:30'],
    ['rolling minutes', last(45, 'minutes'), '11-18T09:45 11-18T10:30'],
    ['24 hours are not a day', last(24, 'hours'), '11-17T10:30 11-18T10:30'],
    ['whole days', last(3, 'days'), '11-15T00:00 11-18T00:00'],
    ['whole days, ago', last(3, 'days', { ago: 7 }), '11-08T00:00 11-11T00:00'],
    ['whole days and today so far', last(3, 'days', today), '11-15T00:00 11-18T10:30'],
    ['today', last(0, 'days', today), '11-18T00:00 11-18T10:30'],
    ['yesterday', last(1, 'days'), '11-17T00:00 11-18T00:00'],
    ['a whole week', last(1, 'weeks'), '11-09T00:00 11-16T00:00'],
    ['a week from Sunday', last(1, 'weeks', { weekStart: 'sunday' }), '11-08T00:00 11-15T00:00'],
    ['a week from Wednesday', last(1, 'weeks', { weekStart: 'wednesday' }), '11-11T00:00 11-18T00:00'],
    ['a week from Thursday', last(1, 'weeks', { weekStart: 'thursday' }), '11-05T00:00 11-12T00:00'],
    ['this week', last(0, 'weeks', today), '11-16T00:00 11-18T10:30'],
    ['two weeks, ago', last(2, 'weeks', { ago: 1 }), '10-26T00:00 11-09T00:00'],
    ['a whole month', last(1, 'months'), '10-01T00:00 11-01T00:00'],
    ['this month', last(0, 'months', today), '11-01T00:00 11-18T10:30'],
    ['a month of 28 days', last(1, 'months', { ago: 8 }), '02-01T00:00 03-01T00:00'],
    ['a range of dates', { kind: 'range', from: '2026-11-01', to: '2026-11-11' }, '11-01T00:00 11-11T00:00'],
  ])('law 12: %s', (_, window, expected) => {
    const [from, to] = expected.split(' ').map((text) => `2026-${text}+08:00`)
    expect(bounds(window, '2026-11-18T10:30:00+08:00', 'Asia/Shanghai')).toBe(`${from} ${to}`)
  })
})

test('law 12: whole days end at the local midnight before or at asOf', () => {
  const yesterday = (asOf: string): string => bounds(last(1, 'days'), asOf, 'Asia/Shanghai')
  const expected = '2026-11-17T00:00+08:00 2026-11-18T00:00+08:00'
  expect(yesterday('2026-11-18T00:00:00+08:00')).toBe(expected)
  expect(yesterday('2026-11-18T00:00:00.001+08:00')).toBe(expected)
  expect(yesterday('2026-11-18T23:59:59.999+08:00')).toBe(expected)
  expect(yesterday('2026-11-19T00:00:00+08:00')).toBe('2026-11-18T00:00+08:00 2026-11-19T00:00+08:00')
  // The day is the zone's: in UTC it is still the 17th.
  expect(bounds(last(1, 'days'), '2026-11-18T00:00:00+08:00', 'UTC')).toBe('2026-11-16T00:00Z 2026-11-17T00:00Z')
})

test('law 12: at midnight there is nothing of today yet', () => {
  const zone = TimeZone.of('Asia/Shanghai')
  const midnight = Date.parse('2026-11-18T00:00:00+08:00')
  expect(resolveWindow(last(0, 'days', today), midnight, zone)).toEqual({ from: midnight, to: midnight })
})

describe('law 12: local days have 23 or 25 hours where the clock changes', () => {
  test.each([
    ['America/New_York', '2026-03-09T12:00:00-04:00', 23, '2026-03-08T00:00-05:00 2026-03-09T00:00-04:00'],
    ['America/New_York', '2026-11-02T12:00:00-05:00', 25, '2026-11-01T00:00-04:00 2026-11-02T00:00-05:00'],
    ['Australia/Lord_Howe', '2026-10-05T12:00:00+11:00', 23.5, '2026-10-04T00:00+10:30 2026-10-05T00:00+11:00'],
    ['America/Sao_Paulo', '2018-11-05T12:00:00-02:00', 23, '2018-11-04T01:00-02:00 2018-11-05T00:00-02:00'],
    ['America/St_Johns', '2006-10-30T12:00:00-03:30', 25, '2006-10-29T00:00-02:30 2006-10-30T00:00-03:30'],
    ['Pacific/Apia', '2011-12-31T12:00:00+14:00', 0, '2011-12-31T00:00+14:00 2011-12-31T00:00+14:00'],
  ])('law 12: the last 1 days in %s as of %s: %d hours', (name, asOf, expected, local) => {
    expect(hours(resolveWindow(last(1, 'days'), Date.parse(asOf), TimeZone.of(name)))).toBe(expected)
    expect(bounds(last(1, 'days'), asOf, name)).toBe(local)
  })

  test('law 12: and so have the weeks and months around them', () => {
    const zone = TimeZone.of('America/New_York')
    const asOf = Date.parse('2026-04-01T12:00:00-04:00')
    expect(hours(resolveWindow(last(1, 'months'), asOf, zone))).toBe(31 * 24 - 1)
    expect(hours(resolveWindow(last(7, 'days', { ago: 23 }), asOf, zone))).toBe(7 * 24 - 1)
    expect(hours(resolveWindow(last(1, 'weeks', { ago: 3 }), Date.parse('2026-04-02T12:00:00-04:00'), zone))).toBe(167)
  })

  test('law 12: while hours are hours', () => {
    const zone = TimeZone.of('America/New_York')
    const asOf = Date.parse('2026-11-01T12:00:00-05:00')
    expect(resolveWindow(last(24, 'hours'), asOf, zone)).toEqual({ from: asOf - 86_400_000, to: asOf })
  })
})

test('law 12: a window is never rounded: hours and minutes keep the millisecond of asOf', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.nat({ max: 10_000 }),
      fc.nat({ max: 10_000 }),
      fc.constantFrom<[PeriodUnit, number]>(['hours', 3_600_000], ['minutes', 60_000]),
      (asOf, n, ago, [unit, millis]) => {
        expect(resolveWindow(last(n, unit, { ago }), asOf, TimeZone.of('Asia/Shanghai'))).toEqual({
          from: asOf - (n + ago) * millis,
          to: asOf - ago * millis,
        })
      },
    ),
    campaign(500),
  )
})

test('law 12: weeks begin on Monday unless told otherwise', () => {
  const zone = TimeZone.of('Asia/Shanghai')
  const asOf = Date.parse('2026-11-18T10:30:00+08:00')
  const begins = (weekStart: PlainLastWindow['weekStart']): string =>
    zone.dateOf(zone.dayOf(resolveWindow(last(0, 'weeks', { ...today, weekStart }), asOf, zone).from))
  expect(begins('monday')).toBe('2026-11-16')
  expect(begins('tuesday')).toBe('2026-11-17')
  expect(begins('wednesday')).toBe('2026-11-18')
  expect(begins('thursday')).toBe('2026-11-12')
  expect(begins('friday')).toBe('2026-11-13')
  expect(begins('saturday')).toBe('2026-11-14')
  expect(begins('sunday')).toBe('2026-11-15')
})
