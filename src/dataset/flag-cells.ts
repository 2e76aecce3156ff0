import type { FlagColumn } from '../columns/flag-column.ts'
import { bitmapOfNumbers } from './bitmap-of-numbers.ts'
import type { CheckedWrite } from './check-row.ts'
import { ColumnCells } from './column-cells.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { groupPeople } from './group-people.ts'

/** Codes of cells; 0 where nothing was put. */
const [taken, given] = [1, 2]

/** What the rows of a table give to a flag. */
export class FlagCells extends ColumnCells<FlagColumn> {
  readonly kind = 'flag'
  isWritten = false
  readonly #codes: Uint8Array

  constructor(parts: DatasetParts, name: string, column: FlagColumn, rows: number) {
    super(parts, name, column)
    this.#codes = new Uint8Array(rows)
  }

  put(row: number, value: unknown): void {
    this.putCode(row, this.codeOf(value))
  }

  /** What `putCode` takes for a value. @throws VALUE_WRONG_TYPE */
  codeOf(value: unknown): number {
    this.check(value)
    return value === true ? given : taken
  }

  putCode(row: number, code: number): void {
    this.#codes[row] = code
    this.isWritten = true
  }

  checked(row: number): CheckedWrite | null {
    const code = this.#codes[row]!
    return code === 0 ? null : this.check(code === given)
  }

  write(people: Uint32Array, isDistinct: boolean): void {
    const { column } = this
    const codes = this.#codes
    if (!isDistinct) {
      for (let row = 0; row < people.length; row++) if (codes[row] !== 0) column.set(people[row]!, codes[row] === given)
      return
    }
    const groups = groupPeople(people, codes, given + 1).map(bitmapOfNumbers)
    column.clearMembers(groups[taken]!)
    column.addMembers(groups[given]!)
    for (const group of groups) group.dispose()
  }
}
