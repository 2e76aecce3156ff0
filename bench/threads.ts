import { monitorEventLoopDelay } from 'node:perf_hooks'
import { median, shuffled } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report, type Table } from './report.ts'
import type { ShapesCrowd } from './shapes/crowd.ts'
import { asOf, engineOf, rules } from './shapes/crowdbit.ts'
import { profiles, questions } from './shapes/questions.ts'

const rounds = 15
const threads = 2
const imageBytes = 3 * 2 ** 30

interface Asked {
  readonly name: string
  one(turn: number): unknown
  several(turn: number): Promise<unknown>
}

/**
 * Questions: how much faster are answers that are awaited with two threads than those of one, and how long do others wait for their turn of the event
 * loop while they are worked out? The same engine, the same questions, in rounds each in an order of its own; windows slide by a day with each round.
 */
export async function benchThreads(sizes: readonly number[], kinds: readonly ShapesCrowd['kind'][]): Promise<void> {
  const tables: Table[] = []
  for (const people of sizes) for (const kind of kinds) tables.push(...(await tablesOf({ people, kind, seed: 1 })))
  report('threads', tables)
}

async function tablesOf(crowd: ShapesCrowd): Promise<Table[]> {
  const engine = engineOf(crowd, { imageBytes, threads })
  const asked: Asked[] = []
  for (const { key, name } of questions) {
    const rule = rules[key]
    if (rule === undefined) continue
    asked.push({
      name: `${name}, count`,
      one: (turn) => engine.count(rule, asOf(turn)),
      several: (turn) => engine.countAsync(rule, asOf(turn)),
    })
    asked.push({
      name: `${name}, set`,
      one: (turn) => {
        const set = engine.select(rule, asOf(turn))
        const { size } = set
        set.release()
        return size
      },
      several: async (turn) => {
        const set = await engine.selectAsync(rule, asOf(turn))
        const { size } = set
        set.release()
        return size
      },
    })
  }
  const { insight } = engine
  asked.push({
    name: 'S8 sum and average over S2',
    one: () => insight.aggregate(rules.S2!, 'n16'),
    several: () => insight.aggregateAsync(rules.S2!, 'n16'),
  })
  for (const [key, by] of profiles) {
    asked.push({
      name: questions.find((question) => question.key === key)!.name,
      one: () => insight.cube(rules.S2!, { by: [by] }),
      several: () => insight.cubeAsync(rules.S2!, { by: [by] }),
    })
  }
  const times = asked.map(() => ({ one: [] as number[], several: [] as number[] }))
  const random = mulberry32(17)
  for (let round = 0; round <= rounds; round++) {
    for (const i of shuffled([...asked.keys()], random)) {
      const { name, one, several } = asked[i]!
      const answers: unknown[] = []
      // Each kind of answer has instants of its own, so that neither finds what the other has kept.
      for (const way of shuffled(['one', 'several'] as const, random)) {
        const turn = 2 * round + (way === 'one' ? 0 : 1)
        const began = performance.now()
        if (way === 'one') one(turn)
        else await several(turn)
        const took = performance.now() - began
        // The first round makes copies, and compiles.
        if (round > 0) times[i]![way].push(took)
        else
          answers.push(way === 'one' ? await several(turn) : one(turn), way === 'one' ? one(turn) : await several(turn))
      }
      if (
        round === 0 &&
        (JSON.stringify(answers[0]) !== JSON.stringify(answers[1]) ||
          JSON.stringify(answers[2]) !== JSON.stringify(answers[3]))
      )
        throw new Error(`${name}: answers differ`)
    }
  }
  const delay = await delays(asked)
  const rows = asked.map(({ name }, i) => {
    const [one, several] = [median(times[i]!.one), median(times[i]!.several)]
    return [name, one, several, `${(one / several).toFixed(2)}×`, delay[i]!.p99, delay[i]!.max]
  })
  await engine.close()
  return [
    {
      title: `Awaited with ${threads} threads, ${crowd.people.toLocaleString('en')} people, ${crowd.kind} tags, medians in ms`,
      header: ['question', 'one thread', `${threads} threads`, 'one ÷ several', 'delay p99', 'delay max'],
      rows,
    },
  ]
}

/** Milliseconds by which a turn of the event loop is late, while each question is asked again and again. */
async function delays(asked: readonly Asked[]): Promise<{ readonly p99: number; readonly max: number }[]> {
  const found: { p99: number; max: number }[] = []
  for (const { several } of asked) {
    const histogram = monitorEventLoopDelay({ resolution: 1 })
    histogram.enable()
    const began = performance.now()
    for (let turn = 100; performance.now() - began < 500 || turn < 110; turn++) await several(turn)
    histogram.disable()
    // What is measured is the time between two ticks of a timer of one millisecond.
    found.push({ p99: Math.max(0, histogram.percentile(99) / 1e6 - 1), max: Math.max(0, histogram.max / 1e6 - 1) })
  }
  return found
}
