import { expect, test } from 'vitest'
import { category, createEngine, flag } from '../../src/index.ts'

// Shares, indexes and similarities belong to insight, which this version does not have.

test('law 24: the rule without itself is undefined, so null, and not 0', () => {
  const crowd = createEngine({ schema: { vip: flag(), old: flag() } })
  crowd.put('u1', { vip: true })
  const without = (rule: string): unknown[] => crowd.preview(rule).nodes.map((node) => [node.rule, node.without])
  expect(without('vip')).toEqual([['vip', null]])
  expect(without('not vip')).toEqual([
    ['not vip', null],
    ['vip', null],
  ])
  expect(without('old and vip')).toEqual([
    ['old and vip', null],
    ['old', 1],
    ['vip', 0],
  ])
})

test('law 24: the value of a person who has none is null, and the explanation of nobody too', () => {
  const crowd = createEngine({ schema: { vip: flag(), tier: category() } })
  crowd.put('u1', {})
  expect(crowd.explainMatch('u1', 'tier = ""')).toMatchObject({ holds: false, value: null })
  expect(crowd.explainMatch('u1', 'vip')).toMatchObject({ holds: false, value: null })
  expect(crowd.explainMatch('u2', 'vip')).toBeNull()
})

test('law 24: a list has no rule, and its versions no hash of one', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  const list = crowd.audiences.createList({ name: 'list', members: [], bounds: { min: 0 } })
  expect(list.rule).toBeNull()
  expect(list.version.ruleHash).toBeNull()
  expect(crowd.audiences.create({ name: 'pack', rule: 'vip', bounds: { min: 0 } }).lastUpload).toBeNull()
})

test('law 24: a step that was not needed has no running count', () => {
  const crowd = createEngine({ schema: { a: flag(), b: flag(), c: flag() } })
  crowd.put('u1', { a: true, c: true })
  const [root] = crowd.explain('a and b and c').plan
  const skipped = root?.steps.filter(({ operator }) => operator === 'not needed') ?? []
  expect(skipped.length).toBeGreaterThan(0)
  for (const step of skipped) expect(step.running).toBeNull()
})

test('law 24: the last page has no cursor', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  expect(crowd.select('vip').page(null, 10)).toEqual({ ids: [], next: null })
})
