import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const root =
  process.env.CROWDBIT_DATA ?? resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', 'shared', 'data')

/** The path of a file or folder of the shared data (its README.md lists them), or `null` where it is missing. */
export function sharedData(path: string): string | null {
  const full = resolve(root, path)
  return existsSync(full) ? full : null
}

/** A `describe` that needs `path` of the shared data. Where it is missing, the tests are skipped, loudly. */
export function describeWithData(name: string, path: string, tests: (fullPath: string) => void): void {
  const full = sharedData(path)
  if (full !== null) {
    describe(name, () => tests(full))
    return
  }
  console.warn(`SKIPPED: ${name}: no ${resolve(root, path)}. Set CROWDBIT_DATA to the folder of the shared data.`)
  // The tests themselves are not even collected: they may read the folder to know their names.
  describe.skip(`${name} (no shared data)`, () => {
    it('needs the shared data', () => {})
  })
}
