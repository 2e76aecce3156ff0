import type { Constant, ListNode, RuleNode, Slot } from '../ast.ts'
import type { Span } from '../fault.ts'
import {
  between,
  compare,
  has,
  list,
  matches,
  parameter,
  presence,
  textTest,
  value as valueTest,
  within,
} from '../make-node.ts'
import type { Comparison, Lexer } from './lex.ts'
import type { Mark, PartMark } from './mark.ts'
import { comparisonOf, isComparison, readBounds } from './read-number-test.ts'
import { expected, readConstant, readText } from './read-operand.ts'
import { unclosed } from './read-term.ts'
import { isWindowStart, readWindow, readWindowBehindIn, type WindowRead } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'
import { excerpt, refuse } from './syntax-error.ts'
import { vocabulary } from './vocabulary.ts'

/** The tag that a condition begins with, in a filter a property, and where it stands. */
export interface NamedTag extends Span {
  readonly tag: Slot<string>
}

/** Reads what is asked of a tag; without anything, the condition is to have it. */
export function readTagCondition({ lexer, maker, isFilter }: RuleReader, { tag, start, end }: NamedTag): Mark {
  const parts: PartMark[] = [{ part: isFilter ? 'property' : 'tag', start, end }]
  const items: number[] = []
  const node = readTest(lexer, tag, parts, items)
  return maker.condition(node, start, lexer.previousEnd, parts, items)
}

/** An operator of a tag that is a word. */
type Operator = 'isSet' | 'isNotSet' | ListNode['kind'] | 'startsWith' | 'contains' | 'matches' | 'between'

function readTest(lexer: Lexer, tag: Slot<string>, parts: PartMark[], items: number[]): RuleNode {
  const { kind, start } = lexer
  if (isComparison(kind)) {
    lexer.next()
    parts.push({ part: 'operator', start, end: lexer.previousEnd })
    return readComparison(lexer, kind, tag, parts)
  }
  if (lexer.keyword !== 'in' && isWindowStart(lexer)) return readWithin(readWindow(lexer, 'window'), tag, parts)
  const operator = readOperator(lexer)
  if (operator === null) return has(tag)
  if (operator === 'in' && (isWindowStart(lexer) || lexer.keyword === 'last')) {
    return readWithin(readWindowBehindIn(lexer, 'window', start), tag, parts)
  }
  parts.push({ part: 'operator', start, end: lexer.previousEnd })
  switch (operator) {
    case 'isSet':
    case 'isNotSet':
      return presence(operator, tag)
    case 'between': {
      const { from, to, marks } = readBounds(lexer)
      parts.push(...marks)
      return between(tag, from, to)
    }
    case 'startsWith':
    case 'contains':
      parts.push({ part: 'text', start: lexer.start, end: lexer.end })
      return textTest(operator, tag, readText(lexer))
    case 'matches':
      parts.push({ part: 'pattern', start: lexer.start, end: lexer.end })
      return matches(tag, readText(lexer))
    default: {
      const from = lexer.start
      const values = readList(lexer, items, operator)
      parts.push({ part: 'values', start: from, end: lexer.previousEnd })
      return list(operator, tag, values)
    }
  }
}

function readComparison(lexer: Lexer, sign: Comparison, tag: Slot<string>, parts: PartMark[]): RuleNode {
  parts.push({ part: 'value', start: lexer.start, end: lexer.end })
  const operand = readConstant(lexer)
  const kind = comparisonOf[sign]
  return kind === 'eq' || kind === 'ne' ? valueTest(kind, tag, operand) : compare(kind, tag, operand)
}

function readWithin({ window, mark }: WindowRead, tag: Slot<string>, parts: PartMark[]): RuleNode {
  parts.push({ part: 'operator', start: mark.start, end: mark.end }, mark)
  return within(tag, window)
}

/** Reads the operator of a tag, or `null` when there is none, which makes the tag itself the condition. */
function readOperator(lexer: Lexer): Operator | null {
  const { keyword } = lexer
  switch (keyword) {
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
    case 'startsWith':
    case 'contains':
    case 'matches':
    case 'isSet':
    case 'isNotSet':
    case 'between':
      lexer.next()
      return keyword
    case 'not':
      lexer.next()
      if (lexer.take('in')) return 'notIn'
      return expected(lexer, 'in, as in cityTier not in ("T1", "T2")')
    case 'has':
      lexer.next()
      if (lexer.take('any')) return 'hasAny'
      if (lexer.take('all')) return 'hasAll'
      if (lexer.take('none')) return 'hasNone'
      return expected(lexer, 'any, all or none, as in interests has any ("A", "B")')
    case 'starts':
      lexer.next()
      if (lexer.take('with')) return 'startsWith'
      return expected(lexer, 'with, as in job starts with "A"')
    case 'is': {
      lexer.next()
      const negative = lexer.take('not')
      if (lexer.take('set')) return negative ? 'isNotSet' : 'isSet'
      return expected(lexer, `${negative ? 'set' : 'set or not set'}. Write = or != to compare with a value`)
    }
    default:
      return null
  }
}

/** Reads a list in parentheses, or the parameter that gives one, and notes the places of its items. */
function readList(lexer: Lexer, items: number[], operator: ListNode['kind']): Slot<readonly Slot<Constant>[]> {
  if (lexer.kind === 'parameter') {
    const { value } = lexer
    lexer.next()
    return parameter(value)
  }
  if (lexer.kind !== '(') {
    const isItem = lexer.kind === 'text' || lexer.kind === 'number'
    const advice = isItem ? `, (${excerpt(lexer.source.slice(lexer.start, lexer.end))})` : ''
    const windowAdvice = operator === 'notIn' && (isWindowStart(lexer) || lexer.keyword === 'last') ? notWithin : ''
    expected(lexer, `a list in parentheses${advice}${windowAdvice}`)
  }
  const open = lexer.start
  const most = lexer.limits.listLength
  lexer.next()
  const values: Slot<Constant>[] = []
  while (values.length > 0 || !lexer.at(')')) {
    if (values.length === most) {
      const message = `found more than ${most} values in one list, the limit`
      refuse(lexer.source, 'RULE_LIST_TOO_LONG', message, lexer.start, lexer.end)
    }
    if (lexer.at('end')) unclosed(lexer, open)
    items.push(lexer.start, lexer.end)
    values.push(readConstant(lexer))
    if (lexer.at('end')) unclosed(lexer, open)
    if (lexer.at(')')) break
    if (!lexer.at(',')) expected(lexer, `a comma or ) in the list of ${vocabulary[operator].en}`)
    lexer.next()
  }
  lexer.next()
  return values
}

const notWithin = '. Write not before the tag, as in not joinedAt in last 7 days'
