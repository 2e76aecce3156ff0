import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createEngine, flag, loadEngine, openEngine } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crowdbit-many-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** So many that their table is in several parts. */
const people = 1_100_000

test('a save with a table of several parts is opened, checkpointed with nothing new, and opened again', async () => {
  const dir = join(folder, 'data')
  const crowd = createEngine({ schema: { vip: flag() } })
  for (let from = 0; from < people; from += 100_000) {
    crowd.tags.vip.add(Array.from({ length: 100_000 }, (_, i) => from + i))
  }
  await crowd.save(dir)
  const opened = await openEngine({ dir })
  await opened.checkpoint()
  opened.put(5, { vip: false })
  await opened.close()
  const again = await openEngine({ dir, schema: { vip: flag() } })
  expect([again.size, again.count('vip'), again.denseOf(1_099_999)]).toEqual([people, people - 1, people - 1])
  // A few new ids and a removal: the table is kept but for a part, and the ids are found.
  again.tags.vip.add(['new', 'newer'])
  again.remove(77)
  const { bytesWritten, bytesKept } = await again.checkpoint()
  expect(bytesKept).toBeGreaterThan(bytesWritten / 4)
  await again.close()
  const last = await loadEngine(dir)
  expect([last.size, last.denseOf('newer'), last.has(77), last.denseOf(78)]).toEqual([
    people + 1,
    people + 1,
    false,
    78,
  ])
})

test('opening and closing alone writes no checkpoint, and leaves few files', async () => {
  const dir = join(folder, 'idle')
  const crowd = await openEngine({ dir, schema: { vip: flag() } })
  crowd.put('u1', { vip: true })
  await crowd.close()
  const sections = (): string[] => readdirSync(dir).filter((name) => /^\d/.test(name))
  const before = sections()
  for (let i = 0; i < 3; i++) await (await openEngine({ dir })).close()
  expect(sections()).toEqual(before)
  for (let i = 0; i < 10; i++) {
    const again = await openEngine({ dir })
    expect(again.count('vip')).toBe(1)
    await again.close()
    expect(readdirSync(dir).length).toBeLessThan(10)
  }
})
