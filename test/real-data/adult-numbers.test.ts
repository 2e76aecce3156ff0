import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData, sharedData } from '../shared-data.ts'
import { compareAnswers } from './adult-answers.ts'
import { type Adult, adultNumbers, integers, openAdult } from './adult-table.ts'
import { testOf } from './random-filters.ts'

const names = [...adultNumbers.keys()]

describeWithData('numbers of UCI Adult', 'tags/adult_numeric.csv.gz', (path) => {
  let adult: Adult

  beforeAll(async () => {
    adult = await openAdult(sharedData('tags/adult.csv.gz')!, path)
  })

  afterAll(() => {
    adult?.database.close()
  })

  test('the file is the one that the README describes', async () => {
    const { crowd, database } = adult
    expect(crowd.size).toBe(32_561)
    expect(await database.rows('select count(*), count(distinct person) from people')).toEqual([[32_561, 32_561]])
    expect(crowd.count('income = ">50K"')).toBe(7_841)
    for (const name of integers) expect(crowd.insight.aggregate('everyone', name).count, name).toBe(32_561)
  })

  test('how many different values there are: those that somebody has', async () => {
    const { crowd, database } = adult
    for (const name of names.filter((name) => name !== 'fnlwgt' && name !== 'rate')) {
      const found = (await database.rows(
        `select ${name}::varchar, count(*) from people where ${name} is not null group by ${name} order by ${name}`,
      )) as [string, number][]
      expect(
        found.map(([value]) => crowd.count(crowd.rules.tag(name).eq(value))),
        name,
      ).toEqual(found.map(([, people]) => people))
      // Nobody has any other: these are all who have one.
      const [{ count }, people] = [crowd.insight.aggregate('everyone', name), found.map(([, some]) => some)]
      expect(people.reduce((a, b) => a + b)).toBe(count)
    }
  })

  test('random ranges have the people and the sums that SQL has', async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(questionOf(adult), async ({ rule, of, k }) => {
        const people = await compareAnswers(adult, rule, of, k)
        if (people > 0 && people < adult.crowd.size) answered++
      }),
      { seed: 19_960_501, ...campaign(400) },
    )
    expect(answered).toBeGreaterThan(200)
  })
})

interface Question {
  readonly rule: RuleNode
  /** The number that is added up. */
  readonly of: string
  /** How many are at the top. */
  readonly k: number
}

/** A range of a random column, or two or three of them and categories together. */
function questionOf(adult: Adult): fc.Arbitrary<Question> {
  const range = fc.constantFrom(...names).chain((name) => testOf(name, adult.schema, adult))
  const tag = fc.constantFrom(...adult.texts.keys()).chain((name) => testOf(name, adult.schema, adult))
  const rule = fc.oneof(
    { arbitrary: range, weight: 3 },
    { arbitrary: fc.tuple(range, tag).map((rules) => make.and(rules)), weight: 3 },
    { arbitrary: fc.tuple(range, range, tag).map((rules) => make.and(rules)), weight: 1 },
    { arbitrary: fc.tuple(range, tag, range).map((rules) => make.minus(rules)), weight: 1 },
    { arbitrary: fc.tuple(range, range).map((rules) => make.or(rules)), weight: 1 },
    { arbitrary: fc.tuple(range, range, tag).map((rules) => make.atLeast(2, rules)), weight: 1 },
  )
  return fc.record({ rule, of: fc.constantFrom(...names), k: fc.integer({ min: 1, max: 200 }) })
}
