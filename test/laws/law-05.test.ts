import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag, Rule } from '../../src/index.ts'
import { childRules, type RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { refusal } from './refusal.ts'

/** Person i has the flags that i has bits: a whole truth table. */
const flags = ['a', 'b', 'c', 'd'] as const

function truthTable(): Engine<Record<(typeof flags)[number], FlagSpec>> {
  const crowd = createEngine({ schema: { a: flag(), b: flag(), c: flag(), d: flag() } })
  for (let i = 0; i < 16; i++) {
    crowd.put(i, { a: (i & 1) > 0, b: (i & 2) > 0, c: (i & 4) > 0, d: (i & 8) > 0 })
  }
  return crowd
}

const crowd = truthTable()
const { and, or, xor, minus, not, atLeast, tag } = crowd.rules
const [a, b, c] = [tag('a'), tag('b'), tag('c')]
const people = (rule: Rule | string): unknown[] => [...crowd.select(rule)]

test('law 5: and, or, xor and minus take any number of rules', () => {
  expect(people(and(a))).toEqual([1, 3, 5, 7, 9, 11, 13, 15])
  expect(people(and(a, b))).toEqual([3, 7, 11, 15])
  expect(people(and(a, b, c))).toEqual([7, 15])
  expect(people(or(a, b, c))).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15])
  expect(people(minus(a))).toEqual(people(a))
  expect(crowd.count(and(...Array.from({ length: 5_000 }, () => a)))).toBe(8)
})

test('law 5: or() is nobody, and xor() too', () => {
  expect(people(or())).toEqual([])
  expect(people(xor())).toEqual([])
  expect(people(or().not())).toHaveLength(16)
  expect(crowd.count({ or: [] })).toBe(0)
})

test('law 5: and() is an error, however it is written', () => {
  expect(refusal(() => and()).code).toBe('RULE_EMPTY_AND')
  expect(refusal(() => crowd.count({ and: [] })).code).toBe('RULE_EMPTY_AND')
  expect(refusal(() => crowd.count({ or: [{ tag: 'a' }, { and: [] }] })).code).toBe('RULE_EMPTY_AND')
  expect(refusal(() => minus()).code).toBe('RULE_EMPTY')
  expect(refusal(() => crowd.count({ minus: [] })).code).toBe('RULE_EMPTY')
})

test('law 5: minus(a, b, c) is a without b and without c', () => {
  expect(people(minus(a, b, c))).toEqual([1, 9])
  expect(people(minus(minus(a, b), c))).toEqual([1, 9])
  expect(people(and(a, not(or(b, c))))).toEqual([1, 9])
  expect(people('a minus (b minus c)')).toEqual([1, 5, 7, 9, 13, 15])
})

test('law 5: xor is in an odd number', () => {
  expect(people(xor(a, b))).toEqual([1, 2, 5, 6, 9, 10, 13, 14])
  expect(people(xor(a, b, c))).toEqual([1, 2, 4, 7, 9, 10, 12, 15])
  expect(people(xor(a, a))).toEqual([])
  expect(people(xor(a, a, a))).toEqual(people(a))
})

describe('law 5: atLeast(k, rules)', () => {
  test('law 5: counts the rules a person is in, one that stands twice twice', () => {
    expect(people(atLeast(1, [a, b, c]))).toEqual(people(or(a, b, c)))
    expect(people(atLeast(2, [a, b, c]))).toEqual([3, 5, 6, 7, 11, 13, 14, 15])
    expect(people(atLeast(3, [a, b, c]))).toEqual(people(and(a, b, c)))
    expect(people(atLeast(2, [a, a, b]))).toEqual(people(a))
  })

  test('law 5: with k above the number of rules is nobody', () => {
    expect(people(atLeast(4, [a, b, c]))).toEqual([])
    expect(people(atLeast(1, []))).toEqual([])
    expect(people(atLeast(2 ** 53 - 1, [a]))).toEqual([])
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '2' as never, null as never])(
    'law 5: needs a whole k of 1 or more, not %s',
    (k) => {
      const error = refusal(() => crowd.count(atLeast(k, [a, b])))
      expect(error.code).toBe('RULE_BAD_COUNT')
      expect(error.facts.faults).toMatchObject([{ path: '$.atLeast' }])
    },
  )
})

test('law 5: whatever rule is asked, the truth table has the answer', () => {
  const holds = (node: RuleNode, person: number): boolean => {
    const parts = childRules(node).map((part) => holds(part, person))
    switch (node.kind) {
      case 'has':
        return (person & (1 << flags.indexOf(node.tag as 'a'))) > 0
      case 'not':
        return !parts[0]
      case 'and':
        return parts.every(Boolean)
      case 'or':
        return parts.some(Boolean)
      case 'xor':
        return parts.filter(Boolean).length % 2 === 1
      case 'minus':
        return parts[0] === true && !parts.slice(1).some(Boolean)
      case 'atLeast':
        return parts.filter(Boolean).length >= (node.k as number)
      default:
        return node.kind === 'everyone'
    }
  }
  const { rule } = fc.letrec<{ rule: RuleNode }>((tie) => {
    const some = fc.array(tie('rule'), { minLength: 2, maxLength: 4 })
    return {
      rule: fc.oneof(
        { depthSize: 'medium', maxDepth: 5 },
        { arbitrary: fc.constantFrom(...flags).map(make.has), weight: 5 },
        { arbitrary: fc.constantFrom<RuleNode>(make.everyone(), make.nobody()), weight: 1 },
        { arbitrary: some.map(make.and), weight: 2 },
        { arbitrary: some.map(make.or), weight: 2 },
        { arbitrary: some.map(make.minus), weight: 3 },
        { arbitrary: some.map(make.xor), weight: 2 },
        { arbitrary: tie('rule').map(make.not), weight: 2 },
        { arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), some).map(([k, of]) => make.atLeast(k, of)), weight: 3 },
      ),
    }
  })
  fc.assert(
    fc.property(rule, (node) => {
      const asked = Rule.of(node)
      const expected = Array.from({ length: 16 }, (_, person) => person).filter((person) => holds(node, person))
      const prepared = crowd.prepare(asked)
      expect(prepared.count()).toBe(expected.length)
      expect([...prepared.select()]).toEqual(expected)
      expect(Array.from({ length: 16 }, (_, i) => i).filter((person) => prepared.matches(person))).toEqual(expected)
    }),
    campaign(2_000),
  )
})
