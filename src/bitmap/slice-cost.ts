/**
 * What the two ways to answer a range cost, in microseconds: only their order matters. Measured as in
 * `operation-cost.ts`, at 10 million people.
 */

/** An operation on dense bitmaps in place, a container of 65,536 people. */
const denseStep = 0.35
/** An operation on a container of a few people, beside what each of them takes. */
const fewStep = 0.13
/** What each of a few people takes at a bit. */
const fewValue = 0.0012
/** Building two bitsets of one. */
const denseSplit = 1.2
/** Writing one person of the array that a bitset becomes. */
const thinning = 0.0044
/** Most people of an array container. */
const arrayLimit = 4_096

/** A part of an intersection. */
interface Part {
  readonly size: number
  readonly containers: number
  readonly negated: boolean
}

/** Going up with everybody. */
export function costUp(steps: number, containers: number): number {
  return steps * containers * denseStep
}

/**
 * Taking parts together, which leaves so many people, and going down with them.
 *
 * @param everywhere the containers of everybody
 * @param shares of those who are asked at each bit, the share that is asked on
 */
export function costFromAbove(
  parts: readonly Part[],
  everywhere: number,
  people: number,
  shares: readonly number[],
): number {
  const positive = parts.filter(({ negated }) => !negated)
  const containers = Math.min(...positive.map((part) => part.containers), everywhere, people)
  if (containers < 1) return 0
  const isFew = positive.some((part) => part.size <= arrayLimit * part.containers)
  let mean = people / containers
  let cost = (parts.length - 1) * (isFew ? fewStep : denseStep)
  if (!isFew && parts.length > 1) cost += Math.min(mean, arrayLimit) * thinning
  for (const share of shares) {
    const next = mean * share
    cost += fewStep + (mean > arrayLimit ? denseSplit : mean * fewValue)
    if (mean > arrayLimit && next <= arrayLimit) cost += next * thinning
    mean = next
  }
  return cost * containers
}
