import { describe, expect, test } from 'vitest'
import { category, createEngine, flag, type Rule, type RuleInput, type RuleJson } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'

const crowd = createEngine({
  schema: {
    精致妈妈: flag(),
    vip: flag(),
    'Gen Z': flag(),
    tier: category({ values: ['T1', 'T2', 'T3'] }),
    job: category(),
    likes: category({ many: true }),
  },
})
const { tag, and, or, xor, minus, not, atLeast, everyone, nobody, audience, parse, print, fromJSON } = crowd.rules
const vip = tag('vip')
const mum = tag('精致妈妈')

describe('what the builder makes is what text and JSON say', () => {
  const forms: readonly [Rule, string, RuleJson][] = [
    [vip, 'vip', { tag: 'vip' }],
    [tag('Gen Z'), '"Gen Z"', { tag: 'Gen Z' }],
    [tag('tier').eq('T1'), 'tier = "T1"', { tag: 'tier', eq: 'T1' }],
    [tag('tier').ne('T1'), 'tier != "T1"', { tag: 'tier', ne: 'T1' }],
    [tag('tier').in(['T1', 'T2']), 'tier in ("T1", "T2")', { tag: 'tier', in: ['T1', 'T2'] }],
    [tag('tier').in([]), 'tier in ()', { tag: 'tier', in: [] }],
    [tag('tier').notIn(['T1']), 'tier not in ("T1")', { tag: 'tier', notIn: ['T1'] }],
    [tag('tier').isSet(), 'tier is set', { tag: 'tier', isSet: true }],
    [tag('tier').isNotSet(), 'tier is not set', { tag: 'tier', isNotSet: true }],
    [tag('job').startsWith('工程'), 'job starts with "工程"', { tag: 'job', startsWith: '工程' }],
    [tag('job').contains('"师"'), 'job contains "\\"师\\""', { tag: 'job', contains: '"师"' }],
    [tag('job').matches('^\\d+$'), 'job matches "^\\\\d+$"', { tag: 'job', matches: '^\\d+$' }],
    [tag('likes').hasAny(['a', 'b']), 'likes has any ("a", "b")', { tag: 'likes', hasAny: ['a', 'b'] }],
    [tag('likes').hasAll(['a']), 'likes has all ("a")', { tag: 'likes', hasAll: ['a'] }],
    [tag('likes').hasNone([]), 'likes has none ()', { tag: 'likes', hasNone: [] }],
    [tag('likes').isSet(), 'likes is set', { tag: 'likes', isSet: true }],
    [everyone(), 'everyone', { everyone: true }],
    [nobody(), 'nobody', { nobody: true }],
    [audience('双11 老客'), 'audience "双11 老客"', { audience: '双11 老客' }],
    [audience('pack', { version: 3 }), 'audience pack version 3', { audience: 'pack', version: 3 }],
    [audience('pack', { version: 'latest' }), 'audience pack version latest', { audience: 'pack', version: 'latest' }],
    [not(vip), 'not vip', { not: { tag: 'vip' } }],
    [vip.not(), 'not vip', { not: { tag: 'vip' } }],
    [not(not(vip)), 'not not vip', { not: { not: { tag: 'vip' } } }],
    [and(vip, mum), 'vip and 精致妈妈', { and: [{ tag: 'vip' }, { tag: '精致妈妈' }] }],
    [or(vip, mum), 'vip or 精致妈妈', { or: [{ tag: 'vip' }, { tag: '精致妈妈' }] }],
    [xor(vip, mum), 'vip xor 精致妈妈', { xor: [{ tag: 'vip' }, { tag: '精致妈妈' }] }],
    [minus(vip, mum), 'vip minus 精致妈妈', { minus: [{ tag: 'vip' }, { tag: '精致妈妈' }] }],
    [
      atLeast(2, [vip, mum]),
      'at least 2 of (vip, 精致妈妈)',
      { atLeast: 2, of: [{ tag: 'vip' }, { tag: '精致妈妈' }] },
    ],
    [
      or(and(vip, mum), not(or(vip, mum))),
      'vip and 精致妈妈 or not (vip or 精致妈妈)',
      { or: [{ and: [{ tag: 'vip' }, { tag: '精致妈妈' }] }, { not: { or: [{ tag: 'vip' }, { tag: '精致妈妈' }] } }] },
    ],
    [tag('tier').eq({ param: 'city' }), 'tier = $city', { tag: 'tier', eq: { param: 'city' } }],
    [tag('tier').in(['T1', { param: 'x y' }]), 'tier in ("T1", $"x y")', { tag: 'tier', in: ['T1', { param: 'x y' }] }],
    [tag('tier').in({ param: 'cities' }), 'tier in $cities', { tag: 'tier', in: { param: 'cities' } }],
  ]

  test.each(forms.map(([rule, text, json]) => [text, rule, json] as const))('%s', (text, rule, json) => {
    expect(print(rule)).toBe(text)
    expect(String(rule)).toBe(text)
    expect(rule.toJSON()).toEqual(json)
    expect(JSON.parse(JSON.stringify({ rule }))).toEqual({ rule: json })
    expect(parse(text).node).toEqual(rule.node)
    expect(fromJSON(json).node).toEqual(rule.node)
    expect(parse(print(rule, { language: 'zh' })).node).toEqual(rule.node)
    expect(Object.isFrozen(rule.node)).toBe(true)
  })
})

