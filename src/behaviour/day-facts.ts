import type { EventDay } from '../events/event-day.ts'
import { RowIndex, RowSearch } from './row-search.ts'

/** Searches in a day before an index is made for them, which costs as much as some thousand. */
const searchesBeforeIndex = 200

/** What is worked out of a day beside its rows, once, until the day changes. */
export class DayFacts {
  readonly #day: EventDay
  readonly #search: RowSearch
  readonly #makeRoom: (bytes: number) => boolean
  #index: RowIndex | null = null
  #searches = 0
  #times: { readonly first: number; readonly last: number } | null = null

  /** @param makeRoom whether there is room for an index of so many bytes, which is counted from then on */
  constructor(day: EventDay, makeRoom: (bytes: number) => boolean) {
    this.#day = day
    this.#search = new RowSearch(day)
    this.#makeRoom = makeRoom
  }

  /** Whether the facts are about these rows. */
  isOf(day: EventDay): boolean {
    return this.#day.version === day.version && this.#day.people === day.people
  }

  /** The earliest and the latest time of the day's events, in milliseconds after its start. */
  get times(): { readonly first: number; readonly last: number } {
    this.#times ??= extremes(this.#day)
    return this.#times
  }

  /** Where the rows of people are: an index once it has been asked some times, since today's is good for a short time. */
  get index(): RowSearch {
    if (this.#index === null && ++this.#searches > searchesBeforeIndex) this.#makeIndex()
    return this.#index ?? this.#search
  }

  /** Bytes of the index. */
  get bytes(): number {
    return this.#index?.bytes ?? 0
  }

  /** Gives the index up, until it is worth one again. */
  dropIndex(): void {
    this.#index = null
    this.#searches = 0
  }

  #makeIndex(): void {
    this.#searches = 0
    if (this.#makeRoom(RowIndex.bytesFor(this.#day))) this.#index = new RowIndex(this.#day)
  }
}

function extremes({ times, size }: EventDay): { first: number; last: number } {
  let first = times[0]!
  let last = first
  for (let i = 1; i < size; i++) {
    const time = times[i]!
    if (time < first) first = time
    else if (time > last) last = time
  }
  return { first, last }
}
