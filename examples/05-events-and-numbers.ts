/**
 * What people did, when, and for how much: orders from a file with bad rows in it, then windows of time, RFM, first and last
 * orders, life cycles, sequences, templates, and the same questions as of another day.
 */
import {
  CrowdbitError,
  category,
  createEngine,
  csv,
  event,
  number,
  type Rule,
  type RuleInput,
  templates,
  timestamp,
} from 'crowdbit'

const crowd = createEngine({
  timeZone: 'Asia/Shanghai',
  schema: {
    age: number({ min: 0, max: 150 }),
    points: number({ scale: 1 }),
    joinedAt: timestamp(),
    browse: event({ product: category() }),
    add_to_cart: event({ product: category() }),
    remove: event({ product: category() }),
    purchase: event({ product: category(), amount: number({ scale: 2 }), channel: category() }),
    refund: event({ amount: number({ scale: 2 }) }),
  },
})

/** The instant for which everything below is asked. Without it, questions are of the moment of the call. */
const asOf = '2026-11-20T20:00:00+08:00'

function show(...rules: readonly RuleInput[]): void {
  for (const rule of rules) console.log(`${String(crowd.count(rule, { asOf })).padStart(4)}  ${text(rule)}`)
}

function text(rule: RuleInput): string {
  return crowd.rules.print(rule)
}

console.log('── Numbers are decimals, held exactly\n')
for (let member = 0; member < 200; member++) {
  const days = (member * 7) % 400
  crowd.put(id(member), {
    age: member % 9 === 0 ? null : 18 + (member % 50),
    points: `${(member % 40) * 2}.${member % 10}`,
    joinedAt: new Date(Date.parse(asOf) - days * 86_400_000),
  })
}
show(
  'age between 18 and 25',
  'age != 18',
  'not age = 18',
  'points >= 70.5',
  'joinedAt in last 30 days',
  'joinedAt >= "2026-11-01"',
)
try {
  crowd.put('m000', { points: 12.345 })
} catch (error) {
  if (!(error instanceof CrowdbitError)) throw error
  console.log(error.message)
}

console.log('\n── Orders from a file\n')
const report = await crowd.ingest(csv(ordersFile()), {
  event: 'purchase',
  id: 'member',
  at: 'paid at',
  eventId: 'order',
  columns: { product: 'product', amount: 'amount', via: 'channel' },
})
const { rows, applied, duplicates, rejected, created } = report
console.log(
  `rows ${rows}, orders stored ${applied}, seen before ${duplicates}, rejected ${rejected}, new people ${created}`,
)
for (const { line, column, code, reason } of report.rejects) {
  console.log(`line ${line}${column === null ? '' : `, ${column}`}: ${code}\n  ${reason}`)
}
for (let member = 0; member < 200; member += 5) {
  crowd.track(id(member), 'refund', { at: `2026-11-${10 + (member % 10)}T12:00`, amount: 50 })
}
for (let member = 0; member < 200; member += 2) {
  const hour = 8 + (member % 12)
  const product = ['奶粉', '童装', '咖啡'][member % 3]!
  crowd.trackMany('browse', [
    [id(member), { at: `2026-11-19T${two(hour)}:00`, product }],
    [id(member), { at: `2026-11-20T${two(hour)}:30`, product }],
  ])
  if (member % 4 === 0) crowd.track(id(member), 'add_to_cart', { at: `2026-11-19T${two(hour)}:05`, product })
  if (member % 12 === 0) crowd.track(id(member), 'remove', { at: `2026-11-19T${two(hour)}:10`, product })
  if (member % 8 === 0) {
    const at = member % 3 === 0 ? `2026-11-20T${two(hour - 2)}:20` : `2026-11-19T${two(hour)}:20`
    crowd.track(id(member), 'purchase', { at, product, amount: '88.80', channel: 'live' })
  }
}
console.log(crowd.events('m000', 'purchase', { limit: 2 }))

console.log('\n── Windows of time, and their bounds\n')
for (const window of [
  'in last 7 days',
  'in last 7 days including today',
  'in last 24 hours',
  'today',
  'this month',
  'in last 2 weeks',
  'in last 30 days ending 30 days ago',
  'from "2026-06-01" to "2026-06-19"',
]) {
  const { count, windows } = crowd.explain(`did purchase ${window}`, { asOf })
  const [{ from, to } = { from: null, to: null }] = windows
  console.log(`${String(count).padStart(4)}  did purchase ${window.padEnd(35)} [${minutes(from)}, ${minutes(to)})`)
}

