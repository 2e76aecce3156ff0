/** What remembers at which version of the data it was written last. */
export interface Written {
  /** The version of the data that its last write led to: see `Revisions`. */
  writtenAt: number
}

/**
 * When each part of the data was written last, as a version of the data: what a checkpoint at version `v` has is still what
 * there is where the part's revision is at most `v`. A column that is dropped and made anew has the revision of its making.
 */
export class Revisions {
  #now: number
  #people: number

  /**
   * @param version of the data as it is
   * @param people when people came or went last; @default with this version
   */
  constructor(version: number, people: number = version) {
    this.#now = version
    this.#people = people
  }

  /** The version that the present mutation leads to. */
  get now(): number {
    return this.#now
  }

  /** Told of the version that the next mutation leads to. */
  begin(version: number): void {
    this.#now = version
  }

  /** Told that a column, or a kind of events, is about to be written. */
  wrote(part: Written): void {
    part.writtenAt = this.#now
  }

  /** Told that people came or went. */
  wrotePeople(): void {
    this.#people = this.#now
  }

  /** When people came or went last. */
  get people(): number {
    return this.#people
  }
}
