import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Engine, loadEngine, openEngine, type SchemaSpec } from '../../src/index.ts'
import { type GoldenAnswers, goldenAnswers, idOf } from './golden-answers.ts'

/**
 * What the engine that was saved answered, at the time. `v2-ids2` is of format 2 with version 2 of the section `ids`, `v2-people` the same with
 * the section `people`.
 */
interface Expected extends Omit<GoldenAnswers, 'people'> {
  readonly asOf: number
  /** `ids`: of the person, from the version on that can link. */
  readonly people: Readonly<Record<string, { readonly ids?: readonly string[] }>>
  /** Ids of nobody. */
  readonly unknown?: readonly string[]
}

const stores = join(import.meta.dirname, '../golden/stores')

function check(crowd: Engine<SchemaSpec>, { asOf: _, unknown = [], people, ...expected }: Expected): void {
  const described = Object.entries(people).map(([text, person]) => [text, { ids: [text], ...person }])
  expect(goldenAnswers(crowd, Object.keys(expected.answers), Object.keys(people))).toEqual({
    ...expected,
    people: Object.fromEntries(described),
  })
  for (const text of unknown) expect(crowd.has(idOf(text))).toBe(false)
}

test('the store of format v1, a save without a log, is loaded with all that it held', async () => {
  const expected = JSON.parse(readFileSync(join(stores, 'v1/expected.json'), 'utf8')) as Expected
  check(await loadEngine(join(stores, 'v1/data'), { clock: { now: () => expected.asOf as never } }), expected)
})

describe.each(readdirSync(stores))('a store of format %s', (version) => {
  const expected = JSON.parse(readFileSync(join(stores, version, 'expected.json'), 'utf8')) as Expected
  const clock = { now: () => expected.asOf as never }

  test('is opened, and kept by this version from then on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-golden-'))
    try {
      const dir = join(folder, 'data')
      cpSync(join(stores, version, 'data'), dir, { recursive: true })
      const first = await openEngine({ dir, clock })
      check(first, expected)
      first.put('brand new', { 精致妈妈: true } as never)
      await first.checkpoint()
      first.remove('brand new')
      await first.close()
      const again = await openEngine({ dir, clock })
      check(again, expected)
      await again.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
