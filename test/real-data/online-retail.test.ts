import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { category, createEngine, csvFile, type Engine, type MultiCategorySpec, type Rule } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import { type Duck, openDuck, type TagOf } from './duck.ts'

// Every tag twice: as a value of one category, and as a flag of its own.
describeWithData('products and countries of Online Retail', 'tags/online_retail.csv.gz', (path) => {
  let crowd: Engine<{ readonly label: MultiCategorySpec }>
  let duck: Duck
  let labels: readonly string[]
  let countries: readonly string[]

  beforeAll(async () => {
    crowd = createEngine({ schema: { label: category({ many: true }) } })
    const source = csvFile(path)
    const asValues = await crowd.ingest(source, {
      id: 'user_id',
      idType: 'integer',
      columns: { tag: { to: 'label', separator: null, mode: 'add' } },
    })
    const asFlags = await crowd.ingest(source, { id: 'user_id', idType: 'integer', tag: 'tag', createTags: true })
    expect([asValues.applied, asValues.rejected]).toEqual([297_121, 0])
    expect([asFlags.applied, asFlags.rejected, asFlags.created]).toEqual([297_121, 0, 0])
    labels = asFlags.createdTags
    countries = labels.filter((label) => label.startsWith('country:'))
    duck = await openDuck(path)
  })

  afterAll(() => {
    duck?.close()
  })

  test('the file is the one that the README describes', () => {
    expect(labels).toHaveLength(3_722)
    const values = crowd.tags.label.values()
    expect(values.map(({ value }) => value)).toEqual(labels)
    expect(values.reduce((sum, { size }) => sum + size, 0)).toBe(297_121)
    expect(crowd.tags.label.size).toBe(crowd.size)
  })

  test('every product and country has the people that SQL counts', async () => {
    const [[people]] = (await duck.rows('select count(distinct user_id) from members')) as [[number]]
    expect(crowd.size).toBe(people)
    const counted = await duck.rows('select tag, count(distinct user_id) from members group by tag')
    expect(counted).toHaveLength(3_722)
    const bySize = new Map(crowd.tags.label.values().map(({ value, size }) => [value, size]))
    for (const [label, size] of counted as [string, number][]) {
      expect(crowd.count({ tag: label }), label).toBe(size)
      expect(crowd.count(crowd.rules.tag('label').hasAny([label])), label).toBe(size)
      expect(bySize.get(label), label).toBe(size)
    }
  })

  test('random rules have the people that SQL counts', async () => {
    const { tag, and, or, xor, minus, not, atLeast, fromJSON } = crowd.rules
    // In order of the file they are in order of their codes: the popular ones are the interesting ones.
    const popular = [...crowd.tags.label.values()].sort((a, b) => b.size - a.size).map(({ value }) => value)
    const label = fc.oneof(
      { arbitrary: fc.constantFrom(...popular.slice(0, 40)), weight: 3 },
      { arbitrary: fc.constantFrom(...popular), weight: 1 },
    )
    const { rule } = fc.letrec<{ rule: Rule }>((tie) => {
      const some = fc.array(tie('rule'), { minLength: 2, maxLength: 3 })
      const list = fc.array(label, { minLength: 1, maxLength: 4 })
      return {
        rule: fc.oneof(
          { maxDepth: 3 },
          { arbitrary: fc.constantFrom(...countries).map((tag) => fromJSON({ tag })), weight: 1 },
          { arbitrary: label.map((tag) => fromJSON({ tag })), weight: 2 },
          { arbitrary: list.map((values) => tag('label').hasAny(values)), weight: 3 },
          { arbitrary: list.map((values) => tag('label').hasAll(values)), weight: 2 },
          { arbitrary: some.map((rules) => and(...rules)), weight: 2 },
          { arbitrary: some.map((rules) => or(...rules)), weight: 2 },
          { arbitrary: some.map((rules) => minus(...rules)), weight: 3 },
          { arbitrary: some.map((rules) => xor(...rules)), weight: 1 },
          { arbitrary: tie('rule').map((inner) => not(inner)), weight: 1 },
          { arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), some).map(([k, of]) => atLeast(k, of)), weight: 3 },
        ),
      }
    })
    const tagOf: TagOf = (column, value) => value ?? column
    let answered = 0
    await fc.assert(
      fc.asyncProperty(rule, async (asked) => {
        const expected = await duck.count(asked.node, tagOf)
        if (expected > 0 && expected < crowd.size) answered++
        expect(crowd.count(asked), String(asked)).toBe(expected)
        expect(crowd.select(asked).size).toBe(expected)
        expect(crowd.preview(asked).count).toBe(expected)
      }),
      { seed: 20_111_209, ...campaign(300) },
    )
    expect(answered).toBeGreaterThan(150)
  })
})
