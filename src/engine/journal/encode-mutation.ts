import type { ExternalId } from '../../base/brand.ts'
import { portableBytes } from '../../bitmap/bitmap.ts'
import type { CheckedWrite } from '../../dataset/check-row.ts'
import type { CheckedEvents, EventPeople } from '../../dataset/checked-events.ts'
import type { MutationRecord } from '../../dataset/journal.ts'
import type { GivenMembers, OrderedMembers } from '../../dataset/members.ts'
import { littleEndianBytes } from '../../events/cell-bytes.ts'
import type { PropertyColumn } from '../../events/event-column.ts'
import { ruleToJson } from '../../rules/json/rule-to-json.ts'
import { writeSpec } from '../saved-spec.ts'
import type { MessagePackWriter } from './message-pack-writer.ts'
import { memberActions, recordKinds } from './record-kinds.ts'

/** Writes a mutation as a record of the log: what it has to say, in the form that its columns hold. */
export function encodeMutation(record: MutationRecord, out: MessagePackWriter): void {
  switch (record.kind) {
    case 'put':
      if (record.ids.length === 1) encodePutOne(record.ids[0]!, record.rows[0]!, out)
      else encodePutMany(record.ids, record.rows, out)
      break
    case 'remove':
      begin(out, recordKinds.remove, 1)
      encodeIds(record.ids, out)
      break
    case 'link':
      begin(out, recordKinds.link, 1)
      encodeIds(record.pairs.flat(), out)
      break
    case 'unlink':
      begin(out, recordKinds.unlink, 1)
      encodeId(record.id, out)
      break
    case 'members':
      begin(out, recordKinds.members, 4)
      out.text(record.column)
      out.number(memberActions.indexOf(record.action))
      if (record.value === null) out.nil()
      else out.text(record.value)
      encodeMembers(record.members, out)
      break
    case 'numbers':
      begin(out, recordKinds.numbers, 4)
      out.text(record.column)
      out.number(memberActions.indexOf(record.action === 'set' ? 'add' : 'replace'))
      encodeOrdered(record.members, out)
      out.binary(littleEndianBytes(record.values))
      break
    case 'track':
      encodeTrack(record.event, record.now, record.events, out)
      break
    case 'retain':
      begin(out, recordKinds.retain, 1)
      out.number(record.now)
      break
    case 'addColumn':
      begin(out, recordKinds.addColumn, 2)
      out.text(record.column)
      out.text(JSON.stringify(writeSpec(record.spec)))
      break
    case 'dropColumn':
      begin(out, recordKinds.dropColumn, 1)
      out.text(record.column)
      break
    case 'defineTag': {
      const { cases, mode } = record.tag
      begin(out, recordKinds.defineTag, 4)
      out.text(record.column)
      out.text(JSON.stringify(writeSpec(record.spec)))
      out.text(mode)
      out.array(2 * cases.length)
      for (const { value, rule } of cases) {
        if (value === null) out.nil()
        else out.text(value)
        out.text(JSON.stringify(ruleToJson(rule)))
      }
      break
    }
    case 'buildTag':
      begin(out, recordKinds.buildTag, 4)
      out.text(record.column)
      out.number(record.built.asOf)
      out.number(record.built.dataVersion)
      out.array(record.people.length)
      for (const people of record.people) out.binary(portableBytes(people))
  }
}

/** The head of a record: its kind, and how many fields follow. */
export function begin(out: MessagePackWriter, kind: number, fields: number): void {
  out.array(1 + fields)
  out.number(kind)
}

/** An id as it is: a text, or an integer. */
export function encodeId(id: ExternalId, out: MessagePackWriter): void {
  if (typeof id === 'string') out.text(id)
  else if (typeof id === 'number') out.number(id)
  else if (id <= Number.MAX_SAFE_INTEGER) out.number(Number(id))
  else out.bigint(id)
}

