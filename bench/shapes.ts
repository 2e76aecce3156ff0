import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median, shuffled } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report, type Table } from './report.ts'
import type { ShapesCrowd } from './shapes/crowd.ts'
import type { PeerReply, PeerRequest } from './shapes/peer-process.ts'
import { peers } from './shapes/peers.ts'
import { type Question, questions } from './shapes/questions.ts'

/** Which peers take part where none are named; without those that aren't installed. */
const usual = Object.keys(peers)
const ours = 'crowdbit'
/** Peers that make their data at a time: as many as a small machine has cores. */
const openedAtOnce = 2
/** Where one takes so many milliseconds, all are asked in so many rounds. */
const slow = 800
const fewRounds = 3
const roaring = ['roaring, best', 'roaring, naive'] as const
/** Questions that the issue of speed compares with naive code. */
const againstNaive = ['S2', 'S3', 'S6a', 'S6b', 'S7a', 'S7b', 'S9a', 'S9b', 'S11']

/** A peer in a process of its own. */
class PeerProcess {
  readonly name: string
  readonly #child: ChildProcess
  readonly #ended: Promise<[PeerReply]>
  #hasEnded = false
  opened: Extract<PeerReply, { readonly opened: unknown }> | null = null

  constructor(name: string) {
    this.name = name
    this.#child = fork(join(import.meta.dirname, 'shapes/peer-process.ts'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, '--expose-gc', '--max-old-space-size=12000'],
    })
    this.#ended = once(this.#child, 'exit').then(() => {
      this.#hasEnded = true
      return [{ error: 'the process has ended' }]
    })
    // Whoever asks it is told that it has ended.
    this.#child.on('error', () => {})
  }

  async open(crowd: ShapesCrowd): Promise<void> {
    const reply = await this.#send({ do: 'open', name: this.name, crowd })
    if ('opened' in reply) this.opened = reply
  }

  /** Whether it was killed, as by a machine without memory left. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  answers(key: string, as: 'count' | 'set'): boolean {
    return !this.hasEnded && this.opened?.opened[key]?.includes(as) === true
  }

  async ask(
    key: string,
    as: 'count' | 'set',
    turn: number,
    milliseconds: number,
  ): Promise<{ answer: number; ms: number }> {
    const reply = await this.#send({ do: 'ask', key, as, turn, milliseconds })
    if (!('answer' in reply)) throw new Error('not an answer')
    return reply
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  async #send(request: PeerRequest): Promise<PeerReply> {
    if (!this.#child.connected) throw new Error(`${this.name}: the process has ended`)
    const replied = once(this.#child, 'message') as Promise<[PeerReply]>
    this.#child.send(request)
    const [reply] = await Promise.race([replied, this.#ended])
    if ('error' in reply) throw new Error(`${this.name}: ${reply.error}`)
    return reply
  }
}

/**
 * Question: what does each shape of question cost, as a count and as a built set, beside the ways that people have today?
 *
 * Each peer is in a process of its own, and does what its documentation advises. Answers are compared before anything is timed. Rounds are interleaved, each in an order of its
 * own; in a round each is asked for 30 ms or once, whichever is longer, once without the clock before. Windows slide by a day with each round, so that nobody answers from what was kept of the very
 * same question.
 */
export async function benchShapes(
  sizes: readonly number[],
  kinds: readonly ShapesCrowd['kind'][],
  names: readonly string[] = usual,
  rounds = 7,
): Promise<void> {
  const tables: Table[] = []
  for (const people of sizes) {
    for (const kind of kinds) {
      tables.push(...(await tablesOf({ people, kind, seed: 42 }, names, rounds)))
      report('shapes', tables)
    }
  }
}

async function tablesOf(crowd: ShapesCrowd, names: readonly string[], rounds: number): Promise<Table[]> {
  const taking: PeerProcess[] = []
  try {
    const opening = names.filter((name) => crowd.people <= peers[name]!.most).map((name) => new PeerProcess(name))
    taking.push(...opening)
    await Promise.all(Array.from({ length: openedAtOnce }, () => openAll(opening, crowd)))
    for (const peer of taking.splice(0)) {
      if (peer.opened === null) peer.stop()
      else taking.push(peer)
    }
    const results = new Map<string, Record<string, number>>()
    const answers = new Map<string, number>()
    const random = mulberry32(7)
    let turn = 0
    for (const question of questions) {
      for (const as of question.kind === 'set' ? (['count', 'set'] as const) : (['count'] as const)) {
        let asked = taking.filter((peer) => peer.answers(question.key, as))
        const times: Record<string, number[]> = Object.fromEntries(asked.map(({ name }) => [name, []]))
        let slowest = 0
        for (let round = -2; round < (slowest > slow ? fewRounds : rounds); round++) {
          turn++
          const given: number[] = []
          for (const peer of shuffled(asked, random)) {
            const reply = await one(peer, question, as, turn).catch((error: Error) => {
              if (!peer.hasEnded) throw error
              console.error(`WITHOUT ${peer.name} from ${question.name}, ${as}, on: ${error.message}`)
              asked = asked.filter((other) => other !== peer)
              return null
            })
            if (reply === null) continue
            const { answer, ms } = reply
            given.push(answer)
            slowest = Math.max(slowest, ms)
            if (round >= 0) times[peer.name]!.push(ms)
          }
          if (given.some((answer) => answer !== given[0])) {
            throw new Error(
              `${question.name}: answers differ: ${asked.map(({ name }) => name).join(', ')} in some order: ${given.join(', ')}`,
            )
          }
          answers.set(question.key, given[0]!)
        }
        const row = Object.fromEntries(asked.map(({ name }) => [name, median(times[name]!)]))
        results.set(`${question.key} ${as}`, row)
        console.error(`${question.name}, ${as}: ${JSON.stringify(row)}`)
      }
    }
    return [
      table(crowd, 'count', taking, results, answers),
      table(crowd, 'set', taking, results, answers),
      summary(crowd, results),
      memory(crowd, taking),
    ]
  } finally {
    for (const peer of taking) peer.stop()
  }
}

