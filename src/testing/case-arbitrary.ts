import fc from 'fast-check'
import type { SchemaSpec } from '../index.ts'
import { makeNode as make, type RuleKind, type RuleNode } from '../rules/index.ts'
import { changeFor, rowFor } from './change-arbitrary.ts'
import { changeFits, versionsKept } from './change-fits.ts'
import { mapRule } from './map-rule.ts'
import type { ChangeKind, PopulationChange, SegmentationCase } from './population-change.ts'
import { ReferencePopulation } from './reference-population.ts'
import { ruleFor } from './rule-arbitrary.ts'
import { anySchema } from './schema-arbitrary.ts'
import { anyId } from './value-arbitrary.ts'

/** Which cases `anyCase` makes. */
export interface CaseOptions {
  /**
   * Kinds of rule node and of change that the system under test does not have. Without `'audience'`, or without both
   * `'ruleAudience'` and `'listAudience'`, there are no audiences.
   * @default none
   */
  readonly leaveOut?: readonly (RuleKind | ChangeKind)[]
  /** The only kinds of rule node and of change that the system under test has. @default all */
  readonly only?: readonly (RuleKind | ChangeKind)[]
  /** The columns that the system under test has. @default random ones for each case */
  readonly schema?: SchemaSpec
  /** Most rows written at the beginning; later changes see at most 60 different people. @default 60 */
  readonly people?: number
  /** Most changes after the beginning. @default 20 */
  readonly changes?: number
}

const audienceNames = ['A', 'B', '已触达'] as const

/**
 * Whole cases: a schema, people, what happens to them, and a rule that fits in the end. Every change in a case fits when
 * its turn comes, so that a case can be replayed as it stands.
 * Cost: about a millisecond a case.
 *
 * @example `fc.assert(fc.property(anyCase({ leaveOut: ['audience'] }), ({ schema, changes, rule }) => …))`
 */
export function anyCase(options: CaseOptions = {}): fc.Arbitrary<SegmentationCase> {
  return options.schema === undefined
    ? anySchema.chain((schema) => caseFor(schema, options))
    : caseFor(options.schema, options)
}

/** Cases over the columns of one schema. Some columns may come later, or go and come back. */
export function caseFor(schema: SchemaSpec, options: CaseOptions = {}): fc.Arbitrary<SegmentationCase> {
  const { people = 60, changes = 20 } = options
  const leaveOut = leftOut(options) as readonly (RuleKind & ChangeKind)[]
  const keepsColumns = leaveOut.some((kind) => kind === 'addColumn' || kind === 'dropColumn')
  const has = (kind: RuleKind | ChangeKind): boolean => !(leaveOut as readonly string[]).includes(kind)
  const mayName = has('audience') && (has('ruleAudience') || has('listAudience'))
  const ruleOptions = { audiences: mayName ? audienceNames : [], leaveOut }
  const inside = ruleFor(schema, { leaveOut })
  const kept = keepsColumns ? [...leaveOut, 'addColumn' as const, 'dropColumn' as const] : leaveOut
  return fc
    .record({
      later: fc.oneof(
        { arbitrary: fc.constant<string[]>([]), weight: keepsColumns ? 1 : 3 },
        { arbitrary: fc.subarray(keepsColumns ? [] : Object.keys(schema)), weight: keepsColumns ? 0 : 1 },
      ),
      rows: fc.array(fc.tuple(anyId, rowFor(schema)), { maxLength: people }),
      audiences: mayName ? audiencesFor(ruleFor(schema, { audiences: audienceNames, leaveOut }), has) : fc.constant([]),
      changes: fc.array(changeFor(schema, { ...ruleOptions, rule: inside, leaveOut: kept }), { maxLength: changes }),
      rule: ruleFor(schema, ruleOptions),
    })
    .map(({ later, rows, audiences, changes: wanted, rule }) => {
      const first = Object.fromEntries(Object.entries(schema).filter(([column]) => !later.includes(column)))
      const begin: PopulationChange[] = rows.map((row) => ({ kind: 'put', rows: [row] }))
      return settle(schema, first, [...begin, ...audiences, ...wanted], rule)
    })
}

