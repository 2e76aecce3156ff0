import { templates } from 'crowdbit'
import { heading, say, table, whole, yuan } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'

export function derivedTags(crowd: ShopEngine): void {
  heading('7  Tags that follow from rules')
  const highValue = crowd.rules.template(templates.highValue).apply({ least: 1_000, days: 30 })
  const tagged = crowd.defineTag('高价值用户', highValue).defineTag('生命周期', [
    ['新客', 'new purchase in last 30 days including today'],
    ['活跃老客', 'did purchase in last 90 days including today'],
    ['沉睡老客', 'did purchase in last 180 days including today'],
    ['流失老客', 'did purchase'],
    ['潜客', 'did add_to_cart or 收藏'],
  ])
  say(`高价值用户 := ${highValue}\n`)
  say(
    'A derived tag is used as any other, and never out of date: a question that names it asks its rule. One of several values gives a person the first whose rule holds:\n',
  )
  const rows = tagged.insight.cube('everyone', { by: ['生命周期'], of: 'spend' })
  const all = rows[0]?.sum ?? 0
  table(
    ['生命周期', 'people', '高价值用户', 'spent', 'share of the sales'],
    rows
      .filter(({ by }) => typeof by.生命周期 === 'string')
      .map(({ by, people, sum }) => [
        String(by.生命周期),
        people,
        tagged.count(`高价值用户 and 生命周期 = "${by.生命周期}"`),
        yuan(sum),
        sum === null ? 'none' : `${((100 * sum) / all).toFixed(1)} %`,
      ]),
  )
  const [earlier, now] = ['2026-10-20T20:00:00+08:00', '2026-11-20T20:00:00+08:00'].map((asOf) =>
    whole(tagged.count('高价值用户', { asOf })),
  )
  say(`\n高价值用户 has ${now} people; a month ago, as of 20 October, it had ${earlier}.`)
}
