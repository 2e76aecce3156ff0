import type { CategoryColumn } from '../columns/category-column.ts'
import { bitmapOfNumbers } from './bitmap-of-numbers.ts'
import type { CheckedWrite } from './check-row.ts'
import { ColumnCells } from './column-cells.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { groupPeople } from './group-people.ts'

/** Where a value has fewer rows than this, people are moved to it one by one. */
const leastRows = 16

/** What the rows of a table give to a category of one value. */
export class CategoryCells extends ColumnCells<CategoryColumn> {
  readonly kind = 'category'
  isWritten = false
  /** The values that were put, `null` for none, by their codes less 1. */
  readonly #values: (string | null)[] = []
  readonly #codeOf = new Map<unknown, number>()
  /** 0 where nothing was put. */
  readonly #codes: Uint32Array

  constructor(parts: DatasetParts, name: string, column: CategoryColumn, rows: number) {
    super(parts, name, column)
    this.#codes = new Uint32Array(rows)
  }

  put(row: number, value: unknown): void {
    this.putCode(row, this.codeOf(value))
  }

  /** What `putCode` takes for a value, in this table. @throws the VALUE_… codes */
  codeOf(value: unknown): number {
    const known = this.#codeOf.get(value)
    if (known !== undefined) return known
    const write = this.check(value)
    const text = 'add' in write ? (write.add[0] ?? null) : null
    // Texts that are the same in NFC are one value.
    const code = this.#codeOf.get(text) ?? this.#values.push(text)
    this.#codeOf.set(text, code)
    this.#codeOf.set(value, code)
    return code
  }

  putCode(row: number, code: number): void {
    this.#codes[row] = code
    this.isWritten = true
  }

  checked(row: number): CheckedWrite | null {
    const code = this.#codes[row]!
    return code === 0 ? null : this.check(this.#values[code - 1])
  }

  override reserve(): void {
    const { values } = this.column
    if (this.#values.length > values.room) {
      values.reserve(this.#values.filter((text) => text !== null && values.find(text) === -1).length)
    }
  }

  write(people: Uint32Array, isDistinct: boolean): void {
    const { column } = this
    const codes = this.#codes
    if (!isDistinct || people.length < leastRows * this.#values.length) {
      for (let row = 0; row < people.length; row++) {
        if (codes[row] !== 0) column.set(people[row]!, this.#values[codes[row]! - 1]!)
      }
      return
    }
    const [, ...written] = groupPeople(people, codes, this.#values.length + 1)
    const groups = written.map((group, i) => ({ text: this.#values[i]!, people: bitmapOfNumbers(group) }))
    column.setMembers(groups)
    for (const group of groups) group.people.dispose()
  }
}
