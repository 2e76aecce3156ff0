import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'

/**
 * The `count` values with the lowest hashes, as ascending numbers. Ties go to the value that `precedes` puts first: the
 * lower one, unless the caller has an order that is not of this engine's making.
 *
 * A max-heap of the best so far: most values of a large set are turned away by one comparison with its root.
 *
 *            root: worst of the best
 *            /                    \
 *      2i + 1                     2i + 2
 *
 * @param hashOf an unsigned 32-bit hash, or -1 for a value to leave out.
 * Cost: a hash for each value, and memory for `count` of them.
 */
export function lowestByHash(
  values: ReadonlyBitmap,
  count: number,
  hashOf: (value: number) => number,
  precedes: (a: number, b: number) => boolean = (a, b) => a < b,
): Uint32Array {
  const capacity = Math.min(count, values.size)
  if (capacity === 0) return new Uint32Array(0)
  const hashes = new Uint32Array(capacity)
  const kept = new Uint32Array(capacity)
  let held = 0

  const worse = (i: number, j: number): boolean =>
    hashes[i]! > hashes[j]! || (hashes[i]! === hashes[j]! && precedes(kept[j]!, kept[i]!))
  const swap = (i: number, j: number): void => {
    const hash = hashes[i]!
    const value = kept[i]!
    hashes[i] = hashes[j]!
    kept[i] = kept[j]!
    hashes[j] = hash
    kept[j] = value
  }
  const siftUp = (from: number): void => {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!worse(i, parent)) return
      swap(i, parent)
      i = parent
    }
  }
  const siftDown = (): void => {
    for (let i = 0; ; ) {
      let worst = i
      const left = 2 * i + 1
      if (left < held && worse(left, worst)) worst = left
      if (left + 1 < held && worse(left + 1, worst)) worst = left + 1
      if (worst === i) return
      swap(i, worst)
      i = worst
    }
  }

  for (const value of values) {
    const hash = hashOf(value)
    if (hash === -1) continue
    if (held < capacity) {
      hashes[held] = hash
      kept[held] = value
      siftUp(held++)
    } else if (hash < hashes[0]! || (hash === hashes[0]! && precedes(value, kept[0]!))) {
      hashes[0] = hash
      kept[0] = value
      siftDown()
    }
  }
  return kept.slice(0, held).sort()
}
