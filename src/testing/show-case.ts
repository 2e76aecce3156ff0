import type { ColumnSpec, ExternalId } from '../index.ts'
import { printRule } from '../rules/index.ts'
import type { PopulationChange, SegmentationCase, WrittenRow } from './population-change.ts'

/**
 * A case as a program on crowdbit: the schema, the changes as calls, the rule as text. What a failure prints. It runs as
 * it stands, given `createEngine`, `flag`, `category` and, for members as bytes, `portableBytesOf`.
 *
 * @example
 * ```ts
 * const crowd = createEngine({ schema: { vip: flag() } })
 * crowd.put("u0", { vip: true })
 * crowd.count("not vip")
 * ```
 */
export function showCase({ schema, changes, rule }: SegmentationCase): string {
  const columns = Object.entries(schema).map(([name, spec]) => `${showKey(name)}: ${showSpec(spec)}`)
  const kinds = new Map(Object.entries(schema).map(([name, spec]) => [name, spec.kind]))
  for (const change of changes) if (change.kind === 'addColumn') kinds.set(change.column, change.spec.kind)
  return [
    `const crowd = createEngine({ schema: ${braces(columns)} })`,
    ...changes.map((change) => showChange(change, kinds)),
    `crowd.count(${showText(printRule(rule))})`,
  ].join('\n')
}

/** Ids as the items of an array. */
export function showIds(ids: Iterable<ExternalId>): string {
  return `[${[...ids].map(showId).join(', ')}]`
}

function showChange(change: PopulationChange, kinds: ReadonlyMap<string, ColumnSpec['kind']>): string {
  switch (change.kind) {
    case 'put': {
      const [first] = change.rows
      if (change.rows.length === 1) return `crowd.put(${showId(first![0])}, ${showRow(first![1])})`
      return `crowd.putMany([${change.rows.map(([id, row]) => `[${showId(id)}, ${showRow(row)}]`).join(', ')}])`
    }
    case 'remove':
      return change.ids.length === 1
        ? `crowd.remove(${showId(change.ids[0]!)})`
        : `crowd.removeMany(${showIds(change.ids)})`
    case 'members': {
      const isWhole = change.value === null && kinds.get(change.column) === 'category'
      const call = isWhole ? 'clearAll' : change.action
      const value = change.value === null ? '' : `${showText(change.value)}, `
      return `crowd.tags${showMember(change.column)}.${call}(${value}${showMembers(change.form, change.ids)})`
    }
    case 'addColumn':
      return `crowd.addColumn(${showText(change.column)}, ${showSpec(change.spec)})`
    case 'dropColumn':
      return `crowd.dropColumn(${showText(change.column)})`
    case 'ruleAudience':
      return `crowd.audiences.create({ name: ${showText(change.name)}, rule: ${showText(printRule(change.rule))}, bounds: { min: 0 } })`
    case 'listAudience':
      return `crowd.audiences.createList({ name: ${showText(change.name)}, members: ${showIds(change.ids)}, createUnknown: ${change.createUnknown}, bounds: { min: 0 } })`
    case 'rebuild': {
      const call = change.rule === null ? 'rebuild()' : `update({ rule: ${showText(printRule(change.rule))} })`
      return `crowd.audiences.get(${showText(change.name)}).${call}`
    }
    case 'list':
      return `crowd.audiences.get(${showText(change.name)}).${change.action}(${showIds(change.ids)})`
  }
}

function showMembers(form: string, ids: readonly ExternalId[]): string {
  if (form === 'array') return showIds(ids)
  if (form === 'iterable') return `new Set(${showIds(ids)})`
  const numbers = `${showIds(ids)}.map((id) => crowd.denseOf(id)).filter((number) => number !== undefined)`
  return form === 'dense' ? `Uint32Array.from(${numbers})` : `portableBytesOf(${numbers})`
}

function showRow(row: WrittenRow): string {
  return braces(Object.entries(row).map(([column, written]) => `${showKey(column)}: ${showWritten(written)}`))
}

function showWritten(written: unknown): string {
  if (written === undefined) return 'undefined'
  if (typeof written === 'string') return showText(written)
  if (Array.isArray(written)) return `[${written.map(showWritten).join(', ')}]`
  if (typeof written === 'object' && written !== null) return showRow(written as WrittenRow)
  return String(written)
}

function showSpec(spec: ColumnSpec): string {
  if (spec.kind === 'flag') return 'flag()'
  const options = [
    ...(spec.many ? ['many: true'] : []),
    ...(spec.values === null ? [] : [`values: [${spec.values.map(showText).join(', ')}]`]),
  ]
  return `category(${options.length === 0 ? '' : braces(options)})`
}

function braces(parts: readonly string[]): string {
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function showId(id: ExternalId): string {
  return typeof id === 'string' ? showText(id) : typeof id === 'bigint' ? `${id}n` : String(id)
}

/** Decomposed characters are written as escapes, since nobody sees that they are. */
function showText(text: string): string {
  const json = JSON.stringify(text)
  return json.replace(/\p{M}/gu, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`)
}

const plainKey = /^[\p{L}_$][\p{L}\p{N}_$]*$/u

function showKey(name: string): string {
  return plainKey.test(name) ? name : showText(name)
}

function showMember(name: string): string {
  return plainKey.test(name) ? `.${name}` : `[${showText(name)}]`
}
