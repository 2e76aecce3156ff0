import { Posting } from '../bitmap/posting.ts'
import { type PageCare, SharedPages } from './shared-pages.ts'

const pageBits = 6
const pageSize = 1 << pageBits

const care: PageCare<Posting[]> = {
  copy: (page) => page.map((posting) => posting.fork()),
  free: (page) => {
    for (const posting of page) posting.dispose()
  },
}

/** The postings of a category by the numbers of its values. Forks share them until one is written. */
export class PostingList {
  readonly #pages: SharedPages<Posting[]>
  #length: number

  constructor(pages: SharedPages<Posting[]> = new SharedPages(care), length = 0) {
    this.#pages = pages
    this.#length = length
  }

  /** How many values have a posting. */
  get length(): number {
    return this.#length
  }

  /** The posting of a value that has one, to be read. */
  at(value: number): Posting {
    return this.#pages.at(value >>> pageBits)![value & (pageSize - 1)]!
  }

  /** The posting of a value, to be written: of one that is new, and all before it. */
  writable(value: number): Posting {
    while (this.#length <= value) this.#push(new Posting())
    return this.#pages.writable(value >>> pageBits)![value & (pageSize - 1)]!
  }

  /** The postings in the order of their values, to be read. */
  *[Symbol.iterator](): IterableIterator<Posting> {
    for (const page of this.#pages) yield* page
  }

  /** The same postings for somebody else. Cost: nothing now; who writes one copies it, and the page of 64 that it is in. */
  fork(): PostingList {
    return new PostingList(this.#pages.fork(), this.#length)
  }

  /** Frees what no fork has. */
  dispose(): void {
    this.#pages.dispose()
    this.#length = 0
  }

  #push(posting: Posting): void {
    const number = this.#length++ >>> pageBits
    const page = this.#pages.writable(number)
    if (page === undefined) this.#pages.set(number, [posting])
    else page.push(posting)
  }
}
