import type { ListNode, RuleNode, Slot } from '../ast.ts'
import {
  audience,
  everyone,
  has,
  list,
  matches,
  nobody,
  parameter,
  presence,
  textTest,
  value as valueTest,
} from '../make-node.ts'
import { isContextual, isReserved, vocabulary } from './keywords.ts'
import type { Lexer } from './lex.ts'
import type { MarkMaker } from './mark-maker.ts'
import { tagOperators } from './mistakes.ts'
import type { Mark, PartMark } from './mark.ts'
import { quote } from './quote.ts'
import { excerpt, refuse } from './syntax-error.ts'

/** What a condition asks of a tag, beside the two that need no operand. */
type Test = '=' | '!=' | 'in' | 'notIn' | 'hasAny' | 'hasAll' | 'hasNone' | 'startsWith' | 'contains' | 'matches'

/** Reads a rule that holds no rules; the token behind it is then the present one. */
export function readCondition(lexer: Lexer, maker: MarkMaker): Mark {
  const { start, end } = lexer
  switch (lexer.keyword) {
    case 'everyone':
      lexer.next()
      return maker.condition(everyone(), start, end)
    case 'nobody':
      lexer.next()
      return maker.condition(nobody(), start, end)
    case 'audience':
      return readAudience(lexer, maker)
    default:
      return readTagCondition(lexer, maker)
  }
}

function readAudience(lexer: Lexer, maker: MarkMaker): Mark {
  const { start } = lexer
  lexer.next()
  const parts: PartMark[] = [{ part: 'name', start: lexer.start, end: lexer.end }]
  const name = readName(lexer, 'the name of an audience')
  let version: number | 'latest' | null = null
  if (lexer.take('version')) {
    parts.push({ part: 'version', start: lexer.start, end: lexer.end })
    version = readVersion(lexer)
  }
  return maker.condition(audience(name, version), start, lexer.previousEnd, parts)
}

function readVersion(lexer: Lexer): number | 'latest' {
  const latest = lexer.keyword === 'latest'
  const number = lexer.kind === 'number' && /^[0-9]{1,16}$/.test(lexer.value) ? Number(lexer.value) : 0
  if (!latest && !(number >= 1 && number <= Number.MAX_SAFE_INTEGER)) {
    expected(lexer, 'latest or the number of a version, a whole number of 1 or more')
  }
  lexer.next()
  return latest ? 'latest' : number
}

function readTagCondition(lexer: Lexer, maker: MarkMaker): Mark {
  const { start } = lexer
  const parts: PartMark[] = [{ part: 'tag', start, end: lexer.end }]
  const tag = readName(lexer, 'a condition, for example the name of a tag')
  const from = lexer.start
  const operator = readOperator(lexer)
  if (operator === null) return maker.condition(has(tag), start, lexer.previousEnd, parts)
  parts.push({ part: 'operator', start: from, end: lexer.previousEnd })
  switch (operator) {
    case 'isSet':
    case 'isNotSet':
      return maker.condition(presence(operator, tag), start, lexer.previousEnd, parts)
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const items: number[] = []
      const operand = lexer.start
      const values = readList(lexer, maker.limits.listLength, items, operator)
      parts.push({ part: 'values', start: operand, end: lexer.previousEnd })
      return maker.condition(list(operator, tag, values), start, lexer.previousEnd, parts, items)
    }
    default: {
      const part = partOf[operator]
      parts.push({ part, start: lexer.start, end: lexer.end })
      const operand = readValue(lexer)
      return maker.condition(makeTest(operator, tag, operand), start, lexer.previousEnd, parts)
    }
  }
}

const partOf = {
  '=': 'value',
  '!=': 'value',
  startsWith: 'text',
  contains: 'text',
  matches: 'pattern',
} as const

function makeTest(operator: keyof typeof partOf, tag: Slot<string>, operand: Slot<string>): RuleNode {
  switch (operator) {
    case '=':
      return valueTest('eq', tag, operand)
    case '!=':
      return valueTest('ne', tag, operand)
    case 'matches':
      return matches(tag, operand)
    default:
      return textTest(operator, tag, operand)
  }
}

