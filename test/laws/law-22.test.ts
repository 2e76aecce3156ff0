import { expect, test } from 'vitest'
import { createEngine, flag } from '../../src/index.ts'

test('law 22: every count is exact, over container borders too', () => {
  const crowd = createEngine({ schema: { third: flag(), even: flag(), block: flag() } })
  const people = 140_000
  crowd.putMany(
    Array.from({ length: people }, (_, i) => [
      i,
      { third: i % 3 === 0, even: i % 2 === 0, block: i >= 65_530 && i < 131_080 },
    ]),
  )
  const answers = [
    ['third', 46_667],
    ['even', 70_000],
    ['block', 65_550],
    ['third and even', 23_334],
    ['third or even', 93_333],
    ['third xor even', 69_999],
    ['third minus even', 23_333],
    ['not (third or even)', 46_667],
    ['block and third and even', 10_925],
    ['at least 2 of (third, even, block)', 23_334 + 32_775 + 21_850 - 2 * 10_925],
    ['everyone', 140_000],
    ['nobody', 0],
  ] as const
  for (const [rule, count] of answers) {
    expect(crowd.count(rule), rule).toBe(count)
    expect(crowd.prepare(rule).count(), rule).toBe(count)
    expect(crowd.explain(rule).count, rule).toBe(count)
    expect(crowd.preview(rule).count, rule).toBe(count)
    const people = crowd.select(rule)
    expect(people.size, rule).toBe(count)
    expect(people.dense(), rule).toHaveLength(count)
    const audience = crowd.audiences.create({ name: rule, rule, bounds: { min: 0 } })
    expect(audience.size, rule).toBe(count)
    expect(crowd.count(`audience "${rule}"`), rule).toBe(count)
    let paged = 0
    for (let cursor: string | null = null; ; ) {
      const { ids, next } = people.page(cursor, 50_000)
      paged += ids.length
      if (next === null) break
      cursor = next
    }
    expect(paged, rule).toBe(count)
  }
})

test('law 22: one person more is one more', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  const rule = crowd.prepare('vip')
  for (let i = 0; i < 300; i++) {
    expect(rule.count()).toBe(i)
    crowd.put(i, { vip: true })
    crowd.put(i, { vip: true })
  }
  for (let i = 0; i < 300; i++) {
    expect(rule.count()).toBe(300 - i)
    crowd.remove(i)
  }
  expect(rule.count()).toBe(0)
})