/** The kinds that are not among the cases of these options. */
export function leftOut({ leaveOut = [], only }: CaseOptions): readonly (RuleKind | ChangeKind)[] {
  return only === undefined ? leaveOut : [...leaveOut, ...allKinds.filter((kind) => !only.includes(kind))]
}

/** A record, so that the compiler sees when one is missing. */
const kinds: Readonly<Record<RuleKind | ChangeKind, true>> = {
  ...{
    everyone: true,
    nobody: true,
    has: true,
    isSet: true,
    isNotSet: true,
    eq: true,
    ne: true,
    in: true,
    notIn: true,
  },
  ...{ hasAny: true, hasAll: true, hasNone: true, startsWith: true, contains: true, matches: true, audience: true },
  ...{ not: true, and: true, or: true, xor: true, minus: true, atLeast: true },
  ...{ put: true, remove: true, members: true, addColumn: true, dropColumn: true },
  ...{ ruleAudience: true, listAudience: true, rebuild: true, list: true },
}
const allKinds = Object.keys(kinds) as readonly (RuleKind | ChangeKind)[]

function audiencesFor(
  rule: fc.Arbitrary<RuleNode>,
  has: (kind: ChangeKind) => boolean,
): fc.Arbitrary<PopulationChange[]> {
  const ids = fc.array(anyId, { maxLength: 20 })
  const one = (name: string): fc.Arbitrary<PopulationChange>[] => [
    ...(has('ruleAudience') ? [rule.map((asked) => ({ kind: 'ruleAudience' as const, name, rule: asked }))] : []),
    ...(has('listAudience')
      ? [
          fc
            .tuple(ids, fc.boolean())
            .map(([given, create]) => ({ kind: 'listAudience' as const, name, ids: given, createUnknown: create })),
        ]
      : []),
  ]
  return fc
    .tuple(...audienceNames.map((name) => fc.option(fc.oneof(...one(name)), { nil: null, freq: 2 })))
    .map((made) => made.filter((change) => change !== null))
}

/** Leaves out changes that do not fit when their turn comes, adds what the rule needs, and pins versions that are kept. */
function settle(
  schema: SchemaSpec,
  first: SchemaSpec,
  wanted: readonly PopulationChange[],
  rule: RuleNode,
): SegmentationCase {
  const population = new ReferencePopulation(first)
  const changes: PopulationChange[] = []
  const apply = (change: PopulationChange): void => {
    if (!changeFits(change, population)) return
    changes.push(change)
    population.apply(change)
  }
  for (const change of wanted) {
    if (change.kind === 'put') apply({ ...change, rows: change.rows.map(([id, row]) => [id, within(row, population)]) })
    else if (change.kind === 'ruleAudience') apply({ ...change, rule: pinned(change.rule, population) })
    else apply(change)
  }
  for (const [column, spec] of Object.entries(schema)) {
    if (names(rule, column, population)) apply({ kind: 'addColumn', column, spec })
  }
  return { schema: first, changes, rule: pinned(rule, population) }
}

/** The part of a row whose columns are there. */
function within<Value>(row: Readonly<Record<string, Value>>, population: ReferencePopulation): Record<string, Value> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => population.schema.has(column.normalize('NFC'))))
}

/** Whether a rule asks about a column. */
function names(rule: RuleNode, column: string, population: ReferencePopulation): boolean {
  let found = false
  mapRule(rule, (node) => {
    found ||= 'tag' in node && node.tag === column.normalize('NFC')
    return node
  })
  return found && !population.schema.has(column.normalize('NFC'))
}

/** The rule with versions that are kept, and nobody in the place of audiences that could not be made. */
function pinned(rule: RuleNode, population: ReferencePopulation): RuleNode {
  return mapRule(rule, (node) => {
    if (node.kind !== 'audience') return node
    const name = String(node.name)
    if (!population.audiences.has(name)) return make.nobody()
    if (typeof node.version !== 'number') return node
    const kept = versionsKept(name, population)
    return make.audience(name, kept[node.version % kept.length]!)
  })
}
