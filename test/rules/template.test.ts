import { describe, expect, test } from 'vitest'
import { category, createEngine, flag, type Rule, type TemplateParameters } from '../../src/index.ts'
import { faultsOf, refusal } from '../laws/refusal.ts'

const crowd = createEngine({
  schema: {
    vip: flag(),
    old: flag(),
    tier: category({ values: ['T1', 'T2', 'T3'] }),
    job: category(),
    likes: category({ many: true }),
  },
})
for (let i = 0; i < 12; i++) {
  crowd.put(i, { vip: i % 2 === 0, old: i % 3 === 0, tier: (['T1', 'T2', 'T3'] as const)[i % 3]!, job: `job ${i}` })
}
crowd.audiences.create({ name: '老客', rule: 'old', bounds: { min: 0 } })
const { template } = crowd.rules

describe('a template of every type of parameter', () => {
  const all = template({
    name: '新客',
    description: 'people who are new',
    parameters: {
      who: { type: 'tag', title: 'whom' },
      cities: { type: 'texts', default: ['T1', 'T2'], values: ['T1', 'T2', 'T3'] },
      job: { type: 'text', default: 'job' },
      pack: { type: 'audience', default: '老客' },
      k: { type: 'integer', min: 1, max: 3, default: 2 },
    },
    rule: 'at least $k of ($who, tier in $cities, job starts with $job) minus audience $pack',
  })

  test('takes defaults for what is not given', () => {
    expect(String(all.apply({ who: 'vip' }))).toBe(
      'at least 2 of (vip, tier in ("T1", "T2"), job starts with "job") minus audience 老客',
    )
    expect(String(all.apply({ who: 'vip', cities: undefined, k: undefined }))).toBe(String(all.apply({ who: 'vip' })))
    expect(crowd.count(all.apply({ who: 'vip' }))).toBe(6)
  })

  test('takes what is given', () => {
    const rule = all.apply({ who: 'old', cities: [], job: '', pack: '老客', k: 3 })
    expect(String(rule)).toBe('at least 3 of (old, tier in (), job starts with "") minus audience 老客')
    expect(crowd.count(rule)).toBe(0)
  })

  test('says what it is', () => {
    expect([all.name, all.description, Object.keys(all.parameters)]).toEqual([
      '新客',
      'people who are new',
      ['who', 'cities', 'job', 'pack', 'k'],
    ])
    expect(String(all.rule)).toBe('at least $k of ($who, tier in $cities, job starts with $job) minus audience $pack')
    expect(all.parameters.who.title).toBe('whom')
    expect(Object.isFrozen(all.parameters)).toBe(true)
  })

  test('is plain data and back', () => {
    const json = JSON.parse(JSON.stringify(all)) as ReturnType<typeof all.toJSON>
    expect(json).toEqual(all.toJSON())
    const again = template(json)
    expect(again.toJSON()).toEqual(json)
    expect(again.apply({ who: 'vip' }).node).toEqual(all.apply({ who: 'vip' }).node)
  })

  test('is applied any number of times', () => {
    expect(String(all.apply({ who: 'vip', k: 1 }))).not.toBe(String(all.apply({ who: 'old', k: 1 })))
    expect(String(all.rule)).toContain('$who')
  })
})

test('a parameter stands wherever a value does', () => {
  const places = [
    ['tier = $x', { type: 'text' }, 'T1', 'tier = "T1"'],
    ['tier != $x', { type: 'text' }, 'T1', 'tier != "T1"'],
    ['tier in ("T1", $x)', { type: 'text' }, 'T2', 'tier in ("T1", "T2")'],
    ['tier not in $x', { type: 'texts' }, ['T1'], 'tier not in ("T1")'],
    ['likes has any $x', { type: 'texts' }, ['a', 'b'], 'likes has any ("a", "b")'],
    ['likes has all ($x)', { type: 'text' }, 'a', 'likes has all ("a")'],
    ['likes has none $x', { type: 'texts' }, [], 'likes has none ()'],
    ['job starts with $x', { type: 'text' }, 'a', 'job starts with "a"'],
    ['job contains $x', { type: 'text' }, 'a', 'job contains "a"'],
    ['job matches $x', { type: 'text' }, '^a', 'job matches "^a"'],
    ['$x', { type: 'tag' }, 'vip', 'vip'],
    ['$x is set', { type: 'tag' }, 'tier', 'tier is set'],
    ['$x is not set', { type: 'tag' }, 'tier', 'tier is not set'],
    ['$x = "a"', { type: 'tag' }, 'job', 'job = "a"'],
    ['audience $x', { type: 'audience' }, '老客', 'audience 老客'],
    ['audience $x version latest', { type: 'audience' }, ' 老客 ', 'audience 老客 version latest'],
    ['at least $x of (vip, old)', { type: 'integer' }, 2, 'at least 2 of (vip, old)'],
    ['not (vip xor (old minus $x))', { type: 'tag' }, 'vip', 'not (vip xor (old minus vip))'],
    ['$x and not $x', { type: 'tag' }, 'vip', 'vip and not vip'],
  ] as const
  for (const [rule, x, value, applied] of places) {
    const made = template({ name: 'place', parameters: { x } as TemplateParameters, rule })
    expect(String(made.apply({ x: value } as never)), rule).toBe(applied)
    expect(String(made.rule)).toBe(rule)
  }
})

