import type { EventDay } from '../events/event-day.ts'
import { DayFacts } from './day-facts.ts'
import { DayMasks, daysOfMask, maskOf } from './day-masks.ts'
import { firstFrom } from './day-places.ts'
import type { Derived, DerivedCache } from './derived-cache.ts'
import type { EventsOfKind } from './event-source.ts'

/** The part of the cache that the facts of one kind of events may take at most. */
const partOfCache = 4

/**
 * The facts of the days of all kinds of events. Indexes and masks are entries of the cache, one for each kind: when it drops
 * one, tests of single people that are in use go on without, and make it anew when they are asked enough.
 */
export class AllDayFacts {
  readonly #cache: DerivedCache
  readonly #byKind = new WeakMap<EventsOfKind, FactsOfKind>()
  #kinds = 0

  constructor(cache: DerivedCache) {
    this.#cache = cache
  }

  of(events: EventsOfKind, day: EventDay): DayFacts {
    return this.#kind(events).of(day)
  }

  /** Who has events on which of 32 days; it may not know the latest of some of them. */
  masks(events: EventsOfKind, mask: number, days: readonly EventDay[]): DayMasks {
    return this.#kind(events).masks(mask, days)
  }

  #kind(events: EventsOfKind): FactsOfKind {
    let facts = this.#byKind.get(events)
    if (facts === undefined) {
      facts = new FactsOfKind(this.#cache, `facts ${this.#kinds++}`)
      this.#byKind.set(events, facts)
    }
    facts.follow(events)
    return facts
  }
}

class FactsOfKind implements Derived {
  readonly #cache: DerivedCache
  readonly #key: string
  readonly #days = new Map<number, DayFacts>()
  readonly #masks = new Map<number, DayMasks>()
  #revision = Number.NaN
  #bytes = 0

  constructor(cache: DerivedCache, key: string) {
    this.#cache = cache
    this.#key = key
  }

  /** Of all indexes and masks. */
  get bytes(): number {
    return this.#bytes
  }

  dispose(): void {
    for (const facts of this.#days.values()) facts.dropIndex()
    for (const masks of this.#masks.values()) masks.drop()
    this.#masks.clear()
    this.#bytes = 0
  }

  /** Forgets the days that have gone or changed, whose arrays would stay with what is known of them. */
  follow(events: EventsOfKind): void {
    // Whoever is in use is used last.
    this.#cache.get(this.#key)
    if (events.revision === this.#revision) return
    this.#revision = events.revision
    const days = events.days()
    const masks = new Set<number>()
    for (const { day } of days) masks.add(maskOf(day))
    for (const [day, facts] of this.#days) {
      const now = days[firstFrom(days, day)]
      if (now?.day !== day || !facts.isOf(now)) this.#days.delete(day)
    }
    for (const mask of this.#masks.keys()) if (!masks.has(mask)) this.#masks.delete(mask)
    this.#recount()
  }

  of(day: EventDay): DayFacts {
    const known = this.#days.get(day.day)
    if (known?.isOf(day)) return known
    const fresh: DayFacts = new DayFacts(day, (bytes) => this.#days.get(day.day) === fresh && this.#makeRoom(bytes))
    this.#days.set(day.day, fresh)
    return fresh
  }

  masks(mask: number, days: readonly EventDay[]): DayMasks {
    const first = firstFrom(days, mask * daysOfMask)
    const own = days.slice(first, firstFrom(days, (mask + 1) * daysOfMask))
    const known = this.#masks.get(mask)
    if (known?.isGoodFor(own)) return known
    if (known !== undefined) {
      this.#masks.delete(mask)
      this.#recount()
    }
    if (!this.#makeRoom(DayMasks.bytesFor(own))) return DayMasks.none
    const fresh = new DayMasks(own)
    this.#masks.set(mask, fresh)
    return fresh
  }

  /** Whether so many bytes more fit into the part of the cache that a kind may take; then they are counted. */
  #makeRoom(more: number): boolean {
    if (this.#bytes + more > this.#cache.budget / partOfCache) return false
    if (!this.#cache.has(this.#key)) this.#cache.set(this.#key, this)
    this.#bytes += more
    this.#cache.measure(this.#key)
    return true
  }

  #recount(): void {
    this.#bytes = 0
    for (const facts of this.#days.values()) this.#bytes += facts.bytes
    for (const masks of this.#masks.values()) this.#bytes += masks.bytes
    this.#cache.measure(this.#key)
  }
}
