import { headline } from '../headline.ts'
import { heading, say, table } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'

export function pastDays(crowd: ShopEngine): void {
  heading('4  The same question as of other days')
  say(
    'Every question takes an asOf: its windows end there, and nothing later is seen. Around Double 11 双十一, each at 20:00:\n',
  )
  const looked = 'did browse(category = "奶粉") in last 15 days including today'
  const bought = 'did purchase(category = "奶粉") in last 15 days including today'
  const days = ['2026-10-20', '2026-11-01', '2026-11-06', '2026-11-11', '2026-11-16', '2026-11-20']
  table(
    ['as of', 'looked at 奶粉', 'bought 奶粉', 'the rule above'],
    days.map((day) => {
      const asOf = `${day}T20:00:00+08:00`
      return [day, crowd.count(looked, { asOf }), crowd.count(bought, { asOf }), crowd.count(headline, { asOf })]
    }),
  )
}
