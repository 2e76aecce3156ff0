import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, flag, loadEngine, openEngine, verifyEngine } from '../../src/index.ts'

const schema = { vip: flag() }
let root = ''
let folders = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'crowdbit-load-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** A folder as a process left it that was killed, `behind` writes after its checkpoint. */
async function killed(behind: number): Promise<string> {
  const [dir, left] = [join(root, `open-${folders}`), join(root, `left-${folders++}`)]
  const crowd = await openEngine({ dir, schema })
  crowd.put('before', { vip: true })
  await crowd.checkpoint()
  for (let i = 0; i < behind; i++) crowd.put(`behind-${i}`, { vip: true })
  cpSync(dir, left, { recursive: true })
  // This process still lives.
  rmSync(join(left, 'LOCK'))
  await crowd.close()
  return left
}

/** Names, bytes and times of all files of a folder. */
function filesOf(dir: string): unknown {
  return readdirSync(dir)
    .sort()
    .map((name) => [name, readFileSync(join(dir, name)).toString('hex'), statSync(join(dir, name)).mtimeMs])
}

describe('loadEngine of the folder of openEngine', () => {
  test('refuses one with writes in its log, which it would not load; nothing there is changed', async () => {
    const dir = await killed(3)
    const before = filesOf(dir)
    const error = await loadEngine(dir, { schema }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'STORE_LOG_PENDING',
      facts: { path: dir, records: 3, checkpoint: 1, sequence: 4 },
      messageAlone: `the folder ${dir} has 3 mutations in its log behind the checkpoint, which loadEngine does not read. Open it by openEngine, or load a backup of it`,
    })
    expect(filesOf(dir)).toEqual(before)
    const again = await openEngine({ dir, schema })
    expect(again.size).toBe(4)
    await again.close()
  })

  test('loads one that was closed, and one of which all is in the checkpoint', async () => {
    const dir = await killed(3)
    await (await openEngine({ dir, schema })).close()
    expect((await loadEngine(dir, { schema })).size).toBe(4)
    expect((await loadEngine(await killed(0), { schema })).size).toBe(1)
  })

  test('one that is open: loaded while nothing is in the log, refused from the first write on, for which it needs no lock', async () => {
    const dir = join(root, 'living')
    const crowd = await openEngine({ dir, schema })
    expect((await loadEngine(dir)).size).toBe(0)
    crowd.put('u1', { vip: true })
    await expect(loadEngine(dir)).rejects.toMatchObject({
      code: 'STORE_LOG_PENDING',
      messageAlone: expect.stringContaining('has 1 mutation in its log'),
    })
    expect(await verifyEngine(dir)).toMatchObject({ findings: [], records: 1, sequence: 1 })
    crowd.put('u2', { vip: true })
    await crowd.checkpoint()
    expect((await loadEngine(dir)).size).toBe(2)
    expect(crowd.health().writable).toBe(true)
    await crowd.close()
  })

  test('a backup that was opened and written to: its log counts, too', async () => {
    const dir = join(root, 'backup')
    const crowd = await openEngine({ dir: join(root, 'origin'), schema })
    crowd.put('u1', { vip: true })
    await crowd.backup(dir)
    const copy: Engine<typeof schema> = await openEngine({ dir, schema })
    copy.put('u2', { vip: true })
    await copy.flushed()
    await expect(loadEngine(dir)).rejects.toMatchObject({ code: 'STORE_LOG_PENDING', facts: { records: 1 } })
    await copy.close()
    await crowd.close()
    expect((await loadEngine(dir)).size).toBe(2)
  })
})
