import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRuleLimits, type RuleLimits } from '../../src/base/limits.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { faultsOf, fitsSchema, jsonFaults } from './json-of.ts'
import { anyRule } from './rule-arbitrary.ts'

const a = make.has('a')
const A = { tag: 'a' }

describe('a rule and its JSON', () => {
  test('are the same rule, also as JSON text', () => {
    fc.assert(
      fc.property(anyRule, (node) => {
        const json = ruleToJson(node)
        expect(ruleFromJson(json)).toStrictEqual(node)
        expect(ruleFromJson(JSON.parse(JSON.stringify(json)))).toStrictEqual(node)
      }),
      campaign(2_000),
    )
  })

  test('every JSON that is written fits the schema', () => {
    fc.assert(
      fc.property(anyRule, (node) => {
        if (!fitsSchema(ruleToJson(node))) throw new Error(JSON.stringify(fitsSchema.errors))
      }),
      campaign(1_000),
    )
  })

  test('the JSON is the caller’s own', () => {
    const node = make.and([make.list('in', 'a', ['x']), make.atLeast(1, [a])])
    const json = ruleToJson(node) as unknown as { and: [{ in: string[] }, { of: object[] }] }
    json.and[0].in.push('y')
    json.and[1].of.length = 0
    expect(ruleToJson(node)).toEqual({
      and: [
        { tag: 'a', in: ['x'] },
        { atLeast: 1, of: [A] },
      ],
    })
  })

  test('text goes to NFC', () => {
    expect(ruleFromJson({ tag: 'cafe\u0301', eq: { param: 'e\u0301' } })).toStrictEqual(
      make.value('eq', 'café', make.parameter('é')),
    )
  })
})

describe('groups of few', () => {
  test.each<[unknown, RuleNode]>([
    [{ and: [A] }, a],
    [{ or: [A] }, a],
    [{ xor: [A] }, a],
    [{ minus: [A] }, a],
    [{ or: [] }, make.nobody()],
    [{ xor: [] }, make.nobody()],
    [{ atLeast: 1, of: [] }, make.atLeast(1, [])],
    [{ atLeast: 2, of: [A] }, make.atLeast(2, [a])],
    [{ not: { and: [{ or: [A] }] } }, make.not(a)],
  ])('%j', (json, node) => {
    expect(ruleFromJson(json)).toStrictEqual(node)
    expect(fitsSchema(json)).toBe(true)
  })
})