describe('fluent methods', () => {
  test('lengthen a group of the same kind', () => {
    const parts = (rule: Rule): unknown => [rule.node.kind, 'rules' in rule.node ? rule.node.rules.length : 0]
    expect(parts(vip.and(mum).and(vip).and(mum, vip))).toEqual(['and', 5])
    expect(parts(vip.or(mum).or(vip))).toEqual(['or', 3])
    expect(parts(vip.xor(mum).xor(vip))).toEqual(['xor', 3])
    expect(parts(vip.minus(mum).minus(vip))).toEqual(['minus', 3])
    expect(String(vip.minus(mum).minus(tag('Gen Z')))).toBe('vip minus 精致妈妈 minus "Gen Z"')
  })

  test('leave a group of another kind, and what is on the right, as a part', () => {
    expect(String(vip.or(mum).and(vip))).toBe('(vip or 精致妈妈) and vip')
    expect(String(vip.and(mum).or(vip))).toBe('vip and 精致妈妈 or vip')
    expect(String(vip.and(vip.and(mum)))).toBe('vip and (vip and 精致妈妈)')
    expect(String(vip.minus(vip.minus(mum)))).toBe('vip minus (vip minus 精致妈妈)')
    expect(String(vip.minus(mum).and(vip))).toBe('(vip minus 精致妈妈) and vip')
    expect(String(vip.and(mum).not().and(vip))).toBe('not (vip and 精致妈妈) and vip')
  })

  test('of nothing more are the rule itself', () => {
    for (const rule of [vip.and(), vip.or(), vip.xor(), vip.minus()]) expect(rule.node).toEqual(vip.node)
    expect(vip.and(mum).and().node).toEqual(vip.and(mum).node)
  })

  test('change nothing of the rules that they are called on', () => {
    const both = vip.and(mum)
    both.and(tag('Gen Z'))
    both.not()
    expect(String(both)).toBe('vip and 精致妈妈')
  })

  test('take rules in any form', () => {
    expect(String(vip.and('精致妈妈 or vip', { tag: 'Gen Z' }, mum))).toBe(
      'vip and (精致妈妈 or vip) and "Gen Z" and 精致妈妈',
    )
    expect(String(and('vip', { not: { tag: 'vip' } }))).toBe('vip and not vip')
    expect(String(not('vip or 精致妈妈'))).toBe('not (vip or 精致妈妈)')
    expect(String(atLeast(1, ['vip', mum]))).toBe('at least 1 of (vip, 精致妈妈)')
    expect(print('  vip   AND(精致妈妈)')).toBe('vip and 精致妈妈')
    expect(print({ and: [{ tag: 'vip' }] })).toBe('vip')
  })

  test('give the people of the same rule in one go', () => {
    for (let i = 0; i < 8; i++) crowd.put(i, { vip: (i & 1) > 0, 精致妈妈: (i & 2) > 0, 'Gen Z': (i & 4) > 0 })
    const z = tag('Gen Z')
    for (const [fluent, whole] of [
      [vip.and(mum).and(z), and(vip, mum, z)],
      [vip.or(mum).or(z), or(vip, mum, z)],
      [vip.xor(mum).xor(z), xor(vip, mum, z)],
      [vip.minus(mum).minus(z), minus(vip, mum, z)],
      [vip.minus(mum).minus(z), minus(minus(vip, mum), z)],
      [vip.xor(mum.xor(z)), xor(vip, mum, z)],
    ] as const) {
      expect([...crowd.select(fluent)]).toEqual([...crowd.select(whole)])
    }
  })
})

