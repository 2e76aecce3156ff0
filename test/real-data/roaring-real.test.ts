import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'

/** Sums over successive files of |and|, |or|, |xor|, |andnot|, and |or of all|, as the data's README publishes them. */
const published = {
  'census-income': { files: 200, and: 1_245_448, or: 12_487_395, xor: 11_241_947, andnot: 5_666_586, all: 199_523 },
  census1881: { files: 200, and: 23, or: 2_007_691, xor: 2_007_668, andnot: 1_003_836, all: 988_653 },
} as const

const canUnpack = ['tar', 'xz'].every((tool) => spawnSync(tool, ['--version']).status === 0)
if (!canUnpack) console.warn('SKIPPED: the bitmaps of the Roaring papers: no tar or xz on this machine')

for (const [name, expected] of Object.entries(published)) {
  describeWithData(`the ${name} bitmaps of the Roaring papers`, `roaring-real/${name}.tar.xz`, (archive) => {
    describe.skipIf(!canUnpack)('as flags', () => {
      let folder: string
      let crowd: Engine<Readonly<Record<string, FlagSpec>>>
      let names: readonly string[]

      beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), 'crowdbit-roaring-'))
        execFileSync('tar', ['-xJf', archive, '-C', folder])
        const files = filesIn(folder).sort((a, b) => (a < b ? -1 : 1))
        const sets = files.map((file) => Uint32Array.from(readFileSync(file, 'utf8').trim().split(','), Number))
        names = files.map((_, index) => `set ${index}`)
        crowd = createEngine({ schema: Object.fromEntries(names.map((set) => [set, flag()])) })
        addPeople(crowd, 1 + sets.reduce((most, set) => set.reduce((a, b) => Math.max(a, b), most), 0))
        names.forEach((set, index) => {
          crowd.tags[set]!.replace(sets[index]!)
        })
      })

      afterAll(() => {
        rmSync(folder, { recursive: true, force: true })
      })

      test('the rules over successive sets count what the papers count', () => {
        const { and, or, xor, minus, tag } = crowd.rules
        const sums = { files: names.length, and: 0, or: 0, xor: 0, andnot: 0, all: 0 }
        for (let i = 0; i + 1 < names.length; i++) {
          const pair = [tag(names[i]!), tag(names[i + 1]!)]
          sums.and += crowd.count(and(...pair))
          sums.or += crowd.count(or(...pair))
          sums.xor += crowd.count(xor(...pair))
          sums.andnot += crowd.count(minus(...pair))
        }
        sums.all = crowd.count(or(...names.map((set) => tag(set))))
        expect(sums).toEqual(expected)
      })

      test('selecting gives the sizes that counting gives', () => {
        const { and, or, xor, minus, atLeast, tag } = crowd.rules
        for (let i = 0; i + 1 < names.length; i += 20) {
          const pair = [tag(names[i]!), tag(names[i + 1]!)]
          for (const rule of [and(...pair), or(...pair), xor(...pair), minus(...pair)]) {
            expect(crowd.select(rule).size).toBe(crowd.count(rule))
          }
        }
        expect(crowd.count(atLeast(1, names.map(tag)))).toBe(expected.all)
        expect(crowd.count(or(...names.map(tag)).not())).toBe(crowd.size - expected.all)
      })
    })
  })
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.txt') && statSync(file).isFile())
}

/** People whose id is their dense number, by bulk writes of a flag that nobody keeps. */
function addPeople(crowd: Engine<Readonly<Record<string, FlagSpec>>>, count: number): void {
  const flagName = 'set 0'
  const block = 500_000
  for (let from = 0; from < count; from += block) {
    crowd.tags[flagName]!.clear(Array.from({ length: Math.min(block, count - from) }, (_, i) => from + i))
  }
  expect(crowd.size).toBe(count)
  expect(crowd.denseOf(count - 1)).toBe(count - 1)
}
