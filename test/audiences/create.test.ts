import { beforeEach, describe, expect, test } from 'vitest'
import { CrowdbitError, RuleError } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'
import { openShop, revisionOf, type Shop } from './shop.ts'

let crowd: Shop['crowd']
let shop: Shop

beforeEach(() => {
  shop = openShop()
  crowd = shop.crowd
})

test('an audience by rule says what it is', () => {
  shop.now = 5_000 as Shop['now']
  const pack = crowd.audiences.create({ name: '618 拉新', rule: 'vip minus old', kind: 'industry' })
  expect({
    name: pack.name,
    kind: pack.kind,
    source: pack.source,
    bounds: pack.bounds,
    rule: String(pack.rule),
    size: pack.size,
    lastUpload: pack.lastUpload,
    versions: pack.versions.length,
  }).toEqual({
    name: '618 拉新',
    kind: 'industry',
    source: 'rule',
    bounds: { min: 100, max: 100_000_000 },
    rule: 'vip minus old',
    size: 100,
    lastUpload: null,
    versions: 1,
  })
  const { number, size, asOf, dataVersion, ruleHash } = pack.version
  expect({ number, size, asOf, dataVersion, ruleHash }).toEqual({
    number: 1,
    size: 100,
    asOf: 5_000,
    dataVersion: 1,
    ruleHash: crowd.hash('vip minus old'),
  })
  expect([...pack.version.ids()].slice(0, 4)).toEqual(['u2', 'u4', 'u8', 'u10'])
  expect(pack.version.has('u2')).toBe(true)
  expect(pack.version.has('u0')).toBe(false)
  expect(pack.version.has('stranger')).toBe(false)
  expect(pack.version.page(null, 2)).toEqual({ ids: ['u2', 'u4'], next: 'after-4' })
  expect(pack.version.people().size).toBe(100)
})

test.each([
  ['text', 'vip minus old'],
  ['JSON', { minus: [{ tag: 'vip' }, { tag: 'old' }] }],
] as const)('a rule comes as %s', (_, rule) => {
  expect(crowd.audiences.create({ name: 'pack', rule }).size).toBe(100)
  expect(crowd.audiences.get('pack').rule?.toJSON()).toEqual({ minus: [{ tag: 'vip' }, { tag: 'old' }] })
})

test('the people of an audience stay until it is rebuilt', () => {
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
  crowd.put('new', { vip: true })
  crowd.put('u0', { vip: false })
  expect(pack.size).toBe(150)
  expect(pack.version.has('u0')).toBe(true)
  expect(crowd.count('audience pack')).toBe(150)
  expect([...crowd.select('audience pack minus audience pack version 1')]).toEqual(['new'])
})

describe('bounds', () => {
  // 150 people.
  test.each([
    [{ min: 150, max: 150 }, undefined],
    [{ min: 149, max: 151 }, undefined],
    [{ min: 151, max: 1_000 }, 'AUDIENCE_TOO_SMALL'],
    [{ min: 0, max: 149 }, 'AUDIENCE_TOO_LARGE'],
    [{ max: 150 }, undefined],
    [{ max: 149 }, 'AUDIENCE_TOO_LARGE'],
    [{ min: 151 }, 'AUDIENCE_TOO_SMALL'],
    [{}, undefined],
    [undefined, undefined],
  ] as const)('150 people in %j: %s', (bounds, code) => {
    const options = { name: 'pack', rule: 'vip', ...(bounds === undefined ? {} : { bounds }) }
    if (code === undefined) expect(crowd.audiences.create(options).size).toBe(150)
    else {
      const error = refusal(() => crowd.audiences.create(options))
      expect(error.code).toBe(code)
      expect(error.facts).toMatchObject({ name: 'pack', size: 150, ...bounds })
      expect(crowd.audiences.has('pack')).toBe(false)
    }
  })

  test.each([
    { min: -1 },
    { min: 1.5 },
    { max: Number.NaN },
    { max: Number.POSITIVE_INFINITY },
    { min: 200, max: 199 },
    { max: 2 ** 32 },
    { max: 99 },
    { min: '1' as never },
  ])('bounds of %j are refused before the rule is asked', (bounds) => {
    const error = refusal(() => crowd.audiences.create({ name: 'pack', rule: 'nonsense', bounds }))
    expect(error.code).toBe('AUDIENCE_BOUNDS_INVALID')
    expect(error.facts).toEqual({ min: 100, max: 100_000_000, ...bounds })
  })

  test('nobody is an audience where the minimum is 0', () => {
    const pack = crowd.audiences.create({ name: 'none', rule: 'nobody', bounds: { min: 0, max: 0 } })
    expect(pack.size).toBe(0)
    expect([...pack.version.ids()]).toEqual([])
  })
})

