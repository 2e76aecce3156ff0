import { FrameWriter } from './frame-writer.ts'
import type { IdArena } from './id-arena.ts'
import { writeIdHead } from './id-head.ts'
import { writeHeader } from './id-sections.ts'
import type { IdTable } from './id-table.ts'
import type { MarkedBits } from './marked-bits.ts'
import type { SaveMarks } from './save-marks.ts'
import { writeTablePart } from './table-part.ts'

/** A piece of a saved dictionary. */
export interface IdPiece {
  /** Says what it holds: see `SaveMarks`. */
  readonly stamp: string
  /** Its bytes, in pieces of about 1 MB; asked for once at most. */
  readonly chunks: () => Iterable<Uint8Array>
}

/** Of a part that no save can have. */
const unsaved = ''

/** What a snapshot is of. */
export interface SnapshotSource {
  readonly arena: IdArena
  readonly table: IdTable
  readonly removed: MarkedBits
  readonly marks: SaveMarks
  readonly seed: number
  onRelease(snapshot: IdSnapshot): void
}

/**
 * The ids of one moment, for a save that takes longer than a turn of the event loop. Ids that are added later aren't in
 * it; of ids that are removed later it keeps the bytes until it is released, and wipes them then.
 */
export class IdSnapshot {
  readonly #source: SnapshotSource
  readonly #count: number
  readonly #kept = new Map<number, Uint8Array>()
  /** The ranges of numbers, by their places. */
  readonly ranges: readonly IdPiece[]
  /** 2^bits parts of the table. */
  readonly bits: number
  readonly parts: readonly IdPiece[]
  readonly #covered: readonly number[]
  /** What parts that are kept may lack. */
  readonly #missing: readonly number[]

  /**
   * Made by the dictionary.
   *
   * @param isCheckpoint whether parts of the table that are unchanged by their stamps needn't be written
   */
  constructor(source: SnapshotSource, isCheckpoint: boolean) {
    this.#source = source
    const { arena, table, marks } = source
    const { count } = arena
    this.#count = count
    const { idsPerRange } = marks.layout
    this.ranges = Array.from({ length: Math.ceil(count / idsPerRange) }, (_, range) => ({
      stamp: marks.rangeStamp(range, count),
      chunks: () => this.#frames(range * idsPerRange, Math.min(count, (range + 1) * idsPerRange)),
    }))
    const bits = isCheckpoint ? marks.bits : marks.bitsFor(table)
    this.bits = bits
    this.#covered = isCheckpoint ? [...marks.covered] : new Array<number>(2 ** bits).fill(count)
    this.#missing = marks.missing.filter((dense) => !source.removed.has(dense))
    this.parts = this.#covered.map((_, part) => ({
      stamp: bits === marks.bits ? marks.partStamp(part) : unsaved,
      chunks: () => writeTablePart(table, bits, part, count),
    }))
  }

  /** What `IdHead` says. To be asked for when the parts are written. */
  *head(): Generator<Uint8Array, void, undefined> {
    const { seed, marks } = this.#source
    const missing = [...new Set([...this.#kept.keys(), ...this.#missing])].sort((a, b) => a - b)
    const { bits } = this
    yield writeIdHead({
      count: this.#count,
      idsPerRange: marks.layout.idsPerRange,
      seed,
      bits,
      covered: this.#covered,
      missing,
    })
  }

  /** The ids in one piece, without the table. The format is in `id-sections.ts`. Cost: bytes of the ids; 1 MB is held at a time. */
  *sections(): Generator<Uint8Array, void, undefined> {
    yield writeHeader(this.#count)
    yield* this.#write(new FrameWriter(this.#ids(), 0, this.#count, true), this.#count)
  }

  /** Told of an id whose bytes are about to be wiped. */
  keep(dense: number): void {
    if (dense >= this.#count) return
    const { arena } = this.#source
    arena.locate(dense)
    this.#kept.set(dense, arena.foundIn.bytes.slice(arena.foundStart, arena.foundEnd))
  }

  /** Ends the snapshot, written or not, and wipes what it keeps. */
  release(): void {
    for (const bytes of this.#kept.values()) bytes.fill(0)
    this.#kept.clear()
    this.#source.onRelease(this)
  }

  #frames(first: number, end: number): Generator<Uint8Array, void, undefined> {
    return this.#write(new FrameWriter(this.#ids(), first, end, false), end)
  }

  *#write(writer: FrameWriter, end: number): Generator<Uint8Array, void, undefined> {
    while (writer.next < end) yield writer.write()
  }

  #ids() {
    const { arena, removed } = this.#source
    return {
      arena,
      mayHaveRemoved: (from: number, to: number): boolean => removed.mayHave(from, to),
      bytesOfRemoved: (dense: number): Uint8Array | null | undefined =>
        removed.has(dense) ? (this.#kept.get(dense) ?? null) : undefined,
    }
  }
}
