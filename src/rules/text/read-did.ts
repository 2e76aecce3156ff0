import { behaviour, not } from '../make-node.ts'
import type { Lexer } from './lex.ts'
import { type Mark, noGaps, type PartMark } from './mark.ts'
import { joinedNumber } from './quantity.ts'
import { isComparison, type NumberTestRead } from './read-number-test.ts'
import { expected, fail } from './read-operand.ts'
import { readSequence } from './read-sequence.ts'
import { readTerms, type TermRead } from './read-term.ts'
import { isTimesStart, readTimesTest } from './read-times.ts'
import { isWindowStart, readWindow, type WindowRead } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'

/**
 * Reads `did purchase at least 3 times in last 90 days`, `did not purchase`, `did browse then did purchase`, from the
 * `did` on. How often and when may stand in either order.
 */
export function readDid(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start } = lexer
  const isNot = readDidWord(reader)
  const terms = readTerms(reader)
  if (lexer.keyword === 'next') {
    if (isNot) refuseSteps(lexer, 'behind did not. For people without the whole sequence write not (did a then did b)')
    if (terms.length > 1) refuseSteps(lexer, 'behind several events. A step of a sequence is one event')
    return readSequence(reader, start, terms[0]!)
  }
  const mark = readHowOften(reader, start, terms)
  return isNot ? maker.group(not(mark.node), start, mark.end, [mark]) : mark
}

/** Takes `did`, `did not` and says whether it was the latter. */
export function readDidWord({ lexer }: RuleReader): boolean {
  if (lexer.take('didNot')) return true
  lexer.next()
  return lexer.take('not')
}

function readHowOften(reader: RuleReader, start: number, terms: readonly TermRead[]): Mark {
  const { lexer, maker } = reader
  let window: WindowRead | null = null
  let times: NumberTestRead | null = null
  for (;;) {
    if (window === null && isWindowStart(lexer)) window = readWindow(lexer, 'window')
    else if (times === null && isTimesStart(lexer)) times = readTimesTest(lexer)
    else break
  }
  if (times === null) refuseBareNumber(reader)
  const parts: PartMark[] = [...(times?.marks ?? []), ...(window === null ? [] : [window.mark])]
  const node = behaviour(
    'count',
    terms.map(({ term }) => term),
    window?.window,
    times?.test,
  )
  const events = { terms: terms.map(({ mark }) => mark), test: null, gaps: noGaps }
  return maker.event(node, start, lexer.previousEnd, parts, events)
}

function refuseSteps(lexer: Lexer, why: string): never {
  fail(lexer, 'RULE_SYNTAX', `found ${lexer.describe()} ${why}`)
}

/** Refuses `did purchase 3 times` and `did purchase >= 3`, which leave open what is meant, or how it is said. */
function refuseBareNumber({ lexer }: RuleReader): void {
  if (isComparison(lexer.kind)) expected(lexer, 'words for how often: at least 3 times, more than 3 times')
  if (lexer.kind !== 'number' && joinedNumber(lexer)?.keyword !== 'times') return
  const number = /^[0-9]+/.exec(lexer.value)?.[0].slice(0, 16) ?? '3'
  expected(lexer, `at least, at most or exactly before it: at least ${number} times`)
}
