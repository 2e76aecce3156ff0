/**
 * The id dictionary at 20 million string ids of 16 to 28 bytes, beside a `Map<string, number>` at a size where that runs.
 *
 * Question: how many ids a second are added and looked up, how long the longest pause is, and what an id costs in memory.
 * Ids are made in batches from a seed and never kept; making them is not measured.
 *
 * node --expose-gc --import tsx bench/ids.ts [--n 20000000] [--map 5000000]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { IdDictionary, unknownDense } from '../src/ids/id-dictionary.ts'

const batchSize = 1_000
const lookups = 4_000_000
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const text = Buffer.alloc(32)

/** The k-th id of a family: `o` and 15 to 27 letters; the first ones write k, so that all differ. */
function makeId(k: number, family: number): string {
  let state = Math.imul(k ^ (family * 0x3779b1), 0x9e3779b1) ^ (k >>> 15)
  const length = 16 + ((((state >>> 8) ^ k) & 0xffff) % 13)
  text[0] = 0x6f
  text[1] = letters[family]!
  for (let i = 2, rest = k; i < 8; i++, rest = Math.floor(rest / 64)) text[i] = letters[rest & 63]!
  for (let i = 8; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    text[i] = letters[state & 63]!
  }
  return text.toString('latin1', 0, length)
}

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

function memory(): { arrayBuffers: number; rss: number; heap: number } {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { arrayBuffers, rss, heapUsed } = process.memoryUsage()
  return { arrayBuffers, rss, heap: heapUsed }
}

interface Timed {
  readonly perSecond: number
  readonly longestMs: number
}

/** Runs `work` over batches from `make`, timing the work alone. */
function timed(count: number, make: (from: number) => string[], work: (ids: string[], from: number) => void): Timed {
  let total = 0
  let longest = 0
  for (let from = 0; from < count; from += batchSize) {
    const ids = make(from)
    const start = performance.now()
    work(ids, from)
    const took = performance.now() - start
    total += took
    if (took > longest) longest = took
  }
  return { perSecond: (count / total) * 1000, longestMs: longest }
}

let random = 0x2545f491
function below(n: number): number {
  random ^= random << 13
  random ^= random >>> 17
  random ^= random << 5
  return Math.floor(((random >>> 0) / 0x1_0000_0000) * n)
}

const inOrder = (from: number) => Array.from({ length: batchSize }, (_, i) => makeId(from + i, 0))
let wanted: number[] = []
const inRandomOrder = (n: number) => () => {
  wanted = Array.from({ length: batchSize }, () => below(n))
  return wanted.map((k) => makeId(k, 0))
}
const unknown = (from: number) => Array.from({ length: batchSize }, (_, i) => makeId(from + i, 1))

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

interface Result {
  readonly what: string
  readonly n: number
  readonly [measure: string]: number | string
}

