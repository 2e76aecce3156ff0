import type { EventDay } from '../events/event-day.ts'

/** How many of the days, from the first on, something holds of. */
export function daysBefore(days: readonly EventDay[], holds: (day: EventDay) => boolean): number {
  let lo = 0
  let hi = days.length
  while (lo < hi) {
    const middle = (lo + hi) >>> 1
    if (holds(days[middle]!)) lo = middle + 1
    else hi = middle
  }
  return lo
}

/** The place of the first day that isn't before `day`. */
export function firstFrom(days: readonly EventDay[], day: number): number {
  return daysBefore(days, (other) => other.day < day)
}
