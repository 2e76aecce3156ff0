/** From the first to the one behind the last. */
export type Stretch = readonly [from: number, end: number]

/**
 * Divides `[0, end)` into one stretch for each thread: more would be more even, and cost more messages than that gains.
 *
 * @param least how long a stretch is at the least: fewer aren't worth a message
 * @param most how long it is at the most: then there are more stretches
 */
export function stretches(
  end: number,
  threads: number,
  { least = 1, most = Number.POSITIVE_INFINITY }: { readonly least?: number; readonly most?: number } = {},
): Stretch[] {
  const length = Math.min(most, Math.max(least, Math.ceil(end / threads)))
  const all: Stretch[] = []
  for (let from = 0; from < end; from += length) all.push([from, Math.min(end, from + length)])
  return all
}
