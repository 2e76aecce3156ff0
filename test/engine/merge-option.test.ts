import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ColumnSpec, category, createEngine, event, loadEngine, number, timestamp } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'

// What the option does is law 4.

test('is left out where it says what goes without saying', () => {
  expect(number({ merge: 'latest' })).toEqual(number())
  expect(category({ merge: 'latest' })).toEqual(category())
  expect(timestamp({ merge: 'latest' })).toBe(timestamp())
  const byHand = { kind: 'number', scale: 0, min: null, max: null, merge: 'latest' } as const
  expect(createEngine({ schema: { n: byHand } }).schema).toEqual({ n: number() })
})

test.each<[string, unknown]>([
  ['another policy', number({ merge: 'mean' as never })],
  ['the highest text', category({ merge: 'max' as never })],
  ['the sum of instants', timestamp({ merge: 'sum' as never })],
  ['a category of many values', category({ many: true, merge: 'first' as never })],
  ['a property of an event', event({ amount: number({ merge: 'sum' }) })],
  ['by hand', { kind: 'timestamp', merge: 7 }],
])('is refused for %s', (_, spec) => {
  const error = refusal(() => createEngine({ schema: { x: spec as ColumnSpec } }))
  expect([error.code, error.message]).toEqual(['SCHEMA_INVALID', expect.stringContaining('the option merge')])
})

test('is saved, and is a part of the schema that a program expects', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-merge-'))
  try {
    const schema = {
      tier: category({ merge: 'first' }),
      n: number({ merge: 'sum' }),
      at: timestamp({ merge: 'min' }),
      plain: number(),
    }
    const crowd = createEngine({ schema })
    crowd.put('u1', { n: 1 })
    crowd.put('u2', { n: 2 })
    await crowd.save(folder)
    const loaded = await loadEngine(folder, { schema })
    expect(loaded.schema).toEqual(schema)
    loaded.link('u1', 'u2')
    expect(loaded.get('u1')?.n).toBe(3)
    const other = { tier: category(), n: number({ merge: 'max' }), at: timestamp(), plain: number() }
    await expect(loadEngine(folder, { schema: other as never })).rejects.toMatchObject({
      code: 'STORE_SCHEMA_MISMATCH',
      message: expect.stringContaining('number({ merge: max }), saved number({ merge: sum })'),
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