describe('names and texts', () => {
  test('go to NFC, and names of audiences are trimmed', () => {
    const decomposed = 'cafe\u0301'
    expect(tag('job').eq(decomposed).toJSON()).toEqual({ tag: 'job', eq: 'café' })
    expect(
      tag('likes')
        .hasAny([decomposed, { param: decomposed }])
        .toJSON(),
    ).toEqual({
      tag: 'likes',
      hasAny: ['café', { param: 'café' }],
    })
    expect(audience(`  ${decomposed} `).toJSON()).toEqual({ audience: 'café' })
  })

  test('an unknown tag is refused at once, with the nearest one', () => {
    const error = refusal(() => tag('精致妈咪' as 'vip'))
    expect(error.message).toBe('RULE_UNKNOWN_TAG: no tag "精致妈咪" in this engine. Did you mean 精致妈妈?')
    expect(error.facts.faults).toEqual([
      {
        code: 'RULE_UNKNOWN_TAG',
        message: 'no tag "精致妈咪" in this engine. Did you mean 精致妈妈?',
        path: '$',
        suggestion: '精致妈妈',
      },
    ])
  })

  test('and without one where none is near', () => {
    const error = refusal(() => tag('something else altogether' as 'vip'))
    expect(error.facts.faults).toEqual([
      { code: 'RULE_UNKNOWN_TAG', message: 'no tag "something else altogether" in this engine.', path: '$' },
    ])
  })

  test.each<[string, () => unknown, string]>([
    ['a number for a text', () => tag('job').eq(5 as never), '5 stands where text is expected'],
    ['null for a text', () => tag('job').startsWith(null as never), 'null stands where text is expected'],
    ['a text for a list', () => tag('job').in('T1' as never), '"T1" stands where an array of texts is expected'],
    [
      'nothing for a list',
      () => tag('likes').hasAll(undefined as never),
      'undefined stands where an array of texts is expected',
    ],
    ['a hole in a list', () => tag('likes').hasAny(new Array(2) as never), 'undefined stands where text is expected'],
    [
      'an object in a list',
      () => tag('likes').hasAny([{}] as never),
      'an object with the keys (none) stands where text is expected',
    ],
    ['a number for an audience', () => audience(5 as never), '5 stands where text is expected'],
    ['a number for a parameter', () => tag('job').eq({ param: 5 } as never), '5 stands where text is expected'],
    [
      'a pattern of RegExp',
      () => tag('job').matches(/a/ as never),
      'an object with the keys (none) stands where text is expected',
    ],
  ])('%s is refused by a code', (_, make, message) => {
    expect(refusal(make).message).toBe(`RULE_WRONG_TYPE: ${message}`)
  })

  test('a list stays as it was given', () => {
    const values = ['a', 'b']
    const rule = tag('likes').hasAny(values)
    values.push('c')
    expect(String(rule)).toBe('likes has any ("a", "b")')
  })
})

