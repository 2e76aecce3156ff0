import fc from 'fast-check'
import { type Engine, type ExternalId, Rule, type RuleInput, type SchemaSpec } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from './event-log.ts'
import { peopleSql } from './event-sql.ts'
import { instantIn } from './random-windows.ts'
import { millisOf } from './sequence-sql.ts'

/** A question: a rule, the instant it is asked for, and how the engine is given the rule. */
export interface Question {
  readonly rule: RuleNode
  readonly asOf: number
  readonly form: 'rule' | 'json' | 'text'
}

/** What is asked of an engine, of whichever schema. */
export type Crowd = Pick<Engine<SchemaSpec>, 'size' | 'count' | 'select' | 'prepare' | 'idOf'>

/** An engine and a log with the same people and events. */
export interface Sides {
  readonly crowd: Crowd
  readonly log: EventLog
}

function questionOf(log: EventLog, rule: fc.Arbitrary<RuleNode>): fc.Arbitrary<Question> {
  const form = fc.constantFrom('rule' as const, 'json' as const, 'text' as const)
  return rule.chain((node) => fc.record({ rule: fc.constant(node), asOf: instantFor(node, log), form }))
}

/** Any instant; where it matters, often the one at which an absence is known, or a millisecond before. */
function instantFor(rule: RuleNode, log: EventLog): fc.Arbitrary<number> {
  const any = instantIn(log)
  if (rule.kind !== 'sequence' || rule.absence === null) return any
  const length = millisOf(rule.absence.within)
  const { event } = rule.steps.at(-1)!.event
  const instants = log.histories.flatMap((history) => history.filter((past) => past.event === event))
  if (instants.length === 0) return any
  const known = fc
    .tuple(fc.constantFrom(...instants), fc.boolean())
    .map(([{ at }, early]) => at + length - Number(early))
  return fc.oneof({ arbitrary: any, weight: 3 }, { arbitrary: known, weight: 2 })
}

/** One condition mostly, and logic over two or three. */
export function combined(condition: fc.Arbitrary<RuleNode>): fc.Arbitrary<RuleNode> {
  const some = fc.array(condition, { minLength: 2, maxLength: 3 })
  return fc.oneof(
    { arbitrary: condition, weight: 10 },
    { arbitrary: some.map((rules) => make.and(rules)), weight: 1 },
    { arbitrary: some.map((rules) => make.or(rules)), weight: 1 },
    { arbitrary: some.map((rules) => make.minus(rules)), weight: 1 },
    { arbitrary: some.map((rules) => make.xor(rules)), weight: 1 },
    { arbitrary: some.map((rules) => make.atLeast(2, rules)), weight: 1 },
    { arbitrary: condition.map((rule) => make.not(rule)), weight: 1 },
  )
}

/**
 * Asks both sides for the people, as a set, as a count, and one by one for some of them.
 *
 * @returns how many there are.
 * @throws Error that shows the rule, the instant, and who is missing or too many
 */
export async function samePeople({ crowd, log }: Sides, { rule: node, asOf, form }: Question): Promise<number> {
  const { database, zone } = log
  const rule = Rule.of(node)
  const sql = `select person from (${peopleSql(node, { asOf, zone })}) order by person`
  const expected = (await database.column(sql)) as ExternalId[]
  const fail = (what: string, found: unknown): Error =>
    new Error(
      [
        `${what}: SQL has ${expected.length}, the engine ${String(found)}`,
        String(rule),
        JSON.stringify(rule),
        `as ${form}, asOf ${asOf} (${new Date(asOf).toISOString()}), zone ${zone}`,
        sql,
      ].join('\n'),
    )
  const asked: RuleInput = { rule, json: rule.toJSON(), text: String(rule) }[form]
  const count = crowd.count(asked, { asOf })
  if (count !== expected.length) throw fail('count', `${count}${difference(crowd, asked, asOf, expected)}`)
  const different = difference(crowd, asked, asOf, expected)
  if (different !== '') throw fail('people', different)
  const prepared = crowd.prepare(asked)
  const people = new Set(expected)
  for (const id of someOf(crowd, expected, asOf)) {
    const matches = prepared.matches(id, { asOf })
    if (matches !== people.has(id)) throw fail(`matches of ${id}, which should be ${people.has(id)}`, matches)
  }
  return count
}

/** Who is missing and who is too many; nothing if nobody. */
function difference(crowd: Crowd, rule: RuleInput, asOf: number, expected: readonly ExternalId[]): string {
  const set = crowd.select(rule, { asOf })
  const found = new Set(set.ids())
  set.release()
  const missing = expected.filter((id) => !found.has(id))
  for (const id of expected) found.delete(id)
  return missing.length + found.size === 0 ? '' : `, missing ${few(missing)}, too many ${few([...found])}`
}

function few(ids: readonly ExternalId[]): string {
  return `${ids.length} [${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}]`
}

/** The first and last of some people, and three of all, which ones the instant says. */
function someOf(crowd: Crowd, expected: readonly ExternalId[], asOf: number): ExternalId[] {
  const others = [1, 7, 31].flatMap((step) => crowd.idOf(Math.abs(Math.floor(asOf / 1000) * step) % crowd.size) ?? [])
  return [...(expected.length === 0 ? [] : [expected[0]!, expected.at(-1)!]), ...others]
}

/**
 * Asks both sides many questions. fast-check prints the seed and the smallest question on which they differ.
 *
 * @returns the share of answers that were neither nobody nor everyone.
 */
export async function compareMany(
  sides: Sides,
  rule: fc.Arbitrary<RuleNode>,
  parameters: fc.Parameters<unknown>,
): Promise<number> {
  let [telling, asked] = [0, 0]
  const question = questionOf(sides.log, rule)
  await fc.assert(
    fc.asyncProperty(question, async (one) => {
      const count = await samePeople(sides, one)
      asked++
      if (count > 0 && count < sides.crowd.size) telling++
    }),
    parameters as fc.Parameters<[Question]>,
  )
  return telling / asked
}
