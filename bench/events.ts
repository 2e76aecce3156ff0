import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, loadEngine } from 'crowdbit'
import { collectGarbage } from './collect-garbage.ts'
import { DuckDB } from './duckdb.ts'
import { mustAgree, timed } from './duel.ts'
import { type EventQuestion, eventQuestions } from './event-questions.ts'
import { median, shuffled } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report, type Table } from './report.ts'
import { dayMs, liveBatch, liveStep, now, type Shop, shopEvents, shopSize, slides } from './shop.ts'
import { arraysOf, clock, type Loading, loadEvents, makePeople, type ShopSchema } from './shop-crowd.ts'

type Crowd = Engine<ShopSchema>

const coldRounds = 3
const repeats = 1_000
const liveRounds = 9

/**
 * Question: what do questions about events cost, cold and warm, beside DuckDB on the same rows?
 *
 * Cold: the engine has just been loaded, its events are sorted, nothing has been asked of it. Warm: the question has been
 * asked before, and is asked again; or as of the next day; or some minutes later, live events having come since.
 */
export async function benchEvents(sizes: readonly number[], events: number): Promise<void> {
  await warmUp()
  const tables: Table[] = []
  for (const people of sizes) tables.push(...(await tablesOf({ people, events, seed: 42 })))
  report('events', tables)
}

/** Asks everything on few people, until the engine's JavaScript is compiled as in a service that has run for some seconds. */
async function warmUp(): Promise<void> {
  const shop: Shop = { people: 50_000, events: 200_000, seed: 1 }
  for (let round = 0; round < 6; round++) {
    const crowd = makePeople(shop.people)
    loadEvents(crowd, shop)
    for (const question of eventQuestions) {
      for (let days = slides; days >= 0; days--) crowd.count(question.rule(false), { asOf: now - days * dayMs })
      for (let live = 0; live < 20; live++) {
        trackLive(crowd, shop, live)
        crowd.count(question.rule(true), { asOf: now + (live + 1) * liveStep })
      }
    }
  }
}

async function tablesOf(shop: Shop): Promise<Table[]> {
  const directory = mkdtempSync(join(tmpdir(), 'crowdbit-bench-'))
  const duckdb = DuckDB.start()
  try {
    const crowd = makePeople(shop.people)
    const loading = loadEvents(crowd, shop)
    const bytes = crowd.stats().events.map(({ bytes, events }) => bytes / events)
    await crowd.save(directory)
    await duckdb.loadShop(shop)
    const load = () => loadEngine(directory, { clock }) as Promise<Crowd>
    const sizes = `${shop.people.toLocaleString('en')} people, ${shop.events.toLocaleString('en')} carts and a tenth as many purchases in 90 days`
    return [
      loadingTable(`Loading, ${sizes}`, shop, loading, bytes[0]!),
      await coldTable(`Cold, and the same again, ${sizes}`, load, duckdb),
      await warmTable(`Warm, ${sizes}`, shop, await load(), duckdb),
    ]
  } finally {
    duckdb.stop()
    rmSync(directory, { recursive: true })
  }
}

function loadingTable(title: string, shop: Shop, { writeMs, sealMs }: Loading, bytes: number): Table {
  const events = shopSize(shop, 'cart') + shopSize(shop, 'purchase')
  return {
    title,
    header: ['measure', ''],
    rows: [
      ['events, in all days', events.toLocaleString('en')],
      ['written in ms, dense numbers, a million a call', writeMs],
      ['sorted by the first read, ms', sealMs],
      [
        'events a second, both together',
        `${((events / (writeMs + sealMs)) * 1_000).toLocaleString('en', { maximumFractionDigits: 0 })}`,
      ],
      ['bytes an event', bytes],
    ],
  }
}

