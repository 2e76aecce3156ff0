type Cells = Uint16Array | Uint32Array | Float64Array

/** An array that is appended to, and used again. */
export class GrowingColumn<Kind extends Cells> {
  readonly #kind: new (
    length: number,
  ) => Kind
  #cells: Kind
  /** How many cells are used. */
  length = 0

  constructor(kind: new (length: number) => Kind) {
    this.#kind = kind
    this.#cells = new kind(256)
  }

  /** The cells; those from `length` on mean nothing. */
  get cells(): Kind {
    return this.#cells
  }

  /** The cells, with room for `more` behind `length` at least. */
  reserve(more: number): Kind {
    if (this.length + more > this.#cells.length) {
      const longer = new this.#kind(Math.max(this.length + more, 2 * this.#cells.length))
      longer.set(this.#cells.subarray(0, this.length) as never)
      this.#cells = longer
    }
    return this.#cells
  }

  /** Forgets the cells. Room that a single person with very many events took is given back. */
  clear(): void {
    this.length = 0
    if (this.#cells.length > 1 << 21) this.#cells = new this.#kind(256)
  }
}
