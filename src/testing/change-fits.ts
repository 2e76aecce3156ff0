import { type ColumnSpec, defaultRuleLimits } from '../index.ts'
import { childRules, type RuleNode, Schema, validateRule } from '../rules/index.ts'
import type { PopulationChange, WrittenValue } from './population-change.ts'
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
    case 'members': {
      const spec = schema.get(change.column.normalize('NFC'))
      if (spec === undefined) return false
      if (spec.kind === 'flag') return change.value === null
      return change.value === null ? change.action === 'clear' : isAllowed(change.value, spec)
    }
    case 'addColumn':
      return !schema.has(change.column.normalize('NFC'))
    case 'dropColumn': {
      const column = change.column.normalize('NFC')
      return schema.has(column) && [...audiences.values()].every(({ rule }) => rule === null || !names(rule, column))
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

/** Whether a rule can be asked now: tags, operators, listed values, audiences and versions (law 6). */
export function ruleFits(rule: RuleNode, population: ReferencePopulation): boolean {
  const { audiences } = population
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
}

/** Numbers of the versions of an audience that are surely kept, the oldest first. */
export function versionsKept(name: string, population: ReferencePopulation): readonly number[] {
  return [...(population.audiences.get(name)?.versions.keys() ?? [])].slice(-keptVersions)
}

function valueFits(written: WrittenValue, spec: ColumnSpec | undefined): boolean {
  if (spec === undefined) return false
  if (written === null || written === undefined) return true
  if (typeof written === 'boolean') return spec.kind === 'flag'
  if (spec.kind === 'flag') return false
  if (typeof written === 'string') return !spec.many && isAllowed(written, spec)
  const texts = 'length' in written ? written : [...(written.add ?? []), ...(written.remove ?? [])]
  return spec.many && texts.every((text) => isAllowed(text, spec))
}

function isAllowed(text: string, spec: ColumnSpec & { readonly kind: 'category' }): boolean {
  return spec.values === null || spec.values.includes(text.normalize('NFC'))
}

/** Whether a rule asks about a column. */
function names(rule: RuleNode, column: string): boolean {
  return ('tag' in rule && rule.tag === column) || childRules(rule).some((part) => names(part, column))
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
