import type { Dataset } from '../../dataset/dataset.ts'
import type { Mutation } from '../../dataset/mutation.ts'
import { readCell } from '../journal/decode-values.ts'
import { MessagePackReader } from '../journal/message-pack-reader.ts'
import { recordKinds } from '../journal/record-kinds.ts'
import { redoRecord } from '../journal/redo-record.ts'
import type { ReplayTarget } from '../journal/replay-target.ts'

/**
 * Does a mutation that another engine wrote down, as if it were written here: whole or not at all, and written down here too.
 * Cost: decoding it, and that of the write.
 *
 * @throws MessagePackFault for bytes that are no record; the codes of writes for one that doesn't fit the data
 */
export function applyRecord(target: ReplayTarget, record: Uint8Array): void {
  const reader = new MessagePackReader()
  reader.open(record)
  const fields = reader.array('a record')
  const kind = reader.whole('the kind of a record')
  const mutation = readOne(kind, fields, reader, target.dataset)
  if (mutation === null) {
    redoRecord(kind, fields, reader, target)
    return
  }
  reader.end()
  target.dataset.apply(mutation)
}

/** The records of one row and of one event; `null` for others. */
function readOne(kind: number, fields: number, reader: MessagePackReader, dataset: Dataset): Mutation | null {
  if (kind === recordKinds.putOne) {
    const id = reader.id()
    const row: Record<string, unknown> = {}
    for (let field = 2; field < fields; field += 2) {
      const name = reader.text('the name of a column')
      row[name] = readCell(reader)
    }
    return { kind: 'put', rows: [[id, row]] }
  }
  if (kind !== recordKinds.trackOne) return null
  const form = dataset.eventForm(reader.text('the name of an event'))
  const now = reader.instant()
  const id = reader.id()
  const at = form.instant(reader.instant())
  const eventId = reader.nil() ? null : form.eventId(reader.id())
  const expected = 6 + form.properties.length
  if (fields !== expected) throw reader.fault(`${fields} fields`, `${expected} of event ${form.name}`)
  const values = form.properties.map((property) => property.check(readCell(reader)))
  return { kind: 'track', event: form.name, now, events: { form: 'one', id, event: { at, eventId, values } } }
}
