import { createEngine, type Engine } from 'crowdbit'
import { collectGarbage } from './collect-garbage.ts'
import { median } from './measure.ts'
import { report, type Table } from './report.ts'
import { dayMs, type Shop, shopBatch, shopBatches, shopSize } from './shop.ts'
import { arraysOf, type CartSpec, cartSpec, clock } from './shop-crowd.ts'
import { userId, userIds } from './user-id.ts'

const singleRounds = 7
const singleEvents = 200_000
const bulkRounds = 3
const batchSize = 1_000_000

/** One event, as `track` takes it. */
type Values = Parameters<Crowd['track']>[2]

/** A way to store events, in a kind of its own. */
interface Way<Input> {
  readonly name: string
  readonly kind: Kind
  store(input: Input, round: number): void
  /** Asks for something that has the events sorted. */
  read(): void
}

/** What a round took: milliseconds of storing and of reading, and of the processor in both. */
interface Round {
  store: number
  read: number
  processor: number
}

/** The rounds of each way. */
type Measured = Map<string, Round[]>

/**
 * Question: how many events a second are stored, one at a time and in bulk, by what names their people, apart from and
 * together with the sorting that the first read after them does?
 */
export function benchTrack(sizes: readonly number[], events: number): void {
  const tables: Table[] = []
  for (const people of sizes) {
    const shop: Shop = { people, events, seed: 42 }
    const crowds = makeCrowds(people)
    tables.push(single(shop, crowds), bulk(shop, crowds))
  }
  report('track', tables)
}

/** A kind of events for each way of storing them. */
type Kind = 'integers' | 'texts' | 'eventIds' | 'strangers' | 'often' | 'dense'
type Crowd = Engine<Readonly<Record<Kind, CartSpec>>>

/** The same people twice, their ids integers and texts; in both their dense numbers are 0, 1, 2 and so on. */
function makeCrowds(people: number): { readonly integers: Crowd; readonly texts: Crowd } {
  const integers = emptyCrowd()
  const texts = emptyCrowd()
  for (let from = 0; from < people; from += batchSize) {
    const count = Math.min(batchSize, people - from)
    integers.putMany(Array.from({ length: count }, (_, i) => [from + i, {}]))
    texts.putMany(userIds(from, count).map((id) => [id, {}]))
  }
  return { integers, texts }
}

function emptyCrowd(): Crowd {
  const spec = cartSpec()
  const schema = { integers: spec, texts: spec, eventIds: spec, strangers: spec, often: spec, dense: spec }
  return createEngine({ schema, clock })
}

/** Events one at a time: what came last, in the order in which it came, one of twenty up to seven days late. */
interface Stream {
  readonly people: Uint32Array
  readonly ids: readonly string[]
  readonly newIds: readonly string[]
  readonly values: readonly Values[]
  readonly withIds: readonly Values[]
}

function streamOf(shop: Shop, round: number): Stream {
  const size = shopSize(shop, 'cart')
  const count = Math.min(singleEvents, size)
  const batch = shopBatch(shop, 'cart', Math.max(0, size - count * (singleRounds - round)), count)
  const { at, category, channel, amount } = arraysOf(batch)
  const values = Array.from(at, (time, i) => ({
    at: i % 20 === 0 ? time - (i % 7) * dayMs : time,
    category: category[i]!,
    channel: channel[i]!,
    amount: amount[i]!,
  }))
  return {
    people: batch.people,
    ids: Array.from(batch.people, userId),
    newIds: userIds(shop.people + round * count, count),
    values,
    withIds: values.map((event, i) => ({ ...event, eventId: `order-${round}-${i}` })),
  }
}

