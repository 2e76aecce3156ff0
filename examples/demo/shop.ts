/**
 * A made-up shop: people with the tags of a Douyin shop CRM and what they did, in realistic sizes, and correlated as in life. Mothers in
 * cities are after milk powder and watch live shows, who looks at something may add it to the cart, who adds it to the cart
 * may buy it, members are mostly customers.
 *
 * The same number of people and the same seed give the same shop everywhere. Nothing here imports crowdbit, so that tests and
 * benchmarks can fill anything else with it.
 */
import {
  activities,
  crowds,
  goods,
  memberLevels,
  profiles,
  provinces,
  type StrategyCrowd,
  spendingPowers,
  tiers,
} from './crowds.ts'
import { type Draw, drawer, pick } from './draws.ts'
import { ShopBehaviour, type ShopEvents, shopNow } from './shop-events.ts'

/** Names of the flags. */
export type ShopFlagName = StrategyCrowd | ('看过视频' | '看过直播' | '粉丝' | '粉丝团') | '收藏' | '用券'

/** Names of the categories; `兴趣` (interests) has many values a person. */
export type ShopCategoryName = '省份' | '城市等级' | '消费能力' | '活跃度' | '会员等级' | '兴趣'

/** A flag: the people who have it, by their position in the shop, ascending. */
export interface ShopFlag {
  readonly kind: 'flag'
  readonly name: ShopFlagName
  readonly people: Uint32Array
}

/** A category: for each value the people who have it, by their position in the shop, ascending. */
export interface ShopCategory {
  readonly kind: 'category'
  readonly name: ShopCategoryName
  readonly values: readonly { readonly value: string; readonly people: Uint32Array }[]
}

/** A number for some people, by their position in the shop, ascending: `spend`, in yuan, of all orders less refunds. */
export interface ShopNumber {
  readonly kind: 'number'
  readonly name: 'spend'
  readonly people: Uint32Array
  readonly values: Float64Array
}

/** An instant for some people, in milliseconds since 1970: when members joined. */
export interface ShopTimestamp {
  readonly kind: 'timestamp'
  readonly name: 'joinedAt'
  readonly people: Uint32Array
  readonly values: Float64Array
}

/** One column of the shop, or some of its events. */
export type ShopPart = ShopFlag | ShopCategory | ShopNumber | ShopTimestamp | ShopEvents

/** The id of the person at a position. */
export function shopId(position: number): string {
  return `u${String(position).padStart(7, '0')}`
}

/** Days in which members joined. */
const memberDays = 730

/**
 * Yields a shop: 22 columns, and between them the events, in batches. A million people take some four seconds.
 *
 * @param people how many; they are numbered from 0, and `shopId` gives their ids.
 * @param seed a whole number: another seed makes another shop of the same kind.
 */
