import type { ColumnSpec, ExternalId, MergePolicy } from '../index.ts'
import { childRules, isEventNode, printRule, type RuleNode } from '../rules/index.ts'
import { eventColumnsOf } from './event-columns.ts'
import type { PopulationChange, SegmentationCase, TrackChange, WrittenRow } from './population-change.ts'

/**
 * A case as a program on crowdbit: the schema, the changes as calls, the rule as text. What a failure prints. It runs as
 * it stands, given `createEngine`, the functions that make columns and, for members as bytes, `portableBytesOf`. The clock
 * and the instants of questions are left out where nothing depends on them, and the zone where it is UTC.
 *
 * @example
 * ```ts
 * const crowd = createEngine({ schema: { vip: flag() } })
 * crowd.put("u0", { vip: true })
 * crowd.count("not vip")
 * ```
 */
export function showCase(shown: SegmentationCase): string {
  const { schema, changes, rule, timeZone, now, asOfs } = shown
  const columns = Object.entries(schema).map(([name, spec]) => `${showKey(name)}: ${showSpec(spec)}`)
  const kinds = new Map(Object.entries(schema).map(([name, spec]) => [name, spec.kind]))
  for (const change of changes) if (change.kind === 'addColumn') kinds.set(change.column, change.spec.kind)
  const isTimed = isTimedCase(shown)
  const options = [
    `schema: ${braces(columns)}`,
    ...(timeZone === 'UTC' || !(isTimed || hasTimes(kinds)) ? [] : [`timeZone: ${showText(timeZone)}`]),
    ...(isTimed ? [`clock: { now: () => Date.parse(${showInstant(now)}) }`] : []),
  ]
  return [
    `const crowd = createEngine(${braces(options)})`,
    ...changes.map((change) => showChange(change, kinds, isTimed)),
    ...(isTimed ? asOfs : [null]).map(
      (asOf) => `crowd.count(${showText(printRule(rule))}${asOf === null ? '' : `, { asOf: ${showInstant(asOf)} }`})`,
    ),
  ].join('\n')
}

/** Whether an answer can depend on the instant for which it is asked; of a rule that names an audience, as far as it shows. */
export function readsTime(rule: RuleNode): boolean {
  return rule.kind === 'within' || isEventNode(rule) || childRules(rule).some(readsTime)
}

/** An instant as the text of its UTC time, in quotes. */
export function showInstant(at: number): string {
  return showText(new Date(at).toISOString())
}

/** Whether anything in a case depends on the clock: retention does, and questions about events and windows. */
function isTimedCase({ schema, changes, rule }: SegmentationCase): boolean {
  const specs = [...Object.values(schema), ...changes.flatMap((change) => ('spec' in change ? [change.spec] : []))]
  const rules = [rule, ...changes.flatMap((change) => ('rule' in change && change.rule !== null ? [change.rule] : []))]
  return specs.some(({ kind }) => kind === 'event') || rules.some(readsTime)
}

function hasTimes(kinds: ReadonlyMap<string, ColumnSpec['kind']>): boolean {
  return [...kinds.values()].includes('timestamp')
}

/** Ids as the items of an array. */
export function showIds(ids: Iterable<ExternalId>): string {
  return `[${[...ids].map(showId).join(', ')}]`
}

function showChange(
  change: PopulationChange,
  kinds: ReadonlyMap<string, ColumnSpec['kind']>,
  isTimed: boolean,
): string {
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
    case 'link': {
      const pairs = change.pairs.map(([a, b]) => `${showId(a)}, ${showId(b)}`)
      return pairs.length === 1
        ? `crowd.link(${pairs[0]})`
        : `crowd.linkMany([${pairs.map((pair) => `[${pair}]`).join(', ')}])`
    }
    case 'unlink':
      return `crowd.unlink(${showId(change.id)})`
    case 'members': {
      const isWhole = change.value === null && kinds.get(change.column) === 'category'
      const call = isWhole ? 'clearAll' : change.action
      const value = change.value === null ? '' : `${showText(change.value)}, `
      return `crowd.tags${showMember(change.column)}.${call}(${value}${showMembers(change.form, change.ids)})`
    }
    case 'values': {
      const ids = change.values.map(([id]) => id)
      const tag = `crowd.tags${showMember(change.column)}`
      if (change.action === 'clear') return `${tag}.clear(${showMembers(change.form, ids)})`
      const values = `[${change.values.map(([, value]) => showWritten(value)).join(', ')}]`
      const known = '.filter((_, at) => crowd.has(ids[at]))'
      if (change.form === 'array') return `${tag}.${change.action}(${showIds(ids)}, ${values})`
      return `{ const ids = ${showIds(ids)}; ${tag}.${change.action}(${showMembers(change.form, ids)}, ${values}${known}) }`
    }
    case 'track':
      return showTrack(change)
    case 'addColumn':
      return `crowd.addColumn(${showText(change.column)}, ${showSpec(change.spec)})`
    case 'dropColumn':
      return `crowd.dropColumn(${showText(change.column)})`
    case 'ruleAudience': {
      const { name, rule, asOf } = change
      const then = isTimed ? `, asOf: ${showInstant(asOf)}` : ''
      return `crowd.audiences.create({ name: ${showText(name)}, rule: ${showText(printRule(rule))}, bounds: { min: 0 }${then} })`
    }
    case 'listAudience':
      return `crowd.audiences.createList({ name: ${showText(change.name)}, members: ${showIds(change.ids)}, createUnknown: ${change.createUnknown}, bounds: { min: 0 } })`
    case 'rebuild': {
      const rule = change.rule === null ? [] : [`rule: ${showText(printRule(change.rule))}`]
      const options = [...rule, ...(isTimed ? [`asOf: ${showInstant(change.asOf)}`] : [])]
      const call = `${change.rule === null ? 'rebuild' : 'update'}(${options.length === 0 ? '' : braces(options)})`
      return `crowd.audiences.get(${showText(change.name)}).${call}`
    }
    case 'list':
      return `crowd.audiences.get(${showText(change.name)}).${change.action}(${showIds(change.ids)})`
  }
}

