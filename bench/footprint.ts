/**
 * Question: how much memory do people, five columns of numbers and events with a time, two categories and an amount take?
 * A process of its own, since it is resident memory that is measured. `npm run bench -- footprint` starts it.
 */
import { parseArgs } from 'node:util'
import { createEngine, flag, type NumberSpec, number } from 'crowdbit'
import { collectGarbage } from './collect-garbage.ts'
import { eventQuestions } from './event-questions.ts'
import { hash } from './hash.ts'
import { report } from './report.ts'
import { dayMs, now, type Shop, shopBatches, shopSize } from './shop.ts'
import { arraysOf, cartSpec, clock } from './shop-crowd.ts'
import { userIds } from './user-id.ts'

const { values } = parseArgs({
  allowPositionals: true,
  options: { people: { type: 'string', default: '10000000' }, events: { type: 'string', default: '20000000' } },
})
const people = Number(values.people)
const events = Number(values.events)
const batchSize = 1_000_000

/** Bits of the numbers, each value of which is as likely as any other: what compresses least. */
const bits = { n16: 16, n18: 18, n20: 20, n22: 22, n24: 24 } as const
type NumberName = keyof typeof bits

const megabytes = (bytes: number): number => bytes / 1e6
const rows: (string | number)[][] = []
let before = 0

function measure(step: string, perWhat = 0): void {
  // Buffers are freed by the collection after the one that found them unused.
  for (let i = 0; i < 3; i++) collectGarbage()
  const { rss, arrayBuffers, heapUsed } = process.memoryUsage()
  const { nativeBitmapBytes } = crowd.stats()
  const peak = process.resourceUsage().maxRSS * 1024
  const grown = perWhat === 0 ? '' : ((rss - before) / perWhat).toFixed(1)
  rows.push([
    step,
    ...[rss, peak, arrayBuffers, nativeBitmapBytes, heapUsed].map((bytes) => Math.round(megabytes(bytes))),
    grown,
  ])
  before = rss
}

const numbers: Readonly<Record<NumberName, NumberSpec>> = {
  n16: number(),
  n18: number(),
  n20: number(),
  n22: number(),
  n24: number(),
}
const crowd = createEngine({ schema: { vip: flag(), ...numbers, cart: cartSpec(), purchase: cartSpec() }, clock })
measure('an empty engine')

for (let from = 0; from < people; from += batchSize / 4) {
  const ids = userIds(from, Math.min(batchSize / 4, people - from))
  crowd.putMany(ids.map((id) => [id, {}]))
}
measure(`${people.toLocaleString('en')} people, string ids of 12 to 20 bytes`, people)

for (const name of Object.keys(bits) as NumberName[]) {
  for (let from = 0; from < people; from += batchSize) {
    const dense = Uint32Array.from({ length: Math.min(batchSize, people - from) }, (_, i) => from + i)
    crowd.tags[name].set(
      dense,
      Int32Array.from(dense, (person) => hash(person, bits[name]) >>> (32 - bits[name])),
    )
  }
}
measure('5 numbers each, of 16, 18, 20, 22 and 24 bits', people)

// A shop whose carts of all days are as many as were asked for.
const base: Shop = { people, events, seed: 42 }
const shop: Shop = { ...base, events: Math.round((events * events) / shopSize(base, 'cart')) }
const count = shopSize(shop, 'cart')
for (const batch of shopBatches(shop, 'cart', batchSize)) {
  crowd.trackColumns('cart', { dense: batch.people, ...arraysOf(batch) })
}
measure(`${count.toLocaleString('en')} events, as they came`, count)
crowd.events(userIds(0, 1)[0]!, 'cart', { limit: 1 })
measure('the same, sorted by the first read', count)

for (let days = 3; days >= 0; days--) {
  for (const question of eventQuestions) crowd.count(question.rule(false), { asOf: now - days * dayMs })
}
for (const name of Object.keys(bits)) crowd.count(`${name} >= 20001 and ${name} < 40000`)
measure('after 12 questions, those about events as of four days')

const { idBytes, columns, events: kinds } = crowd.stats()
const numberBytes = columns.reduce((sum, { bytes }) => sum + bytes, 0)
report('footprint', [
  {
    title: `Memory, ${people.toLocaleString('en')} people and ${count.toLocaleString('en')} events, MB of 10^6 bytes`,
    header: ['after', 'resident', 'peak so far', 'array buffers', 'bitmaps', 'JavaScript heap', 'resident bytes each'],
    rows,
  },
  {
    title: 'What the engine says of itself',
    header: ['what', 'bytes'],
    rows: [
      ['an event, with a time, two categories and an amount', (kinds[0]!.bytes / count).toFixed(2)],
      ['a person’s id', (idBytes / people).toFixed(1)],
      ['a person’s five numbers', (numberBytes / people).toFixed(1)],
    ],
  },
])
