import { expect, test } from 'vitest'
import {
  category,
  createEngine,
  event,
  flag,
  type Millis,
  type PersonStep,
  type PlanStep,
  timestamp,
} from '../../src/index.ts'

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

test('law 23: a preview and a person explained carry them too, and the bounds of windows', () => {
  const shop = createEngine({
    schema: { buy: event(), joinedAt: timestamp() },
    clock: { now: () => asOf },
    timeZone: 'Asia/Shanghai',
  })
  shop.put('ann', { joinedAt: '2026-06-17T23:00:00Z' })
  shop.put('bob', {})
  const rule = 'did buy in last 7 days or joinedAt in last 2 hours'
  const carried = { asOf, universe: 2, timeZone: 'Asia/Shanghai', dataVersion: 2 }
  const week = { from: '2026-06-11T00:00:00.000+08:00', to: '2026-06-18T00:00:00.000+08:00' }
  const hours = { from: '2026-06-18T06:00:00.000+08:00', to: '2026-06-18T08:00:00.000+08:00' }
  const windows = [
    { rule: 'did buy in last 7 days', ...week },
    { rule: 'joinedAt in last 2 hours', ...hours },
  ]
  const explained = shop.explain(rule)
  expect(explained).toMatchObject(carried)
  expect([...explained.windows].sort((a, b) => (a.rule < b.rule ? -1 : 1))).toEqual(windows)
  expect(shop.preview(rule)).toMatchObject({ ...carried, windows: explained.windows })
  const told = shop.explainMatch('ann', rule)
  expect(told).toMatchObject({ ...carried, window: undefined })
  expect(told?.steps.map(({ window }) => window)).toEqual([week, hours])
  // As of another instant, that one.
  const then = '2026-06-01T08:00:00Z'
  expect(shop.preview(rule, { asOf: then }).asOf).toBe(Date.parse(then))
  expect(shop.explainMatch('ann', rule, { asOf: then })).toMatchObject({
    asOf: Date.parse(then),
    steps: [{ window: { from: '2026-05-25T00:00:00.000+08:00', to: '2026-06-01T00:00:00.000+08:00' } }, {}],
  })
})

test('law 23: for a person and a rule, the truth of each node and the value that decided it', () => {
  const rule = '精致妈妈 and (tier = "T1" or likes has any ("玩具")) minus vip'
  const step = (rule: string, holds: boolean, value: PersonStep['value'], steps: readonly PersonStep[] = []) => ({
    rule,
    holds,
    value,
    window: undefined,
    steps,
  })
  expect(crowd.explainMatch('u3', rule)).toMatchObject(
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
  expect(crowd.explainMatch('u2', 'not tier = "T3"')).toMatchObject(
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

test('law 23: the value of a live derived tag is what its rules give', () => {
  const shop = createEngine({ schema: { vip: flag(), tier: category() }, clock: { now: () => asOf } })
  shop.put('ann', { vip: true, tier: 'T1' })
  shop.put('bob', { tier: 'T2' })
  shop.put('cat', {})
  const derived = shop.defineTag('good', 'vip').defineTag('level', [
    ['high', 'vip'],
    ['some', 'tier is set'],
  ])
  const values = (rule: string) => ['ann', 'bob', 'cat'].map((id) => derived.explainMatch(id, rule)?.value)
  expect(values('good')).toEqual([true, null, null])
  expect(values('level = "some"')).toEqual(['high', 'some', null])
})
