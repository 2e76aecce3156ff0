import fc from 'fast-check'
import type { ColumnSpec, SchemaSpec } from '../index.ts'
import { childRules, makeNode as make, type RuleKind, type RuleNode } from '../rules/index.ts'
import { changeFor, rowFor, trackOf } from './change-arbitrary.ts'
import { changeFits, namesColumn, versionsKept } from './change-fits.ts'
import { mapRule } from './map-rule.ts'
import type { ChangeKind, PopulationChange, SegmentationCase } from './population-change.ts'
import { ReferencePopulation } from './reference-population.ts'
import { ruleFor } from './rule-arbitrary.ts'
import { anySchema, schemaOf } from './schema-arbitrary.ts'
import { readsTime } from './show-case.ts'
import { anyFrame, asOfIn, type TimeFrame } from './time-arbitrary.ts'
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
  /** The kinds of column that the system under test has, where the columns are random. @default all */
  readonly columns?: readonly ColumnSpec['kind'][]
  /** The zone that the system under test has, and the day about which times lie. @default several of both */
  readonly frame?: TimeFrame
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
  if (options.schema !== undefined) return caseFor(options.schema, options)
  return (options.columns === undefined ? anySchema : schemaOf(options.columns)).chain((schema) =>
    caseFor(schema, options),
  )
}

/** Cases over the columns of one schema. Some columns may come later, or go and come back. */
export function caseFor(schema: SchemaSpec, options: CaseOptions = {}): fc.Arbitrary<SegmentationCase> {
  return (options.frame === undefined ? anyFrame : fc.constant(options.frame)).chain((frame) =>
    caseIn(frame, schema, options),
  )
}

function caseIn(frame: TimeFrame, schema: SchemaSpec, options: CaseOptions): fc.Arbitrary<SegmentationCase> {
  const { people = 60, changes = 20 } = options
  const leaveOut = leftOut(options) as readonly (RuleKind & ChangeKind)[]
  const keepsColumns = leaveOut.some((kind) => kind === 'addColumn' || kind === 'dropColumn')
  const has = (kind: RuleKind | ChangeKind): boolean => !(leaveOut as readonly string[]).includes(kind)
  const mayName = has('audience') && (has('ruleAudience') || has('listAudience'))
  const ruleOptions = { audiences: mayName ? audienceNames : [], leaveOut, frame }
  const inside = ruleFor(schema, { leaveOut, frame })
  const kept = keepsColumns ? [...leaveOut, 'addColumn' as const, 'dropColumn' as const] : leaveOut
  const tracks = Object.entries(schema).flatMap(([column, spec]) =>
    spec.kind === 'event' ? [trackOf(column, spec, frame)] : [],
  )
  const asOf = asOfIn(frame)
  return fc
    .record({
      now: asOf,
      asOfs: fc.array(asOf, { minLength: 1, maxLength: 3 }),
      later: fc.oneof(
        { arbitrary: fc.constant<string[]>([]), weight: keepsColumns ? 1 : 3 },
        { arbitrary: fc.subarray(keepsColumns ? [] : Object.keys(schema)), weight: keepsColumns ? 0 : 1 },
      ),
      rows: fc.array(fc.tuple(anyId, rowFor(schema, frame)), { maxLength: people }),
      tracks: has('track') && tracks.length > 0 ? fc.array(fc.oneof(...tracks), { maxLength: 14 }) : fc.constant([]),
      audiences: mayName ? audiencesFor(ruleFor(schema, ruleOptions), asOf, has) : fc.constant([]),
      changes: fc.array(changeFor(schema, { ...ruleOptions, rule: inside, leaveOut: kept }), { maxLength: changes }),
      rule: ruleFor(schema, ruleOptions),
    })
    .map(({ now, asOfs, later, rows, tracks, audiences, changes, rule }) => {
      const first = Object.fromEntries(Object.entries(schema).filter(([column]) => !later.includes(column)))
      const begin: PopulationChange[] = rows.map((row) => ({ kind: 'put', rows: [row] }))
      const wanted = [...begin, ...tracks, ...audiences, ...changes]
      return settle(schema, { schema: first, timeZone: frame.timeZone, now, asOfs, changes: wanted, rule })
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
  ...{ lt: true, lte: true, gt: true, gte: true, between: true, within: true },
  ...{ behaviour: true, first: true, last: true, sequence: true },
  ...{ stopped: true, resumed: true, new: true, regular: true },
  ...{ not: true, and: true, or: true, xor: true, minus: true, atLeast: true },
  ...{ put: true, remove: true, link: true, unlink: true },
  ...{ members: true, values: true, track: true, addColumn: true, dropColumn: true },
  ...{ ruleAudience: true, listAudience: true, rebuild: true, list: true },
}
const allKinds = Object.keys(kinds) as readonly (RuleKind | ChangeKind)[]

function audiencesFor(
  rule: fc.Arbitrary<RuleNode>,
  asOf: fc.Arbitrary<number>,
  has: (kind: ChangeKind) => boolean,
): fc.Arbitrary<PopulationChange[]> {
  const ids = fc.array(anyId, { maxLength: 20 })
  const one = (name: string): fc.Arbitrary<PopulationChange>[] => [
    ...(has('ruleAudience')
      ? [
          fc
            .tuple(rule, asOf)
            .map(([asked, then]) => ({ kind: 'ruleAudience' as const, name, rule: asked, asOf: then })),
        ]
      : []),
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

/**
 * Leaves out changes that do not fit when their turn comes, adds what the rule needs, pins versions that are kept, and asks
 * once only where the instant of the question is of no matter.
 */
function settle(schema: SchemaSpec, wanted: SegmentationCase): SegmentationCase {
  const population = new ReferencePopulation(wanted.schema, wanted)
  const changes: PopulationChange[] = []
  const apply = (change: PopulationChange): void => {
    if (!changeFits(change, population)) return
    changes.push(change)
    population.apply(change)
  }
  for (const change of wanted.changes) {
    if (change.kind === 'put') apply({ ...change, rows: change.rows.map(([id, row]) => [id, within(row, population)]) })
    else if (change.kind === 'ruleAudience') apply({ ...change, rule: pinned(change.rule, population) })
    else apply(change)
  }
  for (const [column, spec] of Object.entries(schema)) {
    if (namesColumn(wanted.rule, column.normalize('NFC'))) apply({ kind: 'addColumn', column, spec })
  }
  const rule = pinned(wanted.rule, population)
  return { ...wanted, changes, rule, asOfs: mayReadTime(rule) ? wanted.asOfs : wanted.asOfs.slice(0, 1) }
}

/** The part of a row whose columns are there. */
function within<Value>(row: Readonly<Record<string, Value>>, population: ReferencePopulation): Record<string, Value> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => population.schema.has(column.normalize('NFC'))))
}

/** Whether the answer may depend on the instant of the question: that of an audience's rule may, too. */
function mayReadTime(rule: RuleNode): boolean {
  return rule.kind === 'audience' || readsTime(rule) || childRules(rule).some(mayReadTime)
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
