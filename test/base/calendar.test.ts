import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMonths,
  dateOfDay,
  dateText,
  dayOfDate,
  daysInMonth,
  startOfMonth,
  startOfWeek,
  type Weekday,
} from '../../src/base/calendar.ts'
import { campaign } from '../fast-check-config.ts'
import { day as msPerDay } from './zone-oracle.ts'

/** Days of `Date`, but for the months at its ends. */
const anyDay = fc.integer({ min: -99_999_900, max: 99_999_900 })
const weekdays: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The weekday, as `Date` has it. */
const weekdayOf = (day: number): Weekday => weekdays[new Date(day * msPerDay).getUTCDay()]!

describe('dates and day numbers', () => {
  test('are those of Date in UTC, on every day that Date has', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const date = new Date(day * msPerDay)
        const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
        expect(dateOfDay(day)).toEqual(expected)
        expect(dayOfDate(expected.year, expected.month, expected.day)).toBe(day)
        expect(dateText(day)).toBe(date.toISOString().split('T')[0])
      }),
      campaign(2_000),
    )
  })

  test('follow each other through 400 years and their leap days', () => {
    let [year, month, day] = [1800, 1, 1]
    const first = dayOfDate(year, month, day)
    const days = 2 * 146_097
    for (let i = 0; i < days; i++) {
      if (dayOfDate(year, month, day) !== first + i) expect([year, month, day]).toBe(first + i)
      day++
      if (day > daysInMonth(year, month)) [month, day] = [month + 1, 1]
      if (month > 12) [year, month] = [year + 1, 1]
    }
    expect([year, month, day]).toEqual([2600, 1, 1])
  })

  test('the Gregorian rule: a leap year every 4 years, not every 100, but every 400', () => {
    expect([1900, 2000, 2024, 2026, 2100, 0, -4].map((year) => daysInMonth(year, 2))).toEqual([
      28, 29, 29, 28, 28, 29, 29,
    ])
  })
})

describe('weeks', () => {
  test('begin on the weekday that is asked for, at most 6 days before', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...weekdays), (day, weekStart) => {
        const start = startOfWeek(day, weekStart)
        expect(weekdayOf(start)).toBe(weekStart)
        expect(day - start).toBeGreaterThanOrEqual(0)
        expect(day - start).toBeLessThan(7)
      }),
      campaign(1_000),
    )
  })

  test('2026-11-20 is a Friday', () => {
    const friday = dayOfDate(2026, 11, 20)
    expect(dateText(startOfWeek(friday, 'monday'))).toBe('2026-11-16')
    expect(dateText(startOfWeek(friday, 'sunday'))).toBe('2026-11-15')
    expect(dateText(startOfWeek(friday, 'saturday'))).toBe('2026-11-14')
    expect(dateText(startOfWeek(friday, 'friday'))).toBe('2026-11-20')
  })
})

describe('months', () => {
  test('begin on their first day', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(dateText(startOfMonth(day))).toBe(dateText(day).replace(/\d\d$/, '01'))
      }),
      campaign(1_000),
    )
  })

  test('are added as Date does it for first days of months', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: -5_000, max: 5_000 }),
        (day, n) => {
          const date = new Date(startOfMonth(day) * msPerDay)
          date.setUTCMonth(date.getUTCMonth() + n)
          expect(addMonths(startOfMonth(day), n) * msPerDay).toBe(date.getTime())
        },
      ),
      campaign(1_000),
    )
  })

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-10-31', 0, '2026-10-31'],
  ])('%s and %i months is %s: the last day stands in for one that is missing', (from, months, to) => {
    expect(dateText(addMonths(Date.parse(from) / msPerDay, months))).toBe(to)
  })
})
