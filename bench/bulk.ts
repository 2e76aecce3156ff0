import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { category, createEngine, csvFile, type Engine, flag, number, type SchemaSpec, timestamp } from 'crowdbit'
import { Parser } from 'csv-parse'
import { collectGarbage } from './collect-garbage.ts'
import { hash } from './hash.ts'
import { median, shuffled } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report, type Table } from './report.ts'
import { userId, userIds } from './user-id.ts'

const rounds = 3
const batchSize = 1_000_000
/** A Map ends at 16.7 million keys. */
const mostInMap = 16_000_000

/**
 * Questions: how many string ids a second does the replacing of a tag take, of people who are known, and how many rows a second of five
 * columns come from a CSV file into an engine? The floors: a look-up of each id in a `Map`, and csv-parse that hands its rows to nobody.
 */
export async function benchBulk(sizes: readonly number[]): Promise<void> {
  const tables: Table[] = []
  for (const people of sizes) tables.push(replaces(people))
  tables.push(await ingests(1_000_000))
  report('bulk', tables)
}

// ─── Tags ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a piece of work took, in milliseconds: by the clock, and of the processor. */
interface Took {
  readonly clock: number
  readonly processor: number
}

/** Ids of people, in an order. */
interface Listing {
  readonly name: string
  readonly ids: readonly string[]
}

function replaces(people: number): Table {
  const crowd = createEngine({ schema: { vip: flag() } })
  const map = people <= mostInMap ? new Map<string, number>() : null
  const ids: string[] = []
  for (let from = 0; from < people; from += batchSize) {
    const some = userIds(from, Math.min(batchSize, people - from))
    crowd.tags.vip.add(some)
    for (const id of some) {
      map?.set(id, ids.length)
      ids.push(id)
    }
  }
  const order = shuffled(
    Array.from({ length: people }, (_, i) => i),
    mulberry32(11),
  )
  const listings: readonly Listing[] = [
    { name: 'as people signed up', ids },
    { name: 'random, texts as they came', ids: order.map(userId) },
    { name: 'random, texts spread over memory', ids: order.map((person) => ids[person]!) },
    { name: 'random, one of ten', ids: order.slice(0, Math.ceil(people / 10)).map(userId) },
  ]
  const times = listings.map(() => ({ replace: [] as Took[], look: [] as Took[] }))
  for (let round = 0; round <= rounds; round++) {
    for (const [i, listing] of listings.entries()) {
      const replace = timed(() => crowd.tags.vip.replace(listing.ids))
      if (crowd.tags.vip.size !== listing.ids.length) throw new Error(`${listing.name}: people are missing`)
      let sum = 0
      const look = timed(() => {
        if (map !== null) sum = sumOf(map, listing.ids)
      })
      if (Number.isNaN(sum)) throw new Error(`${listing.name}: ids are missing`)
      // The first round is not timed.
      if (round === 0) continue
      times[i]!.replace.push(replace)
      times[i]!.look.push(look)
    }
    collectGarbage()
  }
  return {
    title: `\`crowd.tags.vip.replace(ids)\` of known people, ${people.toLocaleString('en')} people, ids a second`,
    header: [
      'order of the ids',
      'ids',
      'replaced',
      'processor, µs an id',
      'found in a `Map` (floor)',
      'replaced ÷ floor',
    ],
    rows: listings.map(({ name, ids: { length } }, i) => {
      const replace = middle(times[i]!.replace)
      const look = middle(times[i]!.look)
      const floor =
        map === null ? ['', ''] : [perSecond(length, look.clock), `${(look.clock / replace.clock).toFixed(2)}×`]
      const processor = (replace.processor / length) * 1_000
      return [name, length.toLocaleString('en'), perSecond(length, replace.clock), processor, ...floor]
    }),
  }
}

function sumOf(map: ReadonlyMap<string, number>, ids: readonly string[]): number {
  let sum = 0
  for (const id of ids) sum += map.get(id) ?? Number.NaN
  return sum
}