test('rules of the builder and of JSON have parameters too', () => {
  const { tag } = crowd.rules
  const fromBuilder = template({
    name: 'builder',
    parameters: { city: { type: 'text' } },
    rule: tag('tier').eq({ param: 'city' }).and(tag('vip')),
  })
  const fromJson = template({
    name: 'json',
    parameters: { city: { type: 'text' } },
    rule: { and: [{ tag: 'tier', eq: { param: 'city' } }, { tag: 'vip' }] },
  })
  expect(String(fromBuilder.apply({ city: 'T3' }))).toBe('tier = "T3" and vip')
  expect(fromJson.apply({ city: 'T3' }).node).toEqual(fromBuilder.apply({ city: 'T3' }).node)
})

test('a template without parameters is a rule with a name', () => {
  const made = template({ name: 'plain', parameters: {}, rule: 'vip' })
  expect(made.description).toBe('')
  expect(String(made.apply({}))).toBe('vip')
})

test('names in values are checked when the rule is asked', () => {
  const made = template({
    name: 'names',
    parameters: { who: { type: 'tag' }, pack: { type: 'audience' }, city: { type: 'text' }, like: { type: 'text' } },
    rule: '$who minus audience $pack minus tier = $city minus job matches $like',
  })
  const rule = made.apply({ who: 'wip', pack: '新客', city: 'T9', like: '(' })
  expect(faultsOf(() => crowd.count(rule))).toEqual([
    'RULE_UNKNOWN_TAG at $.minus[0].tag',
    'RULE_UNKNOWN_AUDIENCE at $.minus[1].audience',
    'RULE_VALUE_NOT_ALLOWED at $.minus[2].eq',
    'RULE_BAD_PATTERN at $.minus[3].matches',
  ])
  expect(faultsOf(() => crowd.count(made.apply({ who: 'tier', pack: '老客', city: 'T1', like: '' })))).toEqual([
    'RULE_WRONG_OPERATOR at $.minus[0]',
  ])
})

