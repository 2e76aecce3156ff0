import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  category,
  createEngine,
  type Engine,
  type FlagSpec,
  flag,
  type MultiCategorySpec,
  type Rule,
} from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import { type Duck, openDuck, type TagOf } from './duck.ts'
import { readMemberships } from './memberships.ts'

type Shop = { readonly product: MultiCategorySpec } & Readonly<Record<`country:${string}`, FlagSpec>>

describeWithData('products and countries of Online Retail', 'tags/online_retail.csv.gz', (path) => {
  let crowd: Engine<Shop>
  let duck: Duck
  let products: readonly string[]
  let countries: readonly `country:${string}`[]

  beforeAll(async () => {
    const members = readMemberships(path)
    countries = [...members.keys()].filter((tag): tag is `country:${string}` => tag.startsWith('country:'))
    products = [...members.keys()].filter((tag) => !tag.startsWith('country:'))
    const schema = { product: category({ many: true }), ...Object.fromEntries(countries.map((tag) => [tag, flag()])) }
    crowd = createEngine<Shop>({ schema })
    for (const [tag, ids] of members) {
      if (tag.startsWith('country:')) crowd.tags[tag as `country:${string}`]!.add(ids)
      else crowd.tags.product.add(tag, ids)
    }
    duck = await openDuck(path)
  })

  afterAll(() => {
    duck?.close()
  })

  test('the file is the one that the README describes', () => {
    expect(products.length + countries.length).toBe(3_722)
    const memberships =
      crowd.tags.product.values().reduce((sum, { size }) => sum + size, 0) +
      countries.reduce((sum, country) => sum + crowd.tags[country]!.size, 0)
    expect(memberships).toBe(297_121)
  })

  test('every product and country has the people that SQL counts', async () => {
    const [[people]] = (await duck.rows('select count(distinct user_id) from members')) as [[number]]
    expect(crowd.size).toBe(people)
    const counted = await duck.rows('select tag, count(distinct user_id) from members group by tag')
    expect(counted).toHaveLength(3_722)
    const bySize = new Map(crowd.tags.product.values().map(({ value, size }) => [value, size]))
    for (const [tag, size] of counted as [string, number][]) {
      const rule = tag.startsWith('country:')
        ? crowd.rules.tag(tag as `country:${string}`)
        : crowd.rules.tag('product').hasAny([tag])
      expect(crowd.count(rule), tag).toBe(size)
      if (!tag.startsWith('country:')) expect(bySize.get(tag)).toBe(size)
    }
  })

  test('random rules have the people that SQL counts', async () => {
    const { tag, and, or, xor, minus, not, atLeast } = crowd.rules
    // The products in order of the file are in order of their codes: the popular ones are the interesting ones.
    const popular = [...crowd.tags.product.values()].sort((a, b) => b.size - a.size).map(({ value }) => value)
    const product = fc.oneof(
      { arbitrary: fc.constantFrom(...popular.slice(0, 40)), weight: 3 },
      { arbitrary: fc.constantFrom(...popular), weight: 1 },
    )
    const { rule } = fc.letrec<{ rule: Rule }>((tie) => {
      const some = fc.array(tie('rule'), { minLength: 2, maxLength: 3 })
      const list = fc.array(product, { minLength: 1, maxLength: 4 })
      return {
        rule: fc.oneof(
          { maxDepth: 3 },
          { arbitrary: fc.constantFrom(...countries).map((country): Rule => tag(country)), weight: 2 },
          { arbitrary: list.map((values) => tag('product').hasAny(values)), weight: 3 },
          { arbitrary: list.map((values) => tag('product').hasAll(values)), weight: 2 },
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
