import { bitmapOf } from '../bitmap/bitmap.ts'
import type { NumberColumn } from '../columns/number-column.ts'

/** From this many rows on, values are collected and written together: below, one by one is less work. */
const manyRows = 128

/** The values that rows give to number and timestamp columns, the last one of a person counting. */
export class NumberWrites {
  readonly #columns: Map<NumberColumn, Map<number, number | null>> | null

  constructor(rows: number) {
    this.#columns = rows < manyRows ? null : new Map()
  }

  /** Writes a value, at once or with the others. */
  write(column: NumberColumn, person: number, value: number | null): void {
    if (this.#columns === null) {
      column.set(person, value)
      return
    }
    if (value !== null) column.order?.set(person, column.writtenAt)
    let values = this.#columns.get(column)
    if (values === undefined) {
      values = new Map()
      this.#columns.set(column, values)
    }
    values.set(person, value)
  }

  /** Writes what was collected. */
  finish(): void {
    for (const [column, values] of this.#columns ?? []) {
      const people = new Uint32Array(values.size)
      const numbers = new Float64Array(values.size)
      const cleared: number[] = []
      let count = 0
      for (const [person, value] of values) {
        if (value === null) cleared.push(person)
        else {
          people[count] = person
          numbers[count++] = value
        }
      }
      if (count > 0) column.setMany(people.subarray(0, count), numbers.subarray(0, count))
      if (cleared.length > 0) {
        const bitmap = bitmapOf(cleared)
        column.clearAll(bitmap)
        bitmap.dispose()
      }
    }
  }
}
