import type { Millis } from '../base/brand.ts'
import { invariant } from '../base/invariant.ts'
import { checkEventRows } from '../dataset/check-events.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { Mutation } from '../dataset/mutation.ts'
import type { PutTable } from '../dataset/put-table.ts'
import type { MadeRow } from './row-maker.ts'
import type { Tally } from './tally.ts'

/** Writes rows to the engine, and counts them. */
export interface RowWriter {
  /** Refuses a row that `write` would refuse by itself. */
  check(row: MadeRow): void
  /** Writes rows, whole or not at all. */
  write(rows: readonly MadeRow[]): void
}

/** Writes rows as values of people. */
export class PutWriter implements RowWriter {
  readonly #dataset: Dataset
  readonly #tally: Tally

  constructor(dataset: Dataset, tally: Tally) {
    this.#dataset = dataset
    this.#tally = tally
  }

  check([id, row]: MadeRow): void {
    this.#dataset.checkPut(id, row)
  }

  write(rows: readonly MadeRow[]): void {
    this.#apply({ kind: 'put', rows })
  }

  /** As `write`, of rows in a table. */
  writeTable(table: PutTable): void {
    this.#apply({ kind: 'putTable', table })
  }

  #apply(mutation: Mutation & { kind: 'put' | 'putTable' }): void {
    const { numbers, created } = this.#dataset.apply(mutation)
    invariant(numbers !== undefined, 'a put tells the numbers of its people')
    this.#tally.countApplied(numbers.length, numbers, created)
  }
}

/** Tracks rows as events of one kind. */
export class TrackWriter implements RowWriter {
  readonly #dataset: Dataset
  readonly #tally: Tally
  readonly #event: string
  readonly #now: () => Millis

  constructor(dataset: Dataset, tally: Tally, event: string, now: () => Millis) {
    this.#dataset = dataset
    this.#tally = tally
    this.#event = event
    this.#now = now
  }

  check([id, row]: MadeRow): void {
    this.#dataset.ids.check(id)
    this.#dataset.eventForm(this.#event).event(row)
  }

  write(rows: readonly MadeRow[]): void {
    const form = this.#dataset.eventForm(this.#event)
    const mutation = { kind: 'track', event: form.name, events: checkEventRows(form, rows), now: this.#now() } as const
    const { numbers, created, events } = this.#dataset.apply(mutation)
    invariant(
      numbers !== undefined && events !== undefined,
      'tracking tells the people and what became of their events',
    )
    this.#tally.countApplied(events.added, numbers, created)
    this.#tally.duplicates += events.duplicates
    this.#tally.expired += events.expired
  }
}
