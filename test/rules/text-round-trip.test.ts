import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  childRules,
  eventTerms,
  isParameter,
  type OccurrenceNode,
  type RuleNode,
  type Window,
  type WithinNode,
} from '../../src/rules/ast.ts'
import type { Span } from '../../src/rules/fault.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import { and, atLeast, has, minus, not, or, xor } from '../../src/rules/make-node.ts'
import { childPath, filtersOf, operatorPlace, partPath, termPaths } from '../../src/rules/rule-path.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { isDid } from '../../src/rules/text/print-event.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import { vocabulary } from '../../src/rules/text/vocabulary.ts'
import { campaign } from '../fast-check-config.ts'
import { anyEventNode } from './event-arbitrary.ts'
import { anyRule } from './rule-arbitrary.ts'
import { ruleOf } from './rule-of.ts'

const languages = ['en', 'zh'] as const

describe.each(languages)('text in %s', (language) => {
  test('parses to the rule that was printed', () => {
    fc.assert(
      fc.property(anyRule, (node) => {
        expect(parseRule(printRule(node, { language })).node).toStrictEqual(node)
      }),
      campaign(3_000),
    )
  })

  test('is the same when printed again', () => {
    fc.assert(
      fc.property(anyRule, (node) => {
        const text = printRule(node, { language })
        expect(printRule(parseRule(text).node, { language })).toBe(text)
      }),
      campaign(500),
    )
  })

  test('has no parentheses that it could do without', () => {
    fc.assert(
      fc.property(ruleOf(fc.constantFrom(has('a'), has('b'))), (node) => {
        const text = printRule(node, { language })
        for (const [open, close] of parenthesesOf(text)) {
          if (text.slice(0, open).match(/(?:of|个) $/)) continue
          const without = `${text.slice(0, open)} ${text.slice(open + 1, close)} ${text.slice(close + 1)}`
          expect(parsed(without)).not.toStrictEqual(node)
        }
      }),
      campaign(500),
    )
  })
})

test('every nesting of two operations survives', () => {
  const [a, b, c] = [has('a'), has('b'), has('c')]
  const makers = [and, or, xor, minus, (rules: readonly RuleNode[]) => atLeast(2, rules)]
  for (const outer of makers) {
    for (const inner of makers) {
      for (const node of [outer([inner([a, b]), c]), outer([a, inner([b, c])]), not(outer([not(inner([a, b])), c]))]) {
        for (const language of languages) {
          expect(parseRule(printRule(node, { language })).node).toStrictEqual(node)
        }
      }
    }
  }
})

test('an unknown language is refused', () => {
  expect(() => printRule(has('a'), { language: 'fr' as 'en' })).toThrow(
    "OPTION_INVALID: language: found \"fr\", expected 'en' or 'zh'",
  )
})

