import { hash, normal, share } from './hash.ts'

/** A made-up shop: what its people put into their carts and bought. Everything follows from these numbers. */
export interface Shop {
  readonly people: number
  /** Carts in 90 days. There are a tenth as many purchases. */
  readonly events: number
  readonly seed: number
}

/** A kind of events: people put things into their carts, and buy. */
export type ShopEvent = 'cart' | 'purchase'
export const shopEvents: readonly ShopEvent[] = ['cart', 'purchase']

/** Events by column: a person's number, milliseconds since 1970, places in `categories` and `channels`, cents. */
export interface ShopBatch {
  readonly people: Uint32Array
  readonly times: Float64Array
  readonly categories: Uint8Array
  readonly channels: Uint8Array
  readonly cents: Int32Array
}

export const dayMs = 86_400_000
/** The events begin here, a midnight in UTC. */
const opening = Date.UTC(2026, 0, 1)
/** So many days before the last are asked about too, each with its 90 days. */
export const slides = 12
/** The present: the last day's events end in its afternoon. */
export const now: number = opening + (90 + slides) * dayMs + 15 * 3_600_000
const days = (now - opening) / dayMs

export const categories: readonly string[] = Array.from({ length: 200 }, (_, k) => `category-${k + 1}`)
export const channels: readonly string[] = ['app', 'mini-program', 'web', 'shop']

/** How many events of a kind there are, in all days. */
export function shopSize(shop: Shop, event: ShopEvent): number {
  const carts = Math.floor((shop.events * days) / 90)
  return event === 'cart' ? carts : Math.floor(carts / 10)
}

/** How many live events come in each round, after `now`. */
export const liveEvents: Readonly<Record<ShopEvent, number>> = { cart: 1_000, purchase: 100 }
/** How much later each round of live events is. */
export const liveStep = 600_000

/** Events `[from, from + count)` of a kind, in the order in which they came: carts by time, purchases nearly so. */
export function shopBatch(shop: Shop, event: ShopEvent, from: number, count: number): ShopBatch {
  const batch = emptyBatch(count)
  for (let place = 0; place < count; place++) {
    const i = from + place
    if (event === 'cart') {
      const { person, category, channel } = cartOf(shop, i)
      write(batch, place, person, cartTime(shop, i), category, channel, cents(shop, i))
    } else {
      writePurchase(batch, place, shop, i)
    }
  }
  return batch
}

/** The live events of a round, the first being 0: in the `liveStep` that begins `round` of them after `now`. */
export function liveBatch(shop: Shop, event: ShopEvent, round: number): ShopBatch {
  const count = liveEvents[event]
  const batch = emptyBatch(count)
  for (let place = 0; place < count; place++) {
    const i = shopSize(shop, 'cart') + round * count + place + (event === 'cart' ? 0 : 1e8)
    const { person, category, channel } = cartOf(shop, i)
    const at = now + Math.floor((round + (place + 0.5) / count) * liveStep)
    write(batch, place, person, at, category, channel, cents(shop, i))
  }
  return batch
}

/** Whole batches of a kind, in order. */
export function* shopBatches(shop: Shop, event: ShopEvent, batchSize = 1_000_000): Generator<ShopBatch> {
  const size = shopSize(shop, event)
  for (let from = 0; from < size; from += batchSize) {
    yield shopBatch(shop, event, from, Math.min(batchSize, size - from))
  }
}

/** Six purchases of ten follow from a cart, some hours later; the others have nothing to do with any. */
function writePurchase(batch: ShopBatch, place: number, shop: Shop, i: number): void {
  const { seed } = shop
  const cart = i * 10 + (hash(i, seed + 20) % 10)
  const follows = share(i, seed + 21) < 0.6
  const of = follows ? cart : cart + 2 ** 31
  const { person, category, channel } = cartOf(shop, of)
  const later = follows ? 60_000 + Math.floor(-Math.log(1 - share(i, seed + 22)) * 6 * 3_600_000) : 0
  const at = Math.min(cartTime(shop, cart) + later, now - 1 - (hash(i, seed + 23) % 3_600_000))
  write(batch, place, person, at, category, channel, cents(shop, of))
}

/** Who, and what of: people by Zipf and Mandelbrot's law, categories by Zipf's. */
function cartOf({ people, seed }: Shop, i: number): { person: number; category: number; channel: number } {
  // The r-th most active person does 1 / (r + people / 1000) of it; the activity has nothing to do with the number.
  const offset = people / 1_000
  const rank = Math.min(people - 1, Math.floor(offset * ((people / offset + 1) ** share(i, seed) - 1)))
  const person = (rank * 6_700_417 + 12_345) % people
  const category = Math.floor((categories.length + 1) ** share(i, seed + 1)) - 1
  const drawn = share(i, seed + 2)
  const channel = drawn < 0.6 ? 0 : drawn < 0.85 ? 1 : drawn < 0.95 ? 2 : 3
  return { person, category: Math.min(category, categories.length - 1), channel }
}

/** When the i-th cart was: evenly over the days, in a day seldom at night. */
function cartTime(shop: Shop, i: number): number {
  const at = ((i + share(i, shop.seed + 3)) / shopSize(shop, 'cart')) * days
  const day = Math.floor(at)
  const hour = at - day
  return opening + Math.floor((day + hour + 0.12 * Math.sin(2 * Math.PI * hour)) * dayMs)
}

/** Log-normal about 60.00, of two digits after the point. */
function cents({ seed }: Shop, i: number): number {
  return Math.floor(Math.exp(Math.log(6_000) + 0.9 * normal(i, seed + 4)))
}

function write(
  batch: ShopBatch,
  place: number,
  person: number,
  at: number,
  category: number,
  channel: number,
  cents: number,
): void {
  batch.people[place] = person
  batch.times[place] = at
  batch.categories[place] = category
  batch.channels[place] = channel
  batch.cents[place] = cents
}

function emptyBatch(count: number): ShopBatch {
  return {
    people: new Uint32Array(count),
    times: new Float64Array(count),
    categories: new Uint8Array(count),
    channels: new Uint8Array(count),
    cents: new Int32Array(count),
  }
}
