import {
  type CategorySpec,
  type Clock,
  category,
  createEngine,
  type Engine,
  type EventSpec,
  event,
  type NumberSpec,
  number,
} from 'crowdbit'
import { categories, channels, now, type Shop, type ShopBatch, shopBatches, shopEvents } from './shop.ts'

/** A cart or a purchase. */
export type CartSpec = EventSpec<{
  readonly category: CategorySpec
  readonly channel: CategorySpec
  readonly amount: NumberSpec
}>
export type ShopSchema = { readonly cart: CartSpec; readonly purchase: CartSpec }

/** The clock of the bench stands still: every question says as of when it is asked. */
export const clock: Clock = { now: () => now as ReturnType<Clock['now']> }

/** An event with two categories and an amount. */
export function cartSpec(): CartSpec {
  return event({ category: category(), channel: category(), amount: number({ scale: 2 }) })
}

/** An engine with people 0, 1, 2 and so on, whose integer ids are their dense numbers, and without events. */
export function makePeople(people: number): Engine<ShopSchema> {
  const crowd = createEngine({ schema: { cart: cartSpec(), purchase: cartSpec() }, clock })
  for (let from = 0; from < people; from += 1_000_000) {
    crowd.putMany(Array.from({ length: Math.min(1_000_000, people - from) }, (_, i) => [from + i, {}]))
  }
  return crowd
}

/** What `trackColumns` takes beside the people. */
export interface CartArrays {
  readonly at: Float64Array
  readonly category: readonly string[]
  readonly channel: readonly string[]
  readonly amount: Float64Array
}

export function arraysOf(batch: ShopBatch): CartArrays {
  return {
    at: batch.times,
    category: Array.from(batch.categories, (code) => categories[code]!),
    channel: Array.from(batch.channels, (code) => channels[code]!),
    amount: Float64Array.from(batch.cents, (cents) => cents / 100),
  }
}

/** What loading took, without the making of the data. */
export interface Loading {
  /** In `trackColumns`. */
  readonly writeMs: number
  /** In the first read of each kind, which sorts the days. */
  readonly sealMs: number
}

/** Tracks all events of the shop, and reads so that they are sorted. */
export function loadEvents(crowd: Engine<ShopSchema>, shop: Shop): Loading {
  let writeMs = 0
  let sealMs = 0
  for (const kind of shopEvents) {
    for (const batch of shopBatches(shop, kind)) {
      const arrays = arraysOf(batch)
      const start = performance.now()
      crowd.trackColumns(kind, { dense: batch.people, ...arrays })
      writeMs += performance.now() - start
    }
    const start = performance.now()
    crowd.events(0, kind, { limit: 1 })
    sealMs += performance.now() - start
  }
  return { writeMs, sealMs }
}
