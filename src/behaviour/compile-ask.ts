import type { TimeZone } from '../base/time-zone.ts'
import { type PlainWindow, resolveWindow, type WindowBounds } from '../base/window.ts'
import type { BehaviourNode, EventTerm, NumberTest, OccurrenceNode, SequenceNode, Window } from '../rules/ast.ts'
import { eventTerm, or } from '../rules/make-node.ts'
import { type Ask, type LeafAsk, nobodyAsk } from './ask.ts'
import { CommonValues } from './common-values.ts'
import { compileFilter, plain, scaleOf } from './compile-filter.ts'
import { CountAccumulator, type Counted } from './count-accumulator.ts'
import { CountTallyPlan } from './count-tally.ts'
import { DidAccumulator } from './did-accumulator.ts'
import { DistinctAccumulator } from './distinct-accumulator.ts'
import type { Also, Term, Terms } from './event-term.ts'
import { type DoubleRange, doubleRange, rangeOf } from './number-range.ts'
import { OccurrenceAccumulator } from './occurrence-accumulator.ts'
import { SequenceAccumulator } from './sequence-accumulator.ts'
import { planSequence } from './sequence-plan.ts'
import { SumAccumulator } from './sum-accumulator.ts'
import { SumTallyPlan } from './sum-tally.ts'
import { AverageTest, sumTest } from './total-test.ts'

/** A question about events that stands by itself in a plan; it is bound. */
export type BehaviourLeafNode = BehaviourNode | OccurrenceNode | SequenceNode

type Bounds = (asOf: number) => WindowBounds

/** Puts questions into few forms. */
export class AskCompiler {
  readonly #terms: Terms
  readonly #zone: TimeZone

  constructor(terms: Terms, zone: TimeZone) {
    this.#terms = terms
    this.#zone = zone
  }

  compile(node: BehaviourLeafNode): Ask {
    const bounds = this.#boundsOf(node.window)
    switch (node.kind) {
      case 'behaviour':
        return this.#behaviour(node, bounds)
      case 'first':
      case 'last':
        return this.#occurrence(node, bounds)
      case 'sequence':
        return this.#sequence(node, bounds)
    }
  }

  #boundsOf(window: Window): Bounds {
    return (asOf) => resolveWindow(window as PlainWindow, asOf, this.#zone)
  }