function single(shop: Shop, { integers, texts }: ReturnType<typeof makeCrowds>): Table {
  const each = (crowd: Crowd, kind: Kind, ids: (stream: Stream) => ArrayLike<string | number>, withIds = false) => {
    return (stream: Stream): void => {
      const people = ids(stream)
      const values = withIds ? stream.withIds : stream.values
      for (let i = 0; i < values.length; i++) crowd.track(people[i]!, kind, values[i]!)
    }
  }
  const read = (crowd: Crowd, kind: Kind) => () => void crowd.events(crowd.idOf(0)!, kind, { limit: 1 })
  const way = (name: string, crowd: Crowd, kind: Kind, store: (stream: Stream) => void): Way<Stream> => ({
    name,
    kind,
    store,
    read: read(crowd, kind),
  })
  const ways: Way<Stream>[] = [
    way(
      'integer ids of known people',
      integers,
      'integers',
      each(integers, 'integers', ({ people }) => people),
    ),
    way(
      'string ids of known people',
      texts,
      'texts',
      each(texts, 'texts', ({ ids }) => ids),
    ),
    way(
      'the same, with an eventId each',
      texts,
      'eventIds',
      each(texts, 'eventIds', ({ ids }) => ids, true),
    ),
    way(
      'string ids of new people',
      texts,
      'strangers',
      each(texts, 'strangers', ({ newIds }) => newIds),
    ),
  ]
  ways.push(
    way('string ids of known people, a read after each 1,000', texts, 'often', ({ ids, values }) => {
      for (let i = 0; i < values.length; i++) {
        texts.track(ids[i]!, 'often', values[i]!)
        if (i % 1_000 === 999) texts.events(ids[i]!, 'often', { limit: 1 })
      }
    }),
  )
  const measured = race(ways, singleRounds, (round) => [streamOf(shop, round)])
  return {
    title: `\`track\`, one event at a time, ${shop.people.toLocaleString('en')} people, ${singleEvents.toLocaleString('en')} events a round, events a second`,
    header: ['ids', 'stored', 'the first read after a round, ms', 'together', 'processor, µs an event'],
    rows: ways.map(({ name }) => rowOf(name, measured, Math.min(singleEvents, shopSize(shop, 'cart')))),
  }
}

interface Arrays {
  readonly people: Uint32Array
  readonly ids: readonly string[]
  readonly arrays: ReturnType<typeof arraysOf>
}

function bulk(shop: Shop, { integers, texts }: ReturnType<typeof makeCrowds>): Table {
  const way = (name: string, kind: Kind, crowd: Crowd, who: (input: Arrays) => object): Way<Arrays> => ({
    name,
    kind,
    store: (input) => void crowd.trackColumns(kind, { ...who(input), ...input.arrays } as never),
    read: () => void crowd.events(crowd.idOf(0)!, kind, { limit: 1 }),
  })
  const crowdOf = (kind: Kind): Crowd => (kind === 'texts' ? texts : integers)
  const ways = [
    way('dense numbers', 'dense', integers, ({ people }) => ({ dense: people })),
    way('integer ids', 'integers', integers, ({ people }) => ({ ids: people })),
    way('string ids', 'texts', texts, ({ ids }) => ({ ids })),
  ]
  const measured = race(ways, bulkRounds, function* () {
    // Each round begins without events.
    for (const { kind } of ways) {
      crowdOf(kind).dropColumn(kind)
      crowdOf(kind).addColumn(kind, cartSpec())
    }
    for (const batch of shopBatches(shop, 'cart', batchSize)) {
      yield { people: batch.people, ids: Array.from(batch.people, userId), arrays: arraysOf(batch) }
    }
  })
  const size = shopSize(shop, 'cart')
  return {
    title: `\`trackColumns\`, ${shop.people.toLocaleString('en')} known people, ${size.toLocaleString('en')} events, a million a call, events a second`,
    header: ['people given as', 'stored', 'the first read, ms', 'together', 'processor, µs an event'],
    rows: ways.map(({ name }) => rowOf(name, measured, size)),
  }
}

/** Stores what comes in each round by every way in turn, the first of them another each time, then reads by each. */
function race<Input>(
  ways: readonly Way<Input>[],
  rounds: number,
  inputs: (round: number) => Iterable<Input>,
): Measured {
  const measured: Measured = new Map(ways.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const order = ways.map((_, i) => ways[(i + round) % ways.length]!)
    const taken = new Map(ways.map((way): [Way<Input>, Round] => [way, { store: 0, read: 0, processor: 0 }]))
    for (const input of inputs(round)) {
      collectGarbage()
      for (const way of order) clocked(taken.get(way)!, 'store', () => way.store(input, round))
    }
    for (const way of order) {
      collectGarbage()
      clocked(taken.get(way)!, 'read', () => way.read())
      measured.get(way.name)!.push(taken.get(way)!)
    }
  }
  return measured
}

function clocked(taken: Round, what: 'store' | 'read', work: () => void): void {
  const before = process.cpuUsage()
  const start = performance.now()
  work()
  taken[what] += performance.now() - start
  const { user, system } = process.cpuUsage(before)
  taken.processor += (user + system) / 1_000
}

function rowOf(name: string, measured: Measured, events: number): (string | number)[] {
  const rounds = measured.get(name)!
  const rate = (ms: number): string => Math.round((events / ms) * 1_000).toLocaleString('en')
  return [
    name,
    rate(median(rounds.map(({ store }) => store))),
    median(rounds.map(({ read }) => read)),
    rate(median(rounds.map(({ store, read }) => store + read))),
    (median(rounds.map(({ processor }) => processor)) / events) * 1_000,
  ]
}
