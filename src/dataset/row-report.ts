import type { MutationReport } from './mutation.ts'

/** What a `put` of one row did. Most who write one don't ask for the number of its person. */
export class RowReport implements MutationReport {
  readonly people = 1
  readonly created: number
  readonly unknown = 0
  readonly #person: number

  constructor(person: number, created: number) {
    this.#person = person
    this.created = created
  }

  get numbers(): Uint32Array {
    return Uint32Array.of(this.#person)
  }
}