  #behaviour(node: BehaviourNode, bounds: Bounds): Ask {
    switch (node.measure) {
      case 'count':
      case 'days':
        return this.#count(node, bounds, node.measure)
      case 'distinct':
        return this.#distinct(node, bounds)
      case 'recency':
        return this.#recency(node, bounds)
      case 'sum':
      case 'avg':
        return this.#total(node, bounds, node.measure)
      case 'min':
      case 'max':
        return this.#extreme(node, bounds, node.measure)
    }
  }

  /** People with an event of one of the terms. */
  #did(events: readonly EventTerm[], bounds: Bounds, also: (event: EventTerm) => Also | null = () => null): LeafAsk {
    const terms = this.#termsOf(events, also)
    return {
      kind: 'did',
      id: `did ${idsOf(terms)}`,
      bounds,
      ...sourcesOf(terms),
      least: 1,
      accumulator: () => new DidAccumulator(terms),
    }
  }

  #count({ events, test, window }: BehaviourNode, bounds: Bounds, counted: Counted): Ask {
    const range = positive(doubleRange(rangeOf(test, 0)))
    if (range === null) return nobodyAsk
    if (isAny(range)) return this.#did(events, bounds)
    const terms = this.#termsOf(togetherByKind(events), () => null)
    return {
      kind: 'measure',
      id: `${counted} ${rangeText(range)} ${idsOf(terms)}`,
      bounds,
      ...sourcesOf(terms),
      least: leastOf(range),
      tally: new CountTallyPlan(terms, range, counted, JSON.stringify(window)),
      measure: { counted, range },
      accumulator: () => new CountAccumulator(terms, range, counted),
    }
  }

  #distinct({ events, test }: BehaviourNode, bounds: Bounds): Ask {
    const range = positive(doubleRange(rangeOf(test, 0)))
    if (range === null) return nobodyAsk
    if (isAny(range)) return this.#did(events, bounds, hasProperty)
    const parts = events
      .map((event) => ({ term: this.#terms.of(event), property: plain(event.property)! }))
      .sort((a, b) => a.term.id - b.term.id)
    const terms = parts.map(({ term }) => term)
    const values = new CommonValues(parts.map(({ term, property }) => ({ events: term.events, property })))
    return {
      kind: 'measure',
      id: `distinct ${rangeText(range)} ${JSON.stringify(parts.map(({ term, property }) => [term.id, property]))}`,
      bounds,
      ...sourcesOf(terms),
      least: leastOf(range),
      accumulator: () => new DistinctAccumulator(terms, values, range),
    }
  }

  /** The last event is at most so many days past if there is one in those days, and at least so many if none comes later. */
  #recency({ events, test }: BehaviourNode, bounds: Bounds): Ask {
    const range = doubleRange(rangeOf(test, 0))
    const youngest = range.lo <= 0 ? null : this.#did(events, this.#fromDay(bounds, range.lo - 1))
    const isNone = range.lo > range.hi || range.hi < 0
    const inside = isNone ? nobodyAsk : difference(this.#did(events, this.#fromDay(bounds, range.hi)), youngest)
    return range.outside ? difference(this.#did(events, bounds), inside) : inside
  }

  /** The part of a window from the day on that is so many local days before `asOf`. */
  #fromDay(bounds: Bounds, daysAgo: number): Bounds {
    return (asOf) => {
      const { from, to } = bounds(asOf)
      // So long ago that there are no instants, let alone events.
      if (daysAgo > 1e9) return { from, to }
      return { from: Math.min(to, Math.max(from, this.#zone.startOfDay(this.#zone.dayOf(asOf) - daysAgo))), to }
    }
  }

  /** The highest is at least a number if some event has that or more, and below it if none has. The lowest alike. */
  #extreme({ events, test }: BehaviourNode, bounds: Bounds, measure: 'min' | 'max'): Ask {
    const did = (part: NumberTest): Ask =>
      this.#did(events, bounds, (event) => {
        const property = plain(event.property)!
        return {
          property,
          range: doubleRange(rangeOf(part, scaleOf(property, this.#terms.events(plain(event.event)))!)),
        }
      })
    const any = this.#did(events, bounds, hasProperty)
    const beyond = measure === 'max' ? 'gt' : 'lt'
    const equal = (value: string | number): Ask => difference(did({ op: 'eq', value }), did({ op: beyond, value }))
    switch (test.op) {
      case 'eq':
        return equal(plain(test.value))
      case 'ne':
        return difference(any, equal(plain(test.value)))
      case 'between': {
        const [near, far] = measure === 'max' ? [test.from, test.to] : [test.to, test.from]
        return difference(did({ op: measure === 'max' ? 'gte' : 'lte', value: near }), did({ op: beyond, value: far }))
      }
      default: {
        const isToward = (test.op === 'gt' || test.op === 'gte') === (measure === 'max')
        return isToward ? did(test) : difference(any, did({ op: opposite[test.op], value: test.value }))
      }
    }
  }

  #total({ events, test, window }: BehaviourNode, bounds: Bounds, measure: 'sum' | 'avg'): Ask {
    const parts = events
      .map((event) => ({ term: this.#terms.of(event), property: plain(event.property)!, sign: event.sign }))
      .sort((a, b) => a.term.id - b.term.id)
    const scaleOfPart = (part: (typeof parts)[number]): number => scaleOf(part.property, part.term.events)!
    const scale = Math.max(...parts.map(scaleOfPart))
    const terms = parts.map((part) => ({
      term: part.term,
      property: part.property,
      factor: part.sign * 10 ** (scale - scaleOfPart(part)),
    }))
    const key = parts.map(({ term, property, sign }) => [term.id, property, sign])
    const total = measure === 'sum' ? sumTest(test, scale) : new AverageTest(test, scale)
    return {
      kind: 'measure',
      id: `${measure} ${JSON.stringify([test, key])}`,
      bounds,
      ...sourcesOf(parts.map(({ term }) => term)),
      least: 1,
      tally: new SumTallyPlan(terms, total, JSON.stringify(window)),
      accumulator: () => new SumAccumulator(terms, total),
    }
  }

  #occurrence({ kind, event, test, window }: OccurrenceNode, bounds: Bounds): Ask {
    const beyond: Bounds =
      kind === 'first'
        ? (asOf) => ({ from: Number.NEGATIVE_INFINITY, to: bounds(asOf).from })
        : (asOf) => ({ from: bounds(asOf).to, to: asOf + 1 })
    const isOpen = kind === 'first' && window.kind === 'ever'
    const others = isOpen ? null : this.#did([event], beyond)
    if (test === null) return difference(this.#did([event], bounds), others)
    const term = this.#terms.of(event)
    const rows = compileFilter(test, term.events)
    const leaf: LeafAsk = {
      kind: 'measure',
      id: `${kind} ${term.id} ${this.#terms.textOf(test)}`,
      bounds,
      ...sourcesOf([term]),
      least: 1,
      accumulator: () => new OccurrenceAccumulator(kind, term, rows),
    }
    return difference(leaf, others)
  }

  #sequence(node: SequenceNode, bounds: Bounds): Ask {
    const plan = planSequence(node, this.#terms)
    const { steps, absence, kinds } = plan
    return {
      kind: 'sequence',
      id: `sequence ${JSON.stringify([plan.terms.map(({ id }) => id), steps.map(stepText), absence, node.same, node.allowSameTime])}`,
      bounds,
      sources: kinds.map(({ events, inAbsence }) => ({ events, after: inAbsence ? absence!.within : 0 })),
      terms: [...new Set(steps.map(({ term }) => plan.terms[term]!))],
      least: steps.length,
      plan,
      tally: null,
      measure: null,
      accumulator: () => new SequenceAccumulator(plan),
    }
  }

  /** The different terms, in an order of their own: the same events named in another order are the same question. */
  #termsOf(events: readonly EventTerm[], also: (event: EventTerm) => Also | null): readonly Term[] {
    return [...new Set(events.map((event) => this.#terms.of(event, also(event))))].sort((a, b) => a.id - b.id)
  }
}

/** One term for each kind of event: an event that is of two terms is still one event. */
function togetherByKind(events: readonly EventTerm[]): readonly EventTerm[] {
  const byKind = new Map<string, EventTerm[]>()
  for (const term of events) {
    const kind = plain(term.event)
    const known = byKind.get(kind)
    if (known === undefined) byKind.set(kind, [term])
    else known.push(term)
  }
  return [...byKind.values()].map((terms) => {
    const [first] = terms as [EventTerm]
    const filters = terms.flatMap(({ where }) => where ?? [])
    return filters.length < terms.length ? eventTerm(first.event) : eventTerm(first.event, or(filters))
  })
}

const opposite = { gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt' } as const

function stepText({ term, within, without }: { term: number; within: number; without: readonly number[] }): unknown {
  return [term, String(within), without]
}

function difference(of: Ask, without: Ask | null): Ask {
  return of.kind === 'nobody' || without === null || without.kind === 'nobody'
    ? of
    : { kind: 'difference', of, without }
}

function hasProperty(event: EventTerm): Also {
  return { property: plain(event.property)!, range: null }
}

function sourcesOf(terms: readonly Term[]): Pick<LeafAsk, 'sources' | 'terms' | 'plan' | 'tally' | 'measure'> {
  return { sources: terms.map(({ events }) => ({ events, after: 0 })), terms, plan: null, tally: null, measure: null }
}

function idsOf(terms: readonly Term[]): string {
  return terms.map(({ id }) => id).join(' ')
}

function rangeText({ lo, hi, outside }: DoubleRange): string {
  return `${outside ? 'not ' : ''}${lo}..${hi}`
}

/** The part of a range that counts of 1 and more can be in, not outside where that can be said; `null` for none. */
function positive({ lo, hi, outside }: DoubleRange): DoubleRange | null {
  const isNothing = lo > hi || hi < 1
  if (isNothing) return outside ? anyCount : null
  if (!outside) return { lo: Math.max(lo, 1), hi, outside }
  if (lo > 1) return { lo, hi, outside }
  return hi === Number.POSITIVE_INFINITY ? null : { lo: hi + 1, hi: Number.POSITIVE_INFINITY, outside: false }
}

const anyCount: DoubleRange = { lo: 1, hi: Number.POSITIVE_INFINITY, outside: false }

function isAny({ lo, hi, outside }: DoubleRange): boolean {
  return lo <= 1 && hi === Number.POSITIVE_INFINITY && !outside
}

function leastOf({ lo, outside }: DoubleRange): number {
  return outside ? 1 : lo
}
