import { CrowdbitError } from '../base/crowdbit-error.ts'
import { checkValue } from '../columns/check-value.ts'
import type { Column } from '../columns/column.ts'
import { NumberColumn } from '../columns/number-column.ts'
import type { CheckedTexts } from './check-row.ts'
import { NumberWrites } from './number-writes.ts'
import { writeCell } from './write-rows.ts'

/** What a batch writes to one column, in order: `places` says to whose person among the people of the batch. */
export abstract class ReplayCells {
  readonly column: Column
  protected readonly places: number[] = []

  constructor(column: Column) {
    this.column = column
  }

  /**
   * Writes what waits, and forgets it.
   *
   * @param people those of the batch, by place
   * @param before the version of the data before the batch, each of whose mutations leads to the next
   */
  abstract write(people: Uint32Array, before: number): void
}

/** Cells of a flag. */
export class ReplayFlags extends ReplayCells {
  readonly #values: boolean[] = []

  add(place: number, value: boolean): void {
    this.places.push(place)
    this.#values.push(value)
  }

  write(people: Uint32Array): void {
    const column = this.column as Column & { kind: 'flag' }
    for (let i = 0; i < this.places.length; i++) column.set(people[this.places[i]!]!, this.#values[i]!)
    this.places.length = 0
    this.#values.length = 0
  }
}

/** Cells of a category of one value. */
export class ReplayTexts extends ReplayCells {
  readonly #name: string
  readonly #values: (string | null)[] = []

  constructor(name: string, column: Column) {
    super(column)
    this.#name = name
  }

  /** @throws the VALUE_… codes */
  add(place: number, value: string | null): void {
    const column = this.column as Column & { kind: 'category' }
    // What the dictionary has is in NFC, and was allowed.
    const fits = value === null || column.values.find(value) !== -1
    this.places.push(place)
    this.#values.push(fits ? value : checkValue(this.#name, column.spec, value))
  }

  write(people: Uint32Array, before: number): void {
    const column = this.column as Column & { kind: 'category' }
    for (let i = 0; i < this.places.length; i++) {
      const place = this.places[i]!
      column.writtenAt = before + place + 1
      column.set(people[place]!, this.#values[i]!)
    }
    this.places.length = 0
    this.#values.length = 0
  }
}

/** Cells of a number or timestamp. */
export class ReplayNumbers extends ReplayCells {
  readonly #name: string
  readonly #values: (number | null)[] = []

  constructor(name: string, column: NumberColumn) {
    super(column)
    this.#name = name
  }

  /** @throws VALUE_OUT_OF_RANGE */
  add(place: number, value: number | null): void {
    const { min, max } = (this.column as NumberColumn).limits
    if (value !== null && !(Number.isInteger(value) && value >= min && value <= max)) {
      throw new CrowdbitError('VALUE_OUT_OF_RANGE', `${this.#name} can't hold ${value}`, {
        column: this.#name,
        value,
        min,
        max,
      })
    }
    this.places.push(place)
    this.#values.push(value)
  }

  write(people: Uint32Array, before: number): void {
    const writes = new NumberWrites(this.places.length)
    const column = this.column as NumberColumn
    for (let i = 0; i < this.places.length; i++) {
      const place = this.places[i]!
      column.writtenAt = before + place + 1
      writes.write(column, people[place]!, this.#values[i]!)
    }
    writes.finish()
    this.places.length = 0
    this.#values.length = 0
  }
}

/** Cells of a category of many values. */
export class ReplayEdits extends ReplayCells {
  readonly #writes: CheckedTexts[] = []

  add(place: number, write: CheckedTexts): void {
    this.places.push(place)
    this.#writes.push(write)
  }

  write(people: Uint32Array): void {
    for (let i = 0; i < this.places.length; i++) writeCell(this.#writes[i]!, people[this.places[i]!]!)
    this.places.length = 0
    this.#writes.length = 0
  }
}

/** Cells of a column. */
export function replayCells(name: string, column: Column): AnyReplayCells {
  if (column instanceof NumberColumn) return new ReplayNumbers(name, column)
  switch (column.kind) {
    case 'flag':
      return new ReplayFlags(column)
    case 'category':
      return new ReplayTexts(name, column)
    case 'multi-category':
      return new ReplayEdits(column)
  }
}

/** Cells of a column of any kind. */
export type AnyReplayCells = ReplayFlags | ReplayTexts | ReplayNumbers | ReplayEdits
