/** A number or instant as its column holds it, which comes out of a journal: written without being parsed again. */
export class HeldNumber {
  /** The decimal at the column's scale, or milliseconds since 1970. */
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}
