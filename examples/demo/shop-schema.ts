import {
  type CategorySpec,
  type CategoryWriter,
  category,
  type Engine,
  type FlagSpec,
  flag,
  type MultiCategorySpec,
} from 'crowdbit'
import { makeShop, type ShopFlagName, shopId } from './shop.ts'

/** The columns of the shop, as types. */
export type ShopSchema = Readonly<Record<ShopFlagName, FlagSpec>> & {
  readonly 省份: CategorySpec
  readonly 城市等级: CategorySpec<'T1' | 'T2' | 'T3' | 'T4' | 'T5'>
  readonly 消费能力: CategorySpec<'高' | '中高' | '中' | '低'>
  readonly 活跃度: CategorySpec<'沉默' | '低活跃' | '中活跃' | '高活跃'>
  readonly 会员等级: CategorySpec<'普通' | '银卡' | '金卡' | '黑金'>
  readonly 兴趣: MultiCategorySpec
  readonly 类目活跃: MultiCategorySpec
}

/** The tags of the shop: the four families that a Douyin shop CRM offers. */
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
  // shop interaction
  浏览: flag(),
  收藏: flag(),
  加购: flag(),
  下单: flag(),
  老客: flag(),
  // members
  会员等级: category({ values: ['普通', '银卡', '金卡', '黑金'] }),
  用券: flag(),
  // what they like, and the categories in which they were active in the last 15 days
  兴趣: category({ many: true }),
  类目活跃: category({ many: true }),
}

/** An engine with the tags of the shop. */
export type ShopEngine = Engine<ShopSchema>

/** People whose rows are written at a time: enough for speed, few enough for memory. */
const batch = 100_000

/** Fills an empty engine: first the people, so that position and dense number are the same, then column by column. */
export function fillShop(crowd: ShopEngine, people: number, seed: number): void {
  for (let from = 0; from < people; from += batch) {
    const count = Math.min(batch, people - from)
    crowd.putMany(Array.from({ length: count }, (_, index) => [shopId(from + index), {}] as const))
  }
  for (const column of makeShop(people, seed)) {
    if (column.kind === 'flag') {
      crowd.tags[column.name].replace(column.people)
      continue
    }
    const writer: CategoryWriter<string> = crowd.tags[column.name]
    for (const { value, people } of column.values) writer.add(value, people)
  }
}
