import { expect, test } from 'vitest'
import { verifyStore } from '../../src/store/verify-store.ts'
import { landing } from './beside-writer.ts'
import { directory, Journal } from './journal.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

const segment = `${directory}/log-000000000002.crowdbit`

async function filled(): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  const journal = await Journal.open(fs)
  for (let i = 0; i < 40; i++) journal.append(`text number ${i}`)
  await journal.checkpoint()
  for (let i = 0; i < 5; i++) journal.append(`behind ${i}`)
  await journal.store.close()
  return fs
}

test('a sound folder, and an open one: everything is read, nothing found, nothing changed', async () => {
  const fs = await filled()
  const before = (await fs.list(directory)).sort()
  const report = await verifyStore(fs, directory)
  expect(report).toMatchObject({ findings: [], sections: 5, records: 5, sequence: 45 })
  const sizes = before.filter((name) => name !== 'MANIFEST').map((name) => fs.get(`${directory}/${name}`).length)
  expect(report.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
  expect((await fs.list(directory)).sort()).toEqual(before)
  const journal = await Journal.open(fs)
  journal.append('more')
  expect(await verifyStore(fs, directory)).toMatchObject({ findings: [], records: 6 })
  await journal.store.close()
})

test('every byte of every file: what is wrong is found where it is', async () => {
  const fs = await filled()
  for (const name of await fs.list(directory)) {
    const bytes = fs.get(`${directory}/${name}`)
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] = bytes[at]! ^ 0x10
      const { findings } = await verifyStore(fs, directory)
      expect(findings.length, `${name} byte ${at}`).toBe(1)
      expect(findings[0]!.path, `${name} byte ${at}`).toBe(`${directory}/${name}`)
      bytes[at] = bytes[at]! ^ 0x10
    }
  }
})

test('all that is wrong is listed: files missing and cut, sections, the log', async () => {
  const fs = await filled()
  const [first, second] = (await fs.list(directory)).filter((name) => name.startsWith('0000')).sort()
  const pathOf = (name: string | undefined) => `${directory}/${name}`
  fs.set(pathOf(first), null)
  const cut = fs.get(pathOf(second))
  fs.set(pathOf(second), cut.slice(0, cut.length - 1))
  const bytes = fs.get(segment)
  bytes[80] = bytes[80]! ^ 1
  const { findings, sections } = await verifyStore(fs, directory)
  const at = (path: string) => findings.filter((finding) => finding.path === path)
  expect(at(pathOf(first))[0]).toMatchObject({ found: 'no file', offset: null })
  expect(
    at(pathOf(first))
      .slice(1)
      .every(({ section }) => section !== undefined),
  ).toBe(true)
  expect(at(pathOf(second)).at(-1)).toMatchObject({ section: expect.any(String), severity: 'damage' })
  expect(at(segment)).toEqual([expect.objectContaining({ severity: 'damage', offset: 72 })])
  expect(sections).toBeGreaterThan(0)
})

test('a torn tail is called one', async () => {
  const fs = await filled()
  const bytes = fs.get(segment)
  // Cut in the last record: the mark that knew of it is gone as well.
  fs.set(segment, bytes.slice(0, bytes.length - 30))
  expect(await verifyStore(fs, directory)).toMatchObject({
    findings: [{ path: segment, severity: 'torn tail' }],
    records: 4,
    sequence: 44,
  })
})

test('no folder, and a log without a snapshot', async () => {
  const fs = new MemoryFileSystem()
  await expect(verifyStore(fs, directory)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  await fs.makeDirectory(directory)
  await expect(verifyStore(fs, directory)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  const journal = await Journal.open(fs)
  journal.append('a')
  await journal.store.close()
  expect(await verifyStore(fs, directory)).toMatchObject({ findings: [], sections: 0, records: 1, sequence: 1 })
})

test('checkpoints that land while it reads are no damage, and what comes in the end is of one of them', async () => {
  const fs = await filled()
  const journal = await Journal.open(fs)
  const { beside, landed } = landing(fs, 3, async () => {
    journal.append('meanwhile')
    await journal.checkpoint()
  })
  expect(await verifyStore(beside, directory)).toMatchObject({ findings: [], records: 0, sequence: 48 })
  expect(landed()).toBe(3)
  await journal.store.close()
})
