import type { Duration, SequenceNode, SequenceStep, Slot } from '../ast.ts'
import { sequence, step } from '../make-node.ts'
import type { Lexer } from './lex.ts'
import type { GapMark, Mark, PartMark, TermMark } from './mark.ts'
import { joinedNumber, readDuration } from './quantity.ts'
import { expected, fail, isPlainName, readName } from './read-operand.ts'
import { readTerm, readTerms, type TermRead } from './read-term.ts'
import { isTimesStart } from './read-times.ts'
import { isWindowStart, readWindow, type WindowRead } from './read-window.ts'
import type { RuleReader } from './rule-reader.ts'

/** Reads the steps of a sequence behind its first event, from the `then` on. */
export function readSequence(reader: RuleReader, start: number, first: TermRead): Mark {
  return new SequenceReader(reader, start, first).read()
}

class SequenceReader {
  readonly #reader: RuleReader
  readonly #start: number
  readonly #steps: SequenceStep[]
  readonly #terms: TermMark[]
  readonly #gaps: GapMark[] = []
  readonly #parts: PartMark[] = []
  #absence: SequenceNode['absence'] = null

  constructor(reader: RuleReader, start: number, first: TermRead) {
    this.#reader = reader
    this.#start = start
    this.#steps = [step(first.term)]
    this.#terms = [first.mark]
  }

  read(): Mark {
    const { lexer, maker } = this.#reader
    while (lexer.keyword === 'next') {
      if (this.#absence !== null)
        fail(lexer, 'RULE_SYNTAX', `found ${lexer.describe()} behind then did not, which ends a sequence`)
      lexer.next()
      this.#readStepOrAbsence()
    }
    const { window, same, allowSameTime } = this.#readOptions()
    const node = sequence(this.#steps, {
      absence: this.#absence,
      same,
      allowSameTime,
      ...(window === null ? {} : { window: window.window }),
    })
    if (window !== null) this.#parts.push(window.mark)
    const events = { terms: this.#terms, test: null, gaps: this.#gaps }
    return maker.event(node, this.#start, lexer.previousEnd, this.#parts, events)
  }

  #readStepOrAbsence(): void {
    const { lexer } = this.#reader
    if (lexer.take('didNot')) this.#readAbsence()
    else if (!lexer.take('did')) expected(lexer, 'did or did not: did browse then did purchase')
    else if (lexer.take('not')) this.#readAbsence()
    else this.#readStep()
  }

  #readStep(): void {
    const { lexer } = this.#reader
    const event = readTerm(this.#reader, 'the name of an event: a step of a sequence is one')
    const of = this.#steps.length
    let within: Duration | null = null
    let without: TermRead[] | null = null
    for (;;) {
      if (within === null && this.#isDurationStart()) within = this.#readGap(of)
      else if (without === null && lexer.take('without')) without = readTerms(this.#reader)
      else break
    }
    const others = without ?? []
    this.#steps.push(
      step(
        event.term,
        within,
        others.map(({ term }) => term),
      ),
    )
    this.#terms.push(...others.map(({ mark }) => mark), event.mark)
    if (isTimesStart(lexer)) refuseTimes(lexer)
  }

  #readAbsence(): void {
    const { lexer } = this.#reader
    const { start } = lexer
    const others = readTerms(this.#reader)
    if (!this.#isDurationStart()) expected(lexer, 'within: then did not purchase within 24 hours')
    const within = this.#readGap('absence')
    this.#absence = { events: others.map(({ term }) => term), within }
    this.#terms.push(...others.map(({ mark }) => mark))
    this.#parts.push({ part: 'absence', start, end: lexer.previousEnd })
  }

  /** In Chinese the number comes first: `24 小时 以内`. */
  #isDurationStart(): boolean {
    const { lexer } = this.#reader
    return (
      lexer.keyword === 'within' ||
      lexer.kind === 'number' ||
      lexer.kind === 'parameter' ||
      (lexer.kind === 'word' && lexer.keyword === null && /^[0-9]/.test(lexer.value))
    )
  }

  #readGap(of: GapMark['of']): Duration {
    const { lexer } = this.#reader
    const { start } = lexer
    const isBefore = lexer.take('within')
    if (!isBefore) this.#refuseTimesAhead()
    const { duration, countAt } = readDuration(lexer)
    if (!isBefore && !lexer.take('within'))
      expected(lexer, '以内, in English within before the number: 24 小时 以内, within 24 hours')
    this.#gaps.push({ of, start, end: lexer.previousEnd, count: countAt })
    return duration
  }

  /** Refuses `then did b 3 times` at its number. */
  #refuseTimesAhead(): void {
    const { lexer } = this.#reader
    const number = lexer.save()
    const isJoined = joinedNumber(lexer)?.keyword === 'times'
    lexer.next()
    const isTimes = isJoined || lexer.keyword === 'times'
    lexer.restore(number)
    if (isTimes) refuseTimes(lexer)
  }

  /** Reads what is said of the whole: `, same product`, `, allowing same time`, a window; in any order. */
  #readOptions(): { window: WindowRead | null; same: Slot<string> | null; allowSameTime: boolean } {
    const { lexer } = this.#reader
    let window: WindowRead | null = null
    let same: Slot<string> | null = null
    let allowSameTime = false
    for (;;) {
      if (window === null && isWindowStart(lexer)) window = readWindow(lexer, 'window')
      else if (lexer.at(',')) {
        const option = this.#readBehindComma(same === null, !allowSameTime)
        if (option === null) break
        if (option === 'sameTime') allowSameTime = true
        else same = option.same
      } else break
    }
    return { window, same, allowSameTime }
  }

  /**
   * Reads what a comma and `same` or `allowing` begin. In `at least 1 of (did a then did b, same = "x")` the comma is
   * another's, and `same` a tag: then `null`, with the comma as the present token again.
   */
  #readBehindComma(maySame: boolean, mayAllow: boolean): { same: Slot<string> } | 'sameTime' | null {
    const { lexer } = this.#reader
    const comma = lexer.save()
    lexer.next()
    if (maySame && lexer.take('same')) {
      if (isPlainName(lexer)) {
        this.#parts.push({ part: 'same', start: lexer.start, end: lexer.end })
        return { same: readName(lexer, 'the name of a property') }
      }
    } else if (mayAllow && lexer.take('allowing')) {
      if (lexer.take('sameTime')) return 'sameTime'
      if (lexer.take('same')) {
        if (lexer.take('times')) return 'sameTime'
        expected(lexer, 'time: allowing same time')
      }
    }
    lexer.restore(comma)
    return null
  }
}

function refuseTimes(lexer: Lexer): never {
  const found = lexer.describe()
  fail(
    lexer,
    'RULE_SYNTAX',
    `found ${found} behind a step. A step of a sequence is one event, so it has no number of times`,
  )
}
