import { goods, profiles } from './crowds.ts'
import { Dice, drawer, pick } from './draws.ts'

/** When it is in the shop: 20:00 of 20 November 2026 in Shanghai. Nothing happened later. */
export const shopNow: number = Date.UTC(2026, 10, 20, 12)

/** Days for which visits and carts are known, today included, and those for which orders are. */
export const visitDays = 60
export const orderDays = 365

/** Events of one kind, at the same places of all arrays; of one person after the other, in no order of time. */
interface Events<Name extends string> {
  readonly kind: 'events'
  readonly name: Name
  /** Whose they are, by position in the shop, ascending. */
  readonly people: Uint32Array
  /** Milliseconds since 1970. */
  readonly at: Float64Array
}

/** Some events of the shop. Amounts are in yuan. */
export type ShopEvents =
  | (Events<'browse'> & { readonly category: readonly string[] })
  | (Events<'add_to_cart'> & { readonly category: readonly string[]; readonly product: readonly string[] })
  | (Events<'purchase'> & {
      readonly category: readonly string[]
      readonly product: readonly string[]
      readonly amount: Float64Array
      /** Where it was bought: in a live show, from a video, or in the shop itself. */
      readonly channel: readonly string[]
      /** The creator 达人 whose show or video it was; `null` for none. */
      readonly kol: readonly (string | null)[]
    })
  | (Events<'refund'> & { readonly product: readonly string[]; readonly amount: Float64Array })

/** What makes a person do this or that. */
export interface ShopPeople {
  /** Number of the person's crowd in `profiles`. */
  readonly crowd: Uint8Array
  /** From 0 to 1. */
  readonly activity: Float32Array
  /** Number of the person's spending power; above the list for unknown. */
  readonly spending: Uint8Array
  /** 1 for who watches live shows. */
  readonly sawLive: Uint8Array
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** The local midnight before `shopNow`. There is no summer time in Shanghai. */
const startOfToday = shopNow - 20 * hour

/** How the visits of a day are spread over its hours. */
const hours = [9, 5, 2, 1, 1, 2, 6, 14, 24, 32, 38, 42, 46, 40, 36, 36, 38, 40, 46, 62, 82, 92, 70, 36].map(
  (weight) => weight / 800,
)

/** More visits in the eleven days up to Double 11 双十一, and more orders in the eighteen up to 18 June 六一八. */
const doubleEleven = { share: 0.15, lastDay: 9, days: 11 }
const juneSale = { share: 0.25, lastDay: 155, days: 18 }

const kinds = { sampled: ['小样', '正装', '礼盒'], other: ['A款', 'B款', 'C款'] } as const
const priceFactors = { sampled: [0.1, 1, 2.2], other: [0.7, 1, 1.6] } as const
const powerFactors = [1.6, 1.2, 1, 0.8, 1]
const creators = ['小鹿妈妈', '老金测评', '阿月穿搭', '厨房阿杰', '北方好物', '周周护肤', '豆豆爸', '一只柚子']

/** The products of each category. */
const products = goods.map(({ category, sample }) =>
  (sample ? kinds.sampled : kinds.other).map((kind) => `${category} ${kind}`),
)

/** People whose events are made at a time. */
const batch = 50_000

/** What people did: orders of a year; visits, carts, and the orders that come of them, of the last 60 days; refunds. */
export class ShopBehaviour {
  /** 1 for who visited the shop. */
  readonly visited: Uint8Array
  /** Money spent, less refunds, in whole 0.01 yuan; -1 for who never ordered. */
  readonly spent: Float64Array
  readonly #people: ShopPeople
  readonly #dice: Dice
  readonly #likes: readonly ((person: number) => number)[]
  #logs = newLogs()
  #person = 0

  constructor(people: ShopPeople, seed: number) {
    this.#people = people
    this.visited = new Uint8Array(people.crowd.length)
    this.spent = new Float64Array(people.crowd.length).fill(-1)
    this.#dice = new Dice(seed, '行为')
    this.#likes = goods.map(({ category }) => drawer(seed, `兴趣 ${category}`))
  }

  /** Whether a person cares for a category: who does has it among the interests 兴趣, and looks at it more often. */
  likes(person: number, category: number): boolean {
    const { crowd, activity } = this.#people
    return this.#likes[category]!(person) < affinities[crowd[person]!]![category]! * (0.3 + 1.4 * activity[person]!)
  }

  /** Makes the events. `visited` and `spent` are known when it is through. */
  *events(): Generator<ShopEvents, void, undefined> {
    const count = this.#people.crowd.length
    for (let from = 0; from < count; from += batch) {
      const end = Math.min(count, from + batch)
      for (let person = from; person < end; person++) this.#live(person)
      const { browse, cart, purchase, refund } = this.#logs
      this.#logs = newLogs()
      yield { kind: 'events', name: 'browse', ...whenAndWho(browse), category: browse.category }
      yield { kind: 'events', name: 'add_to_cart', ...whenAndWho(cart), category: cart.category, product: cart.product }
      const { category, product, channel, kol } = purchase
      const amount = Float64Array.from(purchase.amount)
      yield { kind: 'events', name: 'purchase', ...whenAndWho(purchase), category, product, amount, channel, kol }
      const refunded = Float64Array.from(refund.amount)
      yield { kind: 'events', name: 'refund', ...whenAndWho(refund), product: refund.product, amount: refunded }
    }
  }

