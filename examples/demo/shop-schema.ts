import {
  type CategorySpec,
  type CategoryWriter,
  type Clock,
  category,
  type Engine,
  type EventSpec,
  event,
  type FlagSpec,
  flag,
  type MultiCategorySpec,
  type NumberSpec,
  number,
  type TimestampSpec,
  timestamp,
} from 'crowdbit'
import { makeShop, type ShopFlagName, type ShopPart, shopId } from './shop.ts'
import { shopNow } from './shop-events.ts'

/** The columns and events of the shop, as types. */
export type ShopSchema = Readonly<Record<ShopFlagName, FlagSpec>> & {
  readonly 省份: CategorySpec
  readonly 城市等级: CategorySpec<'T1' | 'T2' | 'T3' | 'T4' | 'T5'>
  readonly 消费能力: CategorySpec<'高' | '中高' | '中' | '低'>
  readonly 活跃度: CategorySpec<'沉默' | '低活跃' | '中活跃' | '高活跃'>
  readonly 会员等级: CategorySpec<'普通' | '银卡' | '金卡' | '黑金'>
  readonly 兴趣: MultiCategorySpec
  readonly spend: NumberSpec
  readonly joinedAt: TimestampSpec
  readonly browse: EventSpec<{ readonly category: CategorySpec }>
  readonly add_to_cart: EventSpec<{ readonly product: CategorySpec; readonly category: CategorySpec }>
  readonly purchase: EventSpec<{
    readonly product: CategorySpec
    readonly category: CategorySpec
    readonly amount: NumberSpec
    readonly channel: CategorySpec<'直播' | '短视频' | '商城'>
    readonly kol: CategorySpec
  }>
  readonly refund: EventSpec<{ readonly product: CategorySpec; readonly amount: NumberSpec }>
}

/** The tags of the shop, in the four families that a Douyin shop CRM offers, and what its people did. */
export const shopSchema: ShopSchema = {
  // basic
  省份: category(),
  城市等级: category({ values: ['T1', 'T2', 'T3', 'T4', 'T5'] }),
  精致妈妈: flag(),
  'Gen Z': flag(),
  新锐白领: flag(),
  资深中产: flag(),
  都市蓝领: flag(),
  都市银发: flag(),
  小镇青年: flag(),
  小镇中老年: flag(),
  消费能力: category({ values: ['高', '中高', '中', '低'] }),
  活跃度: category({ values: ['沉默', '低活跃', '中活跃', '高活跃'] }),
  // content interaction
  看过视频: flag(),
  看过直播: flag(),
  粉丝: flag(),
  粉丝团: flag(),
  // shop interaction; `spend` is the money of all orders, less refunds
  收藏: flag(),
  spend: number({ scale: 2, min: 0 }),
  // members
  会员等级: category({ values: ['普通', '银卡', '金卡', '黑金'] }),
  joinedAt: timestamp(),
  用券: flag(),
  // what they like
  兴趣: category({ many: true }),
  // what they did, and when
  browse: event({ category: category() }),
  add_to_cart: event({ product: category(), category: category() }),
  purchase: event({
    product: category(),
    category: category(),
    amount: number({ scale: 2 }),
    channel: category({ values: ['直播', '短视频', '商城'] }),
    kol: category(),
  }),
  refund: event({ product: category(), amount: number({ scale: 2 }) }),
}

/** A clock that stands, so that what is asked gives the same on each run. */
export const shopClock: Clock = { now: () => shopNow }

/** An engine with the tags and events of the shop. */
export type ShopEngine = Engine<ShopSchema>

/** People whose rows are written at a time: enough for speed, few enough for memory. */
const batch = 100_000

/**
 * Fills an empty engine: first the people, so that position and dense number are the same, then column by column, and the
 * events in batches.
 */
export function fillShop(crowd: ShopEngine, people: number, seed: number): void {
  for (let from = 0; from < people; from += batch) {
    const count = Math.min(batch, people - from)
    crowd.putMany(Array.from({ length: count }, (_, index) => [shopId(from + index), {}] as const))
  }
  for (const part of makeShop(people, seed)) load(crowd, part)
}

/** Loads one column, or one batch of events. A position in the shop is a dense number of the engine. */
function load(crowd: ShopEngine, part: ShopPart): void {
  switch (part.kind) {
    case 'flag':
      crowd.tags[part.name].replace(part.people)
      break
    case 'category': {
      const writer: CategoryWriter<string> = crowd.tags[part.name]
      for (const { value, people } of part.values) writer.add(value, people)
      break
    }
    case 'number':
    case 'timestamp':
      crowd.tags[part.name].set(part.people, part.values)
      break
    case 'events': {
      const { kind: _, name, people: dense, ...columns } = part
      crowd.trackColumns(name, { dense, ...columns })
    }
  }
}
