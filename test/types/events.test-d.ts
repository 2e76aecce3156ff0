import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  number,
  type Rule,
  type SchemaSpec,
  timestamp,
} from '../../src/index.ts'
import type { Behaviour } from '../../src/rules/build/behaviour.ts'
import type { Did, DidAny } from '../../src/rules/build/did.ts'
import type { EventName } from '../../src/rules/build/event-types.ts'
import type { MeasureTests } from '../../src/rules/build/measure-tests.ts'
import type { ClosedSequence, Sequence } from '../../src/rules/build/sequence.ts'
import type { NumberTests, TimestampTests } from '../../src/rules/tag-tests.ts'
import { type Equal, holds } from './equal.ts'

// Checked by tsc, never run: see `npm run types`.

const schema = {
  vip: flag(),
  tier: category({ values: ['T1', 'T2'] }),
  spend: number({ scale: 2 }),
  joinedAt: timestamp(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web'] }),
    gift: flag(),
    amount: number({ scale: 2 }),
  }),
  refund: event({ product: category(), amount: number({ scale: 2 }) }),
  browse: event({ category: category({ values: ['奶粉', '口红'] }), product: category() }),
  visit: event(),
} as const
type S = typeof schema

export function numbers(): void {
  const { tag, last, range } = createEngine({ schema }).rules
  const spend = tag('spend')
  const joinedAt = tag('joinedAt')
  holds<Equal<typeof spend, NumberTests>>()
  holds<Equal<typeof joinedAt, TimestampTests>>()
  const rule = spend.gte(1)
  holds<Equal<typeof rule, Rule>>()
  spend.eq(5n).and(spend.lt('129.90'), spend.between(-1, { param: 'most' }))
  spend.in([1, 2n, '3', { param: 'x' }])
  spend.notIn({ param: 'list' })
  spend.isNotSet()
  joinedAt.lt(new Date()).and(joinedAt.gte('2026-11-20'), joinedAt.eq({ param: 'day' }))
  joinedAt.within(last(7, 'days')).or(joinedAt.last(1, 'week', { weekStart: 'sunday' }))
  joinedAt.within(range({ from: new Date(), to: { param: 'end' } }))

  // @ts-expect-error: a list of numbers
  spend.in([new Date()])
  // @ts-expect-error: a list
  spend.in(5)
  // @ts-expect-error: a number
  spend.eq(null)
  // @ts-expect-error: a number
  spend.lt(new Date())
  // @ts-expect-error: two bounds
  spend.between(5)
  // @ts-expect-error: for categories
  spend.startsWith('5')
  // @ts-expect-error: no rule yet
  spend.and(rule)
  // @ts-expect-error: a time, not a number
  joinedAt.gte(5)
  // @ts-expect-error: for categories and numbers
  joinedAt.in(['2026-11-20'])
  // @ts-expect-error: a window
  joinedAt.within('last 7 days')
  // @ts-expect-error: no such unit
  joinedAt.last(1, 'fortnight')
  // @ts-expect-error: an event is asked about by did
  tag('purchase')
}

export function windows(): void {
  const { did, last, range, thisWeek } = createEngine({ schema }).rules
  const visited = did('visit')
  const recent = visited.last(7, 'days', { includeToday: true })
  holds<Equal<typeof recent, Did<S, 'visit'>>>()
  visited.last({ param: 'n' }, 'day', { ago: { param: 'm' }, includeCurrent: false })
  visited.from(new Date()).to('2026-11-20')
  visited.in(range({ to: '2026-11-20' })).minus(visited.today(), visited.thisMonth(), visited.ever())

  // @ts-expect-error: no such unit
  last(7, 'years')
  // @ts-expect-error: a number
  last('7', 'days')
  // @ts-expect-error: misspelt
  last(7, 'days', { includeTody: true })
  // @ts-expect-error: a beginning, an end, or both
  range({})
  // @ts-expect-error: misspelt
  range({ from: '2026-11-20', til: '2026-11-21' })
  // @ts-expect-error: in small letters
  thisWeek({ weekStart: 'Sunday' })
  // @ts-expect-error: a window
  visited.in('last 7 days')
}

