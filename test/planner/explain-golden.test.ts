import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goldenEngine } from './golden-population.ts'

// Drop a file with a rule into the folder, run with UPDATE_GOLDEN=1, read what was written, and it is a test.
const folder = join(import.meta.dirname, '../golden/explain')
const divider = '\n---\n'

describe('explain, pinned by golden files (law 23)', () => {
  const crowd = goldenEngine()
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))
  it('finds the golden files', () => expect(files.length).toBeGreaterThanOrEqual(20))
  for (const name of files) {
    it(name, () => {
      const path = join(folder, name)
      const [rule, expected] = readFileSync(path, 'utf8').split(divider)
      const actual = crowd.explain(rule!.trim()).toString({ times: false })
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, `${rule!.trim()}${divider}${actual}\n`)
      else expect(`${actual}\n`).toBe(expected)
      expect(crowd.explain(rule!.trim()).count).toBe(crowd.select(rule!.trim()).size)
    })
  }
})
