import { spawnSync } from 'node:child_process'
import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { category, createEngine, type Engine, event, flag, loadEngine, number, openEngine } from 'crowdbit'
import { collectGarbage } from './collect-garbage.ts'
import { copyOf } from './copy-folder.ts'
import { median } from './measure.ts'
import { report, type Table } from './report.ts'
import { userId } from './user-id.ts'

const schema = {
  vip: flag(),
  tier: category(),
  spend: number({ scale: 2 }),
  buy: event({ product: category(), amount: number({ scale: 2 }) }),
}
type Crowd = Engine<typeof schema>

const day = 86_400_000
const noon = Date.UTC(2026, 10, 20, 12)
const clock = { now: () => noon as never }
/** No checkpoint comes by itself. */
const never = 2 ** 50

/**
 * Questions: what does keeping every write cost against appending and syncing the same bytes by hand? How soon is an engine back?
 * How near is a checkpoint to copying its bytes? What do questions see of a checkpoint?
 */
export async function benchDurability(people: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crowdbit-bench-'))
  try {
    report('durability', [await writes(folder), await recovery(folder), ...(await checkpoints(folder, people))])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The `i`-th write of a stream of single writes: three rows to two events, of 100,000 people. */
function write(crowd: Crowd, i: number): void {
  const id = userId((i * 7919) % 100_000)
  switch (i % 5) {
    case 0:
      crowd.put(id, { vip: i % 2 === 0, tier: `T${i % 4}` })
      break
    case 1:
      crowd.put(id, { spend: i % 10_000 })
      break
    case 2:
      crowd.put(id, { tier: `T${i % 5}` })
      break
    default:
      crowd.track(id, 'buy', { at: noon - (i % 30) * day - i, product: `p${i % 200}`, amount: i % 1_000 })
  }
}

/** Writes a second, by how many come between two waits for the disk; and the same bytes written and synced by hand. */
async function writes(folder: string): Promise<Table> {
  const rows: (string | number)[][] = []
  const cases = [
    ['always, wait after each', 'always', 1, 500],
    ['always, wait after 100', 'always', 100, 20_000],
    ['always, wait after 1,000', 'always', 1_000, 100_000],
    ['{ intervalMs: 100 }, turns of 1,000', { intervalMs: 100 }, 1_000, 200_000],
    ['none, turns of 1,000', 'none', 1_000, 200_000],
  ] as const
  for (const [name, durability, group, count] of cases) {
    const waits = durability === 'always'
    const engine: number[] = []
    const memory: number[] = []
    const floor: number[] = []
    let bytesEach = 0
    for (let round = 0; round < 5; round++) {
      const dir = join(folder, `writes-${round}`)
      const crowd = await openEngine({ dir, schema, clock, durability, checkpointLogBytes: never })
      for (let i = 0; i < 20_000; i++) write(crowd, i)
      await crowd.flushed()
      const before = crowd.health().store!.logBytes
      collectGarbage()
      let start = performance.now()
      for (let i = 0; i < count; ) {
        for (const end = Math.min(count, i + group); i < end; i++) write(crowd, i)
        if (waits) await crowd.flushed()
        else await new Promise((resolve) => setImmediate(resolve))
      }
      engine.push(count / (performance.now() - start))
      bytesEach = (crowd.health().store!.logBytes - before) / count
      await crowd.close()
      rmSync(dir, { recursive: true })
      const plain = createEngine({ schema, clock })
      for (let i = 0; i < 20_000; i++) write(plain, i)
      start = performance.now()
      for (let i = 0; i < count; i++) write(plain, i)
      memory.push(count / (performance.now() - start))
      // By hand: one write for each record, one sync for each wait.
      const file = openSync(join(folder, 'floor'), 'w')
      const record = Buffer.alloc(Math.round(bytesEach), 7)
      start = performance.now()
      for (let i = 0; i < count; ) {
        for (const end = Math.min(count, i + group); i < end; i++) writeSync(file, record)
        if (waits) fdatasyncSync(file)
      }
      floor.push(count / (performance.now() - start))
      closeSync(file)
    }
    const [ours, theirs, inMemory] = [median(engine) * 1_000, median(floor) * 1_000, median(memory) * 1_000]
    rows.push([
      name,
      Math.round(ours).toLocaleString('en'),
      Math.round(theirs).toLocaleString('en'),
      Math.round(inMemory).toLocaleString('en'),
      `${(ours / theirs).toFixed(2)}×`,
      bytesEach,
    ])
  }
  return {
    title: 'Writes of one row or event each, a second',
    header: [
      'durability',
      'engine',
      'write and sync by hand (floor)',
      'engine in memory',
      'engine ÷ floor',
      'bytes of log each',
    ],
    rows,
  }
}

async function recovery(folder: string): Promise<Table> {
  const rows: (string | number)[][] = []
  const mutations = 1_000_000
  const dir = join(folder, 'recovery')
  const crowd = await openEngine({ dir, schema, clock, durability: 'none', checkpointLogBytes: never })
  for (let i = 0; i < mutations; i++) write(crowd, i)
  await crowd.flushed()
  const { logBytes } = crowd.health().store!
  const times: number[] = []
  // As after a crash: the log is there, and the lock is given back, but no checkpoint was made.
  for (let round = 0; round < 5; round++) {
    const copy = copyOf(dir, join(folder, `recovery-${round}`))
    collectGarbage()
    const again = await openEngine({ dir: copy, clock, checkpointLogBytes: never })
    times.push(again.recovery!.milliseconds)
    if (again.recovery!.replayed !== mutations) throw new Error('not all mutations were replayed')
    await again.close()
    rmSync(copy, { recursive: true })
  }
  await crowd.close()
  const ms = median(times)
  rows.push([
    `${mutations.toLocaleString('en')} single writes, ${(logBytes / 1e6).toFixed(0)} MB of log`,
    ms,
    Math.round((mutations / ms) * 1_000).toLocaleString('en'),
  ])
  return { title: 'Recovery', header: ['log', 'ms', 'mutations a second'], rows }
}

async function checkpoints(folder: string, people: number): Promise<Table[]> {
  const dir = join(folder, 'checkpoint')
  const crowd = await openEngine({ dir, schema, clock, durability: 'none', checkpointLogBytes: never })
  fill(crowd, people)
  const question = 'vip and tier = "T1" and spend >= 500'
  const { bytesWritten, milliseconds } = await crowd.checkpoint()
  const quiet = await latencies(crowd, question, new Promise((resolve) => setTimeout(resolve, 2_000)))
  // Everything is written again: ids, each column, and each day of events.
  crowd.put('new', { vip: true, tier: 'T1', spend: 1 })
  crowd.trackMany(
    'buy',
    Array.from({ length: 90 }, (_, i) => ['new', { at: noon - i * day }] as const),
  )
  const checkpoint = crowd.checkpoint()
  const during = await latencies(crowd, question, checkpoint)
  await checkpoint
  crowd.put(userId(1), { vip: true })
  const again = await crowd.checkpoint()
  const disk = await againstTheDisk(crowd, folder, { milliseconds, bytesWritten })
  await crowd.close()
  return [
    {
      title: `Checkpoints, ${people.toLocaleString('en')} people`,
      header: ['what', 'ms', 'MB', 'MB a second', 'by hand, MB a second', 'engine ÷ by hand'],
      rows: [...disk, ['checkpoint after one write', again.milliseconds, again.bytesWritten / 1e6, '', '', '']],
    },
    {
      title: `A question while a checkpoint is written, ${question}, ms`,
      header: ['when', 'questions', 'p50', 'p99', 'the longest wait for a turn of the event loop'],
      rows: [
        ['quiet', quiet.times.length, at(quiet.times, 0.5), at(quiet.times, 0.99), quiet.longestTurn],
        ['checkpoint', during.times.length, at(during.times, 0.5), at(during.times, 0.99), during.longestTurn],
      ],
    },
  ]
}

function fill(crowd: Crowd, people: number): void {
  const batch = 100_000
  for (let from = 0; from < people; from += batch) {
    const count = Math.min(batch, people - from)
    crowd.putMany(
      Array.from({ length: count }, (_, i) => {
        const n = Math.imul(from + i, 0x9e3779b1) >>> 0
        return [userId(from + i), { vip: n % 5 === 0, tier: `T${n % 7}`, spend: n % 100_000 }] as const
      }),
    )
    const dense = Uint32Array.from({ length: count }, (_, i) => from + i)
    crowd.trackColumns('buy', {
      dense,
      at: Float64Array.from(dense, (n) => noon - (n % 90) * day - n),
      product: Array.from(dense, (n) => `p${n % 500}`),
      amount: Float64Array.from(dense, (n) => n % 1_000),
    })
  }
}

/** Asks again and again, one question a turn of the event loop, until something is over. */
async function latencies(
  crowd: Crowd,
  question: string,
  until: Promise<unknown>,
): Promise<{ readonly times: number[]; readonly longestTurn: number }> {
  let over = false
  const end = until.finally(() => {
    over = true
  })
  const times: number[] = []
  let longestTurn = 0
  let last = performance.now()
  while (!over) {
    const start = performance.now()
    longestTurn = Math.max(longestTurn, start - last)
    crowd.count(question)
    last = performance.now()
    times.push(last - start)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await end
  return { times, longestTurn }
}

function at(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.floor(share * (times.length - 1))]!
}

/** Saves against copies, and loading against reading: files that are read aren't in memory, where the system can be told to drop them. */
async function againstTheDisk(
  crowd: Crowd,
  folder: string,
  first: { readonly milliseconds: number; readonly bytesWritten: number },
): Promise<(string | number)[][]> {
  const times = { save: [], copy: [], load: [], late: [], read: [], hash: [] } as Record<string, number[]>
  const timed = async (what: string, work: () => unknown): Promise<void> => {
    collectGarbage()
    const start = performance.now()
    await work()
    times[what]!.push(performance.now() - start)
  }
  let bytes = 0
  let cold = true
  for (let round = 0; round < 5; round++) {
    const saved = join(folder, `save-${round}`)
    await timed('save', () => crowd.save(saved))
    const files = readdirSync(saved).map((name) => join(saved, name))
    const copy = join(folder, `copy-${round}`)
    await timed('copy', () => readAll(files, null, copy))
    rmSync(copy)
    cold = dropFromMemory(files) && cold
    await timed('load', () => loadEngine(saved, { clock }))
    dropFromMemory(files)
    await timed('late', async () => (await loadEngine(saved, { clock, lazy: true })).count('vip'))
    dropFromMemory(files)
    await timed('read', () => readAll(files, null, null))
    dropFromMemory(files)
    await timed('hash', () => readAll(files, createHash('sha256'), null))
    bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
    rmSync(saved, { recursive: true })
  }
  const speed = (ms: number, size = bytes): number => size / 1e3 / ms
  const row = (what: string, ours: string, theirs: string): (string | number)[] => {
    const [ms, floor] = [median(times[ours]!), median(times[theirs]!)]
    return [what, ms, bytes / 1e6, speed(ms), speed(floor), `${(floor / ms).toFixed(2)}×`]
  }
  const from = cold ? 'from the disk' : 'from memory: its files could not be dropped'
  return [
    [
      'first checkpoint',
      first.milliseconds,
      first.bytesWritten / 1e6,
      speed(first.milliseconds, first.bytesWritten),
      '',
      '',
    ],
    row('save against copying and syncing', 'save', 'copy'),
    row(`load ${from}, against reading`, 'load', 'read'),
    row(`load ${from}, against reading and SHA-256`, 'load', 'hash'),
    [
      'load late, to the first count',
      median(times.late!),
      '',
      '',
      '',
      `${(median(times.read!) / median(times.late!)).toFixed(1)}×`,
    ],
  ]
}

/** Reads files piece by piece, into a hash or another file, which is synced, or into nothing. */
function readAll(files: readonly string[], hash: Hash | null, target: string | null): void {
  const piece = Buffer.alloc(4 * 1024 * 1024)
  const to = target === null ? null : openSync(target, 'w')
  for (const path of files) {
    const file = openSync(path, 'r')
    for (let got = readSync(file, piece); got > 0; got = readSync(file, piece)) {
      hash?.update(piece.subarray(0, got))
      if (to !== null) writeSync(to, piece, 0, got)
    }
    closeSync(file)
  }
  if (to === null) return
  fsyncSync(to)
  closeSync(to)
}

/** Has the system forget what it holds of files in memory. Whether it could be asked to. */
function dropFromMemory(files: readonly string[]): boolean {
  return files.every((path) => spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0']).status === 0)
}
