import type { Steps } from '../base/steps.ts'
import { type Bitmap, bitmapOf, cloneBitmap, largestFirst, or, type ReadonlyBitmap } from '../bitmap/bitmap.ts'

/** The union of bitmaps, from the largest on, as `orMany`: each of the others is a step. The bitmap is the caller's. */
export function* uniteSteps(bitmaps: readonly ReadonlyBitmap[]): Steps<Bitmap> {
  const [largest, second, ...others] = largestFirst(bitmaps)
  if (largest === undefined) return bitmapOf()
  if (second === undefined) return cloneBitmap(largest)
  const all = or(largest, second)
  for (const other of others) {
    yield
    all.orInPlace(other)
  }
  return all
}
