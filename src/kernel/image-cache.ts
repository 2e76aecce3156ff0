import { type BitmapShape, bitmapShape, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { type ChangeListener, Posting } from '../bitmap/posting.ts'
import { Image } from './image.ts'
import type { KernelSpaces } from './kernel-spaces.ts'

/** What an image is made of: a posting, whose writes it follows, or a bitmap that never changes. */
export type ImageSource = Posting | ReadonlyBitmap

/** Where the values of a source are. */
export function shapeOf(source: ImageSource): BitmapShape {
  return source instanceof Posting ? source.shape : bitmapShape(source)
}

/** How many more times an image that was dropped has to be asked for. */
const asksAfterDrop = 8
/** Copying a container, in microseconds. */
const copyCost = 2.5
/** More containers than this are not taken one by one. */
const mostRefreshed = 64
/** More values than this are not looked at one by one: that takes about as long as a copy of all. */
const mostValues = 5_000

/** An image, and what has happened to its bitmap since. */
class CachedImage implements ChangeListener {
  readonly image: Image
  /** Containers that are to be taken anew. */
  readonly changed = new Set<number>()
  /** Values that came or went; those of other containers than `changed` too. */
  values: number[] = []
  isStale = true
  /** How often it was asked for before there was an image. */
  asked = 0

  constructor(image: Image) {
    this.image = image
  }

  value(value: number): void {
    if (this.isStale) return
    this.values.push(value)
    if (this.values.length > mostValues) this.everything()
  }

  container(key: number): void {
    if (!this.isStale) this.changed.add(key)
    if (this.changed.size > mostRefreshed) this.everything()
  }

  containers(from: number, to: number): void {
    if (to - from >= mostRefreshed) this.everything()
    else for (let key = from; key <= to; key++) this.container(key)
  }

  everything(): void {
    this.isStale = true
    this.#forget()
  }

  /** Whether the image is not as its bitmap is. */
  get isBehind(): boolean {
    return this.isStale || this.changed.size > 0 || this.values.length > 0
  }

  /** Takes what changed. `false` where there is no memory for it. */
  update(bitmap: ReadonlyBitmap): boolean {
    if (!this.isStale) {
      for (const value of this.values) {
        const key = value >>> 16
        if (!this.changed.has(key) && !this.image.put(value, bitmap.has(value))) this.container(key)
      }
    }
    return this.isStale ? this.image.seal(bitmap) : this.image.refresh(bitmap, this.changed)
  }

  upToDate(): void {
    this.isStale = false
    this.#forget()
  }

  #forget(): void {
    this.changed.clear()
    if (this.values.length > 0) this.values = []
  }
}

/**
 * Images of bitmaps, under a budget of bytes: those that were used longest ago go first. An image is made when its bitmap is asked for the
 * second time, so that a question that is asked once costs none; a write makes the containers anew that it touched, when they are asked for next.
 */
export class ImageCache {
  readonly #spaces: KernelSpaces
  readonly #budget: number
  readonly #bySource = new WeakMap<ImageSource, CachedImage>()
  /** Those that hold memory, in the order of their use. */
  readonly #held = new Set<CachedImage>()
  readonly #collected = new FinalizationRegistry<CachedImage>((cached) => this.#drop(cached))

  /** How often a bitmap is asked for, the time included at which it is copied. */
  asksBefore = 2

  constructor(spaces: KernelSpaces, budget: number) {
    this.#spaces = spaces
    this.#budget = budget
  }

  /** Images that hold memory. */
  get size(): number {
    return this.#held.size
  }

  /**
   * The images of some bitmaps, up to date; `null` where one isn't worth making yet, or they don't fit together. Cost: copies of what
   * changed.
   *
   * @param saves microseconds that having them now saves: those that were not asked for often enough are made where they cost less than that
   */
  get(sources: readonly ImageSource[], saves = 0): Image[] | null {
    const all = sources.map((source) => this.#cached(source))
    let left = saves
    for (const [i, cached] of all.entries()) {
      if (!cached.isStale || all.indexOf(cached) < i || ++cached.asked >= this.asksBefore) continue
      left -= cached.asked <= 0 ? Number.POSITIVE_INFINITY : shapeOf(sources[i]!).containers * copyCost
    }
    return left < 0 ? null : this.#takeAll(all, sources)
  }

  /**
   * The images of some bitmaps, up to date; `null` where one is missing that would take long to make. Cost: copies of the containers
   * that changed.
   */
  getMade(sources: readonly ImageSource[]): Image[] | null {
    const all = sources.map((source) => this.#cached(source))
    return all.some(({ isStale }) => isStale) ? null : this.#takeAll(all, sources)
  }

  /** Makes the first of these images that is missing. `false` where they don't fit together. Cost: a copy. */
  makeNext(sources: readonly ImageSource[]): boolean {
    const all = sources.map((source) => this.#cached(source))
    const next = all.findIndex(({ isStale }) => isStale)
    return next === -1 || this.#takeAll(all.slice(next, next + 1), sources.slice(next, next + 1), all) !== null
  }

  /** Gives all memory back. */
  clear(): void {
    for (const cached of this.#held) this.#drop(cached)
  }

  /** @param together those that may not be dropped for them */
  #takeAll(
    all: readonly CachedImage[],
    sources: readonly ImageSource[],
    together: readonly CachedImage[] = all,
  ): Image[] | null {
    for (const [i, cached] of all.entries()) {
      this.#held.delete(cached)
      if (!this.#bringUpToDate(cached, sources[i]!, together)) return null
      this.#held.add(cached)
    }
    return all.map(({ image }) => image)
  }

  #cached(source: ImageSource): CachedImage {
    const known = this.#bySource.get(source)
    if (known !== undefined) return known
    const cached = new CachedImage(new Image(this.#spaces))
    this.#bySource.set(source, cached)
    this.#collected.register(source, cached)
    if (source instanceof Posting) source.listener = cached
    return cached
  }

  #bringUpToDate(cached: CachedImage, source: ImageSource, needed: readonly CachedImage[]): boolean {
    if (!cached.isBehind) return true
    const bitmap = source instanceof Posting ? source.bitmap : source
    // Where there are not the addresses, nothing that is dropped would help.
    if (!cached.image.canHold(bitmap)) {
      this.#drop(cached)
      return false
    }
    let isDone = cached.update(bitmap)
    while (!isDone || this.#spaces.usedBytes > this.#budget) {
      const oldest = this.#oldestBut(needed)
      this.#drop(oldest ?? cached)
      if (oldest === null) return false
      if (!isDone) {
        cached.everything()
        isDone = cached.update(bitmap)
      }
    }
    cached.upToDate()
    return true
  }

  #oldestBut(needed: readonly CachedImage[]): CachedImage | null {
    for (const cached of this.#held) if (!needed.includes(cached)) return cached
    return null
  }

  #drop(cached: CachedImage): void {
    cached.image.release()
    cached.everything()
    // What doesn't fit would be made and dropped in turns: it has to be asked for more often the next time.
    cached.asked = -asksAfterDrop
    this.#held.delete(cached)
  }
}
