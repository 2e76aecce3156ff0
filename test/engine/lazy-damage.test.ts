import { describe, expect, it } from 'vitest'
import type { IdCounts } from '../../src/dataset/late-ids.ts'
import { insideOf } from '../../src/engine/engine.ts'
import { peopleSection, readPeopleSection, type SavedPeople } from '../../src/engine/people-section.ts'
import { readStoredEngine } from '../../src/engine/read-engine.ts'
import { repairEngineOn } from '../../src/engine/repair-engine.ts'
import { saveEngine } from '../../src/engine/save-engine.ts'
import { CrowdbitError } from '../../src/index.ts'
import { decodeManifest } from '../../src/store/manifest-format.ts'
import { openStore } from '../../src/store/open-store.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { verifyStore } from '../../src/store/verify-store.ts'
import { forward, type MemoryFileSystem, systemError } from '../store/memory-file-system.ts'
import { type LazyCrowd, lazyFolder, lazyOrigin, lazyQuestions, loadLazy } from './lazy-world.ts'

/** The code of what is thrown, and its words. */
function fault(ask: () => unknown): CrowdbitError {
  try {
    ask()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const origin = lazyOrigin()
const expected = new Map(lazyQuestions.map(({ name, ask }) => [name, ask(origin)]))
const whole = await lazyFolder()
const { files, sections } = decodeManifest(whole.get('/data/MANIFEST'), 'MANIFEST')

/** What needs nothing of what isn't there yet. */
const atOnce = ['people', 'audiences-0']

function isNeeded(needs: readonly string[], section: string): boolean {
  return needs.some((beginning) => section === beginning || section.startsWith(`${beginning}-`))
}

/** A byte in the middle of a section is another one. */
function damaged(name: string): MemoryFileSystem {
  const fs = whole.clone()
  const { file, offset, bytes } = sections.find((section) => section.name === name)!
  const path = `/data/${files[file]!.name}`
  const content = fs.get(path).slice()
  content[offset + (bytes >> 1)]! ^= 0x20
  fs.set(path, content)
  return fs
}

/** Asks all: those that need something of `isDamaged` are refused again and again, the others answer. */
function askAll(crowd: LazyCrowd, isDamaged: (needs: readonly string[]) => boolean, code: string): void {
  for (let round = 0; round < 2; round++) {
    for (const { name, needs, ask } of lazyQuestions) {
      if (isDamaged(needs)) expect([name, fault(() => ask(crowd)).code]).toEqual([name, code])
      else expect([name, ask(crowd)]).toEqual([name, expected.get(name)])
    }
  }
}

/** Sizes that a refused write must not change. */
function sizes(crowd: LazyCrowd): unknown {
  const { nativeBitmapBytes: _, cache: __, ...stats } = crowd.stats()
  return stats
}

describe('one byte of a section', () => {
  it.each(sections.map(({ name }) => name).filter((name) => !atOnce.includes(name)))('%s', async (name) => {
    const fs = damaged(name)
    const crowd = await loadLazy(fs)
    const view = crowd.read()
    const isDamaged = (needs: readonly string[]): boolean => isNeeded(needs, name)
    askAll(crowd, isDamaged, 'STORE_CORRUPT')
    // So do views.
    for (const { needs, ask } of lazyQuestions.filter(({ name: asked }) => asked.startsWith('vip'))) {
      if (isDamaged(needs)) expect(fault(() => ask(view as never)).code).toBe('STORE_CORRUPT')
      else ask(view as never)
    }
    // The first write finds it before it does anything, in whichever form; the second too, when all others are loaded.
    const writes: (() => unknown)[] = [
      () => crowd.put('someone new', { vip: true }),
      () => crowd.tags.vip.replace(['user-1']),
      () => crowd.remove('user-1'),
      () => crowd.track('user-1', 'buy', { at: 1 }),
      () => crowd.addColumn('city', { kind: 'flag' }),
      () => crowd.dropColumn('likes'),
      () => crowd.derivedTags.rebuild('rich'),
      () => saveEngine(fs, '/other', insideOf(crowd).savable()),
    ]
    const refused = fault(writes[0]!)
    expect(refused.code).toBe('STORE_CORRUPT')
    expect(refused.message).toMatch(
      new RegExp(`"${name}".*Load it again; where it is damaged, restore it from a backup`),
    )
    const before = [sizes(crowd), crowd.sequence]
    for (const write of writes.slice(1, -1)) expect(fault(write).code).toBe('STORE_CORRUPT')
    await expect(writes.at(-1)!()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(fs.list('/other')).rejects.toThrow('ENOENT')
    expect([sizes(crowd), crowd.sequence]).toEqual(before)
    askAll(crowd, isDamaged, 'STORE_CORRUPT')
    await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_CORRUPT', facts: { section: name } })
    await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(crowd.stats().isLoaded).toBe(false)
    askAll(crowd, isDamaged, 'STORE_CORRUPT')
    // Once the folder is what it was, so is the engine.
    for (const { name: file } of files) fs.set(`/data/${file}`, whole.get(`/data/${file}`))
    askAll(crowd, () => false, '')
    await crowd.loaded()
    crowd.put('someone new', { vip: true })
    expect([crowd.size, view.size]).toEqual([origin.size + 1, origin.size])
    expect(view.count('vip')).toBe(expected.get('vip'))
  })

  it.each([...atOnce, 'MANIFEST'])('%s: the promise is rejected', async (name) => {
    const fs = name === 'MANIFEST' ? whole.clone() : damaged(name)
    if (name === 'MANIFEST') fs.set('/data/MANIFEST', whole.get('/data/MANIFEST').slice(0, -1))
    await expect(loadLazy(fs)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})

describe('the folder meanwhile', () => {
  const anything = (needs: readonly string[]): boolean => needs.length > 0

  it('is removed', async () => {
    const fs = whole.clone()
    const crowd = await loadLazy(fs)
    for (const { name } of files) await fs.remove(`/data/${name}`)
    askAll(crowd, anything, 'STORE_CORRUPT')
    expect(fault(() => crowd.count('vip')).message).toMatch(
      /^STORE_CORRUPT: \/data\/\d{6}-\d{4}\.crowdbit is missing, and was there when the folder was opened: until all of it is loaded, it has to stay as it is\. Load it again/,
    )
    await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(fault(() => crowd.put('new', {})).code).toBe('STORE_CORRUPT')
  })

  it('is saved to by somebody else', async () => {
    const fs = whole.clone()
    const crowd = await loadLazy(fs)
    crowd.count('fan')
    const other = lazyOrigin()
    other.put('new', { vip: true })
    await saveEngine(fs, '/data', insideOf(other).savable())
    askAll(crowd, (needs) => needs.some((need) => need !== 'column-1'), 'STORE_CORRUPT')
    expect((await loadLazy(fs)).size).toBe(crowd.size + 1)
  })

  it('has another file under the name of one, of the same length and of another', async () => {
    const changes = [
      (bytes: Uint8Array) => bytes.slice().fill(7),
      (bytes: Uint8Array) => bytes.slice(1),
      (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]),
    ]
    for (const change of changes) {
      const fs = whole.clone()
      const crowd = await loadLazy(fs)
      for (const { name } of files) fs.set(`/data/${name}`, change(fs.get(`/data/${name}`)))
      askAll(crowd, anything, 'STORE_CORRUPT')
      expect(fault(() => crowd.count('vip')).message).toMatch(/when the folder was opened: until all of it is loaded/)
      await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
  })

  it("can't be read, and then can", async () => {
    const inner = whole.clone()
    let refuses = false
    const refuse = <T>(action: () => T): T => {
      if (refuses) throw systemError('EACCES', 'no right')
      return action()
    }
    const crowd = await loadLazy(
      forward(inner, {
        open: async (path) => refuse(() => inner.open(path)),
        openSync: (path) => refuse(() => inner.openSync(path)),
      }),
    )
    refuses = true
    askAll(crowd, anything, 'STORE_IO')
    expect(fault(() => crowd.put('new', {})).code).toBe('STORE_IO')
    await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_IO', facts: { errno: 'EACCES' } })
    refuses = false
    askAll(crowd, () => false, '')
    await crowd.loaded()
  })

  it('is damaged in a section that a question has read: nothing is read again', async () => {
    const fs = whole.clone()
    const crowd = await loadLazy(fs)
    await crowd.loaded()
    for (const { name } of files) fs.set(`/data/${name}`, null)
    askAll(crowd, () => false, '')
    crowd.put('new', { vip: true })
  })
})

describe('people who are not those of the ids', () => {
  /** The store with another section `people`, that has good checksums. */
  async function forged(change: (saved: Saved) => Uint8Array): Promise<MemoryFileSystem> {
    const fs = whole.clone()
    const store = await openStore(fs, '/data')
    const sources = await Promise.all(
      store.sections.map(async ({ name, version }) => {
        const bytes = await store.readAlone(name)
        const chunks = name === 'people' ? [change({ ...readPeopleSection(bytes), bytes })] : [bytes]
        return { name, version, chunks: () => chunks }
      }),
    )
    const { meta, sequence } = store
    await store.close()
    await saveStore(fs, '/data', sources, meta, { sequence })
    return fs
  }

  interface Saved extends SavedPeople {
    readonly bytes: Uint8Array
  }

  const changed = (saved: Saved, change: (people: Saved['people']) => unknown): Saved => {
    change(saved.people)
    return saved
  }
  const write = ({ people, counts }: SavedPeople, other: Partial<IdCounts> = {}): Uint8Array =>
    Uint8Array.from(Buffer.concat([...peopleSection(people, { ...counts, ...other })]))

  it.each<[string, (saved: Saved) => Uint8Array]>([
    ['somebody is missing', (saved) => write(changed(saved, (people) => people.delete(0)))],
    ['somebody else lives', (saved) => write(changed(saved, (people) => people.delete(0) && people.add(7)))],
    ['more numbers were given out', (saved) => write(saved, { size: 1_000 })],
    ['fewer ids are linked', (saved) => write(saved, { aliases: 1 })],
  ])('%s: found when the ids are loaded, and at once otherwise', async (_, change) => {
    const fs = await forged(change)
    const crowd = await loadLazy(fs)
    for (let again = 0; again < 2; again++) {
      expect(fault(() => crowd.has('user-1')).message).toMatch(/the section people has .*, and the ids and links have/)
      expect(fault(() => crowd.put('new', {})).code).toBe('STORE_CORRUPT')
      await expect(crowd.loaded()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
    const store = await openStore(fs, '/data')
    await expect(readStoredEngine(store)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await store.close()
    // The ids say who lives.
    const { lost, people } = await repairEngineOn(fs, { from: '/data', to: '/repaired' })
    expect([lost, people]).toEqual([[], origin.size])
    expect((await verifyStore(fs, '/repaired')).findings).toEqual([])
  })

  it('events of somebody who does not live by it are damage, also before the ids are there', async () => {
    const crowd = await loadLazy(await forged((saved) => write(changed(saved, (people) => people.delete(0)))))
    expect(fault(() => crowd.count('did buy')).message).toMatch(/an event belongs to no living person/)
    expect(fault(() => crowd.count('vip')).message).toMatch(/belong to no living person/)
    const none = lazyOrigin()
    none.removeMany([0])
    expect((await loadLazy(await lazyFolder(none))).count('did buy')).toBe(none.count('did buy'))
  })

  it.each<[string, (saved: Saved) => Uint8Array]>([
    ['numbers that were never given out', (saved) => write(saved, { size: 100, aliases: 0 })],
    ['more people and linked ids than numbers', (saved) => write(saved, { aliases: 10 })],
    ['no bitmap', ({ bytes }) => bytes.fill(0xff, 16, 20)],
  ])('%s: the promise is rejected', async (_, change) => {
    await expect(loadLazy(await forged(change))).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  it('cut or lengthened anywhere', async () => {
    const store = await openStore(whole, '/data')
    const bytes = await store.readAlone('people')
    for (let length = 0; length < bytes.length; length++) {
      expect(fault(() => readPeopleSection(bytes.slice(0, length))).code).toBe('STORE_CORRUPT')
    }
    expect(fault(() => readPeopleSection(Uint8Array.from([...bytes, 0]))).code).toBe('STORE_CORRUPT')
    expect(readPeopleSection(bytes).people.size).toBe(origin.size)
  })
})

it('an import into an engine that can not be loaded rejects, and blames no row', async () => {
  const fs = damaged('column-3')
  const crowd = await loadLazy(fs)
  const rows = [{ id: 'a', vip: true }]
  await expect(crowd.ingest(rows, { id: 'id' })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  for (const { name: file } of files) fs.set(`/data/${file}`, whole.get(`/data/${file}`))
  expect(await crowd.ingest(rows, { id: 'id' })).toMatchObject({ applied: 1, rejected: 0 })
})
