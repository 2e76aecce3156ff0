import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../src/base/error-codes.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import { reservedWords } from '../../src/rules/text/keywords.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import { vocabulary } from '../../src/rules/text/vocabulary.ts'

/** What docs/rules.md says is so. */

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')

const blocks = (info: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${info}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)

/** The cells of the table under a heading, code without its backticks. */
const rows = (heading: string) =>
  page
    .split(`\n## ${heading}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    )

/** One rule a line; a comment line belongs to the next. */
const rules = blocks('rule').flatMap((text) => text.split('\n').filter((line) => line !== '' && !line.startsWith('//')))

describe('rules', () => {
  test.each([...rules, ...rows('What each rule means').map(([text]) => text!)])('%s', (text) => {
    const { node } = parseRule(text)
    expect(parseRule(printRule(node)).node).toStrictEqual(node)
  })
})

describe('the tables in English and Chinese', () => {
  const sections = ['Numbers', 'Timestamps', 'Events', 'Measures', 'First and last', 'Sequences', 'Lifecycle']
  const pairs = [
    ...sections.flatMap(rows),
    // A window is shown alone; it stands behind a timestamp.
    ...rows('Windows of time').map((cells) => cells.map((cell) => `joinedAt ${cell}`)),
  ]
  test.each(pairs.map(([english, chinese]): [string, string] => [english!, chinese!]))('%s: %s', (english, chinese) => {
    const { node } = parseRule(english)
    expect(parseRule(chinese).node).toStrictEqual(node)
    if (english.startsWith('count of')) return
    expect(printRule(node)).toBe(english)
    expect(printRule(node, { language: 'zh' })).toBe(chinese)
  })

  test('of Chinese order are of parts that mean the same', () => {
    const around: Record<string, (part: string) => string> = {
      within: (part) => `did a then did b ${part}`,
      sum: (part) => `${part} > 5`,
      distinct: (part) => `${part} > 5`,
      in: (part) => `regular a at least 2 times ${part}`,
    }
    for (const [english, chinese] of rows('Chinese order')) {
      const whole = around[english!.split(' ')[0]!]!
      expect(parseRule(whole(chinese!)).node).toStrictEqual(parseRule(whole(english!)).node)
    }
  })
})

describe('the pairs of text and JSON', () => {
  const pairs = rows('JSON').map(([text, json]): [string, string] => [text!, json!])
  test.each(pairs)('%s', (text, json) => {
    const { node } = parseRule(text)
    expect(ruleFromJson(JSON.parse(json))).toStrictEqual(node)
    expect(JSON.stringify(ruleToJson(node))).toBe(json)
    expect(printRule(node)).toBe(text)
  })

  test('show every kind of rule', () => {
    const kinds = new Set(pairs.map(([text]) => parseRule(text).node.kind))
    expect(kinds.size).toBe(36)
  })
})

describe('error messages', () => {
  test.each(blocks('rule-error'))('%s', (message) => {
    const text = /^ {2}1 \| (.*)$/m.exec(message)![1]!
    expect(() => parseRule(text)).toThrow(expect.objectContaining({ message: message.trimEnd() }))
  })
})

test('the keywords are those of the language', () => {
  expect(rows('Keywords')).toEqual(Object.values(vocabulary).map(({ en, zh }) => [en, zh]))
})

test('the reserved words are those of the language', () => {
  const listed = page.split('<!-- reserved -->')[1]!.split('<!-- /reserved -->')[0]!
  const words = [...listed.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)
  expect(words.toSorted()).toEqual([...reservedWords].toSorted())
})

test('the codes exist', () => {
  for (const [code] of page.matchAll(/RULE_[A-Z_]+/g)) expect(Object.keys(errorCodes)).toContain(code)
})

test('the precedence is so', () => {
  const same = [
    ['not a and b', '(not a) and b'],
    ['a or b and c', 'a or (b and c)'],
    ['a and b minus c minus d', '(a and b) minus c minus d'],
    ['至少 2个 (a)', '至少 2 个 (a)'],
    ['a 最近 7天', 'a 最近 7 天'],
    ['做过 a 至少 3次', '做过 a 至少 3 次'],
  ] as const
  for (const [one, other] of same) expect(parseRule(one).node).toStrictEqual(parseRule(other).node)
  expect(parseRule('(a and b) and c').node).not.toStrictEqual(parseRule('a and b and c').node)
  expect(parseRule('非黑名单').node.kind).toBe('has')
  for (const text of ['非 黑名单', '非(黑名单)']) expect(parseRule(text).node.kind).toBe('not')
})
