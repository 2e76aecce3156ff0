import { invariant } from '../base/invariant.ts'
import { type Reading, readLaterWhile, readNow } from '../store/reading.ts'

/** Data of which views take forks. */
export interface Forkable<T> {
  /** The version of the data that its last write led to. */
  readonly writtenAt: number
  fork(): T
  dispose(): void
}

/**
 * A part of the data that may be loaded when it is first used. What can't be read is thrown by each use, and changes nothing.
 *
 * A fork of what isn't loaded waits as well, and is of the same moment, since nothing is written before all is loaded: once one of
 * them is used, the origin loads, and each fork takes its own.
 *
 * ```
 * origin  not loaded ── used, or a fork of it is ──> loaded ── written ──> …
 * fork    waits      ───────────────────────────────> a fork of it, which stays as it is
 * ```
 */
export class Late<T extends Forkable<T>> {
  /** Until it is loaded. */
  readonly #writtenAt: number
  #value: T | null = null
  /** `null` when it is loaded, and for forks. */
  #load: (() => Reading<T>) | null = null
  /** What a fork that waits is one of. */
  #origin: Late<T> | null = null
  /** Those that wait. */
  readonly #forks = new Set<Late<T>>()

  private constructor(writtenAt: number) {
    this.#writtenAt = writtenAt
  }

  /** What is there. */
  static of<T extends Forkable<T>>(value: T): Late<T> {
    const late = new Late<T>(value.writtenAt)
    late.#value = value
    return late
  }

  /** What is loaded when it is first used, and was written last at a version of the data. */
  static from<T extends Forkable<T>>(writtenAt: number, load: () => Reading<T>): Late<T> {
    const late = new Late<T>(writtenAt)
    late.#load = load
    return late
  }

  /** What is there; `null` until it is loaded. */
  get loaded(): T | null {
    return this.#value
  }

  /** The version of the data that its last write led to. Nothing is loaded. */
  get writtenAt(): number {
    return this.#value?.writtenAt ?? this.#writtenAt
  }

  /** What it is, loaded now if need be. @throws what loading throws */
  get value(): T {
    return this.#value ?? this.#loadNow()
  }

  /** Loads it while others go on. Whoever uses it meanwhile is first, and this one's work is dropped. @throws what loading throws */
  async load(): Promise<void> {
    if (this.#load === null) return
    const value = await readLaterWhile(this.#load(), () => this.#value === null)
    if (value === undefined) return
    if (this.#value === null) this.#settle(value)
    else value.dispose()
  }

  /** As it is now, to be read alone. Cost: that of a fork of what is there; nothing while it isn't. Dispose of it. */
  fork(): Late<T> {
    if (this.#value !== null) return Late.of(this.#value.fork())
    const fork = new Late<T>(this.#writtenAt)
    fork.#waitFor(this)
    return fork
  }

  /** Ends it: what waits for it waits for its origin then. */
  dispose(): void {
    this.#value?.dispose()
    this.#value = null
    this.#load = null
    const origin = this.#origin
    if (origin === null) return
    origin.#forks.delete(this)
    this.#origin = null
    for (const fork of this.#forks) fork.#waitFor(origin)
    this.#forks.clear()
  }

  #loadNow(): T {
    if (this.#load !== null) this.#settle(readNow(this.#load()))
    else this.#origin?.value
    invariant(this.#value !== null, 'data is used before it is disposed of')
    return this.#value
  }

  #waitFor(origin: Late<T>): void {
    this.#origin = origin
    origin.#forks.add(this)
  }

  #settle(value: T): void {
    this.#value = value
    this.#load = null
    this.#origin = null
    for (const fork of this.#forks) fork.#settle(value.fork())
    this.#forks.clear()
  }
}
