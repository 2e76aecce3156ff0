import fc from 'fast-check'
import type { SequenceNode, SequenceStep, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from './event-log.ts'
import { termIn } from './random-behaviours.ts'
import { anyDuration, windowIn } from './random-windows.ts'

/** What the random sequences of a log may have. */
export interface SequenceOptions {
  /** Properties that may link the events. */
  readonly links: readonly string[]
  /** Longest sequence. @default 4 */
  readonly steps?: number
}

/** Sequences of 2 to 4 steps, or of one and an absence, with everything that law 15 allows. */
export function sequenceIn(log: EventLog, { links, steps = 4 }: SequenceOptions): fc.Arbitrary<SequenceNode> {
  const term = termIn(log)
  const rarely = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
    fc.oneof({ arbitrary: fc.constant(null), weight: 2 }, { arbitrary: value, weight: 1 })
  const without = fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(term, { minLength: 1, maxLength: 2 }), weight: 1 },
  )
  const step = fc
    .tuple(term, fc.option(anyDuration()), without)
    .map(([event, within, others]): SequenceStep => make.step(event, within, others))
  const absence = fc
    .tuple(fc.array(term, { minLength: 1, maxLength: 2 }), anyDuration())
    .map(([events, within]) => ({ events, within }))
  const link: fc.Arbitrary<string | null> = links.length === 0 ? fc.constant(null) : rarely(fc.constantFrom(...links))
  const window: fc.Arbitrary<Window> = fc.oneof(fc.constant(make.ever()), windowIn(log))
  return fc
    .tuple(term, fc.array(step, { minLength: 0, maxLength: steps - 1 }), rarely(absence), link, fc.boolean(), window)
    .chain(([first, others, ends, same, allowSameTime, inWindow]) => {
      const options = { same, allowSameTime, window: inWindow }
      const all = [make.step(first), ...others]
      if (ends !== null) return fc.constant(make.sequence(all, { ...options, absence: ends }) as SequenceNode)
      // One event alone is no sequence.
      const whole = all.length > 1 ? fc.constant(all) : step.map((second) => [...all, second])
      return whole.map((chain) => make.sequence(chain, options) as SequenceNode)
    })
}
