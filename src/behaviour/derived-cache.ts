import type { Bitmap } from '../bitmap/bitmap.ts'
import { bitmapShape } from '../bitmap/bitmap.ts'

/** Something that was worked out, and can be again. */
export interface Derived {
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
  readonly #entries = new Map<string, Derived>()
  #bytes = 0
  #drops = 0

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

  /** How many entries have gone: what was got before the last one may be one of them. */
  get drops(): number {
    return this.#drops
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
    return entry
  }

  /** Holds an entry, in the place of one that isn't good any more. */
  set(key: string, entry: Derived): void {
    this.delete(key)
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes + entryBytes
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes + entryBytes
    this.#drops++
    entry.dispose()
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
