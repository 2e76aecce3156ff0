import { category, createEngine, type Engine, type EngineOptions, event, flag, number, type SchemaSpec } from 'crowdbit'
import {
  categoryOfEvent,
  categorySizes,
  dayMs,
  dayOfEvent,
  type EventKind,
  eventKinds,
  eventsOf,
  firstDay,
  flags,
  lastDay,
  manyTags,
  membersOf,
  numbersOf,
  peopleByValue,
  personOfEvent,
  type ShapesCrowd,
  windowAt,
  zipfTags,
} from './crowd.ts'
import { headline, mixed, type Peer, profileSum, profiles, range16, range24, type Way } from './questions.ts'

/** Rules by key of the question. */
export const rules: Readonly<Record<string, string>> = {
  S1: 'A and B',
  S2: 'A and B minus C',
  S3: '(A or B) and (C or D) minus E',
  S4a: 'sparse and rare',
  S4b: 'sparse and B',
  S5a: 'A or B or C or D or E or F or G',
  S5b: Array.from({ length: zipfTags }, (_, i) => `P${i + 1}`).join(' or '),
  S6a: 'at least 3 of (A, B, C, D, E, F, G, H)',
  S6b: `at least 10 of (${Array.from({ length: manyTags }, (_, i) => `T${i + 1}`).join(', ')})`,
  S7a: `n16 between ${range16[0]} and ${range16[1]} and A`,
  S7b: `n24 between ${range24[0]} and ${range24[1]} and A`,
  S9a: 'did buy at least 3 times in last 7 days',
  S9b: 'did buy at least 3 times in last 90 days',
  S11: [
    '(A or B or D) and not (C or F)',
    `(${mixed.any.join(' or ')})`,
    `at least 2 of (${mixed.atLeast2.join(', ')})`,
    `not (${mixed.none.join(' or ')})`,
    `c50 in (${mixed.values.map((value) => `"v${value}"`).join(', ')})`,
    `n16 >= ${mixed.least16} and n24 < ${mixed.below24}`,
    `did view in last ${mixed.viewDays} days and did not buy in last ${mixed.buyDays} days`,
  ].join(' and '),
  S12: `A and did view(category = "k${headline.category}") in last ${headline.days} days minus C`,
}

const now = firstDay + lastDay * dayMs
const batch = 1_000_000

/** An engine with the people, tags and events of the bench. */
export function engineOf(crowd: ShapesCrowd, options: Omit<EngineOptions<SchemaSpec>, 'schema'>): Engine<SchemaSpec> {
  const schema: Record<string, SchemaSpec[string]> = {
    n16: number(),
    n24: number(),
    c50: category(),
    c5000: category(),
  }
  for (const { name } of flags()) schema[name] = flag()
  schema.view = event({ category: category() })
  schema.buy = event({ category: category() })
  const engine = createEngine({ schema, clock: { now: () => now as never }, ...options })
  for (let from = 0; from < crowd.people; from += batch) {
    engine.putMany(Array.from({ length: Math.min(batch, crowd.people - from) }, (_, i) => [from + i, {}] as const))
  }
  const tags = engine.tags as unknown as Record<
    string,
    { replace(...of: unknown[]): unknown; add(...of: unknown[]): unknown }
  >
  for (const tag of flags()) tags[tag.name]!.replace(membersOf(crowd, tag))
  {
    const everyone = Uint32Array.from({ length: crowd.people }, (_, person) => person)
    for (const bits of [16, 24] as const) tags[`n${bits}`]!.replace(everyone, numbersOf(crowd, bits))
  }
  for (const name of Object.keys(categorySizes)) {
    peopleByValue(crowd, name).forEach((people, value) => {
      if (people.length > 0) tags[name]!.add(`v${value}`, people)
    })
  }
  for (const kind of eventKinds) track(crowd, kind, (columns) => void engine.trackColumns(kind, columns as never))
  return engine
}

/** The instant of a turn: windows slide by a day with each. */
export function asOf(turn: number): { readonly asOf: number } {
  return { asOf: firstDay + windowAt(0, turn)[1] * dayMs }
}

/** crowdbit, one thread, asked by text. @param imageBytes budget of the kernel; 0 answers step by step */
export function crowdbitPeer(crowd: ShapesCrowd, imageBytes: number): Peer {
  const engine = engineOf(crowd, { imageBytes })
  const ways: Record<string, { count?: Way; set?: Way }> = {}
  for (const [key, rule] of Object.entries(rules)) {
    ways[key] = {
      count: (turn) => engine.count(rule, asOf(turn)),
      set: (turn) => {
        const set = engine.select(rule, asOf(turn))
        const { size } = set
        set.release()
        return size
      },
    }
  }
  const { insight } = engine
  ways.S8a = { count: () => insight.aggregate(rules.S2!, 'n16').sum! }
  ways.S8b = { count: () => insight.quantiles(rules.S2!, 'n16', [0.5], { method: 'discrete' })[0]! }
  for (const [key, name] of profiles) {
    ways[key] = {
      count: () =>
        profileSum(
          insight
            .cube(rules.S2!, { by: [name] })
            .filter((row) => typeof row.by[name] === 'string')
            .map((row) => [Number((row.by[name] as string).slice(1)), row.people]),
        ),
    }
  }
  return { ways, bytes: bytesOf(engine.stats()) }
}

function bytesOf(stats: ReturnType<ReturnType<typeof createEngine>['stats']>): Record<string, number> {
  const flat: Record<string, number> = {}
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number' && /bytes/i.test(path) && !/\.\d+\./.test(path)) flat[path.slice(1)] = value
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, `${path}.${name}`)
  }
  walk(stats, '')
  return flat
}

function track(crowd: ShapesCrowd, kind: EventKind, write: (columns: object) => void): void {
  const count = eventsOf(crowd)
  for (let from = 0; from < count; from += batch) {
    const length = Math.min(batch, count - from)
    const of = <T>(value: (i: number) => T): T[] => Array.from({ length }, (_, i) => value(from + i))
    write({
      dense: Uint32Array.from({ length }, (_, i) => personOfEvent(crowd, kind, from + i)),
      at: Float64Array.from({ length }, (_, i) => firstDay + dayOfEvent(crowd, kind, from + i) * dayMs + 1_000),
      category: of((i) => `k${categoryOfEvent(crowd, kind, i)}`),
    })
  }
}
