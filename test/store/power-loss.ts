import type { Durability } from '../../src/store/durability.ts'
import { draw } from './draw.ts'
import { type FaultKind, FaultyFileSystem } from './faulty-file-system.ts'
import { Journal, textsOf } from './journal.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

/** What a machine did before it stopped. */
interface Life {
  /** What was appended, in order. */
  readonly appended: string[]
  /** The append during which it stopped, if it did so during one. */
  last: string | null
  /** So many were acknowledged by `flushed`. */
  acknowledged: number
  readonly operations: number
  readonly log: readonly string[]
}

/** Whether the machine stopped, rather than a call failing. */
const stopped = (kind: FaultKind): boolean => kind === 'crash' || kind === 'crash-after'

/** Opens, appends, flushes and checkpoints as the seed says, over a disk on which the `at`-th operation goes wrong. */
async function live(
  fs: MemoryFileSystem,
  earlier: Life | null,
  seed: number,
  at: number,
  kind: FaultKind,
  code?: string,
): Promise<Life> {
  const faulty = new FaultyFileSystem(fs, at, kind, code)
  const choose = draw(seed)
  const durability: Durability = choose(2) === 0 ? 'none' : 'always'
  const life: { -readonly [K in keyof Life]: Life[K] } = {
    appended: [...(earlier?.appended ?? [])],
    last: null,
    acknowledged: earlier?.acknowledged ?? 0,
    operations: 0,
    log: faulty.log,
  }
  const isOff = (): boolean => stopped(kind) && faulty.struck
  // A call that failed may be tried again; a machine that stopped may not.
  let journal: Journal | null = null
  for (let attempt = 0; attempt < 2 && journal === null; attempt++) {
    journal = await Journal.open(faulty, { durability }).catch(() => null)
  }
  if (journal !== null) {
    check(journal.texts, { ...life, acknowledged: life.appended.length }, `seed ${seed}: the second opening`)
    life.acknowledged = journal.texts.length
    const background: Promise<unknown>[] = []
    const steps = 12 + choose(30)
    for (let step = 0; step < steps && !isOff(); step++) {
      switch (choose(10)) {
        case 0:
          background.push(journal.checkpoint().catch(() => {}))
          break
        case 1:
          await journal.checkpoint().catch(() => {})
          break
        case 2:
        case 3: {
          const count = life.appended.length
          const done = (): void => {
            if (!isOff()) life.acknowledged = Math.max(life.acknowledged, count)
          }
          const flushing = journal.store.flushed().then(done, () => {})
          if (choose(2) === 0) await flushing
          else background.push(flushing)
          break
        }
        default: {
          const text = `${seed}:${step}:${'x'.repeat(choose(5) === 0 ? choose(3000) : choose(40))}`
          const count = 1 + choose(4)
          for (let i = 0; i < count && !isOff(); i++) {
            try {
              journal.append(`${text}${i}`)
              life.appended.push(`${text}${i}`)
            } catch {
              if (isOff()) life.last = `${text}${i}`
            }
          }
        }
      }
      for (let turns = choose(6); turns > 0; turns--) await Promise.resolve()
    }
    await Promise.all(background)
    // Otherwise it is left as it is: a process that ends with the machine.
    if (choose(2) === 0) {
      await journal.store.close().then(
        () => {
          life.acknowledged = life.appended.length
        },
        () => {},
      )
    }
  }
  life.operations = faulty.log.length
  return life
}

/** Throws where what is found isn't a beginning of what was appended, or lacks what was acknowledged. */
function check(found: readonly string[], life: Life, what: string): void {
  const may = life.last === null ? life.appended : [...life.appended, life.last]
  const wrong = found.findIndex((text, i) => text !== may[i])
  const fail = (reason: string): never => {
    throw new Error(`${what}: ${reason}; operations: ${life.log.slice(-12).join('; ')}`)
  }
  if (wrong >= 0) fail(`record ${wrong + 1} is ${found[wrong]}, and ${may[wrong]} was appended`)
  if (found.length < life.acknowledged) fail(`${found.length} records, and ${life.acknowledged} were acknowledged`)
}

/** One workload to play. */
export interface Campaign {
  readonly seed: number
  readonly kinds: readonly FaultKind[]
  readonly losses: Losses
  /** Every so manieth operation goes wrong. */
  readonly step: number
  /** The system's code of what goes wrong. */
  readonly code?: string
}

/** What a campaign went through. */
export interface Losses {
  points: number
  /** After which not all that was appended was there. */
  losing: number
  /** After which a tail was cut off. */
  cuts: number
  /** With a second loss during the recovery. */
  second: number
}

/**
 * One workload, with the power lost at every operation in turn, before it and after it, each with several outcomes of
 * what hadn't been synced; after some of them, a second loss during the recovery, and then the store goes on.
 */
export async function losePower({ seed, kinds, losses, step, code }: Campaign): Promise<void> {
  for (const kind of kinds) {
    for (let at = 1 + (seed % step); ; at += step) {
      const fs = new MemoryFileSystem()
      // Half of the workloads find a store that is there already.
      const earlier = seed % 2 === 0 ? null : await live(fs, null, seed + 1_000_000, Number.POSITIVE_INFINITY, 'fail')
      const life = await live(fs, earlier, seed, at, kind, code)
      for (let fate = 0; fate < 3; fate++) {
        const what = `seed ${seed}, ${kind} at ${at}, fate ${fate}`
        const choose = fate === 0 ? () => 0 : draw(seed * 7919 + at * 31 + fate)
        const found = fs.afterPowerLoss(choose)
        losses.points++
        if (fate === 2) {
          // What is found first is found again, however often the recovery is cut short.
          const second = 1 + choose(14)
          const before = await textsOf(found.clone())
          const faulty = new FaultyFileSystem(found, second, choose(2) === 0 ? 'crash' : 'crash-after')
          await Journal.open(faulty).then(
            (journal) => journal.store.close().catch(() => {}),
            () => {},
          )
          const again = found.afterPowerLoss(choose)
          losses.second++
          const texts = await recover(again, life, what)
          if (before.length !== texts.length) {
            throw new Error(
              `${what}: ${before.length} records before a second loss at ${second}, ${texts.length} after`,
            )
          }
          continue
        }
        const texts = await recover(found, life, what, losses)
        if (texts.length < life.appended.length) losses.losing++
      }
      if (life.operations < at) break
    }
  }
}

/** Opens what is left, checks it, and sees that it can be gone on with. */
async function recover(fs: MemoryFileSystem, life: Life, what: string, losses?: Losses): Promise<readonly string[]> {
  let journal: Journal
  try {
    journal = await Journal.open(fs)
  } catch (error) {
    throw new Error(`${what}: operations: ${life.log.slice(-12).join('; ')}`, { cause: error })
  }
  const found = journal.texts.slice()
  check(found, life, what)
  if (losses !== undefined && journal.report!.cut !== null) losses.cuts++
  journal.append('more')
  await journal.store.flushed()
  await journal.store.close()
  const texts = await textsOf(fs.afterPowerLoss(() => 0))
  if (texts.length !== found.length + 1 || texts.at(-1) !== 'more') throw new Error(`${what}: did not go on`)
  return found
}
