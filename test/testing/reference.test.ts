import { describe, expect, test } from 'vitest'
import { category, flag } from '../../src/index.ts'
import { parseRule } from '../../src/rules/index.ts'
import { ReferencePopulation } from '../../src/testing/index.ts'

// The reference is the specification, so what it says is put down here by hand, law by law.

const schema = { vip: flag(), tier: category(), likes: category({ many: true }) }

function people(): ReferencePopulation {
  const population = new ReferencePopulation(schema)
  population.put('u1', { vip: true, tier: 'T1', likes: ['a', 'ab'] })
  population.put('u2', { vip: false, tier: '', likes: [] })
  population.put('u3', {})
  population.put(42, { tier: 'e\u0301', likes: ['b'] })
  return population
}

const answers: readonly (readonly [rule: string, ids: readonly unknown[]])[] = [
  ['everyone', ['u1', 'u2', 'u3', 42]],
  ['nobody', []],
  ['vip', ['u1']],
  ['vip is set', ['u1']],
  ['tier is set', ['u1', 'u2', 42]],
  ['tier is not set', ['u3']],
  ['likes is set', ['u1', 42]],
  ['tier = "é"', [42]],
  ['tier = ""', ['u2']],
  ['tier != "T1"', ['u2', 42]],
  ['not tier = "T1"', ['u2', 'u3', 42]],
  ['tier in ()', []],
  ['tier not in ()', ['u1', 'u2', 42]],
  ['tier not in ("T1", "é")', ['u2']],
  ['likes has any ()', []],
  ['likes has any ("a", "b")', ['u1', 42]],
  ['likes has all ()', ['u1', 42]],
  ['likes has all ("a", "ab")', ['u1']],
  ['likes has none ("a")', [42]],
  ['likes starts with "a"', ['u1']],
  ['likes contains "b"', ['u1', 42]],
  ['likes matches "^.$"', ['u1', 42]],
  ['vip xor tier is set xor likes is set', ['u1', 'u2']],
  ['everyone minus vip minus tier = ""', ['u3', 42]],
  ['at least 2 of (vip, vip, likes is set)', ['u1']],
  ['at least 4 of (vip, vip, likes is set)', []],
]

describe('the reference', () => {
  test.each(answers)('%s', (rule, ids) => {
    expect(people().ids(parseRule(rule).node)).toEqual(ids)
  })

  test('writes: clearing, replacing, editing', () => {
    const population = people()
    population.put('u1', { vip: null, tier: undefined, likes: { remove: ['a', 'c'], add: ['c'] } })
    expect(population.people.get('u1')).toEqual(new Map([['likes', new Set(['ab', 'c'])]]))
    population.put('u1', { likes: { remove: ['ab', 'c'] } })
    expect(population.people.get('u1')).toEqual(new Map())
  })

  test('any write makes people seen; dense numbers are of people who are there', () => {
    const population = people()
    population.changeMembers({ column: 'vip', value: null, action: 'clear', form: 'array', ids: ['u4', 42n] })
    population.changeMembers({ column: 'vip', value: null, action: 'add', form: 'dense', ids: ['u5', 'u4'] })
    expect([...population.people.keys()]).toEqual(['u1', 'u2', 'u3', 42, 'u4'])
    expect(population.ids(parseRule('vip').node)).toEqual(['u1', 'u4'])
  })

  test('replace is exact, and moves people of a one-value category', () => {
    const population = people()
    population.changeMembers({ column: 'tier', value: '', action: 'replace', form: 'array', ids: ['u1', 'u3'] })
    population.changeMembers({ column: 'likes', value: 'b', action: 'replace', form: 'array', ids: ['u1'] })
    expect(population.ids(parseRule('tier = ""').node)).toEqual(['u1', 'u3'])
    expect(population.ids(parseRule('likes has all ("a", "ab", "b")').node)).toEqual(['u1'])
    expect(population.ids(parseRule('likes is set').node)).toEqual(['u1'])
  })

  test('who was removed comes back as a new person, at the end', () => {
    const population = people()
    population.createList('A', ['u1', 'u2', 'nobody'], false)
    population.remove('u1')
    population.put('u1', {})
    expect(population.ids(parseRule('not vip').node)).toEqual(['u2', 'u3', 42, 'u1'])
    expect(population.ids(parseRule('audience A').node)).toEqual(['u2'])
  })

  test('an audience is its rule now, or a version as it was', () => {
    const population = people()
    population.createAudience('A', parseRule('vip').node)
    population.put('u3', { vip: true })
    expect(population.ids(parseRule('audience A').node)).toEqual(['u1', 'u3'])
    expect(population.ids(parseRule('audience A version latest').node)).toEqual(['u1'])
    population.rebuild('A', null)
    expect(population.ids(parseRule('audience A version latest').node)).toEqual(['u1', 'u3'])
    expect(population.ids(parseRule('audience A version 1').node)).toEqual(['u1'])
  })
})
