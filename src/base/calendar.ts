/**
 * The proleptic Gregorian calendar as day numbers: day 0 is 1970-01-01, day -1 the day before it. Nothing here knows a
 * time zone; `TimeZone` says when the days of a zone begin.
 *
 * Source: the algorithms `days_from_civil` and `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms". A year of them begins on 1 March, so that the day that comes and goes is the last one.
 */

/** Milliseconds of a day without a change of the clock. */
export const msPerDay = 86_400_000

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** A date of the calendar: year 0 is 1 BC, `month` is 1 to 12, `day` 1 to 31. */
export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** The number of a date. Only the month is looked at: the 31st of February is the 3rd of March, or the 2nd. */
export function dayOfDate(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * daysPerEra + dayOfEra - dayOfEpoch
}

/** The date of a day number. */
export function dateOfDay(day: number): CivilDate {
  const shifted = day + dayOfEpoch
  const era = Math.floor(shifted / daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month > 2 ? 0 : 1),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

/** How many days a month has, 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** The last day that is not after `day` and is a `weekStart`. */
export function startOfWeek(day: number, weekStart: Weekday): number {
  const sinceStart = day - firstOfWeek[weekStart]
  return day - (sinceStart - Math.floor(sinceStart / 7) * 7)
}

/** The first day of the month that `day` lies in. */
export function startOfMonth(day: number): number {
  return day - dateOfDay(day).day + 1
}

/** The same day of the month `months` later (earlier if negative), or that month's last day where it has no such day. */
export function addMonths(day: number, months: number): number {
  const date = dateOfDay(day)
  const monthsSinceZero = date.year * 12 + date.month - 1 + months
  const year = Math.floor(monthsSinceZero / 12)
  const month = monthsSinceZero - year * 12 + 1
  return dayOfDate(year, month, Math.min(date.day, daysInMonth(year, month)))
}

/** ISO 8601 text of a date: `2026-11-20`. Years outside 0 to 9999 have a sign and six digits: `-000001-12-31`. */
export function dateText(day: number): string {
  const date = dateOfDay(day)
  return `${yearText(date.year)}-${pad(date.month)}-${pad(date.day)}`
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0')
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

/** Days of 400 years, after which the calendar repeats. */
const daysPerEra = 146_097
/** Days from 0000-03-01 to 1970-01-01. */
const dayOfEpoch = 719_468

/** One day number of each weekday: 1970-01-01 was a Thursday. */
const firstOfWeek: Readonly<Record<Weekday, number>> = {
  thursday: 0,
  friday: 1,
  saturday: 2,
  sunday: 3,
  monday: 4,
  tuesday: 5,
  wednesday: 6,
}