describe('places', () => {
  test('are those of the parts, in text and in JSON', () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom(...languages), (node, language) => {
        const source = printRule(node, { language })
        const { places } = parseRule(source)
        const json = ruleToJson(node)
        const textAt = (path: string) => source.slice(...bounds(places.get(path)))
        let seen = 0
        visit(node, '$', (part, path, parent) => {
          seen++
          // The people who did and those who did not are said with the same words.
          const shared = parent?.kind === 'not' && isDid(part)
          expect(parseRule(textAt(path)).node).toStrictEqual(shared ? parent : part)
          expect(jsonAt(json, path)).toStrictEqual(ruleToJson(part))
          for (const [name, value] of slotsOf(part)) {
            const at = partPath(path, part, name)
            expect(readSlot(textAt(at), name)).toStrictEqual(value)
            expect(jsonAt(json, at)).toStrictEqual(value)
          }
          if ('values' in part && !isParameter(part.values)) {
            part.values.forEach((value, index) => {
              const at = partPath(path, part, 'values', index)
              expect(readSlot(textAt(at), 'value')).toStrictEqual(value)
              expect(jsonAt(json, at)).toStrictEqual(value)
            })
          }
        })
        expect(seen).toBeGreaterThan(0)
      }),
      campaign(1_000),
    )
  })

  test('of events are those of their names, filters, properties, windows and lengths of time', () => {
    fc.assert(
      fc.property(anyEventNode, fc.constantFrom(...languages), (node, language) => {
        const source = printRule(node, { language })
        const { places } = parseRule(source)
        const textAt = (path: string) => source.slice(...bounds(places.get(path)))
        const termAt = (text: string) => (parseRule(`first ${text}`).node as OccurrenceNode).event
        eventTerms(node).forEach((term, index) => {
          const at = termPaths(node, '$')[index]!
          expect(termAt(textAt(at.event)).event).toStrictEqual(term.event)
          if (term.property !== null) expect(termAt(textAt(at.property)).event).toStrictEqual(term.property)
          if (term.sign === -1) expect(textAt(at.minus)).toBe(vocabulary.less[language])
        })
        for (const filter of filtersOf(node, '$')) {
          visit(filter.rule, filter.path, (part, path) => {
            expect(termAt(`e(${textAt(path)})`).where).toStrictEqual(part)
            for (const [name, value] of slotsOf(part)) {
              const at = partPath(path, part, name === 'tag' ? 'property' : name)
              expect(readSlot(textAt(at), name)).toStrictEqual(value)
            }
          })
        }
        for (const part of ['window', 'earlier', 'gap', 'later'] as const) {
          const window = (node as unknown as Record<string, Window | undefined>)[part]
          if (window === undefined || (part === 'window' && window.kind === 'ever')) continue
          const read = parseRule(`t ${textAt(partPath('$', node, part))}`).node as WithinNode
          expect(read.window).toStrictEqual(window)
        }
        // No place is of anything that the JSON doesn't have.
        const json = ruleToJson(node)
        for (const path of places.keys()) if (!path.endsWith(' operator')) expect(jsonAt(json, path)).toBeDefined()
      }),
      campaign(1_000),
    )
  })

  test.each([
    ['spend between 10 and "x"', '$.between[0]', '10'],
    ['spend between 10 and "x"', '$.between[1]', '"x"'],
    ['spend >= -1.50', '$.gte', '-1.50'],
    ['spend >= -1.50', '$ operator', '>='],
    ['t  in last 7 days ending 3 days ago', '$.within', 'in last 7 days ending 3 days ago'],
    ['t  in last 7 days ending 3 days ago', '$ operator', 'in last 7 days ending 3 days ago'],
    ['t in last 7 days ending 3 days ago', '$.within.last', '7'],
    ['t in last 7 days ending 3 days ago', '$.within.unit', 'days'],
    ['t in last 7 days ending 3 days ago', '$.within.ago', '3 days ago'],
    ['t 最近 7天 包括 今天', '$.within.last', '7'],
    ['t 最近 7天 包括 今天', '$.within.unit', '天'],
    ['t 最近 7天 包括 今天', '$.within.includeCurrent', '包括 今天'],
    ['t this week starting sunday', '$.within.weekStart', 'sunday'],
    ['t from "a" to "b"', '$.within.from', '"a"'],
    ['t from "a" to "b"', '$.within.to', '"b"'],
    ['did  p(x = "1", y) at least 3 times today', '$.did', 'p'],
    ['did  p(x = "1", y) at least 3 times today', '$.where', 'x = "1", y'],
    ['did  p(x = "1", y) at least 3 times today', '$.where.and[0].property', 'x'],
    ['did  p(x = "1", y) at least 3 times today', '$.where.and[0].eq', '"1"'],
    ['did  p(x = "1", y) at least 3 times today', '$.where.and[0] operator', '='],
    ['did  p(x = "1", y) at least 3 times today', '$.where.and[1]', 'y'],
    ['did  p(x = "1", y) at least 3 times today', '$.gte', '3'],
    ['did  p(x = "1", y) at least 3 times today', '$.window', 'today'],
    ['did not p', '$.not.did', 'p'],
    ['a and did (p, q(x))', '$.and[1].did[1]', 'q(x)'],
    ['a and did (p, q(x))', '$.and[1].did[1].event', 'q'],
    ['a and did (p, q(x))', '$.and[1].did[1].where', 'x'],
    ['sum (m of p, minus n of q(x)) > 5', '$.did[1]', 'minus n of q(x)'],
    ['sum (m of p, minus n of q(x)) > 5', '$.did[1].property', 'n'],
    ['sum (m of p, minus n of q(x)) > 5', '$.did[1].minus', 'minus'],
    ['总和 p(x) 的 m 介于 1 到 2', '$.property', 'm'],
    ['总和 p(x) 的 m 介于 1 到 2', '$.between[1]', '2'],
    ['first p(x) where (y, z) today', '$.first', 'p'],
    ['first p(x) where (y, z) today', '$.where', 'x'],
    ['first p(x) where (y, z) today', '$.test.and[1].property', 'z'],
    ['did p then did q(x) within 2 hours without (r, s(y)) then did not u within 1 day', '$.sequence[1]', 'q(x)'],
    ['did p then did q(x) within 2 hours without (r, s(y)) then did not u within 1 day', '$.sequence[1].event', 'q'],
    ['did p then did q(x) within 2 hours', '$.sequence[1].within', 'within 2 hours'],
    ['did p then did q(x) within 2 hours', '$.sequence[1].within.hours', '2'],
    ['做过 p 随后 做过 q 2小时 以内', '$.sequence[1].within', '2小时 以内'],
    ['做过 p 随后 做过 q 2小时 以内', '$.sequence[1].within.hours', '2'],
    ['did p then did q without (r, s(y))', '$.sequence[1].without[1]', 's(y)'],
    ['did p then did q without (r, s(y))', '$.sequence[1].without[1].where.property', 'y'],
    ['did p then did not (q, r) within 1 day', '$.absence', '(q, r) within 1 day'],
    ['did p then did not (q, r) within 1 day', '$.absence.events[1].event', 'r'],
    ['did p then did not (q, r) within 1 day', '$.absence.within', 'within 1 day'],
    ['did p then did q, same x', '$.same', 'x'],
    ['stopped p today but not ever', '$.stopped', 'p'],
    ['resumed p today but not ever again from "a"', '$.gap', 'ever'],
    ['resumed p today but not ever again from "a"', '$.later.from', '"a"'],
    ['regular p at least 2 times in at least 3 of last 4 weeks starting friday', '$.times', '2'],
    ['regular p at least 2 times in at least 3 of last 4 weeks starting friday', '$.periods', '3'],
    ['regular p at least 2 times in at least 3 of last 4 weeks starting friday', '$.of', '4'],
    ['regular p at least 2 times in at least 3 of last 4 weeks starting friday', '$.unit', 'weeks'],
    ['regular p at least 2 times in at least 3 of last 4 weeks starting friday', '$.weekStart', 'friday'],
    ['规律 p 至少 2次 最近 4 周 中 至少 3 周', '$.times', '2'],
    ['规律 p 至少 2次 最近 4 周 中 至少 3 周', '$.periods', '3'],
  ])('%s: at %s stands %s', (source, path, text) => {
    expect(source.slice(...bounds(parseRule(source).places.get(path)))).toBe(text)
  })

  test('say where the operator stands', () => {
    const source = 'a and interests  has  any ("x")'
    const { start, end } = parseRule(source).places.get(operatorPlace('$.and[1]'))!
    expect(source.slice(start, end)).toBe('has  any')
  })

  test('of a group include its parentheses, those of what it holds do not', () => {
    const { places } = parseRule(' ((a and b)) or not c ')
    expect(places.get('$')).toEqual({ start: 1, end: 21 })
    expect(places.get('$.or[0]')).toEqual({ start: 1, end: 12 })
    expect(places.get('$.or[0].and[1]')).toEqual({ start: 9, end: 10 })
    expect(places.get('$.or[1]')).toEqual({ start: 16, end: 21 })
    expect(places.get('$.or[1].not')).toEqual({ start: 20, end: 21 })
  })
})

