/**
 * A made-up shop: people with the tags of a Douyin shop CRM, in realistic sizes, and correlated as in life. Mothers in cities are
 * after milk powder and watch live shows, who adds to the cart buys more often, members are mostly old customers.
 *
 * The same number of people and the same seed give the same shop everywhere. Nothing here imports crowdbit, so that tests and
 * benchmarks can fill anything else with it.
 */

/** The eight strategy crowds 八大人群: nobody is in two. */
export type StrategyCrowd =
  | '精致妈妈'
  | 'Gen Z'
  | '新锐白领'
  | '资深中产'
  | '都市蓝领'
  | '都市银发'
  | '小镇青年'
  | '小镇中老年'

/** Names of the flags. */
export type ShopFlagName =
  | StrategyCrowd
  | ('看过视频' | '看过直播' | '粉丝' | '粉丝团')
  | ('浏览' | '收藏' | '加购' | '下单' | '老客')
  | '用券'

/** Names of the categories; `兴趣` (interests) and `类目活跃` (active in a category, 15 days) have many values a person. */
export type ShopCategoryName = '省份' | '城市等级' | '消费能力' | '活跃度' | '会员等级' | '兴趣' | '类目活跃'

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

/** One column of the shop. */
export type ShopColumn = ShopFlag | ShopCategory

/** The id of the person at a position. */
export function shopId(position: number): string {
  return `u${String(position).padStart(7, '0')}`
}

// ─── How the people are ────────────────────────────────────────────────────────────────────────────────────────────────

/** What makes the eight strategy crowds 八大人群 different. Chances are from 0 to 1. */
interface CrowdProfile {
  /** Share of the people in cities of tier 1 to 3, and in those below. */
  readonly city: number
  readonly town: number
  /** Chances of high, upper middle, middle and low spending power. */
  readonly spending: readonly [number, number, number, number]
  /** How active on average, from 0 to 1. */
  readonly activity: number
  /** How much more often than others they watch live shows. */
  readonly live: number
  /** Categories that they care for more than others, by how much. */
  readonly likes: Readonly<Record<string, number>>
}

const crowds: readonly (CrowdProfile & { readonly name: StrategyCrowd })[] = [
  {
    name: '精致妈妈',
    city: 0.13,
    town: 0,
    spending: [0.24, 0.38, 0.28, 0.1],
    activity: 0.62,
    live: 1.6,
    likes: { 奶粉: 14, 纸尿裤: 14, 辅食: 12, 童装: 8, 玩具: 7, 绘本: 8, 护肤: 2, 家清: 2.5, 水果: 1.8 },
  },
  {
    name: 'Gen Z',
    city: 0.17,
    town: 0,
    spending: [0.06, 0.2, 0.44, 0.3],
    activity: 0.68,
    live: 1.1,
    likes: { 彩妆: 3, 潮鞋: 3.5, 游戏: 4, 零食: 2.2, 手机: 1.8, 盲盒: 5, 汉服: 5 },
  },
  {
    name: '新锐白领',
    city: 0.13,
    town: 0,
    spending: [0.18, 0.36, 0.34, 0.12],
    activity: 0.55,
    live: 0.9,
    likes: { 咖啡: 4, 护肤: 2.5, 健身: 2.5, 香水: 3, 手机: 1.8, 宠物: 2.2, 旅行: 2 },
  },
  {
    name: '资深中产',
    city: 0.11,
    town: 0,
    spending: [0.34, 0.36, 0.22, 0.08],
    activity: 0.48,
    live: 0.8,
    likes: { 茶叶: 3.5, 白酒: 3, 滋补: 2.5, 家电: 2.2, 旅行: 2.5, 汽车: 3 },
  },
  {
    name: '都市蓝领',
    city: 0.16,
    town: 0,
    spending: [0.04, 0.16, 0.42, 0.38],
    activity: 0.58,
    live: 1.2,
    likes: { 零食: 1.6, 工具: 4, 男装: 2.2, 游戏: 1.8, 方便速食: 2.5 },
  },
  {
    name: '都市银发',
    city: 0.08,
    town: 0,
    spending: [0.12, 0.26, 0.38, 0.24],
    activity: 0.42,
    live: 1.3,
    likes: { 滋补: 4, 茶叶: 3, 水果: 1.8, 中老年装: 6, 粮油: 2.5 },
  },
  {
    name: '小镇青年',
    city: 0,
    town: 0.44,
    spending: [0.03, 0.14, 0.43, 0.4],
    activity: 0.6,
    live: 1.3,
    likes: { 零食: 1.8, 潮鞋: 1.8, 游戏: 2.2, 彩妆: 1.6, 手机: 1.4, 奶粉: 1.6, 纸尿裤: 1.6 },
  },
  {
    name: '小镇中老年',
    city: 0,
    town: 0.4,
    spending: [0.03, 0.12, 0.41, 0.44],
    activity: 0.45,
    live: 1.4,
    likes: { 粮油: 2.5, 中老年装: 5, 家清: 1.8, 滋补: 1.8, 农具: 4 },
  },
]

