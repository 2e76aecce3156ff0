import type { Steps } from '../base/steps.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import type { EventDay } from '../events/event-day.ts'
import type { Piece } from './accumulator.ts'
import type { WalkLog } from './chunk-walk.ts'
import { firstFrom } from './day-places.ts'
import type { PeopleOfDays } from './day-unions.ts'
import { DidAccumulator } from './did-accumulator.ts'
import type { EventsOfKind } from './event-source.ts'
import type { Term } from './event-term.ts'
import { fewPass, fewPeople } from './few-people.ts'
import { peopleSteps } from './people-steps.ts'

/** The people who have an event of a term. */
export class DidDays implements PeopleOfDays {
  readonly id: string
  readonly events: readonly EventsOfKind[]
  readonly leastLevel: number = 0
  readonly #term: Term
  readonly #log: WalkLog

  constructor(term: Term, log: WalkLog) {
    this.id = `did ${term.id}`
    this.events = [term.events]
    this.#term = term
    this.#log = log
  }

  firstDay(day: number): number {
    return day
  }

  *people(day: number, end: number): Steps<Bitmap> {
    const { test, events } = this.#term
    const all = events.days()
    const days = all.slice(firstFrom(all, day), firstFrom(all, end))
    if (test !== null && fewPass(test, days)) return yield* fewPeople(test, days, this.#log)
    return yield* peopleSteps(days.map(wholeDay), new DidAccumulator([this.#term]), this.#log)
  }
}

function wholeDay(day: EventDay): Piece {
  return { term: 0, day, from: 0, to: Number.POSITIVE_INFINITY }
}
