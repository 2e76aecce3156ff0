import type { Bitmap } from '../bitmap/bitmap.ts'
import { bitmapShape } from '../bitmap/bitmap.ts'

/** Something that was worked out, and can be again. */
export interface Derived {
  /** May change; then `measure` is to be called. */
  readonly bytes: number
  /** Frees what the garbage collector doesn't. */
  dispose(): void
}

/** Bytes of an entry beside what it holds: its key, its place. */
const entryBytes = 300

/**
 * What was worked out of events, by keys, the least recently used first. It grows until `trim`, which drops entries down to
 * the budget: so what an evaluation has been given stays to its end.
 */
export class DerivedCache {
  readonly #budget: number
  readonly #entries = new Map<string, { readonly derived: Derived; bytes: number }>()
  #bytes = 0
  /** How many are at something that takes several turns. */
  #holders = 0
  /** What was dropped while somebody was. */
  readonly #dropped: Derived[] = []

  /** @param budget in bytes */
  constructor(budget: number) {
    this.#budget = budget
  }

  /** Bytes of all that is held. */
  get bytes(): number {
    return this.#bytes
  }

  get budget(): number {
    return this.#budget
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /** The entry, which becomes the most recently used. */
  get(key: string): Derived | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.derived
  }

  /** Holds an entry, in the place of one that isn't good any more. */
  set(key: string, derived: Derived): void {
    this.delete(key)
    this.#entries.set(key, { derived, bytes: entryBytes })
    this.#bytes += entryBytes
    this.measure(key)
  }

  /** Takes note of how large an entry has become. */
  measure(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    const bytes = entryBytes + entry.derived.bytes
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    if (this.#holders > 0) this.#dropped.push(entry.derived)
    else entry.derived.dispose()
  }

  /** What was given out stays until `release`, whatever is dropped or replaced meanwhile. */
  hold(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders > 0) return
    for (const derived of this.#dropped.splice(0)) derived.dispose()
  }

  /** Drops the least recently used entries until the rest fits the budget. */
  trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#budget) return
      this.delete(key)
    }
  }

  /** Drops everything. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key)
  }
}

/** Bytes of a bitmap in memory. */
export function bytesOf(bitmap: Bitmap): number {
  return bitmapShape(bitmap).byteSize
}