/** JSON that is no rule, with each fault as `CODE path: message`. */
const bad: [unknown, ...string[]][] = [
  [null, 'RULE_WRONG_TYPE $: found null, expected a rule such as {"tag": "vip"}'],
  ['a', 'RULE_WRONG_TYPE $: found "a", expected a rule such as {"tag": "vip"}'],
  [5, 'RULE_WRONG_TYPE $: found 5, expected a rule such as {"tag": "vip"}'],
  [[A], 'RULE_WRONG_TYPE $: found an array of 1, expected a rule such as {"tag": "vip"}'],
  [{}, 'RULE_WRONG_TYPE $: found an object without keys, expected a rule such as {"tag": "vip"}'],
  [{ adn: [A] }, 'RULE_UNKNOWN_KEY $.adn: found the unknown key "adn". Did you mean and?'],
  [{ tag: 'a', kind: 'has' }, 'RULE_UNKNOWN_KEY $.kind: found the unknown key "kind".'],
  [{ tag: 'a', isset: true }, 'RULE_UNKNOWN_KEY $.isset: found the unknown key "isset". Did you mean isSet?'],
  [{ tag: 'a', 'no key': 1 }, 'RULE_UNKNOWN_KEY $["no key"]: found the unknown key "no key".'],
  [
    JSON.parse('{"tag":"a","__proto__":{"eq":"x"}}'),
    'RULE_UNKNOWN_KEY $.__proto__: found the unknown key "__proto__".',
  ],
  [JSON.parse('{"__proto__":{"tag":"a"}}'), 'RULE_UNKNOWN_KEY $.__proto__: found the unknown key "__proto__".'],
  [{ tag: 'a', constructor: 1 }, 'RULE_UNKNOWN_KEY $.constructor: found the unknown key "constructor".'],
  [{ and: [A], or: [A] }, 'RULE_WRONG_TYPE $: found "and", "or" in one object, expected one of them'],
  [{ tag: 'a', not: A }, 'RULE_WRONG_TYPE $: found "tag", "not" in one object, expected one of them'],
  [{ tag: 'a', eq: 'x', ne: 'y' }, 'RULE_WRONG_TYPE $: found "eq", "ne" in one object, expected one operator of a tag'],
  [{ and: [A], eq: 'x' }, 'RULE_UNKNOWN_KEY $.eq: found the key "eq" beside "and", where it means nothing'],
  [{ tag: 'a', of: [A] }, 'RULE_UNKNOWN_KEY $.of: found the key "of" beside "tag", where it means nothing'],
  [{ eq: 'x' }, 'RULE_WRONG_TYPE $.eq: found the key "eq" without "tag" or "did", expected one of them beside it'],
  [
    { of: [A] },
    'RULE_WRONG_TYPE $.of: found the key "of" without "atLeast" or "regular", expected one of them beside it',
  ],
  [{ version: 3 }, 'RULE_WRONG_TYPE $.version: found the key "version" without "audience", expected both'],
  [{ param: 'a' }, 'RULE_UNKNOWN_KEY $.param: found the unknown key "param".'],
  [{ tag: null }, 'RULE_WRONG_TYPE $.tag: found null, expected a text'],
  [{ tag: 5 }, 'RULE_WRONG_TYPE $.tag: found 5, expected a text: write "5"'],
  [{ tag: 'a', eq: true }, 'RULE_WRONG_TYPE $.eq: found true, expected a text or a number: write "true"'],
  [{ tag: 'a', eq: ['x'] }, 'RULE_WRONG_TYPE $.eq: found an array of 1, expected a text or a number'],
  [{ tag: 'a', eq: null }, 'RULE_WRONG_TYPE $.eq: found null, expected a text or a number'],
  [
    { tag: { name: 'a' } },
    'RULE_WRONG_TYPE $.tag: found an object with the keys "name", expected a text or {"param": "its name"}',
  ],
  [{ tag: { param: 5 } }, 'RULE_WRONG_TYPE $.tag.param: found 5, expected the name of a parameter'],
  [{ tag: { param: 'a', type: 'x' } }, 'RULE_UNKNOWN_KEY $.tag.type: found the unknown key "type".'],
  [{ tag: 'a', in: 'x' }, 'RULE_WRONG_TYPE $.in: found "x", expected an array of texts or numbers'],
  [
    { tag: 'a', in: ['x', 5, null, ['y'], { param: 'p' }] },
    'RULE_WRONG_TYPE $.in[2]: found null, expected a text or a number',
    'RULE_WRONG_TYPE $.in[3]: found an array of 1, expected a text or a number',
  ],
  [{ tag: 'a', hasAny: ['x', 5, null] }, 'RULE_WRONG_TYPE $.hasAny[2]: found null, expected a text or a number'],
  [
    { tag: 'a', isSet: false },
    'RULE_WRONG_TYPE $.isSet: found false, expected true: for the contrary write {… "isNotSet": true}',
  ],
  [{ tag: 'a', isNotSet: 'yes' }, 'RULE_WRONG_TYPE $.isNotSet: found "yes", expected true'],
  [
    { everyone: false },
    'RULE_WRONG_TYPE $.everyone: found false, expected true: for the contrary write {… "nobody": true}',
  ],
  [{ everyone: true, tag: 'a' }, 'RULE_WRONG_TYPE $: found "everyone", "tag" in one object, expected one of them'],
  [{ nobody: {} }, 'RULE_WRONG_TYPE $.nobody: found an object with the keys (none), expected true'],
  [{ audience: 5 }, 'RULE_WRONG_TYPE $.audience: found 5, expected a text: write "5"'],
  [
    { audience: 'x', version: '3' },
    'RULE_WRONG_TYPE $.version: found "3", expected "latest" or the number of a version, a whole number of 1 or more',
  ],
  [
    { audience: 'x', version: 0 },
    'RULE_WRONG_TYPE $.version: found 0, expected "latest" or the number of a version, a whole number of 1 or more',
  ],
  [{ not: [A] }, 'RULE_WRONG_TYPE $.not: found an array of 1, expected a rule such as {"tag": "vip"}'],
  [{ and: A }, 'RULE_WRONG_TYPE $.and: found an object with the keys "tag", expected an array of rules'],
  [
    { and: [] },
    'RULE_EMPTY_AND $.and: found "and" of no rules, which would be everyone. Write {"everyone": true} where that is meant',
  ],
  [{ minus: [] }, 'RULE_EMPTY $.minus: found "minus" of no rules, expected a rule to take the others away from'],
  [{ atLeast: 2 }, 'RULE_WRONG_TYPE $: found "atLeast" without "of", expected the rules that are counted'],
  [{ atLeast: '2', of: [A] }, 'RULE_WRONG_TYPE $.atLeast: found "2", expected a whole number of 1 or more'],
  [{ atLeast: 0, of: [A] }, 'RULE_BAD_COUNT $.atLeast: found 0, expected a whole number of 1 or more'],
  [{ atLeast: 1.5, of: [A] }, 'RULE_BAD_COUNT $.atLeast: found 1.5, expected a whole number of 1 or more'],
  [
    { atLeast: 2 ** 53, of: [A] },
    'RULE_BAD_COUNT $.atLeast: found 9007199254740992, expected a whole number of 1 or more',
  ],
  [{ atLeast: 1, of: A }, 'RULE_WRONG_TYPE $.of: found an object with the keys "tag", expected an array of rules'],
  [
    { and: [{ tag: 'a', equals: 'x' }, { or: [A, { atLeast: 0, of: [{ tag: 5 }] }] }, { not: {} }] },
    'RULE_UNKNOWN_KEY $.and[0].equals: found the unknown key "equals".',
    'RULE_BAD_COUNT $.and[1].or[1].atLeast: found 0, expected a whole number of 1 or more',
    'RULE_WRONG_TYPE $.and[1].or[1].of[0].tag: found 5, expected a text: write "5"',
    'RULE_WRONG_TYPE $.and[2].not: found an object without keys, expected a rule such as {"tag": "vip"}',
  ],
]