describe('applying', () => {
  const made = template({
    name: 'needy',
    parameters: {
      who: { type: 'tag' },
      city: { type: 'text', values: ['T1', 'T2'] },
      cities: { type: 'texts', values: ['T1', 'T2'] },
      k: { type: 'integer', min: 2, max: 3 },
      pack: { type: 'audience' },
      free: { type: 'text', default: '' },
    },
    rule: 'at least $k of ($who, tier = $city, tier in $cities, job = $free, audience $pack)',
  })
  const apply = (values: unknown): Rule => made.apply(values as never)
  const good = { who: 'vip', city: 'T1', cities: ['T1'], k: 2, pack: '老客' }

  test('tells all that is wrong at once, unknown ones first, then in the order of declaration', () => {
    const error = refusal(() => apply({ pack: 7, citty: 'T1', k: 9, 'no word': 1, cities: ['T1', 'T9'] }))
    expect(error.facts.faults).toEqual([
      {
        code: 'TEMPLATE_UNKNOWN_PARAMETER',
        message: 'template "needy" has no parameter "citty". Did you mean city?',
        path: '$.citty',
        suggestion: 'city',
      },
      {
        code: 'TEMPLATE_UNKNOWN_PARAMETER',
        message: 'template "needy" has no parameter "no word".',
        path: '$["no word"]',
      },
      { code: 'TEMPLATE_MISSING_PARAMETER', message: 'template "needy" needs a value for "who"', path: '$.who' },
      { code: 'TEMPLATE_MISSING_PARAMETER', message: 'template "needy" needs a value for "city"', path: '$.city' },
      {
        code: 'TEMPLATE_WRONG_TYPE',
        message: 'parameter "cities" is an array of 2, where an array of one of "T1", "T2" is expected',
        path: '$.cities',
      },
      {
        code: 'TEMPLATE_WRONG_TYPE',
        message: 'parameter "k" is 9, where a whole number from 2 to 3 is expected',
        path: '$.k',
      },
      {
        code: 'TEMPLATE_WRONG_TYPE',
        message: 'parameter "pack" is 7, where the name of an audience is expected',
        path: '$.pack',
      },
    ])
    expect(error.code).toBe('TEMPLATE_UNKNOWN_PARAMETER')
  })

  test.each([
    [{ who: 5 }, 'TEMPLATE_WRONG_TYPE at $.who'],
    [{ who: ['vip'] }, 'TEMPLATE_WRONG_TYPE at $.who'],
    [{ who: { param: 'x' } }, 'TEMPLATE_WRONG_TYPE at $.who'],
    [{ who: undefined }, 'TEMPLATE_MISSING_PARAMETER at $.who'],
    [{ who: null }, 'TEMPLATE_WRONG_TYPE at $.who'],
    [{ free: null }, 'TEMPLATE_WRONG_TYPE at $.free'],
    [{ city: 'T3' }, 'TEMPLATE_WRONG_TYPE at $.city'],
    [{ city: ['T1'] }, 'TEMPLATE_WRONG_TYPE at $.city'],
    [{ cities: 'T1' }, 'TEMPLATE_WRONG_TYPE at $.cities'],
    [{ cities: [5] }, 'TEMPLATE_WRONG_TYPE at $.cities'],
    [{ k: 1 }, 'TEMPLATE_WRONG_TYPE at $.k'],
    [{ k: 4 }, 'TEMPLATE_WRONG_TYPE at $.k'],
    [{ k: 2.5 }, 'TEMPLATE_WRONG_TYPE at $.k'],
    [{ k: '2' }, 'TEMPLATE_WRONG_TYPE at $.k'],
    [{ k: Number.NaN }, 'TEMPLATE_WRONG_TYPE at $.k'],
    [{ free: 0 }, 'TEMPLATE_WRONG_TYPE at $.free'],
  ])('%j is refused', (values, fault) => {
    expect(faultsOf(() => apply({ ...good, ...values }))).toEqual([fault])
  })

  test.each([null, undefined, 5, 'vip'])('%j in the place of the values is refused', (values) => {
    expect(refusal(() => apply(values)).code).toBe('TEMPLATE_WRONG_TYPE')
  })

  test('2 and 3 are within the range', () => {
    for (const k of [2, 3]) expect(String(apply({ ...good, k }))).toContain(`at least ${k} of`)
  })
})

test('a parameter may be named like what every object has', () => {
  const made = template({
    name: 'names',
    parameters: { toString: { type: 'text', default: 'a' }, constructor: { type: 'text' } },
    rule: 'job in ($toString, $constructor)',
  })
  expect(String(made.apply({ constructor: 'b' } as never))).toBe('job in ("a", "b")')
  expect(faultsOf(() => made.apply({} as never))).toEqual(['TEMPLATE_MISSING_PARAMETER at $.constructor'])
})

test('names of parameters are compared in NFC', () => {
  const decomposed = 'e\u0301'
  const made = template({
    name: 'names',
    parameters: { [decomposed]: { type: 'text' } } as TemplateParameters,
    rule: `job = $${decomposed}`,
  })
  expect(Object.keys(made.parameters)).toEqual(['\u00e9'])
  for (const name of [decomposed, '\u00e9']) {
    expect(String(made.apply({ [name]: 'x' } as never))).toBe('job = "x"')
  }
})

