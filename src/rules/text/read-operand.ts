import type { ErrorCode } from '../../base/error-codes.ts'
import type { Constant, Slot } from '../ast.ts'
import { parameter } from '../make-node.ts'
import { isReserved } from './keywords.ts'
import type { Lexer } from './lex.ts'
import { isDecimal, readDecimal } from './number-literal.ts'
import { quote } from './quote.ts'
import { excerpt, refuse } from './syntax-error.ts'

/** The readers of single tokens: each takes the present one, or refuses it with what was expected. */

/** Refuses the present token. */
export function expected(lexer: Lexer, what: string): never {
  fail(lexer, 'RULE_SYNTAX', `found ${lexer.describe()}, expected ${what}`)
}

/** Refuses the present token for a reason of its own. */
export function fail(lexer: Lexer, code: ErrorCode, message: string): never {
  refuse(lexer.source, code, message, lexer.start, lexer.end)
}

/** Reads a name: a bare word, a text or a parameter. */
export function readName(lexer: Lexer, what: string): Slot<string> {
  const { kind, value } = lexer
  switch (kind) {
    case 'word':
      if (isReserved(value)) expected(lexer, `${what}. As a name it is written in double quotes, ${quote(value)}`)
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

/** Whether the present token is a name that is no keyword: two such names side by side have no other meaning. */
export function isPlainName(lexer: Lexer): boolean {
  return lexer.kind === 'text' || lexer.kind === 'parameter' || (lexer.kind === 'word' && lexer.keyword === null)
}

/** Reads a text or a parameter. */
export function readText(lexer: Lexer): Slot<string> {
  const { kind, value } = lexer
  if (kind !== 'text' && kind !== 'parameter') {
    refuseDate(lexer)
    const advice = kind === 'word' || kind === 'number' ? `, ${excerpt(quote(value))}` : ''
    expected(lexer, `a text: write it in double quotes${advice}`)
  }
  lexer.next()
  return kind === 'parameter' ? parameter(value) : value
}

/** Reads a value: a text, a number or a parameter. */
export function readConstant(lexer: Lexer): Slot<Constant> {
  const { kind, value } = lexer
  switch (kind) {
    case 'text':
      lexer.next()
      return value
    case 'parameter':
      lexer.next()
      return parameter(value)
    case 'number':
      return readNumber(lexer)
    case 'word': {
      const advice = /^[0-9]/.test(value) ? '. A number is written in digits alone' : ''
      return expected(lexer, `a value: write it in double quotes, ${excerpt(quote(value))}${advice}`)
    }
    default:
      return expected(lexer, 'a value: a number, or a text in double quotes')
  }
}

function readNumber(lexer: Lexer): number | string {
  refuseDate(lexer)
  const { value } = lexer
  if (!isDecimal(value)) expected(lexer, 'a number in the digits 0 to 9, or a text in double quotes')
  const most = lexer.limits.valueLength
  if (value.length > most) {
    fail(lexer, 'RULE_TOO_LONG', `found a number of ${value.length} characters, expected at most ${most} in a rule`)
  }
  lexer.next()
  return readDecimal(value)
}

/** Refuses a date without quotes, which would read as several numbers: `2026-01-01`, `2026/1/1`. */
function refuseDate({ kind, source, start }: Lexer): void {
  if (kind !== 'number') return
  const found = dateStart.exec(source.slice(start, start + longestDate))?.[0]
  if (found === undefined) return
  const message = `found ${found}, expected a value: a time is written in double quotes, ${quote(found)}`
  refuse(source, 'RULE_SYNTAX', message, start, start + found.length)
}

const longestDate = 40
const dateStart = /^[0-9]{4}([-/])[0-9]{1,2}\1[0-9]{1,2}(?:T[0-9:.]{1,15}(?:Z|[+-][0-9:]{1,6})?)?/

/** Reads a whole number of at least `least`, or a parameter. */
export function readWhole(lexer: Lexer, least: number, code: ErrorCode, example: string): Slot<number> {
  const { kind, value } = lexer
  if (kind === 'parameter') {
    lexer.next()
    return parameter(value)
  }
  if (kind !== 'number') expected(lexer, `a whole number: ${example}`)
  const number = wholeNumber(lexer, value, least, code)
  lexer.next()
  return number
}

/** The whole number that digits are. @throws the code, at the present token, where they are none of at least `least`. */
export function wholeNumber(lexer: Lexer, digits: string, least: number, code: ErrorCode): number {
  const number = digits.length <= 16 && /^[0-9]+$/.test(digits) ? Number(digits) : -1
  if (number >= least && number <= Number.MAX_SAFE_INTEGER) return number
  return fail(lexer, code, `found ${lexer.describe()}, expected a whole number of ${least} or more`)
}
