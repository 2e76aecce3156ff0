import type { Millis } from './brand.ts'

/** Where the time comes from (law 11): nothing else in crowdbit reads it. */
export interface Clock {
  /** The present instant. */
  now(): Millis
}

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ now: () => Date.now() as Millis })