/** Cold: an engine for each question and round. Then the same question of the last one again, many times. */
async function coldTable(title: string, load: () => Promise<Crowd>, duckdb: DuckDB): Promise<Table> {
  const random = mulberry32(7)
  const people = new Map<EventQuestion, number>()
  const cold = timesOf()
  const again = timesOf()
  const peer = timesOf()
  for (let round = 0; round < coldRounds; round++) {
    for (const question of shuffled(eventQuestions, random)) {
      const rule = question.rule(false)
      const crowd = await load()
      await duckdb.query(question.sql(now, false))
      const theirs = await duckdb.query(question.sql(now, false))
      collectGarbage()
      const ours = timed(() => crowd.count(rule, { asOf: now }))
      mustAgree(question.name, ['crowdbit', 'DuckDB'], [ours.answer, theirs.answer])
      people.set(question, ours.answer)
      cold.get(question)!.push(ours.ms)
      peer.get(question)!.push(theirs.ms)
      const all = timed(() => {
        let answer = 0
        for (let i = 0; i < repeats; i++) answer = crowd.count(rule, { asOf: now })
        return answer
      })
      again.get(question)!.push(all.ms / repeats)
    }
  }
  return {
    title,
    header: ['question', 'people', 'cold, ms', 'again, µs', 'DuckDB, ms', 'DuckDB ÷ cold', 'DuckDB ÷ again'],
    rows: eventQuestions.map((question) => {
      const [first, second, duck] = [cold, again, peer].map((times) => median(times.get(question)!))
      return [
        question.name,
        people.get(question)!.toLocaleString('en'),
        ...[first!, second! * 1_000, duck!],
        ...[`${(duck! / first!).toFixed(1)}×`, `${Math.round(duck! / second!).toLocaleString('en')}×`],
      ]
    }),
  }
}

/** Warm: day after day, as of the same hour; then some minutes later each time, with live events between. */
async function warmTable(title: string, shop: Shop, crowd: Crowd, duckdb: DuckDB): Promise<Table> {
  const slid = await ask(
    crowd,
    duckdb,
    Array.from({ length: slides + 1 }, (_, k) => now - (slides - k) * dayMs),
    false,
    async () => {},
  )
  const live = await ask(
    crowd,
    duckdb,
    Array.from({ length: liveRounds + 1 }, (_, round) => now + (round + 1) * liveStep),
    true,
    async (round) => {
      trackLive(crowd, shop, round)
      await duckdb.loadLive(shop, round)
    },
  )
  return {
    title,
    header: [
      'question',
      'a day later, ms',
      'the slowest',
      'DuckDB, ms',
      'DuckDB ÷ a day later',
      'minutes later, with today, ms',
      'DuckDB, ms',
      'DuckDB ÷ minutes later',
    ],
    rows: eventQuestions.map((question) => {
      const days = slid.ours.get(question)!
      const [day, duckDay] = [median(days), median(slid.theirs.get(question)!)]
      const [minutes, duckMinutes] = [median(live.ours.get(question)!), median(live.theirs.get(question)!)]
      return [
        question.name,
        ...[day, Math.max(...days), duckDay, `${(duckDay / day).toFixed(1)}×`],
        ...[minutes, duckMinutes, `${(duckMinutes / minutes).toFixed(1)}×`],
      ]
    }),
  }
}

/** Asks all questions as of each instant in turn, and compares the answers. The first instant only warms, and isn't timed. */
async function ask(
  crowd: Crowd,
  duckdb: DuckDB,
  instants: readonly number[],
  today: boolean,
  before: (round: number) => Promise<void>,
): Promise<{ ours: Times; theirs: Times }> {
  const ours = timesOf()
  const theirs = timesOf()
  const random = mulberry32(7)
  for (const [round, asOf] of instants.entries()) {
    await before(round)
    for (const question of shuffled(eventQuestions, random)) {
      const rule = question.rule(today)
      const mine = timed(() => crowd.count(rule, { asOf }))
      const peer = await duckdb.query(question.sql(asOf, today))
      mustAgree(
        `${question.name} as of ${new Date(asOf).toISOString()}`,
        ['crowdbit', 'DuckDB'],
        [mine.answer, peer.answer],
      )
      if (round === 0) continue
      ours.get(question)!.push(mine.ms)
      theirs.get(question)!.push(peer.ms)
    }
  }
  return { ours, theirs }
}

type Times = ReadonlyMap<EventQuestion, number[]>

function timesOf(): Times {
  return new Map(eventQuestions.map((question) => [question, []]))
}

function trackLive(crowd: Crowd, shop: Shop, round: number): void {
  for (const kind of shopEvents) {
    const batch = liveBatch(shop, kind, round)
    const { at, category, channel, amount } = arraysOf(batch)
    for (let i = 0; i < at.length; i++) {
      const values = { at: at[i]!, category: category[i]!, channel: channel[i]!, amount: amount[i]! }
      crowd.track(batch.people[i]!, kind, values)
    }
  }
}
