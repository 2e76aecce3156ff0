/** Who the people of the made-up shop are, and what they like: the tables that `shop.ts` draws from. */

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

/** What makes the eight strategy crowds 八大人群 different. Chances are from 0 to 1. */
export interface CrowdProfile {
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

export const crowds: readonly (CrowdProfile & { readonly name: StrategyCrowd })[] = [
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
/** The eight crowds, then those of none of them. */
export const profiles: readonly CrowdProfile[] = [...crowds, others]

/** What is sold in a category. */
export interface ShopGoods {
  readonly category: string
  /** Chance that a person of average activity cares for it, before the likes of the crowd. */
  readonly chance: number
  /** Price in yuan, on average. */
  readonly price: number
  /** Whether there is a sample (小样) of it. */
  readonly sample: boolean
}

const sampled = new Set(['奶粉', '辅食', '护肤', '彩妆', '香水', '茶叶', '咖啡', '滋补', '宠物'])

/** Categories, each with its chance and its price. */
export const goods: readonly ShopGoods[] = (
  [
    ['奶粉', 0.018, 268],
    ['纸尿裤', 0.016, 129],
    ['辅食', 0.012, 59],
    ['童装', 0.03, 99],
    ['玩具', 0.03, 79],
    ['绘本', 0.015, 45],
    ['护肤', 0.12, 189],
    ['彩妆', 0.08, 109],
    ['香水', 0.03, 320],
    ['女装', 0.16, 159],
    ['男装', 0.09, 149],
    ['中老年装', 0.03, 129],
    ['潮鞋', 0.06, 399],
    ['汉服', 0.01, 299],
    ['零食', 0.18, 39],
    ['方便速食', 0.08, 32],
    ['水果', 0.12, 49],
    ['粮油', 0.09, 75],
    ['茶叶', 0.05, 168],
    ['咖啡', 0.05, 69],
    ['白酒', 0.03, 499],
    ['滋补', 0.05, 239],
    ['家清', 0.14, 29],
    ['家电', 0.06, 899],
    ['手机', 0.07, 3299],
    ['游戏', 0.06, 198],
    ['盲盒', 0.015, 69],
    ['健身', 0.04, 139],
    ['宠物', 0.05, 88],
    ['旅行', 0.05, 680],
    ['汽车', 0.02, 260],
    ['工具', 0.02, 95],
    ['农具', 0.008, 120],
  ] as const
).map(([category, chance, price]) => ({ category, chance, price, sample: sampled.has(category) }))

export const tiers = ['T1', 'T2', 'T3', 'T4', 'T5'] as const
export const spendingPowers = ['高', '中高', '中', '低'] as const
export const activities = ['沉默', '低活跃', '中活跃', '高活跃'] as const
export const memberLevels = ['普通', '银卡', '金卡', '黑金'] as const

/** Shares of the five city tiers in a province. */
type TierShares = readonly [number, number, number, number, number]
const capital: TierShares = [1, 0, 0, 0, 0]
const municipality: TierShares = [0, 0.7, 0.1, 0.1, 0.1]
const south: TierShares = [0.32, 0.24, 0.2, 0.14, 0.1]
const coast: TierShares = [0, 0.38, 0.3, 0.2, 0.12]
const inland: TierShares = [0, 0.2, 0.24, 0.3, 0.26]

/** Millions of inhabitants of each province, and how they live. */
export const provinces: readonly (readonly [name: string, millions: number, shares: TierShares])[] = [
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
