import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCounts } from './counts.ts'
import { benchMatches } from './matches.ts'
import { benchOperationCost } from './operation-cost.ts'
import { benchPlanning } from './planning.ts'

const usage = `npm run bench -- [counts] [matches] [planning] [ids] [operation-cost] [--people 1000000,10000000]

Without a name: counts, matches and planning. Results are printed, and written to bench/results.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { people: { type: 'string', default: '1000000,10000000' }, help: { type: 'boolean', default: false } },
})
const sizes = values.people.split(',').map(Number)
const benches: Record<string, () => void> = {
  counts: () => benchCounts(sizes),
  matches: () => benchMatches(sizes),
  planning: benchPlanning,
  'operation-cost': benchOperationCost,
  // A process of its own: it measures memory.
  ids: () =>
    void spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', join(import.meta.dirname, 'ids.ts')], {
      stdio: 'inherit',
    }),
}
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (values.help || unknown.length > 0 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error(usage)
  process.exitCode = 2
} else {
  for (const name of positionals.length > 0 ? positionals : ['counts', 'matches', 'planning']) benches[name]!()
}
