import fc from 'fast-check'
import type { Duration, EventTerm, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from '../../test/real-data/event-log.ts'
import { testOf } from '../../test/real-data/random-filters.ts'

/** Steps in order, as ClickHouse's functions take them: conditions, one window, one length. */
export interface Chain {
  readonly steps: readonly EventTerm[]
  readonly window: Window
  /** About as long as it took somebody from the first step to the second. */
  readonly length: Duration
  readonly gap: readonly (Duration | null)[]
}

/** Chains of 2 to `most` steps, most of them as somebody made them. */
export function chainIn(log: EventLog, most: number): fc.Arbitrary<Chain> {
  const followed = fc
    .tuple(
      fc.constantFrom(...log.histories),
      fc.nat({ max: 1_000 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: most - 1 }),
    )
    .map(([history, start, leaps]) => {
      let place = start % history.length
      const chain = [0, ...leaps].flatMap((leap) => {
        place += leap
        return history[place] ?? []
      })
      return chain.length > 1 ? chain : history.slice(0, 2)
    })
  return followed.chain((chain) =>
    fc.record({
      steps: fc.tuple(...chain.map(({ event }) => simpleTerm(log, event))),
      window: rangeAround(log, chain[0]!.at, chain.at(-1)!.at),
      length: lengthAround(chain[1]!.at - chain[0]!.at),
      gap: fc.tuple(
        ...chain.map((event, index) =>
          index === 0 ? fc.constant(null) : fc.option(lengthAround(event.at - chain[index - 1]!.at), { freq: 2 }),
        ),
      ),
    }),
  )
}

/** An event, sometimes another one than was made, sometimes with a test of one property. */
export function simpleTerm(log: EventLog, event: string): fc.Arbitrary<EventTerm> {
  const kind = fc.oneof({ arbitrary: fc.constant(event), weight: 5 }, fc.constantFrom(...log.events))
  return kind.chain((name) => {
    const { properties } = log.schema[name]!
    const test = fc.constantFrom(...Object.keys(properties)).chain((property) => testOf(property, properties, log))
    return fc
      .oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: test, weight: 1 })
      .map((where) => make.eventTerm(name, where))
  })
}

/** Ever, or from one instant to another, some of them those of events. */
export function rangeAround(log: EventLog, from: number, to: number): fc.Arbitrary<Window> {
  const text = (at: number): string => new Date(at).toISOString()
  const [first, last] = [log.instants[0]!, log.instants.at(-1)!]
  const month = 30 * 86_400_000
  return fc.oneof(
    { arbitrary: fc.constant(make.ever()), weight: 2 },
    fc
      .tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: 0, max: 2 }))
      .map(([a, b]) => make.rangeWindow(text(from + a), text(to + a + 1 + b))),
    fc
      .tuple(fc.integer({ min: first, max: last }), fc.integer({ min: 1, max: 6 * month }))
      .map(([begin, length]) => make.rangeWindow(text(begin), text(begin + length))),
  )
}

function lengthAround(distance: number): fc.Arbitrary<Duration> {
  const seconds = Math.min(99_999, Math.max(1, Math.floor(distance / 1000)))
  return fc.oneof(
    fc.integer({ min: -1, max: 1 }).map((more) => make.duration(Math.max(1, seconds + more), 'seconds')),
    fc.integer({ min: 1, max: 90 }).map((count) => make.duration(count, 'minutes')),
    fc.integer({ min: 1, max: 60 }).map((count) => make.duration(count, 'hours')),
  )
}