console.log('\n── Recency, frequency, money\n')
const { did, sum, first, latest, stopped, resumed, newly, regular, last } = crowd.rules
const net = sum([
  { event: 'purchase', property: 'amount' },
  { event: 'refund', property: 'amount', minus: true },
])
show(
  did('purchase').recency().lte(30),
  did('purchase').atLeast(3).last(90, 'days'),
  did('purchase').where({ channel: 'live', amount: { gte: 100 } }),
  did('purchase').distinct('product').gte(2),
  did('purchase').avg('amount').between(80, 120),
  did('purchase').sum('amount').last(90, 'days').gte(300),
  net.last(90, 'days').gte(300),
  did('purchase').recency().lte(30).and(did('purchase').atLeast(3), net.gte(500)),
)

console.log('\n── First and last, and life cycles\n')
show(
  first('purchase').is({ channel: 'live' }).last(90, 'days'),
  latest('purchase').to('2026-09-01'),
  newly('purchase', { window: last(30, 'days') }),
  stopped('purchase', { earlier: last(90, 'days', { ago: 60 }), later: last(60, 'days') }),
  resumed('purchase', {
    earlier: last(90, 'days', { ago: 90 }),
    gap: last(60, 'days', { ago: 30 }),
    later: last(30, 'days'),
  }),
  regular('purchase', { times: 1, periods: 3, of: 4, unit: 'months' }),
)

console.log('\n── Sequences\n')
show(
  did('browse')
    .followedBy('purchase', { within: { hours: 2 } })
    .same('product'),
  did('browse')
    .followedBy('add_to_cart')
    .followedBy('purchase', { without: ['remove'] }),
  did('add_to_cart')
    .notFollowedBy('purchase', { within: { hours: 24 } })
    .last(3, 'days', { includeToday: true }),
)

console.log('\n── Templates\n')
const cart = crowd.rules.template(templates.cartWithoutOrder)
for (const hours of [1, 24]) show(cart.apply({ hours }))
const mine = crowd.rules.template({
  name: 'active in a product',
  parameters: { product: { type: 'text' }, days: { type: 'integer', default: 15, min: 1 } },
  rule: 'did browse(product = $product) in last $days days including today minus did purchase(product = $product)',
})
show(mine.apply({ product: '咖啡' }))

console.log('\n── The same question as of other days\n')
const lapsing: Rule = crowd.rules.parse('did purchase in last 60 days minus did purchase in last 14 days')
for (const day of ['2026-07-01', '2026-09-01', '2026-11-01', '2026-11-20']) {
  console.log(`${day}  ${String(crowd.count(lapsing, { asOf: day })).padStart(4)}  ${lapsing}`)
}

console.log('\n── Numbers of an audience\n')
const buyers = 'did purchase in last 90 days'
const { insight } = crowd
console.log(insight.aggregate(buyers, 'age', { asOf }))
console.log(insight.quantiles(buyers, 'age', [0.25, 0.5, 0.75], { asOf }), insight.top(buyers, 'points', 2, { asOf }))

function id(member: number): string {
  return `m${String(member).padStart(3, '0')}`
}

function two(count: number): string {
  return String(count).padStart(2, '0')
}

/** An instant to the minute. */
function minutes(at: string | null): string {
  return at === null ? 'the first event' : at.slice(0, 16)
}

/** Orders of a year as another system exports them, with rows that are not as they should be. */
function ordersFile(): string {
  let state = 618
  /** A whole number below `count`: chance that is the same on each run. */
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const lines = ['order,member,paid at,product,amount,via']
  for (let order = 0; order < 600; order++) {
    const member = Math.min(below(180), below(180))
    const day = new Date(Date.UTC(2026, 10, 19) - below(330) * 86_400_000).toISOString().slice(0, 10)
    const product = ['奶粉', '童装', '咖啡'][below(3)]
    const via = below(4) === 0 ? 'live' : ''
    lines.push(`o${order},${id(member)},${day} ${two(below(24))}:15,${product},${60 + below(90)}.${below(10)}0,${via}`)
  }
  lines.push('o17,m001,2026-01-01 10:00,奶粉,10,live') //        an order that was there already
  lines.push('o601,m001,last Tuesday,奶粉,10,live') //           no time
  lines.push('o602,m001,2026-11-01 10:00,奶粉,12.345,live') //   a digit too many
  lines.push('o603,new-one,2026-11-01 10:00,奶粉,12.30,live') // somebody new
  return `${lines.join('\n')}\n`
}
