import { invariant } from '../base/invariant.ts'
import { and, andNot, type Bitmap, bitmapOf, cloneBitmap, or, orMany, type ReadonlyBitmap, xor } from './bitmap.ts'

/**
 * The temporary bitmaps of one evaluation. A bitmap that waits for the garbage collector holds native memory that V8
 * does not see, so each one built here is released here: by `release` as soon as it is used up, and by `dispose` at the
 * end whatever happened.
 *
 * It also counts the bitmaps built, which tests assert where a time would be noise.
 */
export class Scratch {
  readonly #held = new Set<Bitmap>()
  #built = 0

  /** Bitmaps built so far. */
  get built(): number {
    return this.#built
  }

  and(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
    return this.#hold(and(a, b))
  }

  or(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
    return this.#hold(or(a, b))
  }

  xor(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
    return this.#hold(xor(a, b))
  }

  andNot(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
    return this.#hold(andNot(a, b))
  }

  orMany(bitmaps: readonly ReadonlyBitmap[]): Bitmap {
    return this.#hold(orMany(bitmaps))
  }

  clone(bitmap: ReadonlyBitmap): Bitmap {
    return this.#hold(cloneBitmap(bitmap))
  }

  empty(): Bitmap {
    return this.#hold(bitmapOf())
  }

  /** Whether the bitmap was built here, so that it may be changed in place. */
  owns(bitmap: ReadonlyBitmap): bitmap is Bitmap {
    return this.#held.has(bitmap as Bitmap)
  }

  /** Frees a bitmap built here; leaves one that belongs to a column alone. */
  release(bitmap: ReadonlyBitmap): void {
    if (this.#held.delete(bitmap as Bitmap)) (bitmap as Bitmap).dispose()
  }

  /** Hands a bitmap built here to the caller, who releases it from now on. */
  keep(bitmap: Bitmap): Bitmap {
    invariant(this.#held.delete(bitmap), 'only a bitmap of this scratch can be kept')
    return bitmap
  }

  /** Frees all that is left. */
  dispose(): void {
    for (const bitmap of this.#held) bitmap.dispose()
    this.#held.clear()
  }

  #hold(bitmap: Bitmap): Bitmap {
    this.#held.add(bitmap)
    this.#built++
    return bitmap
  }
}