/** Opens one peer after another, beside others who do. */
async function openAll(opening: PeerProcess[], crowd: ShapesCrowd): Promise<void> {
  for (let peer = opening.shift(); peer !== undefined; peer = opening.shift()) {
    try {
      await peer.open(crowd)
      console.error(`${peer.name}: opened`)
    } catch (error) {
      console.error(`WITHOUT ${peer.name}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
}

async function one(
  peer: PeerProcess,
  { key, slides }: Question,
  as: 'count' | 'set',
  turn: number,
): Promise<{ answer: number; ms: number }> {
  if (slides) return peer.ask(key, as, turn, 0)
  // Once without the clock: what the one before left of the caches is not this one's cost.
  const first = await peer.ask(key, as, turn, 0)
  return first.ms > 300 ? first : peer.ask(key, as, turn, 30)
}

const title = (crowd: ShapesCrowd): string => `${crowd.people.toLocaleString('en')} people, ${crowd.kind} tags`

function table(
  crowd: ShapesCrowd,
  as: 'count' | 'set',
  taking: readonly PeerProcess[],
  results: ReadonlyMap<string, Record<string, number>>,
  answers: ReadonlyMap<string, number>,
): Table {
  const names = taking.map(({ name }) => name)
  const rows: (string | number)[][] = []
  for (const { key, name, kind } of questions) {
    const times = results.get(`${key} ${as}`)
    if (times === undefined || times[ours] === undefined) continue
    const own = times[ours]
    const best = bestByHand(times)
    rows.push([
      name,
      kind === 'set' ? answers.get(key)!.toLocaleString('en') : '',
      ...names.map((peer) => times[peer] ?? ''),
      best === null ? '' : `${(own / best).toFixed(2)}×`,
    ])
  }
  return {
    title: `Shapes, ${as === 'count' ? 'counts and numbers' : 'built sets'}, ${title(crowd)}, medians in ms`,
    header: ['question', 'people', ...names, 'crowdbit ÷ roaring'],
    rows,
  }
}

/** The fastest that was written by hand on the Roaring package: on some data the order in which a question is read is the best one. */
function bestByHand(times: Readonly<Record<string, number>>): number | null {
  const both = roaring.map((name) => times[name]).filter((time) => time !== undefined)
  return both.length === 0 ? null : Math.min(...both)
}

/** What was asked of speed, and what is. */
function summary(crowd: ShapesCrowd, results: ReadonlyMap<string, Record<string, number>>): Table {
  const ratios = (
    theirs: (times: Record<string, number>) => number | null,
    keys: (key: string) => boolean,
  ): number[] => {
    const all: number[] = []
    for (const [asked, times] of results) {
      const other = theirs(times)
      if (keys(asked) && other !== null && times[ours] !== undefined) all.push(other / times[ours])
    }
    return all
  }
  const named = (name: string) => (times: Record<string, number>) => times[name] ?? null
  const isAgainstNaive = (asked: string): boolean => againstNaive.some((key) => asked.startsWith(`${key} `))
  const rows: (string | number)[][] = []
  const add = (what: string, all: readonly number[]): void => {
    if (all.length === 0) return
    const mean = Math.exp(all.reduce((sum, ratio) => sum + Math.log(ratio), 0) / all.length)
    rows.push([what, all.length, `${mean.toFixed(2)}×`, `${Math.min(...all).toFixed(2)}×`])
  }
  add(
    'roaring by hand, best order, counts',
    ratios(bestByHand, (asked) => asked.endsWith('count')),
  )
  add(
    'roaring by hand, best order, built sets',
    ratios(bestByHand, (asked) => asked.endsWith('set')),
  )
  add('roaring by hand, naive: S2, S3, S6, S7, S9, S11', ratios(named('roaring, naive'), isAgainstNaive))
  add(
    'one flat SIMD pass: S2',
    ratios(named('flat SIMD'), (asked) => asked === 'S2 count'),
  )
  for (const name of Object.keys(peers).slice(4))
    add(
      name,
      ratios(named(name), () => true),
    )
  return {
    title: `Shapes, how many times faster crowdbit is, ${title(crowd)}`,
    header: ['than', 'questions', 'geometric mean', 'the worst'],
    rows,
  }
}

function memory(crowd: ShapesCrowd, taking: readonly PeerProcess[]): Table {
  return {
    title: `Shapes, memory, ${title(crowd)}, MB`,
    header: ['peer', 'process, once all is loaded', 'of it, by its own account'],
    rows: taking.map(({ name, opened }) => [
      name,
      Math.round(opened!.memory / 1e6),
      Object.entries(opened!.bytes)
        .filter(([, bytes]) => bytes > 0)
        .map(([what, bytes]) => `${what} ${Math.round(bytes / 1e6)}`)
        .join(', '),
    ]),
  }
}