// ─── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

const schema = { vip: flag(), tier: category(), spend: number({ scale: 2 }), seen: timestamp() } satisfies SchemaSpec

async function ingests(count: number): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'crowdbit-bulk-'))
  try {
    const path = join(folder, 'people.csv')
    const bytes = await writeRows(path, count)
    const times = { floor: [] as Took[], created: [] as Took[], known: [] as Took[] }
    for (let round = 0; round <= rounds; round++) {
      const crowd = createEngine({ schema })
      const floor = await parseAlone(path, count)
      const created = await ingest(crowd, path, count, count)
      const known = await ingest(crowd, path, count, 0)
      if (round === 0) continue
      times.floor.push(floor)
      times.created.push(created)
      times.known.push(known)
    }
    const floor = middle(times.floor).clock
    const row = (name: string, all: readonly Took[]): (string | number)[] => {
      const { clock, processor } = middle(all)
      const bytesPerSecond = (bytes / clock) * 1_000
      return [
        name,
        perSecond(count, clock),
        (processor / count) * 1_000,
        bytesPerSecond / 1e6,
        `${(floor / clock).toFixed(2)}×`,
      ]
    }
    return {
      title: `A CSV file of ${count.toLocaleString('en')} rows: id, flag, category, number, timestamp`,
      header: ['way', 'rows a second', 'processor, µs a row', 'MB a second', '÷ csv-parse alone'],
      rows: [
        row('csv-parse alone (floor)', times.floor),
        row('ingest of new people', times.created),
        row('ingest of known people', times.known),
      ],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes the file; how many bytes it has. */
async function writeRows(path: string, count: number): Promise<number> {
  const out = createWriteStream(path)
  let text = 'openid,vip,tier,spend,seen\n'
  let bytes = 0
  for (let person = 0; person < count; person++) {
    const seen = new Date(1.75e12 + hash(person, 4) * 7).toISOString()
    text += `${userId(person)},${hash(person, 1) % 2},T${hash(person, 2) % 6},${(hash(person, 3) % 100_000) / 100},${seen}\n`
    if (text.length < 1 << 20 && person < count - 1) continue
    bytes += text.length
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end()
  await once(out, 'finish')
  return bytes
}

async function ingest(crowd: Engine<typeof schema>, path: string, count: number, created: number): Promise<Took> {
  const end = begin()
  const told = await crowd.ingest(csvFile(path), { id: 'openid' })
  const took = end()
  if (told.applied !== count || told.created !== created) throw new Error(`${told.applied} rows, ${told.created} new`)
  return took
}

/** The settings are those of the ingest; its rows are handed over as cheaply as csv-parse can. */
async function parseAlone(path: string, count: number): Promise<Took> {
  const parser = new Parser({
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
  })
  let rows = 0
  parser.push = (record: unknown) => {
    if (record !== null) rows++
    return true
  }
  const end = begin()
  for await (const piece of createReadStream(path)) await new Promise((resolve) => parser.write(piece, resolve))
  await new Promise<void>((resolve) => parser.end(resolve))
  const took = end()
  if (rows !== count + 1) throw new Error(`csv-parse gives ${rows} rows`)
  return took
}

// ─── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function timed(work: () => void): Took {
  const end = begin()
  work()
  return end()
}

/** Starts the clocks; what it gives stops them. */
function begin(): () => Took {
  const before = process.cpuUsage()
  const start = performance.now()
  return () => {
    const clock = performance.now() - start
    const { user, system } = process.cpuUsage(before)
    return { clock, processor: (user + system) / 1_000 }
  }
}

function middle(all: readonly Took[]): Took {
  return { clock: median(all.map((took) => took.clock)), processor: median(all.map((took) => took.processor)) }
}

function perSecond(count: number, milliseconds: number): string {
  return Math.round((count / milliseconds) * 1_000).toLocaleString('en')
}