function visit(
  node: RuleNode,
  path: string,
  see: (node: RuleNode, path: string, parent?: RuleNode) => void,
  parent?: RuleNode,
): void {
  see(node, path, parent)
  childRules(node).forEach((child, index) => {
    visit(child, childPath(node, path, index), see, node)
  })
}

function bounds(span: Span | undefined): [number, number] {
  expect(span).toBeDefined()
  return [span!.start, span!.end]
}

/** The slots of a node by the names of their parts. */
function slotsOf(node: RuleNode) {
  const names = ['tag', 'value', 'from', 'to', 'text', 'pattern', 'name', 'k'] as const
  return names.flatMap((name): [(typeof names)[number], unknown][] =>
    name in node ? [[name, (node as unknown as Record<string, unknown>)[name]]] : [],
  )
}

/** What a part of the text means, read where such a part stands. */
function readSlot(text: string, name: string): unknown {
  switch (name) {
    case 'tag':
      return (parseRule(text).node as { tag?: unknown }).tag
    case 'name':
      return (parseRule(`audience ${text}`).node as { name?: unknown }).name
    case 'k':
      return (parseRule(`at least ${text} of ()`).node as { k?: unknown }).k
    default:
      return (parseRule(`x = ${text}`).node as { value?: unknown }).value
  }
}

/** Follows a JSON path of plain steps. */
function jsonAt(json: unknown, path: string): unknown {
  let at = json
  for (const [, key, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
    at = (at as Record<string, unknown>)[key ?? index!]
  }
  return at
}

/** Each pair of parentheses of a text without quotes. */
function parenthesesOf(text: string): [number, number][] {
  const open: number[] = []
  const pairs: [number, number][] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') open.push(i)
    if (text[i] === ')') pairs.push([open.pop()!, i])
  }
  return pairs
}

function parsed(text: string): RuleNode | null {
  try {
    return parseRule(text).node
  } catch {
    return null
  }
}
