import {
  type CategorySpec,
  type ColumnSpec,
  type Decimal,
  defaultRuleLimits,
  type Instant,
  type MultiCategorySpec,
  type NumberSpec,
} from '../index.ts'
import { childRules, eventTerms, isEventNode, RuleError, type RuleNode, Schema, validateRule } from '../rules/index.ts'
import { takesDecimal } from './number-arbitrary.ts'
import type { PopulationChange, WrittenValue } from './population-change.ts'
import { decimalOf } from './reference-numbers.ts'
import type { ReferencePopulation } from './reference-population.ts'

/** Versions of an audience that an engine keeps at least. */
const keptVersions = 3

/** Whether a system that keeps the laws accepts the change now: its columns, values and audiences are there (law 6). */
export function changeFits(change: PopulationChange, population: ReferencePopulation): boolean {
  const { schema, audiences } = population
  switch (change.kind) {
    case 'put':
      return change.rows.every(([, row]) =>
        Object.entries(row).every(([column, written]) => valueFits(written, schema.get(column.normalize('NFC')))),
      )
    case 'remove':
      return true
    case 'link':
      return population
        .mergedSums(change.pairs)
        .every(({ column, sum }) => takesDecimal(schema.get(column) as NumberSpec, sum))
    case 'unlink':
      return population.canUnlink(change.id)
    case 'members': {
      const spec = schema.get(change.column.normalize('NFC'))
      if (spec?.kind === 'flag') return change.value === null
      if (spec?.kind !== 'category') return false
      return change.value === null ? change.action === 'clear' : isAllowed(change.value, spec)
    }
    case 'values': {
      const spec = schema.get(change.column.normalize('NFC'))
      if (spec?.kind !== 'number' && spec?.kind !== 'timestamp') return false
      return change.values.every(
        ([, value]) => (change.action === 'clear') === (value === null) && valueFits(value, spec),
      )
    }
    case 'track': {
      const spec = schema.get(change.event.normalize('NFC'))
      if (spec?.kind !== 'event') return false
      return change.events.every(([, { at, eventId: _, ...properties }]) =>
        [
          isInstant(at),
          ...Object.entries(properties).map(([property, written]) =>
            valueFits(written, spec.properties[property.normalize('NFC')]),
          ),
        ].every(Boolean),
      )
    }
    case 'addColumn':
      return !schema.has(change.column.normalize('NFC'))
    case 'dropColumn': {
      const column = change.column.normalize('NFC')
      return (
        schema.has(column) && [...audiences.values()].every(({ rule }) => rule === null || !namesColumn(rule, column))
      )
    }
    case 'ruleAudience':
      return !audiences.has(change.name) && ruleFits(change.rule, population)
    case 'listAudience':
      return !audiences.has(change.name)
    case 'rebuild': {
      const rule = audiences.get(change.name)?.rule ?? null
      if (rule === null) return false
      return (
        change.rule === null || (ruleFits(change.rule, population) && !reaches(change.rule, change.name, population))
      )
    }
    case 'list':
      return audiences.get(change.name)?.rule === null
  }
}

/** Whether a rule can be asked now: tags, events, operators, constants, audiences and versions, and its size (law 6). */
export function ruleFits(rule: RuleNode, population: ReferencePopulation): boolean {
  const { audiences } = population
  try {
    const faults = validateRule(rule, {
      schema: Schema.from(Object.fromEntries(population.schema)),
      limits: defaultRuleLimits,
      audiences: {
        has: (name) => audiences.has(name),
        names: () => audiences.keys(),
        hasVersion: (name, version) => version === 'latest' || versionsKept(name, population).includes(version),
      },
    })
    return faults.length === 0
  } catch (error) {
    if (error instanceof RuleError) return false
    throw error
  }
}

/** Numbers of the versions of an audience that are surely kept, the oldest first. */
export function versionsKept(name: string, population: ReferencePopulation): readonly number[] {
  return [...(population.audiences.get(name)?.versions.keys() ?? [])].slice(-keptVersions)
}

/** Law 9: decimals of no more digits than the scale, in range. Instants: `Date`s, milliseconds and texts of times. */
function valueFits(written: WrittenValue, spec: ColumnSpec | undefined): boolean {
  if (spec === undefined || spec.kind === 'event') return false
  if (written === null || written === undefined) return true
  switch (spec.kind) {
    case 'flag':
      return typeof written === 'boolean'
    case 'number':
      return isDecimal(written) && takesDecimal(spec, decimalOf(written))
    case 'timestamp':
      return isInstant(written)
    case 'category': {
      if (typeof written === 'string') return !spec.many && isAllowed(written, spec)
      if (typeof written !== 'object' || written instanceof Date) return false
      const texts = 'length' in written ? written : [...(written.add ?? []), ...(written.remove ?? [])]
      return spec.many && texts.every((text) => isAllowed(text, spec))
    }
  }
}

function isDecimal(written: WrittenValue): written is Decimal {
  if (typeof written !== 'number' && typeof written !== 'bigint' && typeof written !== 'string') return false
  try {
    decimalOf(written)
    return true
  } catch {
    return false
  }
}

function isInstant(written: WrittenValue): written is Instant {
  const time = typeof written === 'string' ? Date.parse(written) : written instanceof Date ? written.getTime() : written
  return Number.isSafeInteger(time)
}

function isAllowed(text: string, spec: CategorySpec | MultiCategorySpec): boolean {
  return spec.values === null || spec.values.includes(text.normalize('NFC'))
}

/** Whether a rule asks about a column: a tag, or a kind of event. */
export function namesColumn(rule: RuleNode, column: string): boolean {
  if ('tag' in rule && rule.tag === column) return true
  if (isEventNode(rule) && eventTerms(rule).some(({ event }) => event === column)) return true
  return childRules(rule).some((part) => namesColumn(part, column))
}

/** Whether an audience would be defined by itself (law 16). */
function reaches(rule: RuleNode, name: string, population: ReferencePopulation): boolean {
  if (rule.kind === 'audience') {
    if (rule.name === name) return true
    const inner = population.audiences.get(String(rule.name))?.rule ?? null
    return inner !== null && reaches(inner, name, population)
  }
  return childRules(rule).some((part) => reaches(part, name, population))
}
