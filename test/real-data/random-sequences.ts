import fc from 'fast-check'
import type { Duration, EventTerm, SequenceNode, SequenceStep, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog, PastEvent } from './event-log.ts'
import { filterIn, termIn } from './random-behaviours.ts'
import { windowIn } from './random-windows.ts'

/** What the random sequences of a log may have. */
export interface SequenceOptions {
  /** Properties that may link the events. */
  readonly links: readonly string[]
  /** Longest sequence. @default 4 */
  readonly steps?: number
}

/**
 * Sequences of 2 to 4 steps, or of one and an absence, with everything that law 15 allows. Most follow what somebody did, so
 * that gaps and windows end right at events, or a second beside them.
 */
export function sequenceIn(log: EventLog, { links, steps = 4 }: SequenceOptions): fc.Arbitrary<SequenceNode> {
  const link = fc.oneof(
    { arbitrary: fc.constant(null), weight: 2 },
    { arbitrary: fc.constantFrom(null, ...links), weight: 1 },
  )
  const allowSameTime = fc.boolean()
  return fc
    .tuple(
      fc.oneof({ arbitrary: pastIn(log, steps), weight: 3 }, { arbitrary: strangeIn(log, steps), weight: 1 }),
      link,
      allowSameTime,
    )
    .map(([parts, same, allow]) => make.sequence(parts.steps, { ...parts, same, allowSameTime: allow }) as SequenceNode)
}

type Parts = Pick<SequenceNode, 'steps' | 'absence' | 'window'>

/** What somebody did, more or less. */
function pastIn(log: EventLog, most: number): fc.Arbitrary<Parts> {
  return fc.constantFrom(...log.histories).chain((history) =>
    fc
      .tuple(
        // Near each other mostly, so that gaps are short.
        fc.nat({ max: history.length - 1 }),
        fc.array(fc.oneof({ arbitrary: fc.integer({ min: 1, max: 3 }), weight: 4 }, fc.integer({ min: 1, max: 20 })), {
          minLength: 0,
          maxLength: most - 1,
        }),
        fc.nat({ max: 3 }),
      )
      .chain(([start, leaps, ending]) => {
        const chain = follow(history, start, leaps)
        const isClosed = ending === 0 || chain.length === 1
        return fc
          .tuple(
            fc.tuple(...chain.map(({ event }) => filteredRarely(log, event))),
            fc.tuple(...chain.map((_, index) => gapOf(chain, index))),
            fc.tuple(...chain.map(() => othersIn(log))),
            fc.oneof({ arbitrary: fc.constant(make.ever()), weight: 2 }, around(chain), windowIn(log)),
            isClosed ? absenceIn(log, history, chain.at(-1)!) : fc.constant(null),
          )
          .map(
            ([events, gaps, others, window, absence]): Parts => ({
              steps: events.map((event, index) =>
                index === 0 ? make.step(event) : make.step(event, gaps[index]!, others[index]!),
              ),
              absence,
              window,
            }),
          )
      }),
  )
}

function follow(history: readonly PastEvent[], start: number, leaps: readonly number[]): readonly PastEvent[] {
  const chain = [history[start]!]
  let place = start
  for (const leap of leaps) {
    place += leap
    const next = history[place]
    if (next === undefined) break
    chain.push(next)
  }
  return chain
}

/** Events that need have nothing to do with each other. */
function strangeIn(log: EventLog, most: number): fc.Arbitrary<Parts> {
  const step = fc
    .tuple(termIn(log), fc.option(anyDuration()), othersIn(log))
    .map(([event, within, others]): SequenceStep => make.step(event, within, others))
  const window: fc.Arbitrary<Window> = fc.oneof(fc.constant(make.ever()), windowIn(log))
  return fc
    .tuple(
      termIn(log),
      fc.array(step, { minLength: 1, maxLength: most - 1 }),
      fc.option(absenceIn(log, [], null)),
      window,
    )
    .map(([first, others, absence, inWindow]) => ({ steps: [make.step(first), ...others], absence, window: inWindow }))
}

function filteredRarely(log: EventLog, event: string): fc.Arbitrary<EventTerm> {
  return fc
    .oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: filterIn(log, event), weight: 1 })
    .map((where) => make.eventTerm(event, where))
}

function othersIn(log: EventLog): fc.Arbitrary<readonly EventTerm[]> {
  return fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(termIn(log), { minLength: 1, maxLength: 2 }), weight: 1 },
  )
}

/** What comes next in a history, often, or anything, does not come for about as long. */
function absenceIn(
  log: EventLog,
  history: readonly PastEvent[],
  last: PastEvent | null,
): fc.Arbitrary<SequenceNode['absence']> {
  const next = last === null ? undefined : history.find(({ at }) => at > last.at)
  const strange = fc.array(termIn(log), { minLength: 1, maxLength: 2 })
  const events = next === undefined ? strange : fc.oneof(strange, fc.constant([make.eventTerm(next.event)]))
  return fc
    .tuple(events, durationAround(next === undefined ? 0 : next.at - last!.at))
    .map(([terms, within]) => ({ events: terms, within }))
}

/** A limit to the gap before a step of a chain, or none. */
function gapOf(chain: readonly PastEvent[], index: number): fc.Arbitrary<Duration | null> {
  const [before, now] = [chain[index - 1], chain[index]!]
  return before === undefined ? fc.constant(null) : fc.option(durationAround(now.at - before.at), { freq: 2 })
}

/** A length that ends at a distance of milliseconds, a second off it, or anywhere. */
function durationAround(distance: number): fc.Arbitrary<Duration> {
  const seconds = Math.floor(distance / 1000)
  if (seconds < 1 || seconds >= longest) return anyDuration()
  return fc.oneof(
    {
      arbitrary: fc.integer({ min: -1, max: 1 }).map((more) => make.duration(Math.max(1, seconds + more), 'seconds')),
      weight: 2,
    },
    { arbitrary: fc.constant(make.duration(Math.ceil(seconds / 60), 'minutes')), weight: 1 },
    { arbitrary: anyDuration(), weight: 1 },
  )
}

/** The highest count that a duration may have. */
const longest = 100_000

/** The first event is the last one in the window that isn't left out, and the last one the first that is. */
function around(chain: readonly PastEvent[]): fc.Arbitrary<Window> {
  const text = (at: number): string => new Date(at).toISOString()
  return fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 })).map(([before, after]) => {
    const [from, to] = [chain[0]!.at + before, chain.at(-1)!.at + 1 + after]
    return make.rangeWindow(text(from), from < to ? text(to) : null)
  })
}

/** Any length up to some days, short ones too. */
function anyDuration(): fc.Arbitrary<Duration> {
  return fc
    .tuple(
      fc.constantFrom<Duration['unit']>('seconds', 'minutes', 'hours', 'days', 'weeks'),
      fc.integer({ min: 1, max: 60 }),
    )
    .map(([unit, count]) => make.duration(unit === 'weeks' || unit === 'days' ? Math.ceil(count / 4) : count, unit))
}
