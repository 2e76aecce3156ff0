import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import {
  createEngine,
  csvFile,
  type Engine,
  type FlagSpec,
  type IngestReport,
  type Rule,
  type RuleJson,
} from '../../src/index.ts'
import { describeWithData, sharedData } from '../shared-data.ts'

type Expression = string | readonly [string, ...Expression[]]

interface Case {
  readonly expr: Expression
  readonly count: number
  readonly sum: number
  readonly min: number | null
  readonly max: number | null
  readonly first10: readonly number[]
}

type Flags = Readonly<Record<string, FlagSpec>>

describeWithData('Complete Journey: 300 expressions', 'tags/completejourney.csv.gz', (path) => {
  let crowd: Engine<Flags>
  let report: IngestReport
  let cases: readonly Case[]

  beforeAll(async () => {
    crowd = createEngine({ schema: {} })
    // People are numbered by first sight, tag by tag, so dense order is not the order of ids.
    report = await crowd.ingest(csvFile(path), { id: 'user_id', idType: 'integer', tag: 'tag', createTags: true })
    const file = JSON.parse(readFileSync(sharedData('tags/completejourney.expressions.json')!, 'utf8')) as {
      universe: number
      cases: readonly Case[]
    }
    cases = file.cases
    expect(file.universe).toBe(crowd.size)
  })

  test('the file is the one that the README describes', () => {
    expect(crowd.size).toBe(2_379)
    expect(Object.keys(crowd.schema)).toHaveLength(410)
    expect(report).toMatchObject({
      rows: 30_823,
      applied: 30_823,
      rejected: 0,
      people: 2_379,
      created: 2_379,
      ended: true,
    })
    expect(report.createdTags).toHaveLength(410)
    expect(Object.keys(crowd.schema).reduce((sum, tag) => sum + crowd.tags[tag]!.size, 0)).toBe(30_823)
    expect(cases).toHaveLength(300)
  })

  test.each(['builder', 'JSON', 'text'] as const)('rules from the %s have the published people', (form) => {
    for (const [index, expected] of cases.entries()) {
      const built = build(crowd, expected.expr)
      const rule =
        form === 'builder'
          ? built
          : form === 'JSON'
            ? crowd.rules.fromJSON(JSON.parse(JSON.stringify(toJson(expected.expr))) as RuleJson)
            : crowd.rules.parse(crowd.rules.print(built))
      const ids = ([...crowd.select(rule)] as number[]).sort((a, b) => a - b)
      expect({
        index,
        count: crowd.count(rule),
        selected: ids.length,
        sum: ids.reduce((sum, id) => sum + id, 0),
        min: ids[0] ?? null,
        max: ids.at(-1) ?? null,
        first10: ids.slice(0, 10),
      }).toEqual({
        index,
        count: expected.count,
        selected: expected.count,
        sum: expected.sum,
        min: expected.min,
        max: expected.max,
        first10: expected.first10,
      })
    }
  })

  test('the three forms are one rule', () => {
    for (const { expr } of cases) {
      const rule = build(crowd, expr)
      expect(crowd.rules.fromJSON(toJson(expr)).node).toEqual(rule.node)
      expect(crowd.rules.parse(crowd.rules.print(rule)).node).toEqual(rule.node)
      expect(crowd.rules.parse(crowd.rules.print(rule, { language: 'zh' })).node).toEqual(rule.node)
    }
  })

  test('`matches` says of a person what the set says', () => {
    const everyone = [...crowd.select('everyone')] as number[]
    for (const [index, { expr }] of cases.entries()) {
      const rule = crowd.prepare(build(crowd, expr))
      const people = rule.select()
      for (let i = index % 37; i < everyone.length; i += 37) {
        const id = everyone[i]!
        expect(rule.matches(id), `person ${id} in expression ${index}`).toBe(people.has(id))
      }
      expect(rule.matches(999_999)).toBe(false)
    }
  })

  test('the preview has the same count at its root, and the counts of its parts', () => {
    for (const { expr, count } of cases) {
      const rule = build(crowd, expr)
      const preview = crowd.preview(rule)
      expect(preview.count).toBe(count)
      expect(preview.universe).toBe(2_379)
      expect(preview.nodes[0]).toMatchObject({ path: '$', count, without: null })
      for (const node of preview.nodes) expect(node.count, node.rule).toBe(crowd.count(node.rule))
    }
  })

  test('a person explained has the truth of the set', () => {
    for (const { expr, first10 } of cases) {
      const rule = build(crowd, expr)
      for (const id of [1, 1_000, 2_500, ...first10.slice(0, 1)]) {
        const told = crowd.explainMatch(id, rule)
        expect(told?.holds ?? false).toBe(crowd.matches(id, rule))
      }
    }
  })
})

/** An expression by the builder: `andnot` takes all others from the first. */
function build(crowd: Engine<Flags>, expression: Expression): Rule {
  const { rules } = crowd
  if (typeof expression === 'string') return rules.tag(expression)
  const [operator, ...parts] = expression
  const inside = parts.map((part) => build(crowd, part))
  switch (operator) {
    case 'and':
      return rules.and(...inside)
    case 'or':
      return rules.or(...inside)
    case 'xor':
      return rules.xor(...inside)
    case 'andnot':
      return rules.minus(...inside)
    case 'not':
      return rules.not(inside[0]!)
    default:
      throw new Error(`the file has the operator ${operator}`)
  }
}

/** The JSON that a person would write for the same expression. */
function toJson(expression: Expression): RuleJson {
  if (typeof expression === 'string') return { tag: expression }
  const [operator, ...parts] = expression
  const inside = parts.map(toJson)
  switch (operator) {
    case 'and':
      return { and: inside }
    case 'or':
      return { or: inside }
    case 'xor':
      return { xor: inside }
    case 'andnot':
      return { minus: inside }
    case 'not':
      return { not: inside[0]! }
    default:
      throw new Error(`the file has the operator ${operator}`)
  }
}
