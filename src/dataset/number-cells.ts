import { bitmapOf } from '../bitmap/bitmap.ts'
import { sliceValues } from '../bitmap/value-slices.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import type { CheckedWrite } from './check-row.ts'
import { ColumnCells } from './column-cells.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { NumberWrites } from './number-writes.ts'

/** What stands for a cell that is cleared. */
const cleared = Number.POSITIVE_INFINITY

/** What the rows of a table give to a number or timestamp. */
export class NumberCells extends ColumnCells<NumberColumn> {
  readonly kind = 'number'
  isWritten = false
  /** As the column holds them; NaN where nothing was put. */
  readonly #values: Float64Array

  constructor(parts: DatasetParts, name: string, column: NumberColumn, rows: number) {
    super(parts, name, column)
    this.#values = new Float64Array(rows).fill(Number.NaN)
  }

  put(row: number, value: unknown): void {
    const write = this.check(value)
    this.#put(row, 'value' in write ? (write.value ?? cleared) : cleared)
  }

  /** Puts a whole number as the column holds it; gives whether the column takes it. */
  putHeld(row: number, value: number): boolean {
    const { min, max } = this.column.limits
    const isHeld = value >= min && value <= max
    if (isHeld) this.#put(row, value)
    return isHeld
  }

  checked(row: number): CheckedWrite | null {
    const value = this.#values[row]!
    if (Number.isNaN(value)) return null
    return { name: this.name, column: this.column, value: value === cleared ? null : value }
  }

  write(people: Uint32Array, isDistinct: boolean): void {
    const { column } = this
    const values = this.#values
    if (!isDistinct) {
      const writes = new NumberWrites(people.length)
      for (let row = 0; row < people.length; row++) {
        const value = values[row]!
        if (!Number.isNaN(value)) writes.write(column, people[row]!, value === cleared ? null : value)
      }
      writes.finish()
      return
    }
    const having = new Uint32Array(people.length)
    const given = new Float64Array(people.length)
    const losing: number[] = []
    let count = 0
    for (let row = 0; row < people.length; row++) {
      const value = values[row]!
      if (value === cleared) losing.push(people[row]!)
      else if (!Number.isNaN(value)) {
        having[count] = people[row]!
        given[count++] = value
      }
    }
    if (count > 0) column.write(sliceValues(having.subarray(0, count), given.subarray(0, count)))
    if (losing.length === 0) return
    const bitmap = bitmapOf(losing)
    column.clearAll(bitmap)
    bitmap.dispose()
  }

  #put(row: number, value: number): void {
    this.#values[row] = value
    this.isWritten = true
  }
}
