import type { IdArena } from './id-arena.ts'
import { FrameWriter, writeHeader } from './id-sections.ts'

/**
 * The ids of one moment, for a save that takes longer than a turn of the event loop. Ids that are added later aren't in
 * it; of ids that are removed later it keeps the bytes until they are written, and wipes them then.
 */
export class IdSnapshot {
  readonly #arena: IdArena
  readonly #count: number
  readonly #isRemoved: (dense: number) => boolean
  readonly #onRelease: (snapshot: IdSnapshot) => void
  readonly #writer = new FrameWriter()
  readonly #kept = new Map<number, Uint8Array>()

  /** Made by the dictionary. `isRemoved` speaks of the dictionary as it is at each moment. */
  constructor(arena: IdArena, isRemoved: (dense: number) => boolean, onRelease: (snapshot: IdSnapshot) => void) {
    this.#arena = arena
    this.#count = arena.count
    this.#isRemoved = isRemoved
    this.#onRelease = onRelease
  }

  /**
   * The ids as bytes, in pieces of at most 1.1 MB; asked for once. The format is in `id-sections.ts`.
   * Cost: bytes of the ids; one piece is held at a time.
   */
  *sections(): Generator<Uint8Array, void, undefined> {
    yield writeHeader(this.#count)
    while (this.#writer.next < this.#count) {
      const written = this.#writer.next
      yield this.#writer.write(this.#arena, (dense) => this.#bytesOfRemoved(dense), this.#count)
      for (let dense = written; this.#kept.size > 0 && dense < this.#writer.next; dense++) this.#wipe(dense)
    }
  }

  /** Told of an id whose bytes are about to be wiped. */
  keep(dense: number): void {
    if (dense >= this.#count || dense < this.#writer.next) return
    this.#arena.locate(dense)
    this.#kept.set(dense, this.#arena.foundIn.bytes.slice(this.#arena.foundStart, this.#arena.foundEnd))
  }

  /** Ends the snapshot, written or not, and wipes what it keeps. */
  release(): void {
    for (const dense of [...this.#kept.keys()]) this.#wipe(dense)
    this.#onRelease(this)
  }

  /** `undefined` for a living id, `null` for one that was removed before the snapshot. */
  #bytesOfRemoved(dense: number): Uint8Array | null | undefined {
    if (!this.#isRemoved(dense)) return undefined
    return this.#kept.get(dense) ?? null
  }

  #wipe(dense: number): void {
    this.#kept.get(dense)?.fill(0)
    this.#kept.delete(dense)
  }
}