function encodePutOne(id: ExternalId, row: readonly CheckedWrite[], out: MessagePackWriter): void {
  begin(out, recordKinds.putOne, 1 + 2 * row.length)
  encodeId(id, out)
  for (const write of row) {
    out.text(write.name)
    encodeCell(write, out)
  }
}

/** Names stand once in front, and rows name them by their place. */
function encodePutMany(
  ids: readonly ExternalId[],
  rows: readonly (readonly CheckedWrite[])[],
  out: MessagePackWriter,
): void {
  const places = new Map<string, number>()
  for (const row of rows) for (const { name } of row) if (!places.has(name)) places.set(name, places.size)
  begin(out, recordKinds.putMany, 2)
  out.array(places.size)
  for (const name of places.keys()) out.text(name)
  out.array(ids.length)
  for (let i = 0; i < ids.length; i++) {
    const row = rows[i]!
    out.array(1 + 2 * row.length)
    encodeId(ids[i]!, out)
    for (const write of row) {
      out.number(places.get(write.name)!)
      encodeCell(write, out)
    }
  }
}

/** A flag as a boolean; a category as a text or nil; a many-value one as texts, or as two lists; a number as it is held. */
function encodeCell(write: CheckedWrite, out: MessagePackWriter): void {
  if ('value' in write) {
    if (write.value === null) out.nil()
    else out.number(write.value)
    return
  }
  const { column, add, remove } = write
  if (column.kind === 'flag') out.bool(add.length > 0)
  else if (column.kind === 'category') {
    if (add.length === 0) out.nil()
    else out.text(add[0]!)
  } else if (remove === null) encodeTexts(add, out)
  else {
    out.array(2)
    encodeTexts(add, out)
    encodeTexts(remove, out)
  }
}

function encodeTexts(texts: readonly string[], out: MessagePackWriter): void {
  out.array(texts.length)
  for (const text of texts) out.text(text)
}

function encodeIds(ids: readonly ExternalId[], out: MessagePackWriter): void {
  out.array(ids.length)
  for (const id of ids) encodeId(id, out)
}

function encodeMembers(members: GivenMembers, out: MessagePackWriter): void {
  if (members.form === 'ids') encodeIds(members.ids, out)
  else out.binary(portableBytes(members.people))
}

function encodeOrdered(members: OrderedMembers | EventPeople, out: MessagePackWriter): void {
  if (members.form === 'ids') encodeIds(members.ids, out)
  else out.binary(littleEndianBytes(members.people))
}

function encodeTrack(event: string, now: number, events: CheckedEvents, out: MessagePackWriter): void {
  if (events.form === 'one') {
    const { at, eventId, values } = events.event
    begin(out, recordKinds.trackOne, 5 + values.length)
    out.text(event)
    out.number(now)
    encodeId(events.id, out)
    out.number(at)
    if (eventId === null) out.nil()
    else encodeId(eventId, out)
    for (const value of values) {
      if (value === null) out.nil()
      else if (typeof value === 'string') out.text(value)
      else if (typeof value === 'boolean') out.bool(value)
      else out.number(value)
    }
    return
  }
  begin(out, recordKinds.trackMany, 6)
  out.text(event)
  out.number(now)
  encodeOrdered(events.of, out)
  out.binary(littleEndianBytes(events.times))
  if (events.eventIds === null) out.nil()
  else {
    out.array(events.eventIds.length)
    for (const id of events.eventIds) {
      if (id === null || id === undefined) out.nil()
      else encodeId(id, out)
    }
  }
  out.array(2 * events.properties.size)
  for (const [name, column] of events.properties) {
    out.text(name)
    encodeProperty(column, out)
  }
}

/** A category as its texts and codes; a number as doubles, NaN for none; a flag as bytes. */
function encodeProperty(column: PropertyColumn, out: MessagePackWriter): void {
  switch (column.kind) {
    case 'category':
      out.array(2)
      encodeTexts(column.texts, out)
      out.binary(littleEndianBytes(column.codes))
      break
    case 'number':
      out.binary(littleEndianBytes(column.values))
      break
    case 'flag':
      out.binary(column.bits)
  }
}
