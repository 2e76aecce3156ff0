import type { Millis } from './brand.ts'

/** Where the time comes from (law 11): nothing else in crowdbit reads it. */
export interface Clock {
  /** The present instant: whole milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

/** A clock whose instants have been checked. */
export interface CheckedClock extends Clock {
  now(): Millis
}

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ now: () => Date.now() })
