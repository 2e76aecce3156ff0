import { describe, expect, test } from 'vitest'
import { makeNode as make, type Window } from '../../src/rules/index.ts'
import {
  boundsOf,
  dateOf,
  dayNumber,
  dayOf,
  instantOf,
  isSeenIn,
  momentOf,
  periodsOf,
  startOfDay,
} from '../../src/testing/reference-time.ts'

// Laws 11 and 12, put down by hand: what each window is, in texts with offsets, which `Date.parse` reads.

const shanghai = 'Asia/Shanghai'
const wednesday = '2026-11-18T10:30:00+08:00'
const { lastWindow: last, rangeWindow: range } = make

const windows: readonly (readonly [name: string, window: Window, from: string | null, to: string | null])[] = [
  ['ever', make.ever(), null, null],
  ['last 2 hours', last(2, 'hours'), '2026-11-18T08:30:00+08:00', wednesday],
  [
    'last 90 minutes, 30 ago',
    last(90, 'minutes', { ago: 30 }),
    '2026-11-18T08:30:00+08:00',
    '2026-11-18T10:00:00+08:00',
  ],
  ['last 2 hours, 3 ago', last(2, 'hours', { ago: 3 }), '2026-11-18T05:30:00+08:00', '2026-11-18T07:30:00+08:00'],
  ['last 3 days', last(3, 'days'), '2026-11-15T00:00:00+08:00', '2026-11-18T00:00:00+08:00'],
  ['last 3 days, 7 ago', last(3, 'days', { ago: 7 }), '2026-11-08T00:00:00+08:00', '2026-11-11T00:00:00+08:00'],
  ['last 3 days and today', last(3, 'days', { includeCurrent: true }), '2026-11-15T00:00:00+08:00', wednesday],
  ['today', last(0, 'days', { includeCurrent: true }), '2026-11-18T00:00:00+08:00', wednesday],
  ['last week', last(1, 'weeks'), '2026-11-09T00:00:00+08:00', '2026-11-16T00:00:00+08:00'],
  [
    'last week from Sunday',
    last(1, 'weeks', { weekStart: 'sunday' }),
    '2026-11-08T00:00:00+08:00',
    '2026-11-15T00:00:00+08:00',
  ],
  [
    'last week from Wednesday',
    last(1, 'weeks', { weekStart: 'wednesday' }),
    '2026-11-11T00:00:00+08:00',
    '2026-11-18T00:00:00+08:00',
  ],
  [
    'last week from Thursday',
    last(1, 'weeks', { weekStart: 'thursday' }),
    '2026-11-05T00:00:00+08:00',
    '2026-11-12T00:00:00+08:00',
  ],
  ['this week', last(0, 'weeks', { includeCurrent: true }), '2026-11-16T00:00:00+08:00', wednesday],
  ['last month', last(1, 'months'), '2026-10-01T00:00:00+08:00', '2026-11-01T00:00:00+08:00'],
  ['last 2 months, 11 ago', last(2, 'months', { ago: 11 }), '2025-10-01T00:00:00+08:00', '2025-12-01T00:00:00+08:00'],
  ['this month', last(0, 'months', { includeCurrent: true }), '2026-11-01T00:00:00+08:00', wednesday],
  ['dates', range('2026-11-01', '2026-11-11'), '2026-11-01T00:00:00+08:00', '2026-11-11T00:00:00+08:00'],
  ['from a local time', range('2026-11-01T08:00', null), '2026-11-01T00:00:00Z', null],
  ['to an instant', range(null, '2026-11-01T08:00Z'), null, '2026-11-01T08:00:00Z'],
]