/** People of none of the eight crowds. */
const others: CrowdProfile = {
  city: 0,
  town: 0,
  spending: [0.1, 0.25, 0.4, 0.25],
  activity: 0.4,
  live: 0.8,
  likes: {},
}
const profiles: readonly CrowdProfile[] = [...crowds, others]

/** Chance that a person of average activity cares for a category, before the likes of the crowd. */
const categories: Readonly<Record<string, number>> = {
  奶粉: 0.018,
  纸尿裤: 0.016,
  辅食: 0.012,
  童装: 0.03,
  玩具: 0.03,
  绘本: 0.015,
  护肤: 0.12,
  彩妆: 0.08,
  香水: 0.03,
  女装: 0.16,
  男装: 0.09,
  中老年装: 0.03,
  潮鞋: 0.06,
  汉服: 0.01,
  零食: 0.18,
  方便速食: 0.08,
  水果: 0.12,
  粮油: 0.09,
  茶叶: 0.05,
  咖啡: 0.05,
  白酒: 0.03,
  滋补: 0.05,
  家清: 0.14,
  家电: 0.06,
  手机: 0.07,
  游戏: 0.06,
  盲盒: 0.015,
  健身: 0.04,
  宠物: 0.05,
  旅行: 0.05,
  汽车: 0.02,
  工具: 0.02,
  农具: 0.008,
}

const tiers = ['T1', 'T2', 'T3', 'T4', 'T5'] as const
const spendingPowers = ['高', '中高', '中', '低'] as const
const activities = ['沉默', '低活跃', '中活跃', '高活跃'] as const
const memberLevels = ['普通', '银卡', '金卡', '黑金'] as const

/** Shares of the five city tiers in a province. */
type TierShares = readonly [number, number, number, number, number]
const capital: TierShares = [1, 0, 0, 0, 0]
const municipality: TierShares = [0, 0.7, 0.1, 0.1, 0.1]
const south: TierShares = [0.32, 0.24, 0.2, 0.14, 0.1]
const coast: TierShares = [0, 0.38, 0.3, 0.2, 0.12]
const inland: TierShares = [0, 0.2, 0.24, 0.3, 0.26]

/** Millions of inhabitants of each province, and how they live. */
const provinces: readonly (readonly [name: string, millions: number, shares: TierShares])[] = [
  ['广东', 127, south],
  ['山东', 101, coast],
  ['河南', 98, inland],
  ['江苏', 85, coast],
  ['四川', 84, inland],
  ['河北', 74, inland],
  ['湖南', 66, inland],
  ['浙江', 66, coast],
  ['安徽', 61, inland],
  ['湖北', 58, inland],
  ['广西', 50, inland],
  ['云南', 47, inland],
  ['江西', 45, inland],
  ['福建', 42, coast],
  ['辽宁', 42, inland],
  ['陕西', 40, inland],
  ['贵州', 39, inland],
  ['山西', 35, inland],
  ['重庆', 32, municipality],
  ['黑龙江', 31, inland],
  ['新疆', 26, inland],
  ['上海', 25, capital],
  ['甘肃', 25, inland],
  ['内蒙古', 24, inland],
  ['吉林', 23, inland],
  ['北京', 22, capital],
  ['天津', 14, municipality],
  ['海南', 10, inland],
  ['宁夏', 7, inland],
  ['青海', 6, inland],
  ['西藏', 4, inland],
]