export function events(): void {
  const { did, tag, and } = createEngine({ schema }).rules
  const purchase = did('purchase')
  holds<Equal<typeof purchase, Did<S, 'purchase'>>>()
  holds<Equal<EventName<S>, 'purchase' | 'refund' | 'browse' | 'visit'>>()
  const rule: Rule = purchase
  and(rule, purchase, tag('vip')).minus(purchase.where({ gift: true }))
  const counted = purchase.atLeast(3)
  const sum = purchase.sum('amount')
  holds<Equal<typeof counted, Behaviour>>()
  holds<Equal<typeof sum, MeasureTests>>()
  purchase.exactly({ param: 'n' }).last(7, 'days').not()
  sum.last(90, 'days').gte('500.00').and(sum.between(1, 2n))
  purchase.distinct('product').eq(3)
  purchase.recency().lt(30)

  // @ts-expect-error: misspelt
  did('purchse')
  // @ts-expect-error: a number is asked about by tag
  did('spend')
  // @ts-expect-error: several are asked about by didAny
  did(['purchase', 'browse'])
  // @ts-expect-error: no number
  purchase.sum('product')
  // @ts-expect-error: no number
  purchase.avg('gift')
  // @ts-expect-error: no such property
  purchase.max('colour')
  // @ts-expect-error: no such property
  purchase.distinct('colour')
  // @ts-expect-error: an event without properties has no number
  did('visit').min('amount')
  // @ts-expect-error: a measure is no rule yet
  and(sum)
  // @ts-expect-error: a number
  purchase.atLeast(null)
  // @ts-expect-error: counted once
  counted.atMost(5)
  // @ts-expect-error: filtered before it is counted
  counted.where({ gift: true })
}

export function filters(): void {
  const { did } = createEngine({ schema }).rules
  const purchase = did('purchase')
  const filtered = purchase.where({ gift: true })
  holds<Equal<typeof filtered, Did<S, 'purchase'>>>()
  purchase.where({ channel: 'app', product: ['A', { param: 'p' }], amount: { gte: 5, lt: '9.50' }, gift: false })
  purchase.where({ channel: { in: ['app'] }, product: { startsWith: 'A', isSet: true }, amount: [1, 2n] })
  purchase.where((p) => p('amount').gte(50).or(p('channel').eq('app'), p('gift')))
  purchase.where('amount >= 50').where(purchase)
  did('browse').where({ category: '奶粉' })

  // @ts-expect-error: no such property
  purchase.where({ colour: 'red' })
  // @ts-expect-error: null is asked by isSet
  purchase.where({ product: null })
  // @ts-expect-error: not one of the values
  purchase.where({ channel: 'shop' })
  // @ts-expect-error: not one of the values
  purchase.where({ channel: ['app', 'shop'] })
  // @ts-expect-error: not one of the values
  purchase.where({ channel: { ne: 'shop' } })
  // @ts-expect-error: a text
  purchase.where({ product: 5 })
  // @ts-expect-error: a number
  purchase.where({ amount: { gte: new Date() } })
  // @ts-expect-error: two bounds
  purchase.where({ amount: { between: [1] } })
  // @ts-expect-error: misspelt
  purchase.where({ amount: { gtee: 5 } })
  // @ts-expect-error: for numbers
  purchase.where({ product: { gte: 'A' } })
  // @ts-expect-error: true or false
  purchase.where({ gift: 'yes' })
  // @ts-expect-error: no such property
  purchase.where((p) => p('colour'))
  // @ts-expect-error: not one of the values
  purchase.where((p) => p('channel').eq('shop'))
  // @ts-expect-error: a rule
  purchase.where((p) => p('amount'))
  // @ts-expect-error: it has no properties
  did('visit').where({ colour: 'red' })
  // @ts-expect-error: of another event
  did('browse').where({ amount: 5 })
}

export function severalKinds(): void {
  const { didAny, sum } = createEngine({ schema }).rules
  const both = didAny(['purchase', { event: 'refund', where: { amount: { gte: 5 } } }])
  holds<Equal<typeof both, DidAny<S, 'purchase' | 'refund'>>>()
  both.where({ product: 'A' }).sum('amount').gte(5)
  didAny([{ event: 'purchase', where: (p) => p('gift') }, 'visit']).atLeast(3)
  sum([
    { event: 'purchase', property: 'amount', where: { channel: 'app' } },
    { event: 'refund', property: 'amount', minus: true, where: (p) => p('product').eq('A') },
  ]).gte(500)

  // @ts-expect-error: misspelt
  didAny(['purchse'])
  // @ts-expect-error: of another event
  didAny([{ event: 'refund', where: { channel: 'app' } }])
  // @ts-expect-error: only one of them has it
  both.where({ channel: 'app' })
  // @ts-expect-error: only one of them has it
  both.distinct('gift')
  // @ts-expect-error: a sequence begins with one kind
  both.followedBy('browse')
  // @ts-expect-error: no number
  sum([{ event: 'purchase', property: 'product' }])
  // @ts-expect-error: it has no number
  sum([{ event: 'browse', property: 'amount' }])
  // @ts-expect-error: what is added up?
  sum([{ event: 'purchase' }])
}

