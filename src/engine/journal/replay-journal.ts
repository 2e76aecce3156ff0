import type { Millis } from '../../base/brand.ts'
import type { EventForm } from '../../dataset/event-form.ts'
import { ReplayBatch } from '../../dataset/replay-batch.ts'
import { ReplayFlags, ReplayNumbers, ReplayTexts } from '../../dataset/replay-cells.ts'
import { readCell, readScalar } from './decode-values.ts'
import { MessagePackReader } from './message-pack-reader.ts'
import { recordKinds } from './record-kinds.ts'
import { redoRecord } from './redo-record.ts'
import type { ReplayTarget } from './replay-target.ts'

/** A log has the same names of columns, and values, again and again: 2^12 of them are remembered. */
const nameBits = 12

/**
 * Does again what a log has, record by record. Writes of one person or event each are gathered and done together.
 * Cost: some 0.6 µs a record of one row or event.
 */
export class JournalReplay {
  readonly #target: ReplayTarget
  readonly #reader = new MessagePackReader(nameBits)
  readonly #batch = new ReplayBatch()
  /** The local day that the clock showed for the events of the batch; NaN for none. */
  #day = Number.NaN
  #dayFrom = Number.NaN
  #dayTo = Number.NaN
  readonly #forms = new Map<string, EventForm>()
  /** Values of an event, while it is read. */
  readonly #values: (string | number | boolean | null)[] = []

  constructor(target: ReplayTarget) {
    this.#target = target
    target.dataset.beginReplay(this.#batch)
  }

  /**
   * One record more: bytes, or those from `start` to `end`.
   *
   * @throws MessagePackFault for bytes that are no record; the codes of writes for one that doesn't fit the data
   */
  record(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const reader = this.#reader
    reader.open(bytes, start, end)
    const fields = reader.array('a record')
    const kind = reader.whole('the kind of a record')
    if (kind === recordKinds.putOne) this.#putOne(fields)
    else if (kind === recordKinds.trackOne) this.#trackOne(fields)
    else {
      this.finish()
      // Columns may come and go.
      this.#forms.clear()
      redoRecord(kind, fields, reader, this.#target)
    }
    reader.end()
  }

  /** Does what waits. @throws the codes of writes */
  finish(): void {
    if (this.#batch.size > 0) this.#target.dataset.replay(this.#batch)
    this.#dayFrom = Number.NaN
  }

  #putOne(fields: number): void {
    const reader = this.#reader
    const batch = this.#batch
    const place = this.#person()
    for (let field = 2; field < fields; field += 2) {
      const name = reader.name('the name of a column')
      const cells = batch.cells(name)
      if (cells instanceof ReplayNumbers) cells.add(place, reader.nil() ? null : reader.number())
      else if (cells instanceof ReplayFlags) cells.add(place, reader.bool())
      else if (cells instanceof ReplayTexts) cells.add(place, reader.nil() ? null : reader.name('a value'))
      else batch.edit(name, cells, place, readCell(reader))
    }
    if (batch.isFull) this.finish()
  }

  #trackOne(fields: number): void {
    const reader = this.#reader
    const form = this.#form(reader.name('the name of an event'))
    const now = reader.instant()
    // Written so that NaN, for no day yet, is no day's.
    if (!(now >= this.#dayFrom && now < this.#dayTo)) this.#beginDay(now)
    const place = this.#person()
    const at = reader.instant()
    const eventId = reader.nil() ? null : form.eventId(reader.id())
    if (fields !== 6 + form.properties.length) {
      throw reader.fault(`${fields} fields`, `${6 + form.properties.length} of event ${form.name}`)
    }
    const values = this.#values
    values.length = 0
    for (let p = 0; p < form.properties.length; p++) values.push(readScalar(reader))
    const batch = this.#batch
    batch.track(form, place, at, eventId, values, now)
    if (batch.isFull) this.finish()
  }

  /** Whose mutation it is, by the place in the batch. A text stays bytes: that is what the dictionary holds. */
  #person(): number {
    const reader = this.#reader
    const { ids } = this.#batch
    if (!reader.isText) return ids.push(reader.id())
    reader.textBytes('an id')
    const fault = ids.pushText(reader.bytes, reader.textStart, reader.textEnd)
    if (fault !== undefined) throw reader.fault(fault, 'an id')
    return ids.length - 1
  }

  /** Events of a batch are tracked at one local day. */
  #beginDay(now: Millis): void {
    const { zone } = this.#target.dataset
    const day = zone.dayOf(now)
    if (this.#batch.size > 0 && day !== this.#day) this.finish()
    this.#day = day
    this.#dayFrom = zone.startOfDay(day)
    this.#dayTo = zone.startOfDay(day + 1)
  }

  #form(name: string): EventForm {
    const known = this.#forms.get(name)
    if (known !== undefined) return known
    const form = this.#target.dataset.eventForm(name)
    this.#forms.set(name, form)
    return form
  }
}