describe('bad JSON is refused with every fault, and by the schema', () => {
  test.each(bad)('%j', (json, ...faults) => {
    expect(jsonFaults(json)).toEqual(faults)
    expect(fitsSchema(json)).toBe(false)
  })
})

describe('what only JavaScript can hold is refused', () => {
  const cyclic: { and: unknown[] } = { and: [A] }
  cyclic.and.push(cyclic)
  const half = '\ud800'
  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'RULE_WRONG_TYPE $: found undefined'],
    ['an undefined operand', { tag: 'a', eq: undefined }, 'RULE_WRONG_TYPE $.eq: found undefined'],
    ['an undefined version', { audience: 'a', version: undefined }, 'RULE_WRONG_TYPE $.version: found undefined'],
    ['NaN', { tag: 'a', eq: Number.NaN }, 'RULE_BAD_NUMBER $.eq: found NaN'],
    ['a count of NaN', { atLeast: Number.NaN, of: [] }, 'RULE_BAD_COUNT $.atLeast: found NaN'],
    ['a count of Infinity', { atLeast: Number.POSITIVE_INFINITY, of: [] }, 'RULE_BAD_COUNT $.atLeast: found Infinity'],
    ['a bigint', { atLeast: 2n, of: [] }, 'RULE_WRONG_TYPE $.atLeast: found 2n'],
    ['a function', () => A, 'RULE_WRONG_TYPE $: found a function'],
    ['a date', { tag: new Date(0) }, 'RULE_WRONG_TYPE $.tag: found an object'],
    ['a map', new Map([['tag', 'a']]), 'RULE_WRONG_TYPE $: found an object without keys'],
    ['inherited keys', Object.create(A), 'RULE_WRONG_TYPE $: found an object without keys'],
    [
      'an inherited operand',
      Object.assign(Object.create({ of: [] }), { atLeast: 1 }),
      'RULE_WRONG_TYPE $: found "atLeast"',
    ],
    ['an inherited parameter', { tag: Object.create({ param: 'x' }) }, 'RULE_WRONG_TYPE $.tag: found an object'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    ['a hole in a list', { tag: 'a', in: ['x', , 'y'] }, 'RULE_WRONG_TYPE $.in[1]: found undefined'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    ['a hole in a group', { and: [A, , A] }, 'RULE_WRONG_TYPE $.and[1]: found undefined'],
    ['a sparse list', { tag: 'a', in: new Array(2 ** 32 - 1) }, 'RULE_LIST_TOO_LONG $.in: found a list of 4294967295'],
    ['a sparse group', { or: new Array(2 ** 32 - 1) }, 'RULE_TOO_LARGE $.or: found more than 20000'],
    ['a String object', { tag: new String('a') }, 'RULE_WRONG_TYPE $.tag: found an object'],
    ['half a surrogate pair', { tag: half }, 'RULE_WRONG_TYPE $.tag: found "\\ud800", expected a text without half'],
    ['half in a list', { tag: 'a', in: ['x', half] }, 'RULE_WRONG_TYPE $.in[1]: found "\\ud800"'],
    ['half in a parameter', { tag: { param: half } }, 'RULE_WRONG_TYPE $.tag.param: found "\\ud800"'],
    ['a cycle', cyclic, 'RULE_TOO_DEEP'],
    ['a tree, not its JSON', make.and([a, a]), 'RULE_UNKNOWN_KEY $.kind'],
  ])('%s', (_name, json, fault) => {
    expect(jsonFaults(json)[0]).toContain(fault)
  })

  test('a small graph that unfolds to a huge tree', () => {
    let json: object = A
    for (let i = 0; i < 100; i++) json = { and: [json, json] }
    expect(faultsOf(json).map((fault) => fault.code)).toEqual(['RULE_TOO_LARGE'])
  })
})