describe('a template that is not well formed', () => {
  const faults = (parameters: object, rule: string): readonly string[] =>
    (
      refusal(() => template({ name: 'bad', parameters: parameters as TemplateParameters, rule })).facts.faults as {
        code: string
        message: string
        path: string
      }[]
    ).map(({ code, message, path }) => `${code} ${path}: ${message}`)

  test('has all its faults told at once', () => {
    expect(
      faults(
        {
          unused: { type: 'text' },
          city: { type: 'texts' },
          k: { type: 'integer', default: 0 },
          low: { type: 'integer', min: 5, max: 4 },
          none: { type: 'text', values: [] },
        },
        'tier = $city and at least $k of (vip, wip, $missing) and at least $low of (old) and job = $none',
      ),
    ).toEqual([
      'RULE_UNKNOWN_TAG $.and[1].of[1].tag: no tag wip in this engine. Did you mean vip?',
      'TEMPLATE_UNKNOWN_PARAMETER $.and[1].of[2].tag: the template declares no parameter $missing.',
      'TEMPLATE_INVALID $: the rule does not use the parameter "unused"',
      'TEMPLATE_INVALID $.and[0].eq: the parameter $city is declared as "texts" but stands where "text" belongs',
      'TEMPLATE_INVALID $: the default of "k" is 0, where a whole number from 1 to 9007199254740991 is expected',
      'TEMPLATE_INVALID $: the parameter "low" goes from 5 to 4, where whole numbers with min <= max are expected',
      'TEMPLATE_INVALID $: the values of the parameter "none" must be a list of at least one text',
    ])
  })

  test.each([
    [{ x: { type: 'text' } }, 'job = $x and audience $x', 'audience'],
    [{ x: { type: 'tag' } }, '$x and job = $x', 'text'],
    [{ x: { type: 'integer' } }, 'at least $x of (vip) and $x', 'tag'],
    [{ x: { type: 'text' } }, 'job in ($x) and job in $x', 'texts'],
  ])('%j in places of two types: %s', (parameters, rule, wrong) => {
    expect(faults(parameters, rule)).toHaveLength(1)
    expect(faults(parameters, rule)[0]).toMatch(new RegExp(`^TEMPLATE_INVALID .* stands where "${wrong}" belongs$`))
  })

  test.each([
    [{ x: { type: 'text', default: 5 } }, 'job = $x'],
    [{ x: { type: 'text', default: 'c', values: ['a', 'b'] } }, 'job = $x'],
    [{ x: { type: 'texts', default: 'a' } }, 'job in $x'],
    [{ x: { type: 'texts', default: ['c'], values: ['a'] } }, 'job in $x'],
    [{ x: { type: 'tag', default: 5 } }, '$x'],
    [{ x: { type: 'audience', default: ['a'] } }, 'audience $x'],
    [{ x: { type: 'integer', default: 4, max: 3 } }, 'at least $x of (vip)'],
  ])('a default that does not fit: %j', (parameters, rule) => {
    expect(faults(parameters, rule)[0]).toMatch(/^TEMPLATE_INVALID \$: the default of "x" is /)
  })

  test.each([
    null,
    5,
    {},
    { name: 'x' },
    { name: 5, parameters: {}, rule: 'vip' },
    { name: 'x', parameters: [], rule: 'vip' },
    { name: 'x', parameters: { x: null }, rule: '$x' },
    { name: 'x', parameters: { x: 'text' }, rule: '$x' },
    { name: 'x', parameters: { x: { type: 'date' } }, rule: '$x' },
    { name: 'x', parameters: { x: {} }, rule: '$x' },
  ])('%j is no template', (definition) => {
    expect(refusal(() => template(definition as never)).code).toBe('TEMPLATE_INVALID')
  })

  test('a rule that is none is refused as ever', () => {
    expect(refusal(() => template({ name: 'x', parameters: {}, rule: 'vip and' })).code).toBe('RULE_SYNTAX')
    expect(refusal(() => template({ name: 'x', parameters: {}, rule: undefined as never })).code).toBe(
      'RULE_NOT_A_RULE',
    )
    expect(refusal(() => template({ name: 'x', parameters: {}, rule: 'tier has any ("T1")' })).code).toBe(
      'RULE_WRONG_OPERATOR',
    )
  })

  test('points into the text that the rule came from', () => {
    const error = refusal(() => template({ name: 'x', parameters: { y: { type: 'tag' } }, rule: 'vip and $x or $y' }))
    expect(error.message).toBe(
      [
        'TEMPLATE_UNKNOWN_PARAMETER: the template declares no parameter $x. Did you mean y?',
        '  1 | vip and $x or $y',
        '    |         ^^',
      ].join('\n'),
    )
  })
})

test('a rule with parameters left is not asked, saved or prepared', () => {
  const { rule } = template({ name: 'x', parameters: { who: { type: 'tag' } }, rule: 'vip and $who' })
  for (const call of [
    () => crowd.count(rule),
    () => crowd.prepare(rule),
    () => crowd.matches(1, rule),
    () => crowd.audiences.create({ name: 'x', rule }),
  ]) {
    expect(faultsOf(call)).toEqual(['RULE_UNBOUND_PARAMETER at $.and[1].tag'])
  }
})
