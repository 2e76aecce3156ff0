import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childRules, isParameter, type RuleNode } from '../../src/rules/ast.ts'
import type { Span } from '../../src/rules/fault.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import { and, atLeast, has, minus, not, or, xor } from '../../src/rules/make-node.ts'
import { childPath, operatorPlace, partPath } from '../../src/rules/rule-path.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import { campaign } from '../fast-check-config.ts'
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
        visit(node, '$', (part, path) => {
          seen++
          expect(parseRule(textAt(path)).node).toStrictEqual(part)
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

function visit(node: RuleNode, path: string, see: (node: RuleNode, path: string) => void): void {
  see(node, path)
  childRules(node).forEach((child, index) => {
    visit(child, childPath(node, path, index), see)
  })
}

function bounds(span: Span | undefined): [number, number] {
  expect(span).toBeDefined()
  return [span!.start, span!.end]
}

/** The slots of a node by the names of their parts. */
function slotsOf(node: RuleNode) {
  const names = ['tag', 'value', 'text', 'pattern', 'name', 'k'] as const
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