describe('law 12: windows', () => {
  test.each(windows)('%s', (_, window, from, to) => {
    expect(boundsOf(window, Date.parse(wednesday), shanghai)).toEqual({
      from: from === null ? -Infinity : Date.parse(from),
      to: to === null ? Infinity : Date.parse(to),
    })
  })

  test('at midnight, whole days end at asOf itself, and today is empty', () => {
    const midnight = Date.parse('2026-11-18T00:00:00+08:00')
    expect(boundsOf(last(1, 'days'), midnight, shanghai)).toEqual({ from: midnight - 86_400_000, to: midnight })
    expect(boundsOf(last(1, 'days'), midnight - 1, shanghai)).toEqual({
      from: midnight - 2 * 86_400_000,
      to: midnight - 86_400_000,
    })
    const today = last(0, 'days', { includeCurrent: true })
    expect(boundsOf(today, midnight, shanghai)).toEqual({ from: midnight, to: midnight })
  })

  test('from is in it, to is not; law 11: what is at asOf is seen, what is after it is not', () => {
    const bounds = { from: 10, to: 20 }
    expect([9, 10, 19, 20].map((at) => isSeenIn(at, bounds, 100))).toEqual([false, true, true, false])
    expect([10, 15, 16].map((at) => isSeenIn(at, bounds, 15))).toEqual([true, true, false])
    expect(isSeenIn(15, { from: -Infinity, to: Infinity }, 15)).toBe(true)
  })

  test('law 14: periods are whole units before the present one, rolling for hours', () => {
    const asOf = Date.parse(wednesday)
    expect(periodsOf({ of: 2, unit: 'weeks', weekStart: 'sunday' }, asOf, shanghai)).toEqual([
      { from: Date.parse('2026-11-08T00:00:00+08:00'), to: Date.parse('2026-11-15T00:00:00+08:00') },
      { from: Date.parse('2026-11-01T00:00:00+08:00'), to: Date.parse('2026-11-08T00:00:00+08:00') },
    ])
    expect(periodsOf({ of: 2, unit: 'hours', weekStart: 'monday' }, asOf, shanghai)).toEqual([
      { from: asOf - 3_600_000, to: asOf },
      { from: asOf - 7_200_000, to: asOf - 3_600_000 },
    ])
  })
})

describe('law 12: local days', () => {
  const days: readonly (readonly [what: string, zone: string, date: string, start: string, hours: number])[] = [
    ['plain', 'Asia/Shanghai', '2026-11-18', '2026-11-17T16:00:00Z', 24],
    ['a quarter off', 'Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00Z', 24],
    ['of 23 hours', 'America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['of 25 hours', 'America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['of 23.5 hours', 'Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
    ['of 24.5 hours', 'Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['that begins at 01:00', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', 23],
    ['that has 23:00 twice', 'America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00Z', 25],
    ['after that one', 'America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00Z', 24],
    ['that begins at 01:00', 'Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23],
    ['that has 23:00 twice', 'Africa/Cairo', '2026-10-29', '2026-10-28T21:00:00Z', 25],
    ['before one left out', 'Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 24],
    ['left out', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
    ['after one left out', 'Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 24],
    [
      'that began before the clock was put back over midnight',
      'America/St_Johns',
      '2010-11-07',
      '2010-11-07T02:30:00Z',
      25,
    ],
  ]
  test.each(days)('a day %s: %s %s', (_, zone, date, start, hours) => {
    const day = dayNumber(date)
    expect(dateOf(day)).toBe(date)
    const from = startOfDay(day, zone)
    const to = startOfDay(day + 1, zone)
    expect(new Date(from).toISOString()).toBe(new Date(start).toISOString())
    expect((to - from) / 3_600_000).toBe(hours)
    if (hours === 0) return
    for (const at of [from, from + 1, to - 3_600_000, to - 1]) expect(dayOf(at, zone)).toBe(day)
    expect(dayOf(from - 1, zone)).toBeLessThan(day)
    expect(dayOf(to, zone)).toBeGreaterThan(day)
  })

  test('last 1 days before a day of 23 hours is that long', () => {
    const asOf = Date.parse('2026-03-09T12:00:00-04:00')
    const { from, to } = boundsOf(last(1, 'days'), asOf, 'America/New_York')
    expect((to - from) / 3_600_000).toBe(23)
    expect(boundsOf(last(24, 'hours'), asOf, 'America/New_York')).toEqual({ from: asOf - 86_400_000, to: asOf })
  })
})

describe('texts of instants', () => {
  const texts: readonly (readonly [what: string, zone: string, text: string, instant: string])[] = [
    ['with an offset', shanghai, '2026-11-18T10:30:00-02:30', '2026-11-18T13:00:00Z'],
    ['in UTC', shanghai, '2026-11-18T10:30:00.250Z', '2026-11-18T10:30:00.250Z'],
    ['local', shanghai, '2026-11-18T10:30', '2026-11-18T02:30:00Z'],
    ['a date', shanghai, '2026-11-18', '2026-11-17T16:00:00Z'],
    ['a local time that comes twice is the earlier', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z'],
    ['a local time that is skipped is so much later', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30:00Z'],
    ['a time of a day that is left out', 'Pacific/Apia', '2011-12-30T08:00', '2011-12-30T18:00:00Z'],
  ]
  test.each(texts)('%s', (_, zone, text, instant) => {
    expect(new Date(instantOf(text, zone)).toISOString()).toBe(new Date(instant).toISOString())
  })

  test('a date is its day, an instant is itself', () => {
    const from = Date.parse('2026-11-17T16:00:00Z')
    expect(momentOf('2026-11-18', shanghai)).toEqual({ from, to: from + 86_400_000, isDay: true })
    expect(momentOf('2026-11-17T16:00Z', shanghai)).toEqual({ from, to: from, isDay: false })
  })
})