function showTrack({ event, form, events }: TrackChange): string {
  const name = showText(event)
  switch (form) {
    case 'one':
      return events.map(([id, values]) => `crowd.track(${showId(id)}, ${name}, ${showRow(values)})`).join('\n')
    case 'rows':
      return `crowd.trackMany(${name}, [${events.map(([id, values]) => `[${showId(id)}, ${showRow(values)}]`).join(', ')}])`
    case 'columns': {
      const ids = `ids: ${showIds(events.map(([id]) => id))}`
      const columns = Object.entries(eventColumnsOf(events)).map(([column, values]) => {
        const shown = [...values].map(showWritten).join(', ')
        return `${showKey(column)}: ${values instanceof Float64Array ? `Float64Array.of(${shown})` : `[${shown}]`}`
      })
      return `crowd.trackColumns(${name}, ${braces([ids, ...columns])})`
    }
    case 'dense': {
      const rows = `[${events.map(([id, values]) => `[${showId(id)}, ${showRow(values)}]`).join(', ')}]`
      const columns = Object.keys(eventColumnsOf(events)).map(
        (column) => `${showKey(column)}: known.map(([, event]) => event${showMember(column)})`,
      )
      const dense = 'dense: Uint32Array.from(known, ([id]) => crowd.denseOf(id))'
      return `{ const known = ${rows}.filter(([id]) => crowd.has(id)); crowd.trackColumns(${name}, ${braces([dense, ...columns])}) }`
    }
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
  if (typeof written === 'bigint') return `${written}n`
  if (written instanceof Date) return `new Date(${showInstant(written.getTime())})`
  if (Array.isArray(written)) return `[${written.map(showWritten).join(', ')}]`
  if (typeof written === 'object' && written !== null) return showRow(written as WrittenRow)
  return String(written)
}

function showSpec(spec: ColumnSpec): string {
  switch (spec.kind) {
    case 'flag':
      return 'flag()'
    case 'timestamp':
      return `timestamp(${showOptions(showMerge(spec))})`
    case 'category': {
      const values = spec.values === null ? [] : [`values: [${spec.values.map(showText).join(', ')}]`]
      return `category(${showOptions([...(spec.many ? ['many: true'] : showMerge(spec)), ...values])})`
    }
    case 'number': {
      const bounds = (['min', 'max'] as const).flatMap((name) =>
        spec[name] === null ? [] : [`${name}: ${showText(spec[name])}`],
      )
      const scale = spec.scale === 0 ? [] : [`scale: ${spec.scale}`]
      return `number(${showOptions([...scale, ...bounds, ...showMerge(spec)])})`
    }
    case 'event': {
      const properties = Object.entries(spec.properties).map(([name, inner]) => `${showKey(name)}: ${showSpec(inner)}`)
      const options =
        spec.retentionDays === null ? [] : [braces(properties), `{ retentionDays: ${spec.retentionDays} }`]
      return `event(${options.length > 0 ? options.join(', ') : showOptions(properties)})`
    }
  }
}

function showMerge({ merge }: { readonly merge?: MergePolicy }): string[] {
  return merge === undefined ? [] : [`merge: ${showText(merge)}`]
}

function showOptions(options: readonly string[]): string {
  return options.length === 0 ? '' : braces(options)
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
