import fc from 'fast-check'
import type { Instant } from '../index.ts'
import { type Duration, makeNode as make, type RegularNode, type Window } from '../rules/index.ts'
import { dateOf, dayNumber, instantOf, startOfDay, wallClock } from './reference-time.ts'
import { skewed } from './value-arbitrary.ts'

/** Where and when a case plays: a zone, and a local day that its times lie about. */
export interface TimeFrame {
  /** IANA name. */
  readonly timeZone: string
  /** `2026-11-20` */
  readonly date: string
}

/** Ordinary days; days on which the clock is put forward or back, at midnight too; a day that was left out. */
const frames: readonly TimeFrame[] = [
  { timeZone: 'Asia/Shanghai', date: '2026-11-20' },
  { timeZone: 'UTC', date: '2024-03-01' },
  { timeZone: 'America/New_York', date: '2026-03-08' },
  { timeZone: 'America/New_York', date: '2026-11-01' },
  { timeZone: 'America/Sao_Paulo', date: '2018-11-04' },
  { timeZone: 'America/Sao_Paulo', date: '2018-02-18' },
  { timeZone: 'Australia/Lord_Howe', date: '2026-04-05' },
  { timeZone: 'Australia/Lord_Howe', date: '2026-10-04' },
  { timeZone: 'Pacific/Apia', date: '2011-12-31' },
  { timeZone: 'Asia/Kathmandu', date: '2026-01-01' },
  { timeZone: 'Africa/Cairo', date: '2026-04-24' },
  { timeZone: 'Africa/Cairo', date: '2026-10-30' },
  { timeZone: 'America/St_Johns', date: '2010-11-07' },
]

export const defaultFrame: TimeFrame = { timeZone: 'UTC', date: '2026-11-20' }

/** Zones and days on which local days are not what they seem, and some ordinary ones. */
export const anyFrame: fc.Arbitrary<TimeFrame> = fc.constantFrom(...frames)

const minute = 60_000
const hour = 60 * minute

/** How long after the beginning of a local day. */
const dayTimes = [
  ...[0, 12 * hour, hour, -1, 1, 2 * hour, 3 * hour, 30 * minute, 10 * hour + 17 * minute + 3_250],
  ...[24 * hour - 1, 2 * hour - 1, 23 * hour],
]

/**
 * Instants at which events are and that timestamps have: most at and about the edges of local days and changes of the
 * clock, many of them equal, some after any question, a few far away.
 */
export function instantIn(frame: TimeFrame): fc.Arbitrary<number> {
  const days = skewed([0, -1, 1, -2, -3, 2, -7, -6, -14, -30, -31, -60])
  const far = fc.constantFrom(0, -1, Date.UTC(2100, 0, 1), Date.UTC(1990, 5, 1, 12), Date.UTC(1955, 3, 3))
  return fc.oneof({ arbitrary: about(frame, days), weight: 30 }, { arbitrary: far, weight: 1 })
}

/** Instants of questions: often the very beginning of a local day. */
export function asOfIn(frame: TimeFrame): fc.Arbitrary<number> {
  return about(frame, skewed([1, 0, 2, -1, 7]))
}

function about({ timeZone, date }: TimeFrame, days: fc.Arbitrary<number>): fc.Arbitrary<number> {
  const day = dayNumber(date)
  return fc.tuple(days, skewed(dayTimes)).map(([offset, time]) => startOfDay(day + offset, timeZone) + time)
}

/** An instant in any of the forms in which it is written. */
export function writtenInstant(frame: TimeFrame): fc.Arbitrary<Instant> {
  const form = fc.constantFrom<(at: number) => Instant>(
    (at) => at,
    (at) => new Date(at),
    (at) => textOf(at),
    (at) => textOf(at, frame.timeZone),
    (at) => `${textOf(at + 345 * minute).slice(0, -1)}+05:45`,
    (at) => textOf(at).slice(0, 10),
  )
  return fc.tuple(instantIn(frame), form).map(([at, write]) => write(at))
}

/** A constant to compare timestamps with: the text of an instant, local or not, or of a local date. */
export function momentIn(frame: TimeFrame): fc.Arbitrary<string> {
  const date = fc.constantFrom(0, -1, 1, -2, 2, -7).map((days) => dateOf(dayNumber(frame.date) + days))
  const form = fc.constantFrom<(at: number) => string>(
    (at) => textOf(at),
    (at) => textOf(at, frame.timeZone),
    (at) => `${textOf(at - 150 * minute).slice(0, -1)}-02:30`,
  )
  return fc.oneof(
    date,
    fc.tuple(instantIn(frame), form).map(([at, write]) => write(at)),
  )
}

