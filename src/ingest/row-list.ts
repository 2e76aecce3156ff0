import type { RowFault } from './row-fault.ts'
import type { Block } from './row-reader.ts'

/** Rows that are held one by one. */
export class RowList<Raw> implements Block<Raw> {
  readonly #rows: readonly (Raw | RowFault)[]
  readonly #lines: readonly (number | null)[] | null

  /** @param lines where each begins; `null` where the source has no lines */
  constructor(rows: readonly (Raw | RowFault)[], lines: readonly (number | null)[] | null) {
    this.#rows = rows
    this.#lines = lines
  }

  get length(): number {
    return this.#rows.length
  }

  row(i: number): Raw | RowFault {
    return this.#rows[i]!
  }

  line(i: number): number | null {
    return this.#lines?.[i] ?? null
  }

  from(i: number): RowList<Raw> {
    return new RowList(this.#rows.slice(i), this.#lines?.slice(i) ?? null)
  }
}
