import fc from 'fast-check'
import { expect } from 'vitest'
import { ShortTurns } from '../../src/base/short-turns.ts'
import { type BehaviourOptions, Behaviours } from '../../src/behaviour/behaviours.ts'
import type { BehaviourNode, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { ThreadPool } from '../../src/threads/thread-pool.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const day = 86_400_000
export const start: number = Date.parse('2026-05-01T00:00:00Z')
/** In two chunks of people and at their edges. */
const people = [0, 1, 65_535, 65_536, 300_000]

/** Whose an event is, of which kind, and when: at a full hour of 25 days. */
export const eventParts: {
  kind: fc.Arbitrary<string>
  person: fc.Arbitrary<number>
  at: fc.Arbitrary<number>
} = {
  kind: fc.constantFrom('buy', 'buy', 'view'),
  person: fc.constantFrom(...people),
  at: fc.tuple(fc.nat(24), fc.nat(23)).map(([days, hours]) => start + days * day + hours * 3_600_000),
}

/** The last days or hours, of about as many days. */
export const movingWindow: fc.Arbitrary<Window> = fc.oneof(
  fc.integer({ min: 1, max: 22 }).map((count) => make.lastWindow(count, 'days')),
  fc.integer({ min: 0, max: 22 }).map((count) => make.lastWindow(count, 'days', { includeCurrent: true })),
  fc.integer({ min: 1, max: 500 }).map((count) => make.lastWindow(count, 'hours')),
)

/** What happens in a round. */
interface Round {
  readonly ask: number
  readonly days: number
  readonly hours: number
  /** Events that come before it. */
  readonly add: PlainEvent[] | null
  /** Somebody who goes. */
  readonly remove: number | null
}

function roundsOf(events: fc.Arbitrary<PlainEvent[]>): fc.Arbitrary<Round[]> {
  const round = fc.record({
    ask: fc.nat(2),
    days: fc.integer({ min: 8, max: 27 }),
    hours: fc.nat(23),
    add: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, events),
    remove: fc.option(fc.constantFrom(...people), { freq: 8 }),
  })
  return fc.array(round, { minLength: 4, maxLength: 14 })
}

/** A few questions about events that come and go: writes what a round writes, and checks its answer. */
class AskedWorld {
  readonly world: EventWorld = new EventWorld('UTC', kinds)
  readonly behaviours: Behaviours
  readonly #asked: readonly BehaviourNode[]
  found = 0

  constructor(first: readonly PlainEvent[], asked: readonly BehaviourNode[], options: BehaviourOptions = {}) {
    this.#asked = asked
    this.behaviours = new Behaviours(this.world, { fewEvents: 0, ...options })
    this.world.add(first, start)
  }

  write({ add, remove }: Round): void {
    if (add !== null) this.world.add(add, start)
    if (remove !== null) this.world.remove([remove])
  }

  questionOf({ ask, days, hours }: Round): { readonly node: BehaviourNode; readonly asOf: number } {
    return { node: this.#asked[ask % this.#asked.length]!, asOf: start + days * day + hours * 3_600_000 }
  }

  check(round: Round): void {
    const { node, asOf } = this.questionOf(round)
    const expected = people.filter((person) => this.world.plain.has(node, person, asOf))
    expect([...this.behaviours.people(node, asOf)]).toEqual(expected)
    this.found += expected.length
  }
}

/**
 * Asks a few questions again and again as of other instants, while events come and people go: the answers are those of plain loops, whatever
 * was kept of the ones before.
 *
 * @returns how many people were found, in all
 */
export function askAgainAndAgain(events: fc.Arbitrary<PlainEvent[]>, question: fc.Arbitrary<BehaviourNode>): number {
  const questions = fc.array(question, { minLength: 1, maxLength: 3 })
  let found = 0
  fc.assert(
    fc.property(events, questions, roundsOf(events), (first, asked, rounds) => {
      const world = new AskedWorld(first, asked)
      for (const round of rounds) {
        world.write(round)
        world.check(round)
      }
      found += world.found
      world.behaviours.clear()
    }),
    campaign(200),
  )
  return found
}

/** Turns each of which is over at once, so that everybody else has theirs after every step. */
class ShortestTurns extends ShortTurns {
  override get isLong(): boolean {
    return true
  }

  override async mayEnd(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve))
    return true
  }
}

/**
 * As `askAgainAndAgain`, while the same questions are worked out in short turns, or by threads, and left undone now and then.
 *
 * @returns how many people were found, in all
 */
export async function askMeanwhile(
  events: fc.Arbitrary<PlainEvent[]>,
  question: fc.Arbitrary<BehaviourNode>,
  threads: ThreadPool | null = null,
): Promise<number> {
  const questions = fc.array(question, { minLength: 1, maxLength: 3 })
  const turns = fc.array(fc.nat(4), { minLength: 14, maxLength: 14 })
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      events,
      questions,
      roundsOf(events),
      turns,
      fc.constantFrom(0, 1_000, 2_000, 5_000, 2 ** 28),
      async (first, asked, rounds, waits, cacheBytes) => {
        const world = new AskedWorld(first, asked, { cacheBytes, threads })
        const { behaviours } = world
        const enough = new AbortController()
        const later = Promise.allSettled(
          rounds.map(async (round, i) => {
            const { node, asOf } = world.questionOf(round)
            const signal = i % 4 === 3 ? enough.signal : undefined
            await behaviours.peopleLater(node, asOf, new ShortestTurns(), signal)
          }),
        )
        for (const [i, round] of rounds.entries()) {
          for (let turn = 0; turn < waits[i]!; turn++) await new Promise((resolve) => setImmediate(resolve))
          if (i === 3) enough.abort(new Error('enough'))
          world.write(round)
          behaviours.trim()
          world.check(round)
        }
        for (const answer of await later) {
          if (answer.status === 'rejected') expect(answer.reason).toEqual(new Error('enough'))
        }
        for (const round of rounds) world.check(round)
        found += world.found
        behaviours.clear()
      },
    ),
    campaign(150),
  )
  return found
}
