import { heading, say, table, whole, yuan } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function numbersOfAnAudience(crowd: ShopEngine): void {
  heading('5  The numbers of an audience')
  const rule = '精致妈妈 and spend is set'
  const { insight } = crowd
  const { result, took } = timed(() => insight.aggregate(rule, 'spend'))
  const [quarter, half, threeQuarters] = insight.quantiles(rule, 'spend', [0.25, 0.5, 0.75])
  say(
    `${rule}: ${whole(result.count)} people who spent ${yuan(result.sum)} yuan, net of refunds and exact to the last 0.01.\nAdded up in ${took}.`,
  )
  say(
    `Average ${yuan(result.average)}; a quarter spent up to ${yuan(quarter)}, half up to ${yuan(half)}, three quarters up to ${yuan(threeQuarters)}.`,
  )
  const best = insight.top(rule, 'spend', 3).map(({ id, value }) => `${id} ${yuan(value)}`)
  say(`Highest: ${best.join(', ')}.\n`)
  table(
    ['city tier', 'mothers', 'customers', 'spent', 'average'],
    insight
      .cube('精致妈妈', { by: ['城市等级'], of: 'spend' })
      .map(({ by, people, count, sum, average }) => [
        by.城市等级 === undefined ? 'all' : String(by.城市等级),
        people,
        count,
        yuan(sum),
        yuan(average),
      ]),
  )
}
