import type { ColumnSpec } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import { changeFits, ruleFits } from './change-fits.ts'
import { innerRules } from './map-rule.ts'
import type { PopulationChange, SegmentationCase } from './population-change.ts'
import { ReferencePopulation } from './reference-population.ts'
import { smallerRules } from './smaller-rules.ts'

/** Most smaller cases that are tried. */
const mostTries = 3_000

/**
 * Makes a failing case smaller as long as it fails: fewer changes, shorter rules, smaller rows and lists. fast-check's own
 * shrinking stops early here, since what comes later in a case depends on what comes first.
 *
 * @param fails whether a case fails; asked with cases that fit only.
 * @param leaveOut kinds of node that no smaller case may have.
 */
export async function smallestCase(
  failing: SegmentationCase,
  fails: (tried: SegmentationCase) => Promise<boolean>,
  leaveOut: readonly string[] = [],
): Promise<SegmentationCase> {
  let smallest = failing
  let tries = 0
  for (let found = true; found; ) {
    found = false
    for (const smaller of smallerCases(smallest)) {
      if (!fits(smaller) || rulesIn(smaller).some((rule) => hasKind(rule, leaveOut))) continue
      if (++tries > mostTries) return smallest
      if (await fails(smaller)) {
        smallest = smaller
        found = true
        break
      }
    }
  }
  return smallest
}

function* smallerCases(tried: SegmentationCase): Generator<SegmentationCase, void, undefined> {
  const { schema, changes, rule } = tried
  for (let chunk = changes.length; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let from = 0; from < changes.length; from += chunk) yield { ...tried, changes: changes.toSpliced(from, chunk) }
  }
  for (const smaller of smallerRules(rule)) yield { ...tried, rule: smaller }
  for (const [index, change] of changes.entries()) {
    for (const smaller of smallerChanges(change)) yield { ...tried, changes: changes.toSpliced(index, 1, smaller) }
  }
  for (const column of Object.keys(schema)) {
    yield { ...tried, schema: Object.fromEntries(Object.entries(schema).filter(([name]) => name !== column)) }
  }
  for (const [column, spec] of Object.entries(schema)) {
    for (const smaller of smallerSpecs(spec)) yield { ...tried, schema: { ...schema, [column]: smaller } }
  }
  if (tried.timeZone !== 'UTC') yield { ...tried, timeZone: 'UTC' }
  if (tried.asOfs.length > 1) for (const asOf of tried.asOfs) yield { ...tried, asOfs: [asOf] }
}

/** The column with an option or a property less. */
function* smallerSpecs(spec: ColumnSpec): Generator<ColumnSpec, void, undefined> {
  if ('merge' in spec) {
    const { merge: _, ...rest } = spec
    yield rest
  }
  if (spec.kind === 'number') {
    if (spec.min !== null) yield { ...spec, min: null }
    if (spec.max !== null) yield { ...spec, max: null }
  }
  if (spec.kind !== 'event') return
  if (spec.retentionDays !== null) yield { ...spec, retentionDays: null }
  for (const property of Object.keys(spec.properties)) {
    const { [property]: _, ...properties } = spec.properties
    yield { ...spec, properties }
  }
}

function* smallerChanges(change: PopulationChange): Generator<PopulationChange, void, undefined> {
  switch (change.kind) {
    case 'put':
      for (const rows of withoutOne(change.rows)) yield { ...change, rows }
      for (const [index, [id, row]] of change.rows.entries()) {
        for (const cells of withoutOne(Object.entries(row))) {
          yield { ...change, rows: change.rows.toSpliced(index, 1, [id, Object.fromEntries(cells)]) }
        }
      }
      break
    case 'link':
      for (const pairs of withoutOne(change.pairs)) yield { ...change, pairs }
      break
    case 'members':
      if (change.form !== 'array') yield { ...change, form: 'array' }
      for (const ids of withoutOne(change.ids)) yield { ...change, ids }
      break
    case 'values':
      if (change.form !== 'array') yield { ...change, form: 'array' }
      if (change.action === 'replace') yield { ...change, action: 'set' }
      for (const values of withoutOne(change.values)) yield { ...change, values }
      break
    case 'track':
      if (change.form !== 'one') yield { ...change, form: 'one' }
      for (const events of withoutOne(change.events)) yield { ...change, events }
      for (const [index, [id, { at, ...rest }]] of change.events.entries()) {
        for (const cells of withoutOne(Object.entries(rest))) {
          yield { ...change, events: change.events.toSpliced(index, 1, [id, { at, ...Object.fromEntries(cells) }]) }
        }
      }
      break
    case 'remove':
    case 'list':
    case 'listAudience':
      for (const ids of withoutOne(change.ids)) yield { ...change, ids }
      break
    case 'ruleAudience':
      for (const rule of smallerRules(change.rule)) yield { ...change, rule }
      break
    case 'rebuild':
      if (change.rule === null) break
      yield { ...change, rule: null }
      for (const rule of smallerRules(change.rule)) yield { ...change, rule }
      break
    default:
  }
}

function* withoutOne<Item>(items: readonly Item[]): Generator<Item[], void, undefined> {
  if (items.length > 2) {
    const half = Math.floor(items.length / 2)
    yield items.slice(0, half)
    yield items.slice(half)
  }
  for (const index of items.keys()) yield items.toSpliced(index, 1)
}

function rulesIn({ changes, rule }: SegmentationCase): readonly RuleNode[] {
  return [rule, ...changes.flatMap((change) => ('rule' in change && change.rule !== null ? [change.rule] : []))]
}

function hasKind(rule: RuleNode, kinds: readonly string[]): boolean {
  return kinds.includes(rule.kind) || innerRules(rule).some((part) => hasKind(part, kinds))
}

function fits({ schema, changes, rule, ...settings }: SegmentationCase): boolean {
  const population = new ReferencePopulation(schema, settings)
  for (const change of changes) {
    if (!changeFits(change, population)) return false
    population.apply(change)
  }
  return ruleFits(rule, population)
}
