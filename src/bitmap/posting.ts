import {
  and,
  andNot,
  type Bitmap,
  type BitmapShape,
  bitmapOf,
  bitmapShape,
  cloneBitmap,
  type ReadonlyBitmap,
} from './bitmap.ts'

/** Who has the bitmap of a posting that was forked. */
interface Sharing {
  postings: number
  /** Whether readers have it too, of whom nothing is heard when they are done. */
  lent: boolean
}

/** Told of what changes in a posting: of containers of 65,536 values, by their keys. */
export interface ChangeListener {
  /** Of a single value, which came or went. */
  value(value: number): void
  container(key: number): void
  /** From one container to another, both included. */
  containers(from: number, to: number): void
  everything(): void
}

/** What a disposed posting has. */
const empty: Bitmap = bitmapOf()

/**
 * A bitmap that is written and read over its life: the people of one tag value. Readers may keep what `lend` gives
 * them: the next write copies the bitmap first, so a lent one never changes (copy on write). So it is with forks, but they
 * end: whoever has the bitmap alone then writes it without a copy.
 */
export class Posting {
  #bitmap: Bitmap
  #lent = false
  /** `null` for a posting that has no fork. */
  #sharing: Sharing | null = null
  #shape: BitmapShape | null = null
  /** Who has a copy of the bitmap that it keeps up to date; `null` for nobody. */
  listener: ChangeListener | null = null

  /** Takes the bitmap over: the caller must not use it any more. */
  constructor(bitmap: Bitmap = bitmapOf()) {
    this.#bitmap = bitmap
  }

  /** A posting of the same bitmap. Cost: nothing now; the first of the two that is written copies it. Dispose of it. */
  fork(): Posting {
    this.#sharing ??= { postings: 1, lent: this.#lent }
    this.#sharing.postings++
    const fork = new Posting(this.#bitmap)
    fork.#sharing = this.#sharing
    fork.#shape = this.#shape
    return fork
  }

  get size(): number {
    return this.#bitmap.size
  }

  has(value: number): boolean {
    return this.#bitmap.has(value)
  }

  /** For a look now: valid until the next write. */
  get bitmap(): ReadonlyBitmap {
    return this.#bitmap
  }

  /** For keeping: never changes. Costs nothing now; the next write to this posting copies it. */
  lend(): ReadonlyBitmap {
    this.#lent = true
    if (this.#sharing !== null) this.#sharing.lent = true
    return this.#bitmap
  }

  /** Where the values are, computed once after each write. */
  get shape(): BitmapShape {
    this.#shape ??= bitmapShape(this.#bitmap)
    return this.#shape
  }

  add(value: number): boolean {
    if (this.#bitmap.has(value)) return false
    this.#writable().add(value)
    this.listener?.value(value)
    return true
  }

  /** Adds the values from `start` (included) to `end` (excluded). */
  addNewRange(start: number, end: number): void {
    this.#writable().addRange(start, end)
    if (end > start) this.listener?.containers(start >>> 16, (end - 1) >>> 16)
  }

  delete(value: number): boolean {
    if (!this.#bitmap.has(value)) return false
    this.#writable().delete(value)
    this.listener?.value(value)
    return true
  }

  addAll(values: ReadonlyBitmap): void {
    if (values.isSubset(this.#bitmap)) return
    this.#writable().orInPlace(values)
    this.#tellOf(values)
  }

  removeAll(values: ReadonlyBitmap): void {
    if (!values.intersects(this.#bitmap)) return
    this.#writable().andNotInPlace(values)
    this.#tellOf(values)
  }

  /** Puts another bitmap in the place of this one, taking it over. */
  replace(bitmap: Bitmap): void {
    if (this.#isAlone()) this.#bitmap.dispose()
    this.#take(bitmap)
    this.#shape = null
    this.listener?.everything()
  }

  /** Frees the memory, unless a reader or a fork has the bitmap. The posting is empty then. */
  dispose(): void {
    this.replace(empty)
    this.#lent = true
  }

  /** What `values` adds and takes away against the posting, as bitmaps of the caller. */
  difference(values: ReadonlyBitmap): { entered: Bitmap; left: Bitmap } {
    return { entered: andNot(values, this.#bitmap), left: andNot(this.#bitmap, values) }
  }

  /** The part of `values` that the posting has, as a bitmap of the caller. */
  intersection(values: ReadonlyBitmap): Bitmap {
    return and(this.#bitmap, values)
  }

  /** Takes values away that are known to be there. */
  removeMany(values: readonly number[]): void {
    this.#writable().removeMany(values)
    if (this.listener !== null) for (const value of values) this.listener.value(value)
  }

  #tellOf(values: ReadonlyBitmap): void {
    this.listener?.containers(values.select(0)! >>> 16, values.maximum() >>> 16)
  }

  #writable(): Bitmap {
    if (!this.#isAlone()) this.#take(cloneBitmap(this.#bitmap))
    this.#shape = null
    return this.#bitmap
  }

  /** Whether nobody else has the bitmap. */
  #isAlone(): boolean {
    if (this.#sharing === null) return !this.#lent
    return this.#sharing.postings === 1 && !this.#sharing.lent
  }

  /** Puts another bitmap in the place of the one there is, which is left to those who have it too. */
  #take(bitmap: Bitmap): void {
    this.#bitmap = bitmap
    this.#lent = false
    if (this.#sharing !== null) this.#sharing.postings--
    this.#sharing = null
  }
}
