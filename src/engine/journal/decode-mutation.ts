import type { ExternalId } from '../../base/brand.ts'
import type { Dataset } from '../../dataset/dataset.ts'
import type { DerivedCase } from '../../dataset/derived-tag.ts'
import type { Mutation } from '../../dataset/mutation.ts'
import type { RawRow } from '../../dataset/raw-row.ts'
import type { ColumnSpec } from '../../schema/column-spec.ts'
import type { PlainData } from '../../store/plain-data.ts'
import { fieldsOf } from '../saved-fields.ts'
import { readRule } from '../saved-rule.ts'
import { readSpec } from '../saved-spec.ts'
import {
  readBitmapBytes,
  readCell,
  readFloat64s,
  readIds,
  readManyEvents,
  readMembers,
  readOrdered,
} from './decode-values.ts'
import type { MessagePackReader } from './message-pack-reader.ts'
import { memberActions, recordKinds } from './record-kinds.ts'

/**
 * The mutation of a record whose kind was read; `null` for a record of another room. Whether it fits the data is for the
 * data to say.
 *
 * @throws MessagePackFault; STORE_CORRUPT for a rule or column that is none
 */
export function readMutation(
  kind: number,
  fields: number,
  reader: MessagePackReader,
  dataset: Dataset,
): Mutation | null {
  switch (kind) {
    case recordKinds.putMany:
      return { kind: 'put', rows: readRows(reader) }
    case recordKinds.remove:
      return { kind: 'remove', ids: readIds(reader) }
    case recordKinds.link: {
      const ids = readIds(reader)
      if (ids.length % 2 === 1) throw reader.fault(`${ids.length} ids`, 'pairs of ids')
      return { kind: 'link', pairs: Array.from({ length: ids.length / 2 }, (_, i) => [ids[2 * i]!, ids[2 * i + 1]!]) }
    }
    case recordKinds.unlink:
      return { kind: 'unlink', id: reader.id() }
    case recordKinds.members: {
      const column = reader.name('the name of a column')
      const action = memberActions[reader.whole()]
      if (action === undefined) throw reader.fault('an unknown action', 'replace, add or clear')
      const value = reader.nil() ? null : reader.text()
      return { kind: 'members', column, action, value, members: readMembers(reader) }
    }
    case recordKinds.numbers: {
      const column = reader.name('the name of a column')
      const action = memberActions[reader.whole()]
      if (action !== 'add' && action !== 'replace') throw reader.fault('an unknown action', 'set or replace')
      const members = readOrdered(reader)
      return {
        kind: 'numbers',
        column,
        action: action === 'add' ? 'set' : action,
        members,
        values: readFloat64s(reader),
      }
    }
    case recordKinds.trackMany: {
      const event = reader.name('the name of an event')
      const now = reader.instant()
      return { kind: 'track', event, now, events: readManyEvents(reader, dataset.eventForm(event)) }
    }
    case recordKinds.retain:
      return { kind: 'retain', now: reader.instant() }
    case recordKinds.addColumn: {
      const column = reader.text('the name of a column')
      return { kind: 'addColumn', column, spec: readColumnSpec(column, reader) }
    }
    case recordKinds.dropColumn:
      return { kind: 'dropColumn', column: reader.text('the name of a column') }
    case recordKinds.defineTag: {
      const column = reader.text('the name of a column')
      const spec = readColumnSpec(column, reader)
      const mode = reader.text('a mode')
      if (mode !== 'live' && mode !== 'built') throw reader.fault(`the mode ${mode}`, 'live or built')
      const cases: DerivedCase[] = []
      for (let left = reader.array('cases'); left > 0; left -= 2) {
        cases.push({ value: reader.nil() ? null : reader.text(), rule: readRule(reader.text('a rule')).node })
      }
      return { kind: 'defineTag', column, spec, tag: { cases, mode, built: null } }
    }
    case recordKinds.buildTag: {
      const column = reader.text('the name of a column')
      const built = { asOf: reader.instant(), dataVersion: reader.whole('a version') }
      const people = []
      for (let left = reader.array('people'); left > 0; left--) people.push(readBitmapBytes(reader))
      return { kind: 'buildTag', column, built, people }
    }
    default:
      if (kind < recordKinds.createAudience)
        throw reader.fault(`a record of kind ${kind} with ${fields} fields`, 'a known kind')
      return null
  }
}

function readRows(reader: MessagePackReader): [ExternalId, RawRow][] {
  const names: string[] = []
  for (let left = reader.array('names of columns'); left > 0; left--) names.push(reader.name('the name of a column'))
  const rows: [ExternalId, RawRow][] = []
  for (let left = reader.array('rows'); left > 0; left--) {
    const fields = reader.array('a row')
    const id = reader.id()
    const row: Record<string, unknown> = {}
    for (let field = 1; field < fields; field += 2) {
      const name = names[reader.whole('the place of a name')]
      if (name === undefined) throw reader.fault('the place of no name', `one below ${names.length}`)
      row[name] = readCell(reader)
    }
    rows.push([id, row])
  }
  return rows
}

function readColumnSpec(name: string, reader: MessagePackReader): ColumnSpec {
  const text = reader.text('a column')
  let plain: PlainData
  try {
    plain = JSON.parse(text) as PlainData
  } catch {
    throw reader.fault('a text that is no JSON', 'a column')
  }
  return readSpec(name, fieldsOf(plain, 'a column'))
}
