import type { Constant, NumberTest, Slot } from '../ast.ts'
import type { RulePart } from '../rule-path.ts'
import type { Lexer } from './lex.ts'
import type { PartMark } from './mark.ts'
import { joinedNumber } from './quantity.ts'
import { type NumberTestRead, readAnd, readMarked } from './read-number-test.ts'
import { expected, wholeNumber } from './read-operand.ts'
import { timesPhrases, vocabulary } from './vocabulary.ts'

/** Whether a test of how often begins at the present token: `at least 3 times`. */
export function isTimesStart({ keyword }: Lexer): boolean {
  switch (keyword) {
    case 'at':
    case 'atLeast':
    case 'atMost':
    case 'exactly':
    case 'notExactly':
    case 'not':
    case 'more':
    case 'moreThan':
    case 'fewer':
    case 'fewerThan':
    case 'between':
      return true
    default:
      return false
  }
}

/** Reads `at least 3 times`. */
export function readTimesTest(lexer: Lexer): NumberTestRead {
  const op = readTimesOperator(lexer)
  if (op === 'between') {
    const [from, fromMark] = readMarked(lexer, 'from')
    readAnd(lexer)
    const [to, toMark] = readTimes(lexer, 'to', 'between 3 and 5 times')
    return { test: { op, from, to }, marks: [fromMark, toMark] }
  }
  const [value, mark] = readTimes(lexer, 'value', `${vocabulary[timesPhrases[op]].en} 3 times`)
  return { test: { op, value }, marks: [mark] }
}

/** Reads `3 times`, also as the one word `3次`. */
function readTimes(lexer: Lexer, part: RulePart, example: string): [Slot<Constant>, PartMark] {
  const joined = joinedNumber(lexer)
  if (joined?.keyword === 'times') {
    const { start } = lexer
    const value = wholeNumber(lexer, joined.digits, 0, 'RULE_BAD_COUNT')
    lexer.next()
    return [value, { part, start, end: start + joined.digits.length }]
  }
  const { kind } = lexer
  if (kind !== 'number' && kind !== 'text' && kind !== 'parameter') expected(lexer, `a number: ${example}`)
  const read = readMarked(lexer, part)
  if (!lexer.take('times')) expected(lexer, `times: ${example}`)
  return read
}

function readTimesOperator(lexer: Lexer): NumberTest['op'] {
  const { keyword } = lexer
  lexer.next()
  switch (keyword) {
    case 'atLeast':
      return 'gte'
    case 'atMost':
      return 'lte'
    case 'exactly':
      return 'eq'
    case 'notExactly':
      return 'ne'
    case 'moreThan':
      return 'gt'
    case 'fewerThan':
      return 'lt'
    case 'between':
      return 'between'
    case 'at':
      if (lexer.take('least')) return 'gte'
      if (lexer.take('most')) return 'lte'
      return expected(lexer, 'least or most: at least 3 times')
    case 'not':
      if (lexer.take('exactly')) return 'ne'
      return expected(lexer, 'exactly: not exactly 3 times')
    case 'more':
      if (lexer.take('than')) return 'gt'
      return expected(lexer, 'than: more than 3 times')
    default:
      if (lexer.take('than')) return 'lt'
      return expected(lexer, 'than: fewer than 3 times')
  }
}
