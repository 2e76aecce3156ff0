import { category, createEngine, event, flag, number, timestamp } from '../../src/index.ts'

const schema = {
  vip: flag(),
  tier: category({ values: ['T1', 'T2'] }),
  spend: number({ scale: 2 }),
  joinedAt: timestamp(),
  purchase: event({ product: category(), channel: category({values: ['app','web']}), gift: flag(), amount: number({ scale: 2 }) }),
  browse: event({ category: category({values: ['奶粉','口红']}) , product: category()}),
  visit: event(),
} as const
export function f(): void {
  const { tag, did, didAny, sum, first, stopped, last, range, regular, newly } = createEngine({ schema }).rules
  tag('spend').in(['x'])
  tag('purchase')
  did('spend')
  did('purchse')
  did('purchase').where({ colour: 'x' })
  did('purchase').where({ amount: { gte: 50 }, product: ['a'], channel: 'app', gift: true })
  did('purchase').where({ amount: null })
  did('purchase').where({ channel: 'ap' })
  did('purchase').where({ amount: { gte: new Date() } })
  did('purchase').where({ amount: { gtee: 5 } })
  did('purchase').where({ gift: 'yes' })
  did('purchase').where((p) => p('amount').gte(5).or(p('gift')))
  did('purchase').where((p) => p('amont').gte(5))
  did('purchase').where((p) => p('amount'))
  did('purchase').where((p) => p('channel').eq('ap'))
  did('visit').where({ colour: 'x' })
  did('visit').where({})
  did('purchase').sum('product')
  did('purchase').distinct('colour')
  did('purchase').sum('amount').gte('x').last(5, 'day')
  did('purchase').last(5, 'fortnight')
  didAny(['purchase', { event: 'browse', where: { category: '奶粉' } }]).where({ product: 'x' }).distinct('product')
  didAny(['purchase', { event: 'browse', where: (p) => p('category').eq('奶粉') }]).where({ category: '奶粉' })
  didAny(['purchase', { event: 'browse', where: { amount: 5 } }])
  didAny(['purchse'])
  sum([{ event: 'purchase', property: 'amount' }, { event: 'purchase', property: 'amount', minus: true, where: (p) => p('gift') }]).gte(5)
  sum([{ event: 'purchase', property: 'product' }])
  sum([{ event: 'browse', property: 'amount' }])
  did('browse').followedBy('purchase', { within: { hours: 2 }, without: ['visit'] }).same('product')
  did('browse').followedBy('purchase', { within: { hours: 2 }, without: [{ event: 'purchase', where: { gift: true } }] }).same('product')
  did('browse').followedBy('purchase', { within: { hours: 2, minutes: 3 } }).same('amount')
  did('browse').followedBy('purchase', { where: { colour: 'x' } })
  did('browse').notFollowedBy('purchase', { within: { hours: 2 }, where: { gift: true } }).same('product')
  did('browse').notFollowedBy('purchase', { within: { hours: 2 }, where: { gift: true } }).followedBy('browse')
  did('browse').notFollowedBy(['purchase', 'visit'], { within: { hours: 2 }, where: { gift: true } })
  did('browse').notFollowedBy('purchase')
  first('purchase').where({ gift: true }).is({ channel: 'ap' })
  stopped('purchase', { earlier: last(5, 'days') })
  stopped('purchase', { earlier: last(5, 'days'), later: last(1, 'day'), where: { gift: 1 } })
  regular('purchase', { times: 2, periods: 3, of: 4, unit: 'week' })
  newly('browse', { window: range({}) })
}
