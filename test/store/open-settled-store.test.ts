import { expect, test } from 'vitest'
import { openSettledStore } from '../../src/store/open-settled-store.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { landing } from './beside-writer.ts'
import { directory, Journal } from './journal.ts'
import { forward, MemoryFileSystem, systemError } from './memory-file-system.ts'

const log = `${directory}/log-000000000002.crowdbit`

/** Forty texts in a snapshot, and some in the log behind it, as a process leaves them that is killed. */
async function folder(behind: number): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  const journal = await Journal.open(fs)
  for (let i = 0; i < 40; i++) journal.append(`text number ${i}`)
  await journal.checkpoint()
  for (let i = 0; i < behind; i++) journal.append(`behind ${i}`)
  const left = fs.clone()
  await journal.store.close()
  return left
}

test('a snapshot with nothing behind it is opened, also one without a log', async () => {
  for (const fs of [await folder(0), new MemoryFileSystem()]) {
    if ((await fs.list(directory).catch(() => [])).length === 0)
      await saveStore(fs, directory, [], null, { sequence: 40 })
    const store = await openSettledStore(fs, directory)
    expect(store.sequence).toBe(40)
    await store.close()
  }
})

test('records behind the snapshot are counted, and told', async () => {
  await expect(openSettledStore(await folder(7), directory)).rejects.toMatchObject({
    code: 'STORE_LOG_PENDING',
    facts: { path: directory, records: 7, checkpoint: 40, sequence: 47 },
  })
})

test('a torn end: the records before it are the least there are, and it alone is none', async () => {
  const cut = async (behind: number): Promise<MemoryFileSystem> => {
    const fs = await folder(behind)
    fs.set(log, fs.get(log).slice(0, -5))
    return fs
  }
  await expect(openSettledStore(await cut(3), directory)).rejects.toMatchObject({
    code: 'STORE_LOG_PENDING',
    messageAlone: expect.stringContaining('has at least 2 mutations in its log'),
  })
  const store = await openSettledStore(await cut(1), directory)
  expect(store.sequence).toBe(40)
  await store.close()
})

test('a log that is damaged, or gone, is damage here, too', async () => {
  const gone = await folder(3)
  gone.set(log, null)
  const flipped = await folder(3)
  flipped.get(log)[10]! ^= 1
  for (const fs of [gone, flipped]) {
    await expect(openSettledStore(fs, directory)).rejects.toMatchObject({ code: 'STORE_LOG_DAMAGED' })
  }
})

test('files are closed again where it refuses', async () => {
  const fs = await folder(3)
  let open = 0
  const counted = forward(fs, {
    open: async (path) => {
      const file = await fs.open(path)
      open++
      return { ...file, close: async () => void open-- }
    },
  })
  await expect(openSettledStore(counted, directory)).rejects.toMatchObject({ code: 'STORE_LOG_PENDING' })
  expect(open).toBe(0)
})

test('checkpoints that land while it looks: the last is opened', async () => {
  const fs = await folder(0)
  const journal = await Journal.open(fs)
  const { beside, landed } = landing(fs, 3, async () => {
    journal.append('meanwhile')
    await journal.checkpoint()
  })
  const store = await openSettledStore(beside, directory)
  expect([store.sequence, landed()]).toEqual([43, 3])
  await store.close()
  const { beside: always } = landing(fs, 100, async () => {
    journal.append('meanwhile')
    await journal.checkpoint()
  })
  await expect(openSettledStore(always, directory)).rejects.toMatchObject({ code: 'STORE_LOG_DAMAGED' })
  await journal.store.close()
})

test('a disk that fails is told as it is', async () => {
  const fs = await folder(3)
  const failing = forward(fs, {
    list: async (path) => {
      throw systemError('EIO', path)
    },
  })
  await expect(openSettledStore(failing, directory)).rejects.toMatchObject({
    code: 'STORE_IO',
    facts: { errno: 'EIO' },
  })
})