export function* makeShop(people: number, seed: number): Generator<ShopPart, void, undefined> {
  const draw = (name: string): Draw => drawer(seed, name)
  const found = new Uint32Array(people)

  /** The people for whom the test holds. */
  const peopleWho = (test: (person: number) => boolean): Uint32Array => {
    let count = 0
    for (let person = 0; person < people; person++) if (test(person)) found[count++] = person
    return found.slice(0, count)
  }
  const flag = (name: ShopFlagName, test: (person: number) => boolean): ShopFlag => ({
    kind: 'flag',
    name,
    people: peopleWho(test),
  })
  /** A flag that every person has by a chance, and the answers for the flags that depend on it. */
  const chanceFlag = (name: ShopFlagName, chance: (person: number) => number): [ShopFlag, Uint8Array] => {
    const point = draw(name)
    const has = new Uint8Array(people)
    const made = flag(name, (person) => {
      const holds = point(person) < chance(person)
      if (holds) has[person] = 1
      return holds
    })
    return [made, has]
  }
  /** A category of one value, from the number of the value of each person; numbers beyond the list mean no value. */
  const oneValue = (name: ShopCategoryName, values: readonly string[], numberOf: Uint8Array): ShopCategory => ({
    kind: 'category',
    name,
    values: values.map((value, number) => ({ value, people: peopleWho((person) => numberOf[person] === number) })),
  })

  // Where they live.
  const provinceOf = new Uint8Array(people)
  const tierOf = new Uint8Array(people)
  const inhabitants = provinces.reduce((sum, [, millions]) => sum + millions, 0)
  const provinceShares = provinces.map(([, millions]) => millions / inhabitants)
  const [provincePoint, tierPoint] = [draw('省份'), draw('城市等级')]
  for (let person = 0; person < people; person++) {
    const province = Math.min(pick(provinceShares, provincePoint(person)), provinces.length - 1)
    provinceOf[person] = province
    tierOf[person] = Math.min(pick(provinces[province]![2], tierPoint(person)), tiers.length - 1)
  }
  yield oneValue(
    '省份',
    provinces.map(([name]) => name),
    provinceOf,
  )
  yield oneValue('城市等级', tiers, tierOf)

  // Which crowd they are of, and how active: everything below follows from these two.
  const crowdOf = new Uint8Array(people)
  const activityOf = new Float32Array(people)
  const shares = { city: crowds.map(({ city }) => city), town: crowds.map(({ town }) => town) }
  const [crowdPoint, luck, moreLuck] = [draw('人群'), draw('活跃'), draw('再活跃')]
  for (let person = 0; person < people; person++) {
    const crowd = pick(tierOf[person]! < 3 ? shares.city : shares.town, crowdPoint(person))
    crowdOf[person] = crowd
    const noise = (luck(person) + moreLuck(person) - 1) * 0.45
    activityOf[person] = Math.min(1, Math.max(0, profiles[crowd]!.activity + noise))
  }
  for (const [number, { name }] of crowds.entries()) yield flag(name, (person) => crowdOf[person] === number)

  const spendingOf = new Uint8Array(people)
  const [isKnown, spendingPoint] = [draw('消费能力已知'), draw('消费能力')]
  for (let person = 0; person < people; person++) {
    const power = pick(profiles[crowdOf[person]!]!.spending, spendingPoint(person))
    spendingOf[person] = isKnown(person) < 0.92 ? Math.min(power, 3) : spendingPowers.length
  }
  yield oneValue('消费能力', spendingPowers, spendingOf)
  yield oneValue(
    '活跃度',
    activities,
    Uint8Array.from(activityOf, (active) => (active < 0.2 ? 0 : active < 0.45 ? 1 : active < 0.7 ? 2 : 3)),
  )

  // Content: video, live, fan, fan club.
  const active = (person: number): number => activityOf[person]!
  const live = (person: number): number => profiles[crowdOf[person]!]!.live
  const [video] = chanceFlag('看过视频', (person) => 0.35 + 0.6 * active(person))
  yield video
  const [liveShow, sawLive] = chanceFlag('看过直播', (person) => (0.06 + 0.34 * active(person)) * live(person))
  yield liveShow
  const [fan, isFan] = chanceFlag(
    '粉丝',
    (person) => 0.02 + 0.25 * active(person) * active(person) + 0.1 * sawLive[person]!,
  )
  yield fan
  yield chanceFlag('粉丝团', (person) => isFan[person]! * 0.2 * live(person))[0]

  // Shop: visits, carts, orders, refunds. Then what follows from them.
  const behaviour = new ShopBehaviour({ crowd: crowdOf, activity: activityOf, spending: spendingOf, sawLive }, seed)
  yield* behaviour.events()
  const { visited, spent } = behaviour
  yield chanceFlag('收藏', (person) => visited[person]! * (0.06 + 0.2 * active(person)))[0]
  const customers = peopleWho((person) => spent[person]! >= 0)
  const spend = Float64Array.from(customers, (person) => spent[person]! / 100)
  yield { kind: 'number', name: 'spend', people: customers, values: spend }

  // Members: mostly customers, the wealthier the higher, more of them of late.
  const memberOf = new Uint8Array(people)
  const [joins, levelPoint, joinPoint] = [draw('入会'), draw('会员等级'), draw('入会时间')]
  const isCustomer = (person: number): boolean => spent[person]! >= 0
  for (let person = 0; person < people; person++) {
    const isMember = joins(person) < (isCustomer(person) ? 0.6 : 0.04)
    const wealth = [0.5, 0.35, 0.2, 0.1, 0.15][spendingOf[person]!]!
    const level = pick([0.75 - wealth, 0.15 + wealth / 2, 0.08 + wealth / 3], levelPoint(person))
    memberOf[person] = isMember ? level : memberLevels.length
  }
  yield oneValue('会员等级', memberLevels, memberOf)
  const members = peopleWho((person) => memberOf[person]! < memberLevels.length)
  const joined = Float64Array.from(members, (person) => {
    const point = joinPoint(person)
    return shopNow - Math.floor(point * point * memberDays * 86_400_000)
  })
  yield { kind: 'timestamp', name: 'joinedAt', people: members, values: joined }
  yield chanceFlag('用券', (person) => (memberOf[person]! < 4 ? 0.35 : isCustomer(person) ? 0.15 : 0.01))[0]

  yield {
    kind: 'category',
    name: '兴趣',
    values: goods.map(({ category }, number) => ({
      value: category,
      people: peopleWho((person) => behaviour.likes(person, number)),
    })),
  }
}
