import { behaviour } from '../make-node.ts'
import { type Mark, noGaps } from './mark.ts'
import { type Measured, readMeasured } from './read-measured.ts'
import { isNumberTestStart, type NumberTestRead, readNumberTest } from './read-number-test.ts'
import { expected } from './read-operand.ts'
import { readTerms, type TermRead } from './read-term.ts'
import { isWindowStart, readWindow, type WindowRead } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'

/**
 * Reads a question about a number of a person's events, `sum amount of purchase in last 90 days >= 500`, from its first
 * word on. The window and the comparison may stand in either order.
 */
export function readMeasure(reader: RuleReader): Mark {
  const { start } = reader.lexer
  return readMeasureBehind(reader, start, readWhat(reader))
}

/** Reads `距上次 purchase 天数 > 30` behind its first word, which began at `start`. */
export function readDaysSince(reader: RuleReader, start: number): Mark {
  return readMeasureBehind(reader, start, { measure: 'recency', terms: readDaysSinceTerms(reader) })
}

function readWhat(reader: RuleReader): Measured {
  const { lexer } = reader
  const { keyword } = lexer
  lexer.next()
  switch (keyword) {
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'distinct':
      return readMeasured(reader, keyword)
    case 'days':
      if (!lexer.take('since')) expected(lexer, 'since: days since last purchase > 30')
      if (!lexer.take('last')) expected(lexer, 'last: days since last purchase > 30')
      return { measure: 'recency', terms: readDaysSinceTerms(reader) }
    default:
      if (!lexer.take('of')) lexer.take('whose')
      return { measure: 'count', terms: readTerms(reader) }
  }
}

function readDaysSinceTerms(reader: RuleReader): TermRead[] {
  const terms = readTerms(reader)
  reader.lexer.take('dayCount')
  return terms
}

function readMeasureBehind({ lexer, maker }: RuleReader, start: number, { measure, terms }: Measured): Mark {
  let window: WindowRead | null = null
  let test: NumberTestRead | null = null
  for (;;) {
    if (window === null && isWindowStart(lexer)) window = readWindow(lexer, 'window')
    else if (test === null && isNumberTestStart(lexer)) test = readNumberTest(lexer)
    else break
  }
  if (test === null) {
    const windowToo = window === null ? 'a window of time or ' : ''
    return expected(lexer, `${windowToo}a comparison with a number: >= 5, or between 1 and 5`)
  }
  const parts = [...test.marks, ...(window === null ? [] : [window.mark])]
  const nodes = terms.map(({ term }) => term)
  const events = { terms: terms.map(({ mark }) => mark), test: null, gaps: noGaps }
  return maker.event(behaviour(measure, nodes, window?.window, test.test), start, lexer.previousEnd, parts, events)
}