export function sequences(): void {
  const { did } = createEngine({ schema }).rules
  const bought = did('browse').followedBy('purchase', { within: { hours: 2 }, where: { gift: true } })
  holds<Equal<typeof bought, Sequence<S, 'browse' | 'purchase'>>>()
  const kept = bought.notFollowedBy('refund', { within: { days: { param: 'n' } } })
  holds<Equal<typeof kept, ClosedSequence<S, 'browse' | 'purchase' | 'refund'>>>()
  kept.same('product').allowSameTime().last(30, 'days').and(bought)
  did('browse').followedBy('purchase', { without: ['refund', { event: 'browse', where: { category: '奶粉' } }] })
  did('browse').notFollowedBy(['purchase', 'refund'], { within: { weeks: 1 }, where: { product: 'A' } })

  // @ts-expect-error: misspelt
  did('browse').followedBy('purchse')
  // @ts-expect-error: of another event
  did('browse').followedBy('purchase', { where: { category: '奶粉' } })
  // @ts-expect-error: one unit
  did('browse').followedBy('purchase', { within: { hours: 1, minutes: 30 } })
  // @ts-expect-error: months have no fixed length
  did('browse').followedBy('purchase', { within: { months: 1 } })
  // @ts-expect-error: misspelt
  did('browse').followedBy('purchase', { without: ['refnd'] })
  // @ts-expect-error: not all of them have it
  bought.same('amount')
  const unvisited = did('browse').followedBy('purchase', { without: ['visit'] })
  // @ts-expect-error: one between them has it not
  unvisited.same('product')
  // @ts-expect-error: for how long?
  bought.notFollowedBy('refund')
  // @ts-expect-error: it has ended
  kept.followedBy('refund')
  // @ts-expect-error: only one of them has it
  did('browse').notFollowedBy(['purchase', 'refund'], { within: { weeks: 1 }, where: { gift: true } })
}

export function occurrencesAndLifeCycles(): void {
  const { first, latest, stopped, resumed, newly, regular, last } = createEngine({ schema }).rules
  const rule: Rule = first('purchase').where({ gift: true }).is({ channel: 'app' }).last(30, 'days')
  rule.and(latest('purchase').is((p) => p('amount').gte(5)))
  const [old, gap, recent] = [last(30, 'days', { ago: 60 }), last(30, 'days', { ago: 30 }), last(30, 'days')]
  const quiet = stopped('purchase', { earlier: old, later: recent, where: { gift: false } })
  holds<Equal<typeof quiet, Rule>>()
  resumed('purchase', { earlier: old, gap, later: recent })
  newly('visit', { window: recent })
  regular('purchase', { times: 2, periods: { param: 'p' }, of: 4, unit: 'weeks', weekStart: 'sunday' })

  // @ts-expect-error: misspelt
  first('purchse')
  // @ts-expect-error: not one of the values
  first('purchase').is({ channel: 'shop' })
  // @ts-expect-error: no such property
  latest('visit').where({ channel: 'app' })
  // @ts-expect-error: a later window too
  stopped('purchase', { earlier: old })
  // @ts-expect-error: a gap too
  resumed('purchase', { earlier: old, later: recent })
  // @ts-expect-error: no such property
  newly('purchase', { window: recent, where: { colour: 'red' } })
  // @ts-expect-error: no such unit
  regular('purchase', { times: 2, periods: 3, of: 4, unit: 'years' })
}

/** Where the compiler doesn't know the schema, any names go, and they are checked when it runs. */
export function unknownSchema(crowd: Engine<SchemaSpec>): void {
  const { did, didAny, sum, first } = crowd.rules
  did('anything')
    .where({ whatever: 'x', amount: { gte: 5 }, gift: true })
    .sum('amount')
    .gte(5)
  did('anything')
    .followedBy('another', { without: ['third'] })
    .same('product')
  didAny(['anything', { event: 'another', where: { x: 5 } }]).distinct('x')
  sum([{ event: 'anything', property: 'x', minus: true }]).gte(5)
  first('anything').is({ x: 'y' })
}
