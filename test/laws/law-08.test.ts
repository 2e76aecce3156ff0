import { expect, test } from 'vitest'
import { type CategorySpec, category, createEngine } from '../../src/index.ts'

const crowd = createEngine({ schema: { job: category(), likes: category({ many: true }) } })
crowd.putMany([
  ['u1', { job: '数据分析师', likes: ['奶粉', '纸尿裤'] }],
  ['u2', { job: '分析师', likes: ['奶粉'] }],
  ['u3', { job: 'Engineer', likes: ['café', '玩具'] }],
  ['u4', { job: 'engineer' }],
  ['u5', {}],
])
const people = (rule: string): unknown[] => [...crowd.select(rule)]

test.each([
  ['job = "分析师"', ['u2']],
  ['job != "分析师"', ['u1', 'u3', 'u4']],
  ['job in ("分析师", "Engineer", "nobody has it")', ['u2', 'u3']],
  ['job not in ("分析师", "Engineer")', ['u1', 'u4']],
  ['job starts with "数据"', ['u1']],
  ['job contains "分析"', ['u1', 'u2']],
  ['job matches "^(数据)?分析"', ['u1', 'u2']],
  ['job matches "gin"', ['u3', 'u4']],
  ['job matches "(?i)^ENGINEER$"', ['u3', 'u4']],
  ['likes has any ("奶粉", "玩具")', ['u1', 'u2', 'u3']],
  ['likes has all ("奶粉", "纸尿裤")', ['u1']],
  ['likes has none ("奶粉")', ['u3']],
  ['likes starts with "caf"', ['u3']],
  ['likes contains "尿"', ['u1']],
  ['likes matches "^.$|^..$"', ['u1', 'u2', 'u3']],
])('law 8: %s', (rule, expected) => {
  expect(people(rule)).toEqual(expected)
  expect(crowd.count(rule)).toBe(expected.length)
  expect(['u1', 'u2', 'u3', 'u4', 'u5'].filter((id) => crowd.matches(id, rule))).toEqual(expected)
})

test('law 8: in([]) is nobody; hasAll([]) and hasNone([]) are isSet', () => {
  expect(people('job in ()')).toEqual([])
  expect(people('likes has any ()')).toEqual([])
  expect(people('likes has all ()')).toEqual(['u1', 'u2', 'u3'])
  expect(people('likes has none ()')).toEqual(['u1', 'u2', 'u3'])
  expect(people('job not in ()')).toEqual(['u1', 'u2', 'u3', 'u4'])
})

test('law 8: values are compared exactly', () => {
  expect(people('job = "engineer"')).toEqual(['u4'])
  expect(people('job = "ENGINEER"')).toEqual([])
  expect(people('job = " Engineer"')).toEqual([])
  expect(people('job starts with "e"')).toEqual(['u4'])
  expect(crowd.count('job = "Ｅngineer"')).toBe(0)
})

test('law 8: text is brought to NFC when it is written and when it is asked', () => {
  const decomposed = 'cafe\u0301'
  const composed = 'caf\u00e9'
  expect(people(`likes has any ("${decomposed}")`)).toEqual(['u3'])
  expect(people(`likes has any ("${composed}")`)).toEqual(['u3'])
  const schema: Readonly<Record<string, CategorySpec>> = { [decomposed]: category() }
  const written = createEngine({ schema })
  written.put('u1', { [decomposed]: decomposed })
  written.put('u2', { [composed]: composed })
  expect(written.get('u1')).toEqual({ [composed]: composed })
  expect(written.count(written.rules.tag(decomposed).eq(composed))).toBe(2)
  expect(written.count(written.rules.tag(composed).in([decomposed]))).toBe(2)
  expect(written.count({ tag: composed, startsWith: decomposed })).toBe(2)
  expect(written.tags[decomposed]!.values()).toEqual([{ value: composed, size: 2 }])
})

test('law 8: nothing else is changed', () => {
  const values = ['\ufb01', ' ', 'ß', 'İ', '\u200b', '\u0000', 'Ａ']
  const written = createEngine({ schema: { value: category() } })
  values.forEach((value, i) => {
    written.put(i, { value })
  })
  expect(written.tags.value.values().map(({ value }) => value)).toEqual(values)
  for (const value of values) expect(written.count({ tag: 'value', eq: value })).toBe(1)
})

test('law 8: a regular expression runs in linear time', () => {
  const written = createEngine({ schema: { value: category() } })
  written.put('u1', { value: 'a'.repeat(20_000) })
  expect(written.count({ tag: 'value', matches: '^(a+)+$' })).toBe(1)
  expect(written.count({ tag: 'value', matches: '^(a|aa)+b' })).toBe(0)
})
