import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchBulk } from './bulk.ts'
import { benchCounts } from './counts.ts'
import { benchDurability } from './durability.ts'
import { benchEvents } from './events.ts'
import { benchLive } from './live.ts'
import { benchMatches } from './matches.ts'
import { benchMemory } from './memory.ts'
import { benchOperationCost } from './operation-cost.ts'
import { benchPlanning } from './planning.ts'
import { benchRanges } from './ranges.ts'
import { peers } from './shapes/peers.ts'
import { benchShapes } from './shapes.ts'
import { benchSizing } from './sizing.ts'
import { benchThreads } from './threads.ts'
import { benchTrack } from './track.ts'

const usage = `npm run bench -- [shapes] [threads] [live] [bulk] [counts] [matches] [planning] [ranges] [events] [track] [memory] [footprint] [sizing] [durability] [ids] [operation-cost]
                 [--people 1000000,10000000] [--events 20000000] [--peers crowdbit,DuckDB] [--kinds independent,realistic]

Without a name: counts, matches and planning. People are 1 and 10 million for counts and matches, 10 million for the others,
if not given. Results are printed, and written to bench/results.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string' },
    events: { type: 'string', default: '20000000' },
    peers: { type: 'string', default: '' },
    kinds: { type: 'string', default: 'independent,realistic' },
    help: { type: 'boolean', default: false },
  },
})
const given = values.people?.split(',').map(Number)
const sizes = given ?? [1_000_000, 10_000_000]
const large = given ?? [10_000_000]
const events = Number(values.events)
/** Names of peers begin alike, and have commas in them: `roaring` means both ways of it. */
const chosen = Object.keys(peers).filter((name) => values.peers.split(',').some((given) => name.startsWith(given)))
const kinds = (['independent', 'realistic'] as const).filter((kind) => values.kinds.split(',').includes(kind))
const benches: Record<string, () => void | Promise<void>> = {
  shapes: () => benchShapes(sizes, kinds, chosen),
  threads: () => benchThreads(large, kinds),
  live: () => benchLive(large),
  bulk: () => benchBulk(large),
  counts: () => benchCounts(sizes),
  matches: () => benchMatches(sizes),
  planning: benchPlanning,
  ranges: () => benchRanges(large),
  events: () => benchEvents(large, events),
  track: () => benchTrack(large, events),
  memory: () => benchMemory(large),
  durability: () => benchDurability((given ?? [5_000_000])[0]!),
  sizing: () => benchSizing((given ?? [1_000_000])[0]!),
  'operation-cost': benchOperationCost,
  // Processes of their own: they measure memory.
  footprint: () => {
    for (const people of large)
      inProcess('footprint', 'footprint', '--people', String(people), '--events', String(events))
  },
  ids: () => inProcess('ids'),
}
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
const counts = [...sizes, events]
if (values.help || unknown.length > 0 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
  console.error(usage)
  process.exitCode = 2
} else {
  for (const name of positionals.length > 0 ? positionals : ['counts', 'matches', 'planning']) await benches[name]!()
}

/** Runs the file of a bench. Its arguments are what its report says it was started with. */
function inProcess(name: string, ...args: readonly string[]): void {
  const file = join(import.meta.dirname, `${name}.ts`)
  const { status } = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', file, ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
