import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { report } from './report.ts'

/** What a process says. */
interface Taken {
  readonly idBytes: number
  readonly nativeBitmapBytes: number
  readonly grown: number
  readonly beyond: number
}

/**
 * Question: how much memory does an engine take beyond the bytes of its dictionary and its bitmaps? People have string ids and 50 tags. Processes of their
 * own, since it is resident memory that is measured: one makes the engine and saves it, another loads it.
 */
export function benchMemory(sizes: readonly number[]): void {
  const rows = sizes.flatMap((people) => {
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-memory-'))
    try {
      const save = join(folder, 'saved')
      const asked = [
        ['made by writes', '--save'],
        ['loaded', '--load'],
      ] as const
      return asked.map(([how, option]) => {
        const { idBytes, nativeBitmapBytes, grown, beyond } = inProcess(people, option, save)
        const sizes = [idBytes, nativeBitmapBytes, grown].map((bytes) => Math.round(bytes / 1e6))
        return [`${people.toLocaleString('en')}, ${how}`, ...sizes, `${(beyond * 100).toFixed(1)} %`]
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  report('memory', [
    {
      title: 'Memory of people with string ids of 16 bytes and 50 tags, MB of 10^6 bytes',
      header: ['people', 'dictionary', 'bitmaps', 'resident, less that of an empty engine', 'beyond both'],
      rows,
    },
  ])
}

function inProcess(people: number, option: string, save: string): Taken {
  const file = join(import.meta.dirname, 'memory-process.ts')
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', file, '--people', String(people), option, save],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  )
  if (status !== 0) throw new Error('the process failed')
  return JSON.parse(stdout) as Taken
}
