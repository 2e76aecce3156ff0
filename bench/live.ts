import { createEngine, type Engine, flag, type SchemaSpec } from 'crowdbit'
import { median } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report, type Table } from './report.ts'
import { flags, membersOf, type ShapesCrowd } from './shapes/crowd.ts'

/** Writes between two counts: at 100,000 writes a second, one count each 10 ms. */
const burst = 1_000
const rounds = 200
const rule = 'A and B minus C'
const names = ['A', 'B', 'C'] as const

/**
 * Question: what does a count of tags cost while single people are written to the same tags, beside when nothing is? A thousand single writes, each to a random person
 * and tag, then a count, again and again.
 */
export function benchLive(sizes: readonly number[]): void {
  const rows = sizes.map((people) => {
    const engine = engineOf({ people, kind: 'independent', seed: 42 })
    const quiet: number[] = []
    for (let i = 0; i < rounds; i++) quiet.push(count(engine))
    const random = mulberry32(5)
    const live: number[] = []
    const writing: number[] = []
    for (let i = 0; i < rounds; i++) {
      const began = performance.now()
      for (let write = 0; write < burst; write++) {
        const name = names[Math.floor(random() * names.length)]!
        engine.put(Math.floor(random() * people), { [name]: random() < 0.5 })
      }
      writing.push(performance.now() - began)
      live.push(count(engine))
    }
    const [before, meanwhile, burstTook] = [median(quiet.slice(20)), median(live.slice(20)), median(writing.slice(20))]
    return [people, Math.round((burst / burstTook) * 1000), before, meanwhile, `${(meanwhile / before).toFixed(2)}×`]
  })
  const table: Table = {
    title: `Single writes and counts of ${rule} in turns, medians`,
    header: ['people', 'writes/s', 'count, quiet (ms)', `count after ${burst} writes (ms)`, 'ratio'],
    rows,
  }
  report('live', [table])
}

function engineOf(crowd: ShapesCrowd): Engine<SchemaSpec> {
  const schema: SchemaSpec = { A: flag(), B: flag(), C: flag() }
  const engine = createEngine({ schema })
  const batch = 1_000_000
  for (let from = 0; from < crowd.people; from += batch) {
    engine.putMany(Array.from({ length: Math.min(batch, crowd.people - from) }, (_, i) => [from + i, {}] as const))
  }
  const tags = engine.tags as unknown as Record<string, { replace(dense: Uint32Array): unknown }>
  for (const tag of flags()) if (Object.hasOwn(schema, tag.name)) tags[tag.name]!.replace(membersOf(crowd, tag))
  return engine
}

function count(engine: Engine<SchemaSpec>): number {
  const began = performance.now()
  engine.count(rule)
  return performance.now() - began
}