function benchDictionary(n: number): Result {
  timed(300_000, inOrder, (ids) => new IdDictionary().addMany(ids)) // warm up
  const out = new Uint32Array(batchSize)
  const before = memory()
  const dictionary = new IdDictionary({ seed: 7 })
  let idBytes = 0
  const add = timed(
    n,
    (from) => {
      const ids = inOrder(from)
      for (const id of ids) idBytes += id.length
      return ids
    },
    (ids) => dictionary.addMany(ids, out),
  )
  must(dictionary.size === n, 'all ids are new')
  const after = memory()
  const find = timed(lookups, inRandomOrder(n), (ids) => dictionary.findMany(ids, out))
  must(
    wanted.every((k, i) => out[i] === k),
    'all ids are found',
  )
  let sum = 0
  const findOne = timed(lookups, inRandomOrder(n), (ids) => {
    for (const id of ids) sum += dictionary.find(id)
  })
  const miss = timed(lookups, unknown, (ids) => dictionary.findMany(ids, out))
  must(
    out.every((dense) => dense === unknownDense),
    'no unknown id is found',
  )
  const missOne = timed(lookups, unknown, (ids) => {
    for (const id of ids) sum += dictionary.find(id)
  })
  const dense = new Uint32Array(batchSize)
  let decoded: unknown[] = []
  const decode = timed(
    lookups,
    () => {
      for (let i = 0; i < batchSize; i++) dense[i] = below(n)
      return []
    },
    () => {
      decoded = dictionary.idsOf(dense)
    },
  )
  must(decoded[5] === makeId(dense[5]!, 0), 'ids come back')
  const saveStart = performance.now()
  let saved = 0
  const pieces: Uint8Array[] = []
  for (const piece of dictionary.sections()) {
    saved += piece.length
    pieces.push(piece)
  }
  const saveMs = performance.now() - saveStart
  const loadStart = performance.now()
  const loaded = IdDictionary.load(pieces)
  const loadMs = performance.now() - loadStart
  must(loaded.find(makeId(n - 1, 0)) === n - 1, 'a loaded dictionary finds')
  must(sum > 0, 'the look-ups were made')
  return {
    what: 'IdDictionary',
    n,
    addPerSecond: add.perSecond,
    longestBatchMs: add.longestMs,
    findManyPerSecond: find.perSecond,
    findPerSecond: findOne.perSecond,
    missManyPerSecond: miss.perSecond,
    missPerSecond: missOne.perSecond,
    idsOfPerSecond: decode.perSecond,
    idBytesPerId: idBytes / n,
    overheadByteSize: (dictionary.byteSize - idBytes) / n,
    overheadArrayBuffers: (after.arrayBuffers - before.arrayBuffers - idBytes) / n,
    overheadRss: (after.rss - before.rss - idBytes) / n,
    totalMB: dictionary.byteSize / 1e6,
    savePerSecond: (n / saveMs) * 1000,
    loadPerSecond: (n / loadMs) * 1000,
    savedMB: saved / 1e6,
  }
}

function benchMap(n: number): Result {
  const before = memory()
  const map = new Map<string, number>()
  let idBytes = 0
  const add = timed(
    n,
    (from) => {
      const ids = inOrder(from)
      for (const id of ids) idBytes += id.length
      return ids
    },
    (ids) => {
      for (const id of ids) if (!map.has(id)) map.set(id, map.size)
    },
  )
  const after = memory()
  let sum = 0
  const find = timed(lookups, inRandomOrder(n), (ids) => {
    for (const id of ids) sum += map.get(id) ?? -1
  })
  const miss = timed(lookups, unknown, (ids) => {
    for (const id of ids) sum += map.get(id) ?? -1
  })
  must(sum > 0, 'the look-ups were made')
  return {
    what: 'Map (one way only)',
    n,
    addPerSecond: add.perSecond,
    longestBatchMs: add.longestMs,
    findManyPerSecond: find.perSecond,
    findPerSecond: find.perSecond,
    missManyPerSecond: miss.perSecond,
    missPerSecond: miss.perSecond,
    idBytesPerId: idBytes / n,
    overheadRss: (after.rss - before.rss - idBytes) / n,
    overheadHeap: (after.heap - before.heap - idBytes) / n,
    totalMB: (after.rss - before.rss) / 1e6,
  }
}

const n = option('n', 20_000_000)
const mapSize = Math.min(option('map', 5_000_000), n)
const results = [benchDictionary(n)]
if (mapSize > 0) results.push(benchDictionary(mapSize), benchMap(mapSize))
const measures = [...new Set(results.flatMap((result) => Object.keys(result)))]
const shown = (value: number | string | undefined) =>
  typeof value !== 'number' ? (value ?? '–') : value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
console.log(`| measure | ${results.map((result) => result.what).join(' | ')} |`)
console.log(`|---|${results.map(() => '--:|').join('')}`)
for (const measure of measures.slice(1)) {
  console.log(`| ${measure} | ${results.map((result) => shown(result[measure])).join(' | ')} |`)
}
console.log('\nA Map holds at most 16.7 million keys. `overhead…` is bytes an id beyond its own bytes.')
const report = {
  command: `node --expose-gc --import tsx bench/ids.ts ${process.argv.slice(2).join(' ')}`.trim(),
  date: new Date().toISOString(),
  node: process.version,
  cpu: os.cpus()[0]?.model,
  results,
}
mkdirSync('bench/results', { recursive: true })
writeFileSync('bench/results/ids.json', `${JSON.stringify(report, null, 2)}\n`)