/** Reads the operator of a tag, or `null` when there is none, which makes the tag itself the condition. */
function readOperator(lexer: Lexer): Test | 'isSet' | 'isNotSet' | null {
  if (lexer.kind === '=' || lexer.kind === '!=') {
    const { kind } = lexer
    lexer.next()
    return kind
  }
  switch (lexer.keyword) {
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
    case 'startsWith':
    case 'contains':
    case 'matches':
    case 'isSet':
    case 'isNotSet': {
      const { keyword } = lexer
      lexer.next()
      return keyword
    }
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
      return expected(lexer, `${negative ? 'set' : 'set or not set'}. Write = or != to compare with a text`)
    }
    default:
      if (lexer.kind === 'word' && isReserved(lexer.value)) expected(lexer, `an operator of a tag: ${tagOperators}`)
      return null
  }
}

/** Reads a name: a bare word, a text or a parameter. */
function readName(lexer: Lexer, what: string): Slot<string> {
  const { kind, keyword, value } = lexer
  switch (kind) {
    case 'word':
      if (keyword !== null && !isContextual(keyword)) {
        expected(lexer, `${what}. As a name it is written in double quotes, ${quote(value)}`)
      }
      if (isReserved(value))
        expected(lexer, `${what}. This word is reserved: as a name it is written in double quotes, ${quote(value)}`)
      break
    case 'text':
    case 'parameter':
      break
    case 'number':
      return expected(lexer, `${what}. As a name it is written in double quotes, ${excerpt(quote(value))}`)
    default:
      return expected(lexer, what)
  }
  lexer.next()
  return kind === 'parameter' ? parameter(value) : value
}

/** Reads a value: a text or a parameter. */
function readValue(lexer: Lexer): Slot<string> {
  const { kind, value } = lexer
  if (kind !== 'text' && kind !== 'parameter') {
    const advice = kind === 'word' || kind === 'number' ? `, ${excerpt(quote(value))}` : ''
    expected(lexer, `a value: write it in double quotes${advice}`)
  }
  lexer.next()
  return kind === 'parameter' ? parameter(value) : value
}

/** Reads a list in parentheses, or the parameter that gives one, and notes the places of its items. */
function readList(
  lexer: Lexer,
  most: number,
  items: number[],
  operator: ListNode['kind'],
): Slot<readonly Slot<string>[]> {
  if (lexer.kind === 'parameter') {
    const { value } = lexer
    lexer.next()
    return parameter(value)
  }
  if (lexer.kind !== '(') {
    const advice = lexer.kind === 'text' ? `, (${excerpt(lexer.source.slice(lexer.start, lexer.end))})` : ''
    expected(lexer, `a list in parentheses${advice}`)
  }
  const open = lexer.start
  lexer.next()
  const values: Slot<string>[] = []
  while (values.length > 0 || !lexer.at(')')) {
    if (values.length === most) {
      const message = `found more than ${most} values in one list, the limit`
      refuse(lexer.source, 'RULE_LIST_TOO_LONG', message, lexer.start, lexer.end)
    }
    if (lexer.at('end')) unclosed(lexer, open)
    items.push(lexer.start, lexer.end)
    values.push(readValue(lexer))
    if (lexer.at('end')) unclosed(lexer, open)
    if (lexer.at(')')) break
    if (!lexer.at(',')) expected(lexer, `a comma or ) in the list of ${vocabulary[operator].en}`)
    lexer.next()
  }
  lexer.next()
  return values
}

function unclosed(lexer: Lexer, open: number): never {
  refuse(lexer.source, 'RULE_SYNTAX', 'found the end of the text, expected the ) that closes this', open, open + 1)
}

function expected(lexer: Lexer, what: string): never {
  refuse(lexer.source, 'RULE_SYNTAX', `found ${lexer.describe()}, expected ${what}`, lexer.start, lexer.end)
}
