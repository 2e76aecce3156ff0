import type { AudienceKind } from '../../audiences/audience.ts'
import type { ExternalId } from '../../base/brand.ts'
import type { RuleJson } from '../../rules/json/rule-json.ts'
import type { ColumnSpec } from '../../schema/column-spec.ts'
import type { Schema } from '../../schema/schema.ts'
import type { PlainData } from '../../store/plain-data.ts'
import { readFloat64s, readIds, readTexts } from '../journal/decode-values.ts'
import { MessagePackReader } from '../journal/message-pack-reader.ts'
import { memberActions, type RecordKind } from '../journal/record-kinds.ts'
import { fieldsOf } from '../saved-fields.ts'
import { readSpec } from '../saved-spec.ts'
import { describeTrackMany, describeTrackOne } from './describe-track.ts'
import { describeBitmap, describeCell, describeMembers, describeNumber, describeOrdered } from './describe-values.ts'
import type { DescribedChange, DescribedValue, DescribedVersion } from './described-change.ts'

/**
 * What a record of the log says, as plain data.
 *
 * @param schema of the moment at which it was written
 * @throws MessagePackFault for bytes that are no such record
 */
export function describeRecord(kind: RecordKind, record: Uint8Array, schema: Schema): DescribedChange {
  const reader = new MessagePackReader()
  reader.open(record)
  const fields = reader.array('a record') - 1
  reader.whole('the kind of a record')
  const described = describers[kind](reader, schema, fields)
  reader.end()
  return described
}

/** Reads the fields behind the kind of a record. */
type Describer = (reader: MessagePackReader, schema: Schema, fields: number) => DescribedChange

const describers: Readonly<Record<RecordKind, Describer>> = {
  putOne(reader, schema, fields) {
    const id = reader.id()
    const values: Record<string, DescribedValue> = {}
    for (let field = 1; field < fields; field += 2) {
      const name = reader.text()
      values[name] = describeCell(reader, schema.get(name))
    }
    return { kind: 'putOne', rows: [{ id, values }] }
  },
  putMany(reader, schema) {
    const names = readTexts(reader)
    const rows: { id: ExternalId; values: Record<string, DescribedValue> }[] = []
    for (let left = reader.array(); left > 0; left--) {
      const fields = reader.array()
      const id = reader.id()
      const values: Record<string, DescribedValue> = {}
      for (let field = 1; field < fields; field += 2) {
        const name = names[reader.whole()]!
        values[name] = describeCell(reader, schema.get(name))
      }
      rows.push({ id, values })
    }
    return { kind: 'putMany', rows }
  },
  members(reader) {
    const column = reader.text()
    const action = memberActions[reader.whole()]!
    const value = reader.nil() ? null : reader.text()
    return { kind: 'members', column, action, value, people: describeMembers(reader) }
  },
  numbers(reader, schema) {
    const column = reader.text()
    const action = memberActions[reader.whole()] === 'replace' ? 'replace' : 'set'
    const people = describeOrdered(reader)
    const spec = schema.get(column)
    const values = Array.from(readFloat64s(reader), (held) => describeNumber(held, spec))
    return { kind: 'numbers', column, action, people, values }
  },
  trackOne: describeTrackOne,
  trackMany: describeTrackMany,
  remove: (reader) => ({ kind: 'remove', ids: readIds(reader) }),
  link(reader) {
    const ids = readIds(reader)
    const pairs = Array.from({ length: ids.length >>> 1 }, (_, i) => [ids[2 * i]!, ids[2 * i + 1]!] as const)
    return { kind: 'link', pairs }
  },
  unlink: (reader) => ({ kind: 'unlink', id: reader.id() }),
  retain: (reader) => ({ kind: 'retain', now: new Date(reader.number()) }),
  addColumn(reader) {
    const column = reader.text()
    return { kind: 'addColumn', column, spec: specOf(column, reader) }
  },
  dropColumn: (reader) => ({ kind: 'dropColumn', column: reader.text() }),
  defineTag(reader) {
    const column = reader.text()
    const spec = specOf(column, reader)
    const mode = reader.text() === 'live' ? 'live' : 'built'
    const rules: { value: string | null; rule: RuleJson }[] = []
    for (let left = reader.array(); left > 0; left -= 2) {
      rules.push({ value: reader.nil() ? null : reader.text(), rule: JSON.parse(reader.text()) as RuleJson })
    }
    return { kind: 'defineTag', column, spec, mode, rules }
  },
  buildTag(reader) {
    const column = reader.text()
    const asOf = new Date(reader.number())
    const dataVersion = reader.whole()
    const people: Uint32Array[] = []
    for (let left = reader.array(); left > 0; left--) people.push(describeBitmap(reader))
    return { kind: 'buildTag', column, asOf, dataVersion, people }
  },
  createAudience: (reader) => describeAudience('createAudience', reader),
  changeAudience: (reader) => describeAudience('changeAudience', reader),
  renameAudience(reader) {
    const workspace = reader.text()
    const from = reader.text()
    return { kind: 'renameAudience', workspace, from, to: reader.text() }
  },
  removeAudience(reader) {
    const workspace = reader.text()
    return { kind: 'removeAudience', workspace, name: reader.text() }
  },
  removeWorkspace: (reader) => ({ kind: 'removeWorkspace', workspace: reader.text() }),
}

function describeAudience(kind: 'createAudience' | 'changeAudience', reader: MessagePackReader): DescribedChange {
  const workspace = reader.text()
  const name = reader.text()
  const audienceKind = reader.text() as AudienceKind
  const bounds = { min: reader.whole(), max: reader.whole() }
  const rule = reader.nil() ? null : (JSON.parse(reader.text()) as RuleJson)
  const audience = { name, kind: audienceKind, bounds, rule }
  return { kind, workspace, audience, version: reader.nil() ? null : describeVersion(reader) }
}

function describeVersion(reader: MessagePackReader): DescribedVersion {
  reader.arrayOf(5, 'a version')
  const number = reader.whole()
  const ruleHash = reader.nil() ? null : reader.text()
  const asOf = new Date(reader.number())
  return { number, ruleHash, asOf, dataVersion: reader.whole(), members: describeBitmap(reader) }
}

function specOf(name: string, reader: MessagePackReader): ColumnSpec {
  return readSpec(name, fieldsOf(JSON.parse(reader.text()) as PlainData, 'a column'))
}
