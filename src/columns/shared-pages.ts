/** A page, and in how many tables it is. */
interface Held<Page> {
  page: Page
  holders: number
}

interface Table<Page> {
  readonly pages: (Held<Page> | undefined)[]
  holders: number
}

/** What is done with pages. */
export interface PageCare<Page> {
  copy(page: Page): Page
  /** Told of a page that nobody has any more. */
  free(page: Page): void
}

/**
 * Pages by number, which forks share. Who writes copies the table of pages first, if others have it too, and then the page:
 * ```
 * before   live, view → table → page 0, page 1
 * a write  live → table' → page 0, page 1'      view → table → page 0, page 1
 * ```
 * Where the others have been disposed of, nothing is copied.
 */
export class SharedPages<Page> {
  readonly #care: PageCare<Page>
  #table: Table<Page>

  constructor(care: PageCare<Page>, table: Table<Page> = { pages: [], holders: 1 }) {
    this.#care = care
    this.#table = table
  }

  /** Another holder of the same pages. Cost: nothing now. */
  fork(): SharedPages<Page> {
    this.#table.holders++
    return new SharedPages(this.#care, this.#table)
  }

  /** A page, to be read. */
  at(number: number): Page | undefined {
    return this.#table.pages[number]?.page
  }

  /** A page, to be written: nobody else has it. */
  writable(number: number): Page | undefined {
    const pages = this.#writable()
    const held = pages[number]
    if (held === undefined || held.holders === 1) return held?.page
    const page = this.#care.copy(held.page)
    held.holders--
    pages[number] = { page, holders: 1 }
    return page
  }

  /** Puts a page in the place of the one that may be there, which is not freed: the new one is made of it. */
  set(number: number, page: Page): void {
    const pages = this.#writable()
    while (pages.length < number) pages.push(undefined)
    const held = pages[number]
    if (held !== undefined) held.holders--
    pages[number] = { page, holders: 1 }
  }

  /** Puts another page that says the same in the place of page `number`, for all who have it. */
  swap(number: number, page: Page): void {
    const held = this.#table.pages[number]
    if (held !== undefined) held.page = page
  }

  /** The number behind that of the last page. */
  get length(): number {
    return this.#table.pages.length
  }

  /** The pages there are, to be read. */
  *[Symbol.iterator](): IterableIterator<Page> {
    for (const held of this.#table.pages) if (held !== undefined) yield held.page
  }

  /** Lets go of all pages. Those that no fork has are freed. */
  dispose(): void {
    const table = this.#table
    this.#table = { pages: [], holders: 1 }
    if (--table.holders > 0) return
    for (const held of table.pages) if (held !== undefined && --held.holders === 0) this.#care.free(held.page)
  }

  #writable(): (Held<Page> | undefined)[] {
    const table = this.#table
    if (table.holders === 1) return table.pages
    for (const held of table.pages) if (held !== undefined) held.holders++
    table.holders--
    this.#table = { pages: [...table.pages], holders: 1 }
    return this.#table.pages
  }
}
