import type { Slot } from '../ast.ts'
import { newly, regular, resumed, stopped } from '../make-node.ts'
import type { RulePart } from '../rule-path.ts'
import type { Lexer } from './lex.ts'
import { type Mark, noGaps, type PartMark } from './mark.ts'
import { readQuantity, windowUnits } from './quantity.ts'
import { expected, readWhole } from './read-operand.ts'
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
  const times = readCount(lexer, 'times', parts)
  lexer.take('in')
  const isPeriodLast = lexer.keyword === 'inLast' || lexer.keyword === 'last'
  let periods: Slot<number> = 1
  if (!isPeriodLast) {
    takeAtLeast(lexer)
    periods = readCount(lexer, 'periods', parts)
    if (lexer.keyword !== 'inLast' && lexer.keyword !== 'last') expected(lexer, `last: ${example}`)
  }
  lexer.next()
  const { count, unit, countAt, unitAt } = readQuantity(lexer, windowUnits, 1, 'RULE_BAD_WINDOW', example)
  parts.push({ part: 'of', ...countAt }, { part: 'unit', ...unitAt })
  if (isPeriodLast) {
    if (!lexer.take('ofThem') && !lexer.take('of')) expected(lexer, `中, as in 最近 4 周 中 至少 3 周. In English: ${example}`)
    takeAtLeast(lexer)
    const among = readQuantity(lexer, [unit], 1, 'RULE_BAD_COUNT', example)
    parts.push({ part: 'periods', ...among.countAt })
    periods = among.count
  }
  const weekStart = unit === 'weeks' ? readWeekStart(lexer, weekStartMarks(parts)) : null
  const node = regular(event.term, times, periods, count, unit, weekStart ?? 'monday')
  return maker.event(node, start, lexer.previousEnd, parts, eventsOf(event))
}