// ─── Making them ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** A number from 0 (included) to 1 (excluded) for each person: the same for the same seed, name and person. */
type Draw = (person: number) => number

/**
 * Hashes the person's number instead of stepping a generator, so that no column depends on those made before it.
 * Source of the finalizer: MurmurHash3, `fmix32`.
 */
function drawer(seed: number, name: string): Draw {
  let key = seed | 0
  for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x0100_0193)
  return (person) => {
    let x = Math.imul(person ^ key, 0x9e37_79b1) ^ key
    x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35)
    return ((x ^ (x >>> 16)) >>> 0) / 0x1_0000_0000
  }
}

/** The first index at which the running sum of the shares is above `point`; the number of shares where none is. */
function pick(shares: readonly number[], point: number): number {
  let sum = 0
  for (let index = 0; index < shares.length; index++) {
    sum += shares[index]!
    if (point < sum) return index
  }
  return shares.length
}

/**
 * Yields the columns of a shop: 25 of them, a million people in about two seconds.
 *
 * @param people how many; they are numbered from 0, and `shopId` gives their ids.
 * @param seed a whole number: another seed makes another shop of the same kind.
 */
export function* makeShop(people: number, seed: number): Generator<ShopColumn, void, undefined> {
  const draw = (name: string): Draw => drawer(seed, name)
  const members = new Uint32Array(people)

  /** The people for whom the test holds. */
  const peopleWho = (test: (person: number) => boolean): Uint32Array => {
    let count = 0
    for (let person = 0; person < people; person++) if (test(person)) members[count++] = person
    return members.slice(0, count)
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

  // Shop: browse, favourite, add to cart, buy. Each is likelier after the one before.
  const [browse, browsed] = chanceFlag('浏览', (person) => 0.1 + 0.45 * active(person) + 0.1 * sawLive[person]!)
  yield browse
  yield chanceFlag('收藏', (person) => browsed[person]! * (0.06 + 0.2 * active(person)))[0]
  const [cart, inCart] = chanceFlag('加购', (person) => browsed[person]! * (0.1 + 0.3 * active(person)))
  yield cart
  const [buy, bought] = chanceFlag('下单', (person) => browsed[person]! * (0.04 + 0.4 * inCart[person]!))
  yield buy
  const [customer, isCustomer] = chanceFlag('老客', (person) =>
    bought[person]! === 1 ? 1 : 0.03 + 0.1 * active(person),
  )
  yield customer

  // Members: mostly old customers, the wealthier the higher.
  const memberOf = new Uint8Array(people)
  const [joins, levelPoint] = [draw('入会'), draw('会员等级')]
  for (let person = 0; person < people; person++) {
    const isMember = joins(person) < (isCustomer[person]! === 1 ? 0.6 : 0.04)
    const wealth = [0.5, 0.35, 0.2, 0.1, 0.15][spendingOf[person]!]!
    const level = pick([0.75 - wealth, 0.15 + wealth / 2, 0.08 + wealth / 3], levelPoint(person))
    memberOf[person] = isMember ? level : memberLevels.length
  }
  yield oneValue('会员等级', memberLevels, memberOf)
  yield chanceFlag('用券', (person) => (memberOf[person]! < 4 ? 0.35 : isCustomer[person]! === 1 ? 0.15 : 0.01))[0]

  // What they like, and where they were active in the last 15 days: the same tastes, the second rarer.
  for (const [name, frequency] of [
    ['兴趣', 1],
    ['类目活跃', 0.7],
  ] as const) {
    yield {
      kind: 'category',
      name,
      values: Object.entries(categories).map(([value, base]) => {
        const point = draw(`${name} ${value}`)
        const chances = profiles.map(({ likes }) => base * frequency * (likes[value] ?? 0.8))
        return {
          value,
          people: peopleWho((person) => point(person) < chances[crowdOf[person]!]! * (0.3 + 1.4 * active(person))),
        }
      }),
    }
  }
}
