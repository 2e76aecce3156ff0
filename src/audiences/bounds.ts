import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'

/** How many people an audience may have, both ends included (law 17). */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** What platforms accept, unless the audience says otherwise. */
export const defaultBounds: Bounds = Object.freeze({ min: 100, max: 100_000_000 })

/** What would bring an audience within its bounds: the rule without one of its parts, and its size then. */
export interface BoundsRemedy {
  readonly without: string
  readonly size: number
}

/**
 * Bounds with what is missing taken from `base`.
 *
 * @throws AUDIENCE_BOUNDS_INVALID, OPTION_INVALID
 */
export function checkBounds(given: Partial<Bounds> | undefined, base: Bounds = defaultBounds): Bounds {
  if (given !== undefined) checkKeys(given, ['min', 'max'])
  const bounds = { min: given?.min ?? base.min, max: given?.max ?? base.max }
  const fits = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= 0xffff_ffff
  if (!fits(bounds.min) || !fits(bounds.max) || bounds.min > bounds.max) {
    throw new CrowdbitError(
      'AUDIENCE_BOUNDS_INVALID',
      `bounds of ${show(bounds.min)} to ${show(bounds.max)} are refused: whole numbers with 0 <= min <= max <= 4,294,967,295 are expected`,
      { ...bounds },
    )
  }
  return Object.freeze(bounds)
}

/**
 * Refuses a size outside the bounds.
 *
 * @param remedies asked only when the size is refused.
 * @throws AUDIENCE_TOO_SMALL, AUDIENCE_TOO_LARGE with `size`, `min`, `max` and `remedies` as facts
 */
export function checkSize(name: string, size: number, bounds: Bounds, remedies: () => readonly BoundsRemedy[]): void {
  const { min, max } = bounds
  if (size >= min && size <= max) return
  const small = size < min
  const found = remedies()
  const advice =
    found.length > 0
      ? ` It would fit without ${found.map((remedy) => `${remedy.without} (${people(remedy.size)})`).join(', or without ')}.`
      : small
        ? ' Widen the rule, or lower bounds.min if this size is meant.'
        : ' Narrow the rule, or raise bounds.max if this size is meant.'
  throw new CrowdbitError(
    small ? 'AUDIENCE_TOO_SMALL' : 'AUDIENCE_TOO_LARGE',
    `audience ${show(name)} would have ${people(size)}, which is ${small ? `fewer than its minimum of ${people(min)}` : `more than its maximum of ${people(max)}`}. Nothing was saved.${advice}`,
    { name, size, min, max, remedies: found },
  )
}

function people(count: number): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? 'person' : 'people'}`
}
