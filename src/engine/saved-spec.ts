import { show } from '../base/show.ts'
import type { ColumnSpec, MergePolicy, PropertySpec } from '../schema/column-spec.ts'
import type { PlainData } from '../store/plain-data.ts'
import { damaged, fieldsOf, listOf, type SavedFields, textOf } from './saved-fields.ts'

/** What a column is, as plain data. */
export function writeSpec(spec: ColumnSpec): SavedFields {
  switch (spec.kind) {
    case 'flag':
      return { kind: 'flag' }
    case 'timestamp':
      return { kind: 'timestamp', ...writeMerge(spec.merge) }
    case 'category':
      return { kind: 'category', many: spec.many, values: spec.values, ...(spec.many ? {} : writeMerge(spec.merge)) }
    case 'number':
      return { kind: 'number', scale: spec.scale, min: spec.min, max: spec.max, ...writeMerge(spec.merge) }
    case 'event': {
      const properties = Object.entries(spec.properties).map(([name, property]) => ({ name, ...writeSpec(property) }))
      return { kind: 'event', properties, retentionDays: spec.retentionDays }
    }
  }
}

/**
 * A column of plain data. What only the schema can judge is left to it.
 *
 * @throws STORE_CORRUPT
 */
export function readSpec(name: string, saved: SavedFields): ColumnSpec {
  switch (saved.kind) {
    case 'flag':
      return Object.freeze({ kind: 'flag' })
    case 'timestamp':
      return plain({ kind: 'timestamp', ...readMerge(saved) })
    case 'category': {
      const values =
        saved.values === null ? null : listOf(saved.values, 'values').map((value) => textOf(value, 'a value'))
      return plain({ kind: 'category', many: saved.many, values, ...readMerge(saved) })
    }
    case 'number':
      return plain({ kind: 'number', scale: saved.scale, min: saved.min, max: saved.max, ...readMerge(saved) })
    case 'event': {
      const properties = listOf(saved.properties, 'properties').map((item): [string, PropertySpec] => {
        const property = fieldsOf(item, 'a property')
        const propertyName = textOf(property.name, 'the name of a property')
        return [propertyName, readSpec(`${name}.${propertyName}`, property) as PropertySpec]
      })
      const names = new Set(properties.map(([property]) => property))
      if (names.size < properties.length) throw damaged(`event ${show(name)} has two properties of one name`)
      return plain({ kind: 'event', properties: Object.fromEntries(properties), retentionDays: saved.retentionDays })
    }
    default:
      throw damaged(`column ${show(name)} is of the unknown kind ${show(saved.kind)}`)
  }
}

/** `latest` is left out. */
function writeMerge(merge: MergePolicy | undefined): SavedFields {
  return merge === undefined ? {} : { merge }
}

function readMerge({ merge }: SavedFields): SavedFields {
  return merge === undefined ? {} : { merge }
}

function plain(spec: { readonly [key: string]: PlainData | undefined | object }): ColumnSpec {
  return Object.freeze(spec) as unknown as ColumnSpec
}
