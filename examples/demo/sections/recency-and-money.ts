import { heading, say, table, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function recencyFrequencyMoney(crowd: ShopEngine): void {
  heading('6  RFM, net of refunds')
  const { did, sum, last } = crowd.rules
  const days = did('purchase').recency()
  const orders = did('purchase').count()
  const recency = { 'up to 30 days': days.lte(30), '31 to 90 days': days.between(31, 90), longer: days.gt(90) }
  const frequency = [orders.eq(1), orders.between(2, 3), orders.gte(4)]
  say('Customers by how long ago they last ordered, and how often they did:\n')
  const { result: rows, took } = timed(() =>
    Object.entries(recency).map(([name, rule]) => [name, ...frequency.map((often) => crowd.count(rule.and(often)))]),
  )
  table(['last order', 'once', '2 or 3 times', '4 or more'], rows)
  say(`\nNine rules, ${took}. Money of the last 90 days counts without what was given back:\n`)
  const gross = did('purchase').sum('amount').last(90, 'days').gte(2_000)
  const net = sum([
    { event: 'purchase', property: 'amount' },
    { event: 'refund', property: 'amount', minus: true },
  ])
    .in(last(90, 'days'))
    .gte(2_000)
  table(
    ['people', 'rule'],
    [gross, net].map((rule) => [crowd.count(rule), String(rule)]),
  )
  say(`${whole(crowd.count(gross.minus(net)))} people reach it only before refunds.`)
}
