import { mostBits } from './id-head.ts'
import type { IdTable } from './id-table.ts'

/** How a dictionary is spread over sections. */
export interface IdLayout {
  /** Numbers in a range. */
  readonly idsPerRange: number
  /** A part of the table that would have more bytes is split. */
  readonly partBytes: number
}

/** Ranges of some 10 MB, and parts of at most 8: little enough to write anew, much enough to be few. */
export const usualLayout: IdLayout = { idsPerRange: 1 << 19, partBytes: 8 << 20 }

/** A part that lacks fewer ids than this is not worth writing. */
const leastPending = 65_536
/** Nor is one that lacks fewer than this part of what it has. */
const pendingShare = 1 / 8

/**
 * Which bytes a save has for which range of ids and part of the table. Equal stamps are equal bytes for a range; for a part, bytes that
 * are still right, as far as they go: ids that were given out since are put into the table when it is loaded, so that a part isn't written for
 * each of them. After a removal it is (law 3).
 */
export class SaveMarks {
  readonly layout: IdLayout
  readonly #removedInRange: number[] = []
  #bits = 0
  #covered: number[] = [0]
  #removedInPart: number[] = [0]
  /** What the present save lacks, and says so. */
  #missing: readonly number[] = []

  constructor(layout: IdLayout) {
    this.layout = layout
  }

  get bits(): number {
    return this.#bits
  }

  /** By part: it has, or will have, the ids below this one. */
  get covered(): readonly number[] {
    return this.#covered
  }

  /** Numbers that a part of the present save may lack, although it covers them. */
  get missing(): readonly number[] {
    return this.#missing
  }

  /** Notes that the id of a number was wiped. */
  wiped(dense: number): void {
    const range = Math.floor(dense / this.layout.idsPerRange)
    this.#removedInRange[range] = (this.#removedInRange[range] ?? 0) + 1
  }

  /** Notes that an id, whose hash begins with `high`, was taken out of the table. */
  takenOut(high: number): void {
    this.#removedInPart[this.#bits === 0 ? 0 : high >>> (32 - this.#bits)]!++
  }

  /** As a save has it that was just loaded. */
  loaded(bits: number, covered: readonly number[], missing: readonly number[]): void {
    this.#missing = missing
    this.#bits = bits
    this.#covered = [...covered]
    this.#removedInPart = covered.map(() => 0)
  }

  rangeStamp(range: number, count: number): string {
    const { idsPerRange } = this.layout
    const ids = Math.min(idsPerRange, count - range * idsPerRange)
    return `${idsPerRange}: ${ids}, ${this.#removedInRange[range] ?? 0} removed`
  }

  partStamp(part: number): string {
    return `${this.#bits}: ${this.#covered[part]}, ${this.#removedInPart[part]} removed since`
  }

  /** So many that no part is too large: more than there are, or as many. */
  bitsFor(table: IdTable): number {
    let bits = this.#bits
    const { usedBytes } = table.pool
    while (usedBytes / 2 ** bits > this.layout.partBytes && bits < mostBits) bits++
    // A sub-table is in one part.
    return Math.min(bits, table.leastDepth())
  }

  /**
   * Says of each part that will be written now that it has all `count` ids: those that the present save hasn't, and those
   * that lack too many.
   */
  renew(table: IdTable, count: number, isSaved: (bits: number, part: number, stamp: string) => boolean): void {
    const bits = this.bitsFor(table)
    if (bits !== this.#bits) this.loaded(bits, new Array<number>(2 ** bits).fill(0), [])
    for (const [part, covered] of this.#covered.entries()) {
      const pending = count - covered
      const isWorthIt = pending > Math.max(leastPending, covered * pendingShare)
      if (isWorthIt || !isSaved(bits, part, this.partStamp(part))) this.#covered[part] = count
    }
  }
}
