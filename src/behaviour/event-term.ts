import { invariant } from '../base/invariant.ts'
import type { EventTerm, RuleNode } from '../rules/ast.ts'
import { AndTest } from './and-test.ts'
import { compileFilter, plain, presenceTest } from './compile-filter.ts'
import type { EventSource, EventsOfKind } from './event-source.ts'
import type { DoubleRange } from './number-range.ts'
import { NumberRangeTest } from './number-row-test.ts'
import type { RowTest } from './row-test.ts'

/** Events of a kind that pass a filter, ready to be looked for. */
export interface Term {
  /** Two terms with the same id are the same events. */
  readonly id: number
  readonly name: string
  readonly events: EventsOfKind
  /** `null`: every event of the kind. */
  readonly test: RowTest | null
}

/** What a term asks beside its filter: that the event has a property, or has a number inside (outside of) a range. */
export interface Also {
  readonly property: string
  readonly range: DoubleRange | null
}

/** Most terms that stay compiled. */
const kept = 1_000

/** The terms that questions are made of: each is compiled once. */
export class Terms {
  readonly #source: EventSource
  readonly #byKey = new Map<string, Term>()
  /** The text of a filter: rules are frozen, and asked many times. */
  readonly #texts = new WeakMap<RuleNode, string>()
  #nextId = 1
  #haveGone = false

  constructor(source: EventSource) {
    this.#source = source
  }

  /** The term of a node, with what else is asked of each event. */
  of({ event, where }: EventTerm, also: Also | null = null): Term {
    const name = plain(event)
    const events = this.events(name)
    const key = JSON.stringify([
      name,
      where === null ? null : this.textOf(where),
      also && [also.property, rangeText(also)],
    ])
    const known = this.#byKey.get(key)
    // A kind of event may have been dropped and another made under its name.
    if (known !== undefined && known.events === events) return known
    if (known !== undefined) this.#haveGone = true
    if (this.#byKey.size >= kept) this.#byKey.clear()
    const term = Object.freeze({ id: this.#nextId++, name, events, test: compile(where, also, events) })
    this.#byKey.set(key, term)
    return term
  }

  /** The events of a name. */
  events(name: string): EventsOfKind {
    const events = this.#source.event(name)
    invariant(events !== undefined, 'validation lets events be named that there are')
    return events
  }

  /** Whether a kind of events that a term is of is no longer there. */
  haveGone(): boolean {
    if (this.#haveGone) return true
    for (const { name, events } of this.#byKey.values()) if (this.#source.event(name) !== events) return true
    return false
  }

  /** Forgets the terms. Those made later have other ids. */
  clear(): void {
    this.#byKey.clear()
    this.#haveGone = false
  }

  /** A rule as text, equal for equal rules. */
  textOf(rule: RuleNode): string {
    const known = this.#texts.get(rule)
    if (known !== undefined) return known
    const text = JSON.stringify(rule)
    this.#texts.set(rule, text)
    return text
  }
}

function rangeText({ range }: Also): string {
  return range === null ? '' : `${range.lo} ${range.hi} ${range.outside}`
}

function compile(where: RuleNode | null, also: Also | null, events: EventsOfKind): RowTest | null {
  const tests: RowTest[] = []
  if (where !== null) tests.push(compileFilter(where, events))
  if (also !== null) {
    const { property, range } = also
    tests.push(range === null ? presenceTest(property, events) : new NumberRangeTest(property, range))
  }
  if (tests.length <= 1) return tests[0] ?? null
  return new AndTest(tests)
}