describe('remedies', () => {
  test('the parts without which the rule would fit, the smallest change first', () => {
    const error = refusal(() =>
      crowd.audiences.create({ name: 'pack', rule: 'vip and old and tier = "T1" and not tier = "T9"' }),
    )
    expect(error.facts).toEqual({
      name: 'pack',
      size: 50,
      min: 100,
      max: 100_000_000,
      remedies: [{ without: 'vip', size: 100 }],
    })
    expect(error.message).toBe(
      'AUDIENCE_TOO_SMALL: audience "pack" would have 50 people, which is fewer than its minimum of 100 people. Nothing was saved. It would fit without vip (100 people).',
    )
  })

  test('at most three of them, those that change the size least', () => {
    const error = refusal(() =>
      crowd.audiences.create({
        name: 'pack',
        rule: '(vip and nobody) or (vip and old and tier = "T2") or (old and tier = "T3") or (vip and old minus old)',
        bounds: { min: 50 },
      }),
    )
    expect(error.facts.remedies).toEqual([
      { without: 'old', size: 50 },
      { without: 'tier = "T2"', size: 50 },
      { without: 'old', size: 50 },
    ])
  })

  test('each of them is true', () => {
    const rule = '(vip or tier = "T2") and (old or not vip) minus (tier = "T3" and old)'
    const size = crowd.count(rule)
    const error = refusal(() => crowd.audiences.create({ name: 'pack', rule, bounds: { min: size + 1, max: 299 } }))
    const remedies = error.facts.remedies as { without: string; size: number }[]
    expect(remedies.length).toBeGreaterThan(0)
    const { nodes } = crowd.preview(rule)
    for (const remedy of remedies) {
      expect(nodes.filter((node) => node.rule === remedy.without).map(({ without }) => without)).toContain(remedy.size)
      expect(remedy.size).toBeGreaterThan(size)
    }
  })

  test('where nothing helps, the error says what to change', () => {
    expect(refusal(() => crowd.audiences.create({ name: 'a', rule: 'nobody' })).message).toBe(
      'AUDIENCE_TOO_SMALL: audience "a" would have 0 people, which is fewer than its minimum of 100 people. Nothing was saved. Widen the rule, or lower bounds.min if this size is meant.',
    )
    expect(
      refusal(() => crowd.audiences.create({ name: 'a', rule: 'everyone', bounds: { min: 1, max: 1 } })).message,
    ).toBe(
      'AUDIENCE_TOO_LARGE: audience "a" would have 300 people, which is more than its maximum of 1 person. Nothing was saved. Narrow the rule, or raise bounds.max if this size is meant.',
    )
  })

  test('a rule too large to look into is refused without remedies, at once', () => {
    const rule = crowd.rules.atLeast(
      2,
      Array.from({ length: 10_000 }, (_, i) => ({ tag: 'tier', eq: `T${i}` })),
    )
    const error = refusal(() => crowd.audiences.create({ name: 'a', rule }))
    expect(error.facts).toMatchObject({ size: 0, remedies: [] })
  })
})

