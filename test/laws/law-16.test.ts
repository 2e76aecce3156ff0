import { beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'
import { faultsOf, refusal } from './refusal.ts'

const bounds = { min: 0 }
let crowd: Engine<{ vip: FlagSpec; old: FlagSpec }>
const people = (rule: string): unknown[] => [...crowd.select(rule)]

beforeEach(() => {
  crowd = createEngine({ schema: { vip: flag(), old: flag() } })
  crowd.putMany([
    ['u1', { vip: true }],
    ['u2', { vip: true, old: true }],
    ['u3', { old: true }],
  ])
})

test('law 16: a rule may name an audience, at any depth', () => {
  crowd.audiences.create({ name: 'pack', rule: 'vip minus old', bounds })
  crowd.audiences.createList({ name: 'list', members: ['u3'], bounds })
  expect(people('audience pack')).toEqual(['u1'])
  expect(people('audience list')).toEqual(['u3'])
  expect(people('not audience pack')).toEqual(['u2', 'u3'])
  expect(people('vip and not (old minus (audience pack or not not audience list))')).toEqual(['u1'])
  expect(people('at least 1 of (nobody, vip and (vip and (vip and audience pack)))')).toEqual(['u1'])
  crowd.audiences.create({ name: 'outer', rule: 'audience pack or audience list', bounds })
  crowd.audiences.create({ name: 'outermost', rule: 'everyone minus audience outer', bounds })
  expect(people('audience outermost')).toEqual(['u2'])
})

test('law 16: live, the audience is its rule as of now; pinned, its members as they were built', () => {
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  crowd.put('u3', { vip: true })
  expect(people('audience pack')).toEqual(['u1', 'u2', 'u3'])
  expect(people('audience pack version latest')).toEqual(['u1', 'u2'])
  expect(people('audience pack version 1')).toEqual(['u1', 'u2'])
  pack.rebuild()
  expect(people('audience pack version latest')).toEqual(['u1', 'u2', 'u3'])
  expect(people('audience pack version 1')).toEqual(['u1', 'u2'])
  expect(people('audience pack minus audience pack version 1')).toEqual(['u3'])
})

test('law 16: a version that a rule pins is kept as long as the rule is', () => {
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  crowd.audiences.create({ name: 'early', rule: 'audience pack version 1', bounds })
  for (let i = 0; i < 5; i++) pack.rebuild()
  expect(pack.versions.map(({ number }) => number)).toEqual([1, 4, 5, 6])
  expect(people('audience early')).toEqual(['u1', 'u2'])
  crowd.audiences.remove('early')
  pack.rebuild()
  expect(pack.versions.map(({ number }) => number)).toEqual([5, 6, 7])
  expect(faultsOf(() => crowd.count('audience pack version 1'))).toEqual(['RULE_UNKNOWN_VERSION at $.version'])
})

test('law 16: a cycle is an error, direct or through others', () => {
  const { audiences } = crowd
  audiences.create({ name: 'a', rule: 'vip', bounds })
  audiences.create({ name: 'b', rule: 'old and not audience a', bounds })
  audiences.create({ name: 'c', rule: 'vip or audience b', bounds })
  expect(refusal(() => audiences.get('a').update({ rule: 'vip or not audience a' })).message).toBe(
    'RULE_CYCLE: audience "a" would be defined by itself: "a" → "a"',
  )
  expect(refusal(() => audiences.get('a').update({ rule: 'old xor audience c' })).message).toBe(
    'RULE_CYCLE: audience "a" would be defined by itself: "a" → "c" → "b" → "a"',
  )
  expect(audiences.list().map(({ name, rule, versions }) => [name, String(rule), versions.length])).toEqual([
    ['a', 'vip', 1],
    ['b', 'old and not audience a', 1],
    ['c', 'vip or audience b', 1],
  ])
  expect(people('audience c')).toEqual(['u1', 'u2', 'u3'])
})

test('law 16: removing an audience that others name is refused, with the list of them', () => {
  const { audiences } = crowd
  audiences.create({ name: 'pack', rule: 'vip', bounds })
  audiences.create({ name: 'live', rule: 'audience pack', bounds })
  audiences.create({ name: 'pinned', rule: 'old or audience pack version 1', bounds })
  const error = refusal(() => audiences.remove('pack'))
  expect(error.message).toBe(
    'AUDIENCE_IN_USE: audience "pack" is named by "live", "pinned". Remove or change those first.',
  )
  expect(error.facts).toEqual({ name: 'pack', usedBy: ['live', 'pinned'] })
  expect(audiences.has('pack')).toBe(true)
  audiences.remove('live')
  audiences.get('pinned').update({ rule: 'old' })
  audiences.remove('pack')
  expect(audiences.list().map(({ name }) => name)).toEqual(['pinned'])
})
