import type { ExternalId, Millis } from '../../src/base/brand.ts'
import type { TimeZone } from '../../src/base/time-zone.ts'
import type { AppendReport, EventBatch, EventColumn, PropertyColumn } from '../../src/events/event-column.ts'

/** One event as a test writes it. */
export interface PlainEvent {
  readonly person: number
  readonly at: number
  readonly eventId: ExternalId | null
  readonly product: string | null
  readonly amount: number | null
  readonly gift: boolean
}

/** The slow, obviously right column of `event({ product: category(), amount: number(), gift: flag() })`. */
export class EventModel {
  events: PlainEvent[] = []
  today: number = Number.NEGATIVE_INFINITY
  readonly #zone: TimeZone
  readonly #retentionDays: number | null

  constructor(zone: TimeZone, retentionDays: number | null) {
    this.#zone = zone
    this.#retentionDays = retentionDays
  }

  append(given: readonly PlainEvent[], now: number): AppendReport {
    this.advance(this.#zone.dayOf(now))
    let [added, duplicates, expired] = [0, 0, 0]
    for (const event of given) {
      if (this.#isExpired(event)) expired++
      else if (event.eventId !== null && this.events.some(({ eventId }) => eventId === event.eventId)) duplicates++
      else {
        this.events.push(event)
        added++
      }
    }
    return { added, duplicates, expired }
  }

  advance(today: number): number {
    this.today = Math.max(this.today, today)
    const before = this.events.length
    this.events = this.events.filter((event) => !this.#isExpired(event))
    return before - this.events.length
  }

  forget(people: readonly number[]): void {
    this.events = this.events.filter(({ person }) => !people.includes(person))
  }

  /** The events by day, each day sorted by person, time and arrival. */
  days(): [day: number, events: PlainEvent[]][] {
    const byDay = new Map<number, PlainEvent[]>()
    for (const event of this.events) {
      const day = this.#zone.dayOf(event.at)
      byDay.set(day, [...(byDay.get(day) ?? []), event])
    }
    return [...byDay]
      .sort(([a], [b]) => a - b)
      .map(([day, events]) => [day, events.sort((a, b) => a.person - b.person || a.at - b.at)])
  }

  #isExpired({ at }: PlainEvent): boolean {
    return this.#retentionDays !== null && this.#zone.dayOf(at) < this.today - this.#retentionDays
  }
}

/** Events as a batch; the texts of `product` numbered by first sight. */
export function batchOf(events: readonly PlainEvent[], now: number): EventBatch {
  const texts = [...new Set(events.flatMap(({ product }) => (product === null ? [] : [product])))]
  const product: PropertyColumn = {
    kind: 'category',
    texts,
    codes: Uint32Array.from(events, (event) => (event.product === null ? 0 : texts.indexOf(event.product) + 1)),
  }
  const amount: PropertyColumn = {
    kind: 'number',
    values: Float64Array.from(events, (event) => event.amount ?? Number.NaN),
  }
  const gift: PropertyColumn = { kind: 'flag', bits: Uint8Array.from(events, (event) => Number(event.gift)) }
  const all = new Map<string, PropertyColumn>([
    ['product', product],
    ['amount', amount],
    ['gift', gift],
  ])
  if (events.every((event) => event.product === null)) all.delete('product')
  if (events.every((event) => event.amount === null)) all.delete('amount')
  if (events.every((event) => !event.gift)) all.delete('gift')
  return {
    people: Uint32Array.from(events, ({ person }) => person),
    times: Float64Array.from(events, ({ at }) => at),
    eventIds: events.every(({ eventId }) => eventId === null) ? null : events.map(({ eventId }) => eventId),
    properties: all,
    now: now as Millis,
  }
}

/** What a column holds, row by row, read through `days()` alone but for the event ids. */
export function contentOf(column: EventColumn): [day: number, events: PlainEvent[]][] {
  const texts = column.category('product')!
  const partitions = column.partitions()
  return column.days().map((day, d) => {
    const { people, times, properties, size, start } = day
    const product = properties.get('product')
    const amount = properties.get('amount')
    const gift = properties.get('gift')
    if (product?.kind !== 'category' || amount?.kind !== 'number' || gift?.kind !== 'flag') throw new Error('kinds')
    const { eventIds, epoch } = partitions[d]!
    return [
      day.day,
      Array.from({ length: size }, (_, row) => {
        const code = product.codes[row]!
        const value = amount.values[row]!
        return {
          person: people[row]!,
          at: start + times[row]!,
          eventId: epoch?.ids.idOf(eventIds?.[row] ?? 0xffff_ffff) ?? null,
          product: code === 0 ? null : texts.textOf(code - 1),
          amount: value === amount.absent || Number.isNaN(value) ? null : value,
          gift: gift.bits[row] === 1,
        }
      }),
    ]
  })
}