describe('nothing is left of what is refused', () => {
  test.each([
    ['AUDIENCE_NAME_INVALID', { name: '', rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: '  ', rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: 'a\tb', rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: 'x'.repeat(257), rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: '\udc00', rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: 7 as never, rule: 'vip' }],
    ['AUDIENCE_NAME_INVALID', { name: undefined as never, rule: 'vip' }],
    ['AUDIENCE_NAME_TAKEN', { name: 'taken ', rule: 'vip' }],
    ['OPTION_INVALID', { name: 'new', rule: 'vip', kind: 'own' as never }],
    ['OPTION_INVALID', { name: 'new', rule: 'vip', kind: null as never }],
    ['RULE_UNKNOWN_TAG', { name: 'new', rule: 'wip' }],
    ['RULE_SYNTAX', { name: 'new', rule: 'vip and' }],
    ['RULE_NOT_A_RULE', { name: 'new', rule: undefined as never }],
    ['RULE_UNKNOWN_AUDIENCE', { name: 'new', rule: 'audience "new"' }],
    ['RULE_UNBOUND_PARAMETER', { name: 'new', rule: 'vip and $x' }],
    ['AUDIENCE_TOO_SMALL', { name: 'new', rule: 'nobody' }],
  ] as const)('%s: %j', (code, options) => {
    const taken = crowd.audiences.create({ name: 'taken', rule: 'vip' })
    const revision = revisionOf(crowd.audiences)
    expect(refusal(() => crowd.audiences.create(options)).code).toBe(code)
    expect(crowd.audiences.list()).toEqual([taken])
    expect(revisionOf(crowd.audiences)).toBe(revision)
    expect(crowd.audiences.has('new')).toBe(false)
    expect(taken.versions).toHaveLength(1)
  })

  test('errors are CrowdbitErrors with their facts', () => {
    crowd.audiences.create({ name: 'taken', rule: 'vip' })
    const taken = refusal(() => crowd.audiences.create({ name: 'taken', rule: 'vip' }))
    expect(taken).toBeInstanceOf(CrowdbitError)
    expect(taken.facts).toEqual({ name: 'taken' })
    expect(refusal(() => crowd.audiences.create({ name: 'a', rule: 'vip', kind: 'own' as never })).message).toBe(
      'OPTION_INVALID: an audience\'s kind is "official", "industry" or "custom", not "own"',
    )
    expect(refusal(() => crowd.audiences.create({ name: 'a', rule: 'wip' }))).toBeInstanceOf(RuleError)
  })
})

describe('listing', () => {
  test('in the order of creation, by kind and by source', () => {
    crowd.audiences.create({ name: 'c', rule: 'vip', kind: 'official' })
    crowd.audiences.createList({ name: 'a', members: ['u1'], bounds: { min: 1 } })
    crowd.audiences.create({ name: 'b', rule: 'old' })
    const names = (filter?: Parameters<typeof crowd.audiences.list>[0]): string[] =>
      crowd.audiences.list(filter).map(({ name }) => name)
    expect(names()).toEqual(['c', 'a', 'b'])
    expect(names({})).toEqual(['c', 'a', 'b'])
    expect(names({ kind: 'official' })).toEqual(['c'])
    expect(names({ kind: 'custom' })).toEqual(['a', 'b'])
    expect(names({ kind: 'industry' })).toEqual([])
    expect(names({ source: 'list' })).toEqual(['a'])
    expect(names({ kind: 'custom', source: 'rule' })).toEqual(['b'])
  })

  test('an audience is one object', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    expect(crowd.audiences.get('pack')).toBe(pack)
    expect(crowd.audiences.list()[0]).toBe(pack)
    expect(crowd.workspace('default').audiences.get('pack')).toBe(pack)
  })

  test('an unknown name has the nearest one as a hint', () => {
    crowd.audiences.create({ name: '双11 老客', rule: 'vip' })
    for (const call of [
      () => crowd.audiences.get('双11老客'),
      () => crowd.audiences.remove('双11老客'),
      () => crowd.audiences.rename('双11老客', 'x'),
    ]) {
      const error = refusal(call)
      expect(error.message).toBe('AUDIENCE_UNKNOWN: no audience "双11老客" in this workspace. Did you mean 双11 老客?')
      expect(error.facts).toEqual({ name: '双11老客', suggestion: '双11 老客' })
    }
    expect(crowd.audiences.has('双11老客')).toBe(false)
  })
})