  #live(person: number): void {
    const dice = this.#dice
    const active = this.#people.activity[person]!
    const live = this.#people.sawLive[person]!
    dice.take(person)
    this.#person = person
    if (dice.next() < 0.03 + 0.1 * active) {
      for (let orders = 1 + this.#some(1.2); orders > 0; orders--) this.#earlierOrder()
    }
    if (dice.next() < 0.1 + 0.45 * active + 0.1 * live) {
      this.visited[person] = 1
      const liked = goods.flatMap((_, category) => (this.likes(person, category) ? [category] : []))
      for (let views = 1 + this.#some(2 + 12 * active); views > 0; views--) this.#visit(liked)
    }
  }

  /** An order from before the days for which visits are known. */
  #earlierOrder(): void {
    const dice = this.#dice
    const { share, lastDay, days } = juneSale
    const inSale = dice.next() < share
    const daysAgo = inSale ? lastDay + dice.below(days) : visitDays + dice.below(orderDays - visitDays)
    const category = this.#category([])
    this.#order(category, this.#product(), this.#moment(daysAgo))
  }

  /** A look at a category, which may lead to the cart, which may lead to an order. */
  #visit(liked: readonly number[]): void {
    const dice = this.#dice
    const { share, lastDay, days } = doubleEleven
    const at = this.#moment(dice.next() < share ? lastDay + dice.below(days) : dice.below(visitDays))
    const category = this.#category(liked)
    const { browse, cart } = this.#logs
    browse.people.push(this.#person)
    browse.at.push(at)
    browse.category.push(goods[category]!.category)
    if (dice.next() >= 0.03 + 0.06 * this.#people.activity[this.#person]!) return
    const product = this.#product()
    const added = at + 20_000 + dice.below(15 * minute)
    if (added > shopNow) return
    cart.people.push(this.#person)
    cart.at.push(added)
    cart.category.push(goods[category]!.category)
    cart.product.push(products[category]![product]!)
    if (dice.next() >= 0.5) return
    // Most who buy do so at once; some come back within three days.
    const ordered = added + 30_000 + dice.below(dice.next() < 0.7 ? 40 * minute : 3 * day)
    if (ordered <= shopNow) this.#order(category, product, ordered)
  }

  #order(category: number, product: number, at: number): void {
    const dice = this.#dice
    const { price, sample } = goods[category]!
    const factor = (sample ? priceFactors.sampled : priceFactors.other)[product]!
    const power = powerFactors[this.#people.spending[this.#person]!]!
    const pieces = pick([0.75, 0.18], dice.next()) + 1
    const cents = Math.round(price * factor * power * (0.85 + 0.3 * dice.next())) * 100 * pieces - dice.below(3) * 10
    const { purchase, refund } = this.#logs
    purchase.people.push(this.#person)
    purchase.at.push(at)
    purchase.category.push(goods[category]!.category)
    purchase.product.push(products[category]![product]!)
    purchase.amount.push(cents / 100)
    const way = pick([0.3 * profiles[this.#people.crowd[this.#person]!]!.live, 0.2], dice.next())
    purchase.channel.push((['直播', '短视频', '商城'] as const)[way]!)
    purchase.kol.push(way < 2 && dice.next() < 0.8 ? creators[Math.min(dice.below(8), dice.below(8))]! : null)
    this.spent[this.#person] = Math.max(0, this.spent[this.#person]!) + cents
    if (dice.next() >= 0.07) return
    const back = dice.next() < 0.7 ? cents : Math.floor(cents / 2)
    const returned = at + day + dice.below(9 * day)
    if (returned > shopNow) return
    refund.people.push(this.#person)
    refund.at.push(returned)
    refund.product.push(products[category]![product]!)
    refund.amount.push(back / 100)
    this.spent[this.#person]! -= back
  }

  /** A category: mostly one of those liked, else any, as the crowd goes. */
  #category(liked: readonly number[]): number {
    const dice = this.#dice
    if (liked.length > 0 && dice.next() < 0.7) return liked[dice.below(liked.length)]!
    return Math.min(pick(tastes[this.#people.crowd[this.#person]!]!, dice.next()), goods.length - 1)
  }

  #product(): number {
    return pick([0.35, 0.5], this.#dice.next())
  }

  #moment(daysAgo: number): number {
    const dice = this.#dice
    const at = startOfToday - daysAgo * day + Math.min(pick(hours, dice.next()), 23) * hour + dice.below(hour)
    return at > shopNow ? at - day : at
  }

  /** A whole number from 0, `average` on average: one more and one more, by the same chance each time. */
  #some(average: number): number {
    let count = 0
    while (this.#dice.next() < average / (average + 1)) count++
    return count
  }
}

/** For each crowd the chance of caring for each category, and the shares of the categories in what it looks at. */
const affinities = profiles.map(({ likes }) => goods.map(({ category, chance }) => chance * (likes[category] ?? 0.8)))
const tastes = affinities.map((chances) => {
  const sum = chances.reduce((total, chance) => total + chance, 0)
  return chances.map((chance) => chance / sum)
})

function newLogs() {
  const log = () => ({ people: [] as number[], at: [] as number[], category: [] as string[], product: [] as string[] })
  return {
    browse: log(),
    cart: log(),
    purchase: { ...log(), amount: [] as number[], channel: [] as string[], kol: [] as (string | null)[] },
    refund: { ...log(), amount: [] as number[] },
  }
}

function whenAndWho({ people, at }: { readonly people: readonly number[]; readonly at: readonly number[] }) {
  return { people: Uint32Array.from(people), at: Float64Array.from(at) }
}
