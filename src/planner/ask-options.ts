import type { Millis } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import type { CheckedClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { parseInstant } from '../base/instant.ts'
import { show } from '../base/show.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { Instant } from '../schema/row.ts'

/** What every question takes. */
export interface AskOptions {
  /**
   * The instant for which the question is answered (law 11): windows end at it, and events after it are not seen. The same data, rule
   * and instant always give the same answer.
   * @default the engine's clock
   */
  readonly asOf?: Instant | undefined
}

/** What a question takes whose answer is awaited. */
export interface AwaitOptions extends AskOptions {
  /** Ends the question: its promise is rejected with the signal's reason, and threads that are at it give up soon after. */
  readonly signal?: AbortSignal | undefined
}

/** @throws OPTION_INVALID for what is no signal */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal
  throw new CrowdbitError(
    'OPTION_INVALID',
    `signal is ${show(signal)}, where the signal of an AbortController is expected`,
    { option: 'signal' },
  )
}

/** The instant of a question. @throws OPTION_INVALID, TIME_INVALID */
export function momentOf(options: AskOptions, clock: CheckedClock, zone: TimeZone): Millis {
  checkKeys(options, ['asOf'])
  const { asOf } = options
  if (asOf === undefined) return clock.now()
  const instant = parseInstant(asOf, zone)
  if (instant === null) {
    throw new CrowdbitError(
      'TIME_INVALID',
      `asOf is ${show(asOf)}, where a Date, whole milliseconds since 1970 or ISO 8601 text such as "2026-11-20T09:00:00+08:00" is expected`,
      { asOf },
    )
  }
  return instant
}
