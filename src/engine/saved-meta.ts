import type { AudienceKind } from '../audiences/audience.ts'
import type { Bounds } from '../audiences/bounds.ts'
import type { Millis } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { deepestRuleLimit, defaultRuleLimits, type RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { DerivedTag } from '../dataset/derived-tag.ts'
import { ruleToJson } from '../rules/json/rule-to-json.ts'
import type { Rule } from '../rules/rule.ts'
import { Schema } from '../schema/schema.ts'
import type { PlainData } from '../store/plain-data.ts'
import { readDerived, writeDerived } from './saved-derived.ts'
import { damaged, fieldsOf, instantOf, listOf, textOf, wholeOf } from './saved-fields.ts'
import { readRule } from './saved-rule.ts'
import { readSpec, writeSpec } from './saved-spec.ts'

/** One version of an audience, without its members. */
export interface SavedVersion {
  readonly number: number
  readonly ruleHash: string | null
  readonly asOf: Millis
  readonly dataVersion: number
}

/** One audience, without its members. */
export interface SavedAudience {
  readonly name: string
  readonly kind: AudienceKind
  readonly bounds: Bounds
  readonly rule: Rule | null
  readonly versions: readonly SavedVersion[]
}

/** What a saved engine says of itself, beside its sections. */
export interface SavedMeta {
  readonly timeZone: string
  /** The limits in force when it was saved: its audiences keep to them. */
  readonly limits: RuleLimits
  readonly schema: Schema
  readonly dataVersion: number
  /** The version of the data that the last write to each column led to, by name, and that at which people came or went last. */
  readonly written: { readonly columns: ReadonlyMap<string, number>; readonly people: number }
  /** Derived tags in the order in which they were defined. */
  readonly derived: readonly (readonly [name: string, tag: DerivedTag])[]
  readonly workspaces: readonly { readonly name: string; readonly audiences: readonly SavedAudience[] }[]
}

/** The meta of a save, as plain data. */
export function writeMeta(meta: SavedMeta): PlainData {
  return {
    timeZone: meta.timeZone,
    limits: { ...meta.limits },
    dataVersion: meta.dataVersion,
    peopleWrittenAt: meta.written.people,
    columns: [...meta.schema.entries()].map(([name, spec]) => ({
      name,
      writtenAt: meta.written.columns.get(name)!,
      ...writeSpec(spec),
    })),
    derived: meta.derived.map(writeDerived),
    workspaces: meta.workspaces.map(({ name, audiences }) => ({
      name,
      audiences: audiences.map((audience) => ({
        name: audience.name,
        kind: audience.kind,
        min: audience.bounds.min,
        max: audience.bounds.max,
        rule: audience.rule === null ? null : JSON.stringify(ruleToJson(audience.rule.node)),
        versions: audience.versions.map((version) => ({ ...version })),
      })),
    })),
  }
}

/**
 * The meta of a save, every field of which is checked.
 *
 * @throws STORE_CORRUPT
 */
export function readMeta(data: PlainData): SavedMeta {
  const meta = fieldsOf(data, 'the description')
  let schema: Schema
  try {
    schema = readSchema(listOf(meta.columns, 'columns'))
  } catch (error) {
    if (error instanceof CrowdbitError && error.code !== 'STORE_CORRUPT') throw damaged(error.message, error)
    throw error
  }
  return {
    timeZone: textOf(meta.timeZone, 'timeZone'),
    limits: readLimits(fieldsOf(meta.limits, 'limits')),
    dataVersion: wholeOf(meta.dataVersion, 'dataVersion'),
    written: readWritten(meta),
    schema,
    derived: readDerived(meta.derived, schema),
    workspaces: listOf(meta.workspaces, 'workspaces').map((item) => {
      const workspace = fieldsOf(item, 'a workspace')
      return {
        name: textOf(workspace.name, 'a workspace name'),
        audiences: listOf(workspace.audiences, 'audiences').map(readAudience),
      }
    }),
  }
}

/** Saves of before this was kept say that all was written just before them. */
function readWritten(meta: { readonly [key: string]: PlainData }): SavedMeta['written'] {
  const latest = wholeOf(meta.dataVersion, 'dataVersion')
  const versionOf = (data: PlainData | undefined): number => {
    const version = data === undefined ? latest : wholeOf(data, 'writtenAt')
    if (version > latest)
      throw damaged(`something was written at version ${version}, after that of the save, ${latest}`)
    return version
  }
  const columns = listOf(meta.columns, 'columns').map((item) => {
    const column = fieldsOf(item, 'a column')
    return [textOf(column.name, 'a column name'), versionOf(column.writtenAt)] as const
  })
  return { columns: new Map(columns), people: versionOf(meta.peopleWrittenAt) }
}

function readSchema(columns: readonly PlainData[]): Schema {
  let schema = Schema.from({})
  for (const item of columns) {
    const column = fieldsOf(item, 'a column')
    const name = textOf(column.name, 'a column name')
    schema = schema.with(name, readSpec(name, column))
  }
  return schema
}

/** Far above what can come to be, far below where counting on would lose digits. */
const lastVersion = 2 ** 40

function versionNumber(data: PlainData | undefined): number {
  const number = wholeOf(data, 'a version number')
  if (number < 1 || number > lastVersion) throw damaged(`a version has the number ${number}`)
  return number
}

function hashOf(data: PlainData | undefined): string {
  const hash = textOf(data, 'a rule hash')
  if (!/^[0-9a-f]{64}$/.test(hash)) throw damaged(`${show(hash)} is not the hash of a rule`)
  return hash
}

/** Every limit there is, and no other. */
function readLimits(saved: { readonly [key: string]: PlainData }): RuleLimits {
  const limits = Object.fromEntries(
    Object.keys(defaultRuleLimits).map((name) => [name, wholeOf(saved[name], `the limit ${name}`)]),
  )
  if (limits.depth! > deepestRuleLimit) throw damaged(`the limit depth is above ${deepestRuleLimit}`)
  return limits as unknown as RuleLimits
}

function readAudience(item: PlainData): SavedAudience {
  const audience = fieldsOf(item, 'an audience')
  const kind = textOf(audience.kind, 'a kind')
  if (kind !== 'official' && kind !== 'industry' && kind !== 'custom')
    throw damaged(`an audience is of the unknown kind ${show(kind)}`)
  const versions = listOf(audience.versions, 'versions').map((version) => readVersion(fieldsOf(version, 'a version')))
  if (versions.some(({ ruleHash }) => (ruleHash === null) !== (audience.rule === null)))
    throw damaged('a version has the hash of a rule without one, or none with one')
  const ascending = versions.every((version, index) => index === 0 || version.number > versions[index - 1]!.number)
  if (versions.length === 0 || !ascending) throw damaged('an audience has no versions, or not in order')
  return {
    name: textOf(audience.name, 'an audience name'),
    kind,
    bounds: { min: wholeOf(audience.min, 'min'), max: wholeOf(audience.max, 'max') },
    rule: audience.rule === null ? null : readRule(textOf(audience.rule, 'a rule')),
    versions,
  }
}

function readVersion(version: { readonly [key: string]: PlainData }): SavedVersion {
  return {
    number: versionNumber(version.number),
    ruleHash: version.ruleHash === null ? null : hashOf(version.ruleHash),
    asOf: instantOf(version.asOf, 'asOf'),
    dataVersion: wholeOf(version.dataVersion, 'dataVersion'),
  }
}
