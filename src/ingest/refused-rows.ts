/** Rows of a table that can't be written, by their places. Where they are many, it is less work to look at each row by itself. */
export class RefusedRows {
  readonly #places = new Set<number>()
  readonly #few: number

  /** @param rows how many rows there are */
  constructor(rows: number) {
    this.#few = 8 + rows / 16
  }

  get size(): number {
    return this.#places.size
  }

  get areMany(): boolean {
    return this.#places.size > this.#few
  }

  has(place: number): boolean {
    return this.#places.has(place)
  }

  add(place: number): void {
    this.#places.add(place)
  }
}