/** The text of an instant in UTC, or the local time of a zone, without milliseconds where there are none. */
function textOf(at: number, timeZone: string | null = null): string {
  const text = new Date(timeZone === null ? at : wallClock(at, timeZone)).toISOString().replace('.000', '')
  return timeZone === null ? text : text.slice(0, -1)
}

const counts: Readonly<Record<RegularNode['unit'], readonly number[]>> = {
  minutes: [30, 60, 1, 90, 1_440],
  hours: [1, 2, 24, 12, 3, 48, 25],
  days: [1, 2, 3, 7, 30],
  weeks: [1, 2, 4],
  months: [1, 2],
}

const anyUnit = fc.oneof(
  { arbitrary: fc.constant('days' as const), weight: 4 },
  { arbitrary: fc.constantFrom('minutes' as const, 'hours' as const, 'hours' as const), weight: 3 },
  { arbitrary: fc.constantFrom('weeks' as const, 'months' as const), weight: 2 },
)

const anyWeekStart = fc.constantFrom(
  ...(['monday', 'sunday', 'saturday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const),
)

/** Windows of every kind and with every option. */
export function windowIn(frame: TimeFrame): fc.Arbitrary<Window> {
  return fc.oneof(
    { arbitrary: fc.constant<Window>(make.ever()), weight: 2 },
    { arbitrary: lastWindow(), weight: 5 },
    { arbitrary: rangeIn(frame), weight: 2 },
  )
}

/** No part depends on another by `chain`, which makes arbitraries anew for each case. */
function lastWindow(): fc.Arbitrary<Window> {
  const all = {
    unit: anyUnit,
    size: skewed([0, 1, 2, 3, 4]),
    ago: skewed([0, 0, 1, 2, 5]),
    current: fc.constantFrom(null, null, 'besides' as const, 'alone' as const),
    weekStart: anyWeekStart,
  }
  return fc.record(all).map(({ unit, size, ago, current, weekStart }) => {
    const count = counts[unit][size % counts[unit].length]!
    if (current === null || unit === 'minutes' || unit === 'hours')
      return make.lastWindow(count, unit, { ago, weekStart })
    return make.lastWindow(current === 'alone' ? 0 : count, unit, { includeCurrent: true, weekStart })
  })
}

/** From one moment to a later one or the same, or with one end open. */
function rangeIn(frame: TimeFrame): fc.Arbitrary<Window> {
  const moment = momentIn(frame)
  return fc.oneof(
    moment.map((from) => make.rangeWindow(from, null)),
    moment.map((to) => make.rangeWindow(null, to)),
    momentsIn(frame).map(([from, to]) => make.rangeWindow(from, to)),
  )
}

/** Two moments in order: the first begins no later, and is no later date where the days between were left out. */
export function momentsIn(frame: TimeFrame): fc.Arbitrary<readonly [from: string, to: string]> {
  const moment = momentIn(frame).map((text) => ({ text, from: instantOf(text, frame.timeZone) }))
  return fc.tuple(moment, moment).map(([one, other]) => {
    const inOrder = one.from < other.from || (one.from === other.from && one.text <= other.text)
    return inOrder ? [one.text, other.text] : [other.text, one.text]
  })
}

/** Lengths of time between steps: as long as gaps between the instants are, exactly, or not. */
export const anyDuration: fc.Arbitrary<Duration> = fc
  .constantFrom(
    ...([
      [1, 'hours'],
      [24, 'hours'],
      [1, 'days'],
      [2, 'days'],
      [1, 'seconds'],
      [30, 'minutes'],
      [2, 'hours'],
      [90, 'minutes'],
      [1, 'weeks'],
      [3, 'days'],
      [86_399, 'seconds'],
    ] as const),
  )
  .map(([count, unit]) => make.duration(count, unit))

/** Numbers of periods and their unit. */
export const anyPeriods: fc.Arbitrary<Pick<RegularNode, 'unit' | 'weekStart'> & { readonly of: number }> = fc.record({
  unit: anyUnit,
  weekStart: anyWeekStart,
  of: skewed([2, 3, 1, 4, 7]),
})
