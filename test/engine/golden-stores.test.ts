import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Engine, type ExternalId, loadEngine, openEngine, type SchemaSpec } from '../../src/index.ts'

/** What the engine that was saved answered, at the time. `v2-ids2` is of format 2 with version 2 of the section `ids`. */
interface Expected {
  readonly asOf: number
  readonly size: number
  readonly schema: unknown
  readonly workspaces: readonly string[]
  /** Ids by rule, integers with a `#` before them. */
  readonly answers: Readonly<Record<string, readonly string[]>>
  /** `ids`: of the person, from the version on that can link. */
  readonly people: Readonly<Record<string, { dense: number; values: unknown; purchases: unknown; ids?: string[] }>>
  /** Ids of nobody. */
  readonly unknown?: readonly string[]
  readonly versions: unknown
}

const stores = join(import.meta.dirname, '../golden/stores')

/** As JSON gives it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function idOf(text: string): ExternalId {
  return text.startsWith('#') ? BigInt(text.slice(1)) : text
}

function textOf(id: ExternalId): string {
  return typeof id === 'string' ? id : `#${id}`
}

function check(crowd: Engine<SchemaSpec>, expected: Expected): void {
  expect(crowd.size).toBe(expected.size)
  expect(plain(crowd.schema)).toEqual(expected.schema)
  expect(crowd.workspaces()).toEqual(expected.workspaces)
  for (const [rule, ids] of Object.entries(expected.answers)) {
    const found = Array.from(crowd.select(rule).ids(), textOf)
    expect([rule, ...found]).toEqual([rule, ...ids])
  }
  for (const [text, { dense, values, purchases, ids }] of Object.entries(expected.people)) {
    const id = idOf(text)
    expect(crowd.denseOf(id)).toBe(dense)
    expect(plain(crowd.get(id))).toEqual(values)
    expect(plain(crowd.events(id, 'purchase' as never))).toEqual(purchases)
    expect(crowd.idsOf(id).map(textOf)).toEqual(ids ?? [text])
  }
  for (const text of expected.unknown ?? []) expect(crowd.has(idOf(text))).toBe(false)
  const versions = crowd.audiences
    .list()
    .map(({ name, kind, bounds, versions }) => [
      name,
      kind,
      bounds,
      versions.map(({ number, ruleHash, asOf, dataVersion, size }) => ({ number, ruleHash, asOf, dataVersion, size })),
    ])
  expect(plain(versions)).toEqual(expected.versions)
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
