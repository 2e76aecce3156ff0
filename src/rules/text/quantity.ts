import type { ErrorCode } from '../../base/error-codes.ts'
import type { Duration, DurationUnit, Slot, WindowUnit } from '../ast.ts'
import type { Span } from '../fault.ts'
import { duration } from '../make-node.ts'
import { keywordOf } from './keywords.ts'
import type { Lexer } from './lex.ts'
import { expected, readWhole, wholeNumber } from './read-operand.ts'
import { vocabulary } from './vocabulary.ts'

/** A number of units of time. */
export interface Quantity<Unit extends string> {
  readonly count: Slot<number>
  readonly unit: Unit
  readonly countAt: Span
  readonly unitAt: Span
}

/** Units of which windows are made. */
export const windowUnits: readonly WindowUnit[] = ['minutes', 'hours', 'days', 'weeks', 'months']
/** Units of fixed length. */
export const durationUnits: readonly DurationUnit[] = ['seconds', 'minutes', 'hours', 'days', 'weeks']

/**
 * Reads a whole number and its unit: `7 days`, also as the one word `7天`.
 *
 * @param example for messages, a phrase that is right here
 */
export function readQuantity<Unit extends string>(
  lexer: Lexer,
  units: readonly Unit[],
  least: number,
  code: ErrorCode,
  example: string,
): Quantity<Unit> {
  const joined = joinedNumber(lexer)
  if (joined !== null) {
    const unit = units.find((known) => known === joined.keyword)
    if (unit !== undefined) {
      const { start, end } = lexer
      const unitStart = start + joined.digits.length
      const count = wholeNumber(lexer, joined.digits, least, code)
      lexer.next()
      return { count, unit, countAt: { start, end: unitStart }, unitAt: { start: unitStart, end } }
    }
  }
  const countAt = { start: lexer.start, end: lexer.end }
  const count = readWhole(lexer, least, code, example)
  // 3 个 月, 3 个 小时.
  if (lexer.value === vocabulary.of.zh) lexer.next()
  const unit = units.find((known) => known === lexer.keyword)
  if (unit === undefined) expected(lexer, `${listed(units)}: ${example}`)
  const unitAt = { start: lexer.start, end: lexer.end }
  lexer.next()
  return { count, unit, countAt, unitAt }
}

/** Reads a length of time: `24 hours`. */
export function readDuration(lexer: Lexer): { duration: Duration; countAt: Span } {
  const { count, unit, countAt } = readQuantity(lexer, durationUnits, 1, 'RULE_BAD_SEQUENCE', 'within 24 hours')
  return { duration: duration(count, unit), countAt }
}

/** The present token where it is a number and a Chinese word in one: `7天`, `3次`. */
export function joinedNumber(lexer: Lexer): { digits: string; keyword: ReturnType<typeof keywordOf> } | null {
  if (lexer.kind !== 'word' || lexer.keyword !== null) return null
  const match = /^([0-9]{1,16})([\u4e00-\u9fff]{1,4})$/.exec(lexer.value)
  return match === null ? null : { digits: match[1]!, keyword: keywordOf(match[2]!) }
}

function listed(units: readonly string[]): string {
  if (units.length === 1) return units[0]!
  return `${units.slice(0, -1).join(', ')} or ${units.at(-1)}`
}
