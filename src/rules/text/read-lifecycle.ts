import type { Slot } from '../ast.ts'
import { newly, regular, resumed, stopped } from '../make-node.ts'
import type { Lexer } from './lex.ts'
import { type EventMarks, type Mark, noGaps, type PartMark } from './mark.ts'
import { joinedNumber, readQuantity, windowUnits } from './quantity.ts'
import { expected, readWhole, wholeNumber } from './read-operand.ts'
import { readTerm, type TermRead } from './read-term.ts'
import { readWeekStart, readWindow } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'

/** Reads `stopped purchase in last 60 days ending 30 days ago but not in last 30 days`, from its first word on. */
export function readStopped(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start } = lexer
  lexer.next()
  const event = readTerm(reader)
  const earlier = readWindow(lexer, 'earlier')
  takeButNot(lexer, 'stopped purchase in last 60 days ending 30 days ago but not in last 30 days')
  const later = readWindow(lexer, 'later')
  const node = stopped(event.term, earlier.window, later.window)
  return maker.event(node, start, lexer.previousEnd, [earlier.mark, later.mark], eventsOf(event))
}

/** Reads `resumed purchase from "a" to "b" but not from "b" to "c" again in last 7 days`. */
export function readResumed(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start } = lexer
  lexer.next()
  const event = readTerm(reader)
  const earlier = readWindow(lexer, 'earlier')
  takeButNot(lexer, 'resumed purchase from "a" to "b" but not from "b" to "c" again in last 7 days')
  const gap = readWindow(lexer, 'gap')
  if (!lexer.take('again')) expected(lexer, 'again and the window in which they came back: again in last 7 days')
  const later = readWindow(lexer, 'later')
  const node = resumed(event.term, earlier.window, gap.window, later.window)
  return maker.event(node, start, lexer.previousEnd, [earlier.mark, gap.mark, later.mark], eventsOf(event))
}

/** Reads `new purchase in last 30 days`. */
export function readNew(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start } = lexer
  lexer.next()
  const event = readTerm(reader)
  const { window, mark } = readWindow(lexer, 'window')
  return maker.event(newly(event.term, window), start, lexer.previousEnd, [mark], eventsOf(event))
}

const example = 'regular purchase at least 2 times in at least 3 of last 4 weeks'

/**
 * Reads `regular purchase at least 2 times in at least 3 of last 4 weeks`, and in Chinese order
 * `规律 purchase 至少 2 次 最近 4 周 中 至少 3 周`.
 */
export function readRegular(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start } = lexer
  lexer.next()
  const event = readTerm(reader)
  const parts: PartMark[] = []
  takeAtLeast(lexer)
  const times = readTimes(lexer, parts)
  lexer.take('in')
  const isPeriodLast = lexer.keyword === 'inLast' || lexer.keyword === 'last'
  let periods: Slot<number> = 1
  if (!isPeriodLast) {
    takeAtLeast(lexer)
    periods = readPeriods(lexer, parts)
    if (lexer.keyword !== 'inLast' && lexer.keyword !== 'last') expected(lexer, `last: ${example}`)
  }
  lexer.next()
  const { count, unit, countAt, unitAt } = readQuantity(lexer, windowUnits, 1, 'RULE_BAD_WINDOW', example)
  parts.push({ part: 'of', ...countAt }, { part: 'unit', ...unitAt })
  if (isPeriodLast) {
    if (!lexer.take('ofThem') && !lexer.take('of'))
      expected(lexer, `中, as in 最近 4 周 中 至少 3 周. In English: ${example}`)
    takeAtLeast(lexer)
    const among = readQuantity(lexer, [unit], 1, 'RULE_BAD_COUNT', example)
    parts.push({ part: 'periods', ...among.countAt })
    periods = among.count
  }
  const weekStart = unit === 'weeks' ? readWeekStart(lexer) : null
  if (weekStart !== null) parts.push({ part: 'weekStart', ...weekStart.at })
  const node = regular(event.term, times, periods, count, unit, weekStart?.day)
  return maker.event(node, start, lexer.previousEnd, parts, eventsOf(event))
}

function takeAtLeast(lexer: Lexer): void {
  if (lexer.take('atLeast')) return
  if (!lexer.take('at') || !lexer.take('least')) expected(lexer, `at least: ${example}`)
}

/** Reads `2 times`, also as the one word `2次`. */
function readTimes(lexer: Lexer, parts: PartMark[]): Slot<number> {
  const { start, end } = lexer
  const joined = joinedNumber(lexer)
  if (joined?.keyword === 'times') {
    const times = wholeNumber(lexer, joined.digits, 1, 'RULE_BAD_COUNT')
    parts.push({ part: 'times', start, end: start + joined.digits.length })
    lexer.next()
    return times
  }
  parts.push({ part: 'times', start, end })
  const times = readWhole(lexer, 1, 'RULE_BAD_COUNT', example)
  if (!lexer.take('times')) expected(lexer, `times: ${example}`)
  return times
}

/** Reads `3 of`. */
function readPeriods(lexer: Lexer, parts: PartMark[]): Slot<number> {
  parts.push({ part: 'periods', start: lexer.start, end: lexer.end })
  const periods = readWhole(lexer, 1, 'RULE_BAD_COUNT', example)
  if (!lexer.take('of')) expected(lexer, `of: ${example}`)
  return periods
}

function takeButNot(lexer: Lexer, whole: string): void {
  if (lexer.take('butNot')) return
  if (!lexer.take('but') || !lexer.take('not')) expected(lexer, `but not and the window without it: ${whole}`)
}

function eventsOf({ mark }: TermRead): EventMarks {
  return { terms: [mark], test: null, gaps: noGaps }
}
