import type { NewRow, ValueCell } from './value-cell.ts'

/** Writes the id of an event: what the source has, as it is; an empty text is none. */
export class EventIdCell implements ValueCell {
  readonly source: string
  readonly to = 'eventId'

  constructor(source: string) {
    this.source = source
  }

  write(given: unknown, row: NewRow): null {
    if (given !== '') row.eventId = given
    return null
  }

  refused(): void {}
}
