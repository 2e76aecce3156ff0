import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { IdLayout } from './save-marks.ts'

/** How an `IdDictionary` is set up. */
export interface IdDictionaryOptions {
  /** Key of the hash that ids are found by: a whole number from 0 to 2^53 - 1. Nothing visible depends on it. @default random */
  readonly seed?: number
  /** Most numbers to give out, from 0 to 4,294,967,295. @default 4_294_967_295 */
  readonly capacity?: number
  /** Bits of the hash that are used, for tests that want collisions. @default -1 */
  readonly hashMask?: number
  /** How a save is spread over sections. @default ranges of 524,288 ids, parts of the table of at most 8 MiB */
  readonly layout?: IdLayout
}

/** By chance. */
export function randomSeed(): number {
  const [low, high] = crypto.getRandomValues(new Uint32Array(2))
  return (high! & 0x1f_ffff) * 0x1_0000_0000 + low!
}

/** @throws OPTION_INVALID */
export function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return
  throw new CrowdbitError(
    'OPTION_INVALID',
    `${name} is ${show(value)}, where a whole number from 0 to ${most} is expected`,
    {
      option: name,
      found: value,
    },
  )
}