describe('above a limit', () => {
  const limits: RuleLimits = { ...defaultRuleLimits, depth: 3, nodes: 4, listLength: 2, valueLength: 5 }
  test.each<[unknown, string]>([
    [{ not: { not: A } }, ''],
    [{ not: { not: { not: A } } }, 'RULE_TOO_DEEP $.not.not.not: found a rule nested deeper than 3 levels, the limit'],
    [{ and: [A, A, A] }, ''],
    [{ and: [A, A, A, A] }, 'RULE_TOO_LARGE $.and[3]: found more than 4 conditions and operations'],
    [{ tag: 'a', in: ['x', 'y'] }, ''],
    [{ tag: 'a', in: ['x', 'y', 'z'] }, 'RULE_LIST_TOO_LONG $.in: found a list of 3 values, expected at most 2'],
    [{ tag: 'abcde', eq: '12345' }, ''],
    [{ tag: 'abcdef' }, 'RULE_TOO_LONG $.tag: found a name or text of 6 characters, expected at most 5'],
    [{ tag: 'a', in: ['123456'] }, 'RULE_TOO_LONG $.in[0]: found a name or text of 6 characters, expected at most 5'],
    [{ tag: { param: '123456' } }, 'RULE_TOO_LONG $.tag.param'],
    [{ tag: '\u0958\u0958\u0958' }, 'RULE_TOO_LONG $.tag'],
  ])('%j', (json, fault) => {
    if (fault === '') ruleFromJson(json, limits)
    else expect(jsonFaults(json, limits)[0]).toContain(fault)
  })

  test.each<[string, () => unknown, string]>([
    ['100,000 nots', () => nested(100_000, (json) => ({ not: json })), 'RULE_TOO_DEEP'],
    ['100,000 groups of one', () => nested(100_000, (json) => ({ and: [json] })), 'RULE_TOO_DEEP'],
    [
      '100,000 arrays',
      () => JSON.parse(`{"tag":"a","in":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
      'RULE_WRONG_TYPE',
    ],
    ['a million parts', () => ({ or: new Array(1_000_000).fill(A) }), 'RULE_TOO_LARGE'],
    ['a million nodes', () => ({ or: new Array(1_000).fill({ and: new Array(1_000).fill(A) }) }), 'RULE_TOO_LARGE'],
    ['a million values', () => ({ tag: 'a', in: new Array(1_000_000).fill('x') }), 'RULE_LIST_TOO_LONG'],
    ['100,000 wrong values', () => ({ tag: 'a', in: new Array(100_000).fill(true) }), 'RULE_WRONG_TYPE'],
    ['a huge text', () => ({ tag: 'x'.repeat(10_000_000) }), 'RULE_TOO_LONG'],
    ['a huge key', () => ({ ['x'.repeat(10_000_000)]: 1 }), 'RULE_UNKNOWN_KEY'],
    [
      '100,000 keys',
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`isSe${i}`, 1])),
      'RULE_UNKNOWN_KEY',
    ],
  ])('%s', (_name, json, code) => {
    const error = new RuleError(faultsOf(json()))
    expect(error.code).toBe(code)
    expect(error.message.length).toBeLessThan(5_000)
  })

  test('without limits depth costs no call stack', () => {
    const none = { ...defaultRuleLimits, depth: 1_000_000, nodes: 1_000_000 }
    const node = ruleFromJson(
      nested(200_000, (json) => ({ not: json })),
      none,
    )
    expect(ruleFromJson(ruleToJson(node), none).kind).toBe('not')
  })
})

test('any value is a rule that survives, or a RuleError', () => {
  const keys = [
    'tag',
    'and',
    'or',
    'not',
    'atLeast',
    'of',
    'audience',
    'version',
    'eq',
    'in',
    'isSet',
    'param',
    'everyone',
    'x',
  ]
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom<unknown>('a', '', 1, 2, true, null, 'latest', { tag: 'a' }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 2 }),
      fc.dictionary(fc.constantFrom('and', 'or', 'not', 'minus'), fc.array(tie('value'), { maxLength: 2 }), {
        maxKeys: 1,
      }),
    ),
  }))
  let rules = 0
  fc.assert(
    fc.property(value, (json) => {
      const fits = fitsSchema(json)
      try {
        const node = ruleFromJson(json)
        rules++
        expect(ruleFromJson(ruleToJson(node))).toStrictEqual(node)
        expect(fits).toBe(true)
      } catch (error) {
        if (!(error instanceof RuleError)) throw error
        expect(fits).toBe(false)
      }
    }),
    campaign(5_000),
  )
  expect(rules).toBeGreaterThan(100)
})

function nested(depth: number, wrap: (json: object) => object): object {
  let json: object = A
  for (let i = 0; i < depth; i++) json = wrap(json)
  return json
}
