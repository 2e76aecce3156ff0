import type { OccurrenceNode } from '../ast.ts'
import { occurrence } from '../make-node.ts'
import { type Mark, noGaps } from './mark.ts'
import { expected } from './read-operand.ts'
import { readTerm } from './read-term.ts'
import { isWindowStart, readWindow, type WindowRead } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'

/**
 * Reads `first purchase where (kol = "A") in last 30 days` behind its first word, which began at `start`. Test and window
 * may stand in either order.
 */
export function readOccurrence(reader: RuleReader, kind: OccurrenceNode['kind'], start: number): Mark {
  const { lexer, maker } = reader
  const event = readTerm(
    reader,
    `the name of an event${lexer.at('number') ? '. A window stands behind what it is of: did purchase in last 7 days' : ''}`,
  )
  let test: Mark | null = null
  let window: WindowRead | null = null
  for (;;) {
    if (window === null && isWindowStart(lexer)) window = readWindow(lexer, 'window')
    else if (test === null && lexer.take('where')) {
      if (!lexer.at('(')) expected(lexer, `( before what is asked of it: ${kind} purchase where (amount >= 50)`)
      test = reader.readFilter()
    } else break
  }
  const node = occurrence(kind, event.term, test?.node ?? null, window?.window)
  const events = { terms: [event.mark], test, gaps: noGaps }
  return maker.event(node, start, lexer.previousEnd, window === null ? [] : [window.mark], events)
}
