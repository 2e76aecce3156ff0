import { expect, test } from 'vitest'
import { category, createEngine, flag, type Millis, type PersonStep, type PlanStep } from '../../src/index.ts'

const asOf = Date.UTC(2026, 5, 18) as Millis
const crowd = createEngine({
  schema: { 精致妈妈: flag(), vip: flag(), tier: category(), likes: category({ many: true }) },
  clock: { now: () => asOf },
})
for (let i = 0; i < 20; i++) {
  crowd.put(`u${i}`, { 精致妈妈: i % 2 === 0, vip: i % 3 === 0, tier: ['T1', 'T2', 'T3'][i % 3]!, likes: ['奶粉'] })
}
crowd.put('u3', { tier: null })

test('law 23: for a rule, the count of each node, the running count and the plan', () => {
  const explanation = crowd.explain('精致妈妈 and tier in ("T1", "T2") minus vip')
  expect(explanation.count).toBe(3)
  const [root, ...others] = explanation.plan as [PlanStep, ...PlanStep[]]
  expect(others).toEqual([])
  expect(root.count).toBe(3)
  const counts = Object.fromEntries(root.steps.map(({ rule, count }) => [rule, count]))
  expect(counts).toEqual({ 精致妈妈: 10, 'tier in ("T1", "T2")': 13, vip: 7 })
  expect(root.steps.map(({ negative, rule }) => negative && rule)).toContain('vip')
  expect(root.steps.at(-1)?.running).toBe(3)
  for (const step of root.steps) expect(step.milliseconds).toBeGreaterThanOrEqual(0)
  expect(explanation.milliseconds).toBeGreaterThan(0)
  expect(explanation.built).toBeGreaterThanOrEqual(root.built)
})

test('law 23: what was answered carries its asOf, data version, hash and universe', () => {
  const rule = '精致妈妈 minus vip'
  const { asOf: instant, universe, dataVersion, hash, rule: text } = crowd.explain(rule)
  expect({ instant, universe, dataVersion, hash, text }).toEqual({
    instant: 1_781_740_800_000,
    universe: 20,
    dataVersion: 21,
    hash: crowd.hash(rule),
    text: rule,
  })
  const { version } = crowd.audiences.create({ name: 'pack', rule, bounds: { min: 0 } })
  expect([version.asOf, version.dataVersion, version.ruleHash]).toEqual([instant, dataVersion, hash])
})

test('law 23: for a person and a rule, the truth of each node and the value that decided it', () => {
  const rule = '精致妈妈 and (tier = "T1" or likes has any ("玩具")) minus vip'
  const step = (rule: string, holds: boolean, value: PersonStep['value'], steps: readonly PersonStep[] = []) => ({
    rule,
    holds,
    value,
    steps,
  })
  expect(crowd.explainMatch('u3', rule)).toEqual(
    step(rule, false, undefined, [
      step('精致妈妈 and (tier = "T1" or likes has any ("玩具"))', false, undefined, [
        step('精致妈妈', false, null),
        step('tier = "T1" or likes has any ("玩具")', false, undefined, [
          step('tier = "T1"', false, null),
          step('likes has any ("玩具")', false, ['奶粉']),
        ]),
      ]),
      step('vip', true, true),
    ]),
  )
  expect(crowd.explainMatch('u2', 'not tier = "T3"')).toEqual(
    step('not tier = "T3"', false, undefined, [step('tier = "T3"', true, 'T3')]),
  )
  expect(crowd.explainMatch('stranger', rule)).toBeNull()
})

test('law 23: the truth of a person explained is that of the set', () => {
  for (const rule of [
    '精致妈妈',
    'tier is not set',
    'vip xor 精致妈妈',
    'at least 2 of (vip, 精致妈妈, tier = "T1")',
  ]) {
    for (const id of crowd.select('everyone')) {
      expect(crowd.explainMatch(id, rule)?.holds, `${String(id)}: ${rule}`).toBe(crowd.select(rule).has(id))
    }
  }
})
