import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { Batch } from './batch.ts'
import { RowFault } from './row-fault.ts'
import type { MadeRow, RowMaker } from './row-maker.ts'
import type { Block } from './row-reader.ts'
import type { RowWriter } from './row-writer.ts'
import type { PlacedFault, Tally } from './tally.ts'

/** Where a row is in its source. */
interface Place {
  readonly row: number
  readonly line: number | null
}

/** A batch of rows that are made one by one. */
export class RowBatch<Raw extends object> implements Batch<Raw> {
  readonly #writer: RowWriter
  readonly #tally: Tally
  readonly #idSource: string
  readonly #maker: RowMaker<Raw>
  readonly #nameOf: (label: string) => string
  #rows: MadeRow[] = []
  #places: Place[] = []
  #faults: PlacedFault[] = []

  /** @param nameOf the column of the schema that an error names */
  constructor(
    writer: RowWriter,
    tally: Tally,
    idSource: string,
    maker: RowMaker<Raw>,
    nameOf: (label: string) => string,
  ) {
    this.#writer = writer
    this.#tally = tally
    this.#idSource = idSource
    this.#maker = maker
    this.#nameOf = nameOf
  }

  add(block: Block<Raw>, from: number, to: number, before: number): void {
    for (let i = from; i < to; i++) {
      const raw = block.row(i)
      this.addMade(raw instanceof RowFault ? raw : this.#maker.make(raw), before + i - from + 1, block.line(i))
    }
  }

  /** Adds a row, or why there is none. */
  addMade(made: MadeRow | RowFault, row: number, line: number | null): void {
    if (made instanceof RowFault) {
      this.#tally.rejected++
      // They come in order, and no more than the first are ever listed.
      if (this.#faults.length < this.#tally.keep) this.#faults.push({ row, line, fault: made })
    } else {
      this.#rows.push(made)
      this.#places.push({ row, line })
    }
  }

  /** How many rows there are that aren't rejected. */
  get size(): number {
    return this.#rows.length
  }

  /**
   * Rows aren't checked before, since the write does: only where it is refused are the rows looked at one by one, and those at fault set
   * apart.
   */
  write(mayWrite: () => boolean): boolean {
    const goesOn = this.#write(mayWrite)
    this.end()
    return goesOn
  }

  /** Rejects the rows that a write would refuse, and writes none. @returns as `write` */
  judge(mayWrite: () => boolean): boolean {
    if (!mayWrite()) return false
    this.#setApart((row) => this.#writer.check(row))
    return mayWrite()
  }

  /** Lists the faults, and empties the batch. */
  end(): void {
    this.#tally.list(this.#faults.sort((a, b) => a.row - b.row))
    this.#rows = []
    this.#places = []
    this.#faults = []
  }

  #write(mayWrite: () => boolean): boolean {
    if (!mayWrite()) return false
    if (this.#tryWrite()) return true
    this.#setApart((row) => this.#writer.check(row))
    if (!mayWrite()) return false
    if (this.#tryWrite()) return true
    // Each is good by itself, but not all together: a column, or the dictionary of ids, has no room for more.
    this.#setApart((row) => this.#writer.write([row]))
    return mayWrite()
  }

  #tryWrite(): boolean {
    if (this.#rows.length === 0) return true
    try {
      this.#writer.write(this.#rows)
      return true
    } catch (error) {
      RowFault.from(error, null)
      return false
    }
  }

  /** Rejects the rows for which the action throws. */
  #setApart(action: (row: MadeRow) => void): void {
    const rows: MadeRow[] = []
    const places: Place[] = []
    this.#rows.forEach((row, i) => {
      try {
        action(row)
        rows.push(row)
        places.push(this.#places[i]!)
      } catch (error) {
        this.#tally.rejected++
        this.#faults.push({ ...this.#places[i]!, fault: this.#faultOf(error, row) })
      }
    })
    this.#rows = rows
    this.#places = places
  }

  #faultOf(error: unknown, [id, row]: MadeRow): RowFault {
    const facts = error instanceof CrowdbitError ? error.facts : {}
    const column = facts.column ?? facts.name
    if (typeof column !== 'string') return RowFault.from(error, this.#idSource, id)
    const cell = this.#maker.cellTo(this.#nameOf(column))
    const given = cell === undefined ? row[column] : row[cell.to]
    const fault = RowFault.from(error, cell?.source ?? null, facts.value ?? given)
    cell?.refused(given, fault)
    return fault
  }
}
