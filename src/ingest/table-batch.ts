import { invariant } from '../base/invariant.ts'
import type { PutTable } from '../dataset/put-table.ts'
import type { Batch } from './batch.ts'
import { CellRows } from './cell-rows.ts'
import { isTaken } from './cell-writer.ts'
import type { RefusedRows } from './refused-rows.ts'
import type { RowBatch } from './row-batch.ts'
import { RowFault } from './row-fault.ts'
import type { Block } from './row-reader.ts'
import type { PutWriter } from './row-writer.ts'
import type { Stretch, TableMaker } from './table-maker.ts'
import type { PlacedFault } from './tally.ts'

/** Rows of cells, and how many rows of the source come before the first of them. */
interface PlacedStretch extends Stretch {
  readonly before: number
}

/**
 * A batch of rows of cells, written as a table. What a table doesn't take is left to a batch of rows: it says what is wrong with a row, and
 * writes what can't be written together.
 */
export class TableBatch implements Batch<readonly string[]> {
  readonly #writer: PutWriter
  readonly #maker: TableMaker
  readonly #rows: RowBatch<readonly string[]>
  /** In the order of the source. */
  #entries: (PlacedStretch | PlacedFault)[] = []

  /** @param rows an empty batch of the same writer */
  constructor(writer: PutWriter, maker: TableMaker, rows: RowBatch<readonly string[]>) {
    this.#writer = writer
    this.#maker = maker
    this.#rows = rows
  }

  add(block: Block<readonly string[]>, from: number, to: number, before: number): void {
    if (block instanceof CellRows) {
      this.#entries.push({ rows: block, from, to, before })
      return
    }
    for (let i = from; i < to; ) {
      const row = block.row(i)
      if (row instanceof RowFault) {
        this.#entries.push({ row: before + i - from + 1, line: block.line(i), fault: row })
        i++
      } else {
        const rows = rowsFrom(block, i, to)
        this.#entries.push({ rows, from: 0, to: rows.length, before: before + i - from })
        i += rows.length
      }
    }
  }

  write(mayWrite: () => boolean): boolean {
    try {
      return this.#write(mayWrite)
    } finally {
      this.#entries = []
      this.#maker.wipe()
    }
  }

  #write(mayWrite: () => boolean): boolean {
    const made = this.#maker.make(this.#stretches(null))
    if (made === null) {
      this.#addFaultsAndRows(() => true)
      return this.#rows.write(mayWrite)
    }
    const { refused } = made
    this.#addFaultsAndRows((place) => refused.has(place))
    if (!this.#rows.judge(mayWrite)) {
      this.#rows.end()
      return false
    }
    invariant(this.#rows.size === 0, 'a row that a table refuses is refused by itself')
    const table = refused.size === 0 ? made.table : this.#maker.make(this.#stretches(refused))!.table
    if (this.#tryWrite(table)) {
      this.#rows.end()
      return true
    }
    // There is no room for all of them.
    this.#addRows((place) => !refused.has(place))
    return this.#rows.write(mayWrite)
  }

  #tryWrite(table: PutTable): boolean {
    return table.ids.length === 0 || isTaken(() => this.#writer.writeTable(table))
  }

  /** The rows of the batch; those that were refused aside. */
  #stretches(refused: RefusedRows | null): Stretch[] {
    const stretches: Stretch[] = []
    let place = 0
    for (const entry of this.#entries) {
      if ('fault' in entry) continue
      const { rows, from, to } = entry
      const first = place - from
      place += to - from
      if (refused === null) stretches.push(entry)
      else {
        const left: number[] = []
        for (let i = from; i < to; i++) if (!refused.has(first + i)) left.push(i)
        stretches.push({ rows: rows.pick(left), from: 0, to: left.length })
      }
    }
    return stretches
  }

  /** Gives faults, and the rows at some of the places, to the batch of rows. */
  #addFaultsAndRows(isMeant: (place: number) => boolean): void {
    this.#addRows(isMeant, ({ fault, row, line }) => this.#rows.addMade(fault, row, line))
  }

  #addRows(isMeant: (place: number) => boolean, onFault: (fault: PlacedFault) => void = () => {}): void {
    let place = 0
    for (const entry of this.#entries) {
      if ('fault' in entry) {
        onFault(entry)
        continue
      }
      const { rows, from, to, before } = entry
      for (let i = from; i < to; i++, place++) if (isMeant(place)) this.#rows.add(rows, i, i + 1, before + i - from)
    }
  }
}

/** The rows of a block from one that is no fault to the next that is, as bytes. */
function rowsFrom(block: Block<readonly string[]>, from: number, to: number): CellRows {
  const rows: (readonly string[])[] = []
  const lines: number[] = []
  for (let i = from; i < to; i++) {
    const row = block.row(i)
    if (row instanceof RowFault) break
    rows.push(row)
    lines.push(block.line(i) ?? 0)
  }
  return CellRows.of(rows, lines)
}
