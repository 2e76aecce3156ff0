import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Engine, openEngine, type SchemaSpec } from '../../src/index.ts'
import { decodeFolder } from '../store/independent-decoder.ts'
import { scriptedClock, scriptedIds, scriptedSchema, scriptedWrite } from './scripted-writes.ts'

const folder = mkdtempSync(join(tmpdir(), 'crowdbit-decoder-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('docs/format.md is enough to read a folder, without any code of ours', async () => {
  const dir = join(folder, 'data')
  const crowd = (await openEngine({ dir, schema: scriptedSchema, clock: scriptedClock })) as Engine<SchemaSpec>
  for (let i = 0; i < 500; i++) scriptedWrite(crowd, i)
  await crowd.checkpoint()
  const checkpoint = new Map(scriptedIds.map((id) => [id, { dense: crowd.denseOf(id), values: crowd.get(id) }]))
  for (let i = 500; i < 740; i++) scriptedWrite(crowd, i)
  await crowd.flushed()
  const { manifest, ids, people, columns, records } = decodeFolder(dir)
  await crowd.close()

  expect(manifest.sequence).toBe(500)
  const living = [...ids.keys()].filter((dense) => ids[dense] !== undefined)
  expect(living.length).toBeLessThan(ids.length)
  expect(people).toEqual({ givenOut: ids.length, linked: 0, living })
  expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 240 }, (_, i) => 501 + i))
  const texts = (name: string): Map<string, number[]> => columns.get(name) as Map<string, number[]>
  const numbers = columns.get('spend') as Map<number, number>
  for (const [id, { dense, values }] of checkpoint) {
    const number = ids.findIndex((known) => known === (typeof id === 'string' ? id : BigInt(id)))
    expect(number).toBe(dense ?? -1)
    if (dense === undefined) continue
    const of = (name: string): string[] =>
      [...texts(name)].filter(([, people]) => people.includes(dense)).map(([text]) => text)
    const { vip, tier, likes, spend } = values as Record<string, unknown>
    expect(of('vip')).toEqual(vip === true ? [''] : [])
    expect(of('tier')).toEqual(tier === undefined ? [] : [tier])
    expect(of('likes')).toEqual(likes ?? [])
    expect(numbers.get(dense)).toBe(spend === undefined ? undefined : Math.round((spend as number) * 100))
  }
  // What the script wrote, by the kinds of the page.
  const kinds = new Set(records.map(({ fields }) => fields[0]))
  expect([...kinds].sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4, 5, 6, 7, 21])
  for (const { sequence, fields } of records) {
    const i = sequence - 1
    if (i % 12 === 1)
      expect(fields).toMatchObject([
        1,
        expect.anything(),
        'spend',
        Math.round(((i % 1000) + 0.25) * 100),
        'likes',
        [[`topic ${i % 9}`], []],
      ])
    if (i % 12 === 2)
      expect([fields[0], fields[1], fields[5], fields.length]).toEqual([
        5,
        'buy',
        i % 3 === 0 ? `order ${i % 5000}` : null,
        8,
      ])
    if (i % 12 === 6) expect(fields.slice(0, 4)).toEqual([3, 'vip', 1, null])
    if (i % 60 === 9) expect(fields[0]).toBe(7)
  }
})