describe('hostile rules are refused in bounded time, wherever a rule is taken', () => {
  const deep = ((): Rule => {
    let rule: Rule = vip
    for (let i = 0; i < 100_000; i++) rule = rule.not()
    return rule
  })()
  const doubled = (step: (rule: Rule, round: number) => Rule): Rule => {
    let rule: Rule = vip
    for (let round = 0; round < 40; round++) rule = step(rule, round)
    return rule
  }
  const hostile: readonly [string, Rule, string][] = [
    ['100,000 times not()', deep, 'RULE_TOO_DEEP'],
    ['and(itself), 40 times', doubled((rule) => rule.and(rule)), 'RULE_TOO_LARGE'],
    ['or and and in turns', doubled((rule, i) => (i % 2 === 0 ? rule.or(rule) : rule.and(rule))), 'RULE_TOO_LARGE'],
    ['xor(itself), 40 times', doubled((rule) => xor(rule, rule)), 'RULE_TOO_LARGE'],
    ['minus(itself), 40 times', doubled((rule) => minus(rule, rule)), 'RULE_TOO_LARGE'],
    ['atLeast(1, itself twice)', doubled((rule) => atLeast(1, [rule, rule])), 'RULE_TOO_LARGE'],
    ['20,001 parts', or(...Array.from({ length: 20_001 }, () => vip)), 'RULE_TOO_LARGE'],
  ]
  crowd.audiences.create({ name: 'target', rule: 'vip', bounds: { min: 0 } })

  const taken: readonly [string, (rule: RuleInput) => unknown][] = [
    ['count', (rule) => crowd.count(rule)],
    ['select', (rule) => crowd.select(rule)],
    ['matches', (rule) => crowd.matches(1, rule)],
    ['matches of a stranger', (rule) => crowd.matches('stranger', rule)],
    ['explain', (rule) => crowd.explain(rule)],
    ['explainMatch', (rule) => crowd.explainMatch(1, rule)],
    ['preview', (rule) => crowd.preview(rule)],
    ['prepare', (rule) => crowd.prepare(rule)],
    ['hash', (rule) => crowd.hash(rule)],
    ['print', (rule) => print(rule)],
    ['toString', (rule) => String(rule)],
    ['toJSON', (rule) => JSON.stringify(rule)],
    ['audiences.create', (rule) => crowd.audiences.create({ name: 'hostile', rule })],
    ['audience.update', (rule) => crowd.audiences.get('target').update({ rule })],
    ['template', (rule) => crowd.rules.template({ name: 'hostile', parameters: {}, rule })],
    ['another rule', (rule) => crowd.count(vip.and(rule))],
    ['another engine', (rule) => createEngine({ schema: { vip: flag() } }).count(rule)],
  ]

  test.each(hostile)('%s', (_, rule, code) => {
    for (const [where, take] of taken) expect(refusal(() => take(rule)).code, where).toBe(code)
    expect(crowd.audiences.list()).toHaveLength(1)
    expect(String(crowd.audiences.get('target').rule)).toBe('vip')
  })

  test('what is just within the limits is taken', () => {
    let rule: Rule = vip
    for (let i = 0; i < 199; i++) rule = rule.not()
    expect(crowd.count(rule)).toBe(crowd.count('not vip'))
    expect(refusal(() => crowd.count(rule.not())).code).toBe('RULE_TOO_DEEP')
    const wide = or(...Array.from({ length: 19_999 }, () => vip))
    expect(crowd.count(wide)).toBe(crowd.count('vip'))
    expect(parse(print(wide)).node).toEqual(wide.node)
  })

  test('limits of the engine, not the default ones, bound what it takes', () => {
    const narrow = createEngine({ schema: { vip: flag() }, limits: { depth: 3, nodes: 4, listLength: 2 } })
    const wide = createEngine({ schema: { vip: flag(), job: category() }, limits: { depth: 400, nodes: 100_000 } })
    expect(refusal(() => narrow.count(narrow.rules.tag('vip').not().not().not())).code).toBe('RULE_TOO_DEEP')
    expect(refusal(() => narrow.count('vip or vip or vip or vip')).code).toBe('RULE_TOO_LARGE')
    let rule: Rule = wide.rules.tag('vip')
    for (let i = 0; i < 301; i++) rule = rule.not()
    wide.put('u1', {})
    expect(wide.count(rule)).toBe(1)
    expect(wide.rules.print(rule)).toBe(`${'not '.repeat(301)}vip`)
    expect(wide.explain(rule).count).toBe(1)
    // Part by part, a rule is looked at up to 200 parts, whatever the limits.
    expect(refusal(() => wide.explainMatch('u1', rule)).code).toBe('RULE_TOO_LARGE')
    expect(wide.audiences.create({ name: 'deep', rule, bounds: { min: 0 } }).size).toBe(1)
    const many = wide.rules.or(...Array.from({ length: 30_000 }, (_, i) => ({ tag: 'job', eq: `job ${i}` })))
    expect(wide.explain(many).count).toBe(0)
    expect(wide.rules.print(many)).toMatch(/^job = "job 0" or .* or job = "job 29999"$/)
  })

  test('faults by the thousand cost no more than their telling', () => {
    const columns = Array.from({ length: 3_000 }, (_, i) => [`customer segment number ${i}`, flag()] as const)
    const engine = createEngine({
      schema: { ...Object.fromEntries(columns), tier: category({ values: columns.map(([name]) => name) }) },
    })
    const unknown = engine.rules.or(
      ...Array.from({ length: 15_000 }, (_, i) => ({ tag: `custmer segment nmber ${i}` })),
    )
    const tags = refusal(() => engine.count(unknown)).facts.faults as { suggestion?: string }[]
    expect(tags).toHaveLength(15_000)
    expect(tags[0]?.suggestion).toBe('customer segment number 0')
    const values = Array.from({ length: 15_000 }, (_, i) => `custmer segment nmber ${i}`)
    const listed = refusal(() => engine.count({ tag: 'tier', in: values })).facts.faults as { suggestion?: string }[]
    expect(listed).toHaveLength(15_000)
    expect(listed.filter(({ suggestion }) => suggestion !== undefined).length).toBeLessThanOrEqual(20)
  })
})
