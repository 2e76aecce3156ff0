import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lengthBytes, uint32Bytes } from '../../src/base/byte-reader.ts'
import { CrowdbitError, category, createEngine, type Engine, flag, loadEngine } from '../../src/index.ts'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { PlainData } from '../../src/store/plain-data.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { describeWithData } from '../shared-data.ts'

const schema = {
  精致妈妈: flag(),
  cityTier: category({ values: ['T1', 'T2', 'T3'] }),
  sku: category(),
  interests: category({ many: true }),
}

function shop(people = 60): Engine<typeof schema> {
  const crowd = createEngine({ schema, timeZone: 'Asia/Shanghai' })
  for (let i = 0; i < people; i++) {
    crowd.put(i % 3 === 0 ? i : `用户-${i}`, {
      精致妈妈: i % 4 === 0,
      cityTier: (['T1', 'T2', 'T3'] as const)[i % 3]!,
      sku: i % 5 === 0 ? `sku-${i % 40}` : null,
      interests: i % 2 === 0 ? ['奶粉', '口红'].slice(0, 1 + (i % 4) / 2) : [],
    })
  }
  crowd.remove(3)
  crowd.remove('用户-4')
  const bounds = { min: 0 }
  crowd.audiences.create({ name: '妈妈', rule: '精致妈妈', bounds, kind: 'official' })
  crowd.audiences.create({ name: '拉新', rule: 'audience 妈妈 minus cityTier = "T1"', bounds })
  crowd.audiences.createList({ name: '已触达', members: [0, '用户-8', 'nobody'], bounds })
  crowd.put('用户-5', { 精致妈妈: true })
  crowd.audiences.get('妈妈').rebuild()
  crowd.workspace('shop-2').audiences.create({ name: '妈妈', rule: 'not 精致妈妈', bounds })
  return crowd
}

const questions = [
  'everyone',
  '精致妈妈',
  'cityTier != "T2" and not 精致妈妈',
  'sku is not set',
  'sku starts with "sku-1"',
  'interests has all ("奶粉", "口红")',
  'audience 拉新 or audience 已触达',
  'audience 妈妈 version 1 xor audience 妈妈 version latest',
]

/** Everything that can be seen of an engine. */
function allAnswers(crowd: Engine<typeof schema>): unknown {
  const people = [...crowd.select('everyone')]
  return {
    answers: questions.map((rule) => [...crowd.select(rule)]),
    people: people.map((id) => [id, crowd.denseOf(id), crowd.get(id)]),
    workspaces: crowd.workspaces().map((name) => {
      const { audiences } = crowd.workspace(name)
      return [
        name,
        audiences.list().map((audience) => ({
          name: audience.name,
          kind: audience.kind,
          source: audience.source,
          bounds: audience.bounds,
          rule: String(audience.rule),
          versions: audience.versions.map((version) => [
            version.number,
            version.ruleHash,
            version.asOf,
            version.dataVersion,
            [...version.ids()],
          ]),
        })),
      ]
    }),
    timeZone: crowd.timeZone,
    values: crowd.tags.sku.values(),
    dataVersion: crowd.stats().dataVersion,
  }
}

const root = mkdtempSync(join(tmpdir(), 'crowdbit-save-'))
let folders = 0
const folder = (): string => join(root, `f${folders++}`)
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof CrowdbitError) return error.code
    throw error
  }
  return 'none'
}

describe('save and loadEngine', () => {
  it('gives every answer again: people, numbers, values, workspaces, audiences, versions', async () => {
    const crowd = shop()
    const place = folder()
    await crowd.save(place)
    const again = await loadEngine(place, { schema })
    expect(allAnswers(again)).toEqual(allAnswers(crowd))
  })

  it('goes on where it was: new people get new numbers, removed ids stay free of theirs', async () => {
    const crowd = shop()
    const place = folder()
    await crowd.save(place)
    const again = await loadEngine(place, { schema })
    for (const engine of [crowd, again]) {
      engine.put('新人', { sku: 'sku-0', cityTier: 'T3' })
      engine.put(3, { 精致妈妈: true })
      engine.audiences.get('拉新').rebuild()
    }
    expect(again.denseOf(3)).toBe(crowd.denseOf(3))
    const [fresh, kept] = [allAnswers(again), allAnswers(crowd)]
    expect(JSON.stringify(fresh).replace(/\d{13}/g, 'T')).toBe(JSON.stringify(kept).replace(/\d{13}/g, 'T'))
  })

  it('saves the moment of the call, whatever is written, removed and dropped before it ends', async () => {
    const crowd = shop(5_000)
    const before = allAnswers(crowd)
    const place = folder()
    const saving = crowd.save(place)
    crowd.put('later', { 精致妈妈: true, sku: 'sku-later', interests: ['新'] })
    crowd.removeMany(Array.from({ length: 500 }, (_, i) => i * 3))
    crowd.tags.精致妈妈.replace([])
    crowd.tags.cityTier.clearAll(crowd.select('everyone'))
    crowd.audiences.remove('拉新')
    crowd.audiences.get('已触达').replace([])
    await saving
    expect(allAnswers(await loadEngine(place, { schema }))).toEqual(before)
  })

  it('two saves at once into one folder leave the later call', async () => {
    const crowd = shop()
    const place = folder()
    const first = crowd.save(place)
    crowd.put('later', { 精致妈妈: true })
    await Promise.all([first, crowd.save(place)])
    expect((await loadEngine(place)).has('later')).toBe(true)
  })

  it('an empty engine, and one without columns', async () => {
    for (const crowd of [createEngine({ schema: {} }), createEngine({ schema: { a: flag() } })]) {
      const place = folder()
      await crowd.save(place)
      expect((await loadEngine(place)).size).toBe(0)
    }
  })

  it('a schema that differs is refused, and says where', async () => {
    const place = folder()
    await shop().save(place)
    await expect(loadEngine(place, { schema: { ...schema, sku: flag() } })).rejects.toThrow(
      'STORE_SCHEMA_MISMATCH: the saved schema differs in "sku" (given flag(), saved category())',
    )
    await expect(loadEngine(place, { timeZone: 'UTC' })).rejects.toThrow('OPTION_INVALID')
  })

  it('a folder without a save, a folder of somebody else', async () => {
    expect(await codeOf(loadEngine(folder()))).toBe('STORE_NOT_FOUND')
    const place = mkdtempSync(join(root, 'theirs-'))
    writeFileSync(join(place, 'thesis.txt'), 'years of work')
    expect(await codeOf(shop().save(place))).toBe('STORE_IO')
    expect(readdirSync(place)).toEqual(['thesis.txt'])
  })
})

describe('a damaged save gives a coded error or the right answer', () => {
  let crowd: Engine<typeof schema>
  let place: string
  let expected: unknown
  beforeAll(async () => {
    crowd = shop(12)
    place = folder()
    await crowd.save(place)
    expected = allAnswers(crowd)
  })

  async function checkDamaged(damage: (bytes: Buffer) => Buffer | null, file: string): Promise<string> {
    const other = mkdtempSync(join(root, 'damaged-'))
    for (const name of readdirSync(place)) copyFileSync(join(place, name), join(other, name))
    const bytes = damage(readFileSync(join(place, file)))
    if (bytes === null) rmSync(join(other, file))
    else writeFileSync(join(other, file), bytes)
    try {
      const loaded = await loadEngine(other, { schema })
      expect(allAnswers(loaded)).toEqual(expected)
      return 'right'
    } catch (error) {
      if (!(error instanceof CrowdbitError)) throw error
      expect(error.code).toMatch(/^STORE_(CORRUPT|VERSION_UNSUPPORTED|NOT_FOUND)$/)
      return error.code
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  }

  it('a bit of any byte flipped', async () => {
    for (const name of readdirSync(place)) {
      const { length } = readFileSync(join(place, name))
      for (let at = 0; at < length; at += 3) {
        const code = await checkDamaged((bytes) => {
          bytes[at]! ^= 1 << (at % 8)
          return bytes
        }, name)
        expect(code, `${name} at ${at}`).toBe('STORE_CORRUPT')
      }
    }
  })

  it('cut anywhere, or missing', async () => {
    for (const name of readdirSync(place)) {
      const { length } = readFileSync(join(place, name))
      for (let end = 0; end < length; end += 29)
        expect(await checkDamaged((bytes) => bytes.subarray(0, end), name), `${name} cut at ${end}`).not.toBe('right')
      expect(await checkDamaged(() => null, name)).not.toBe('right')
    }
  })

  it('files of another save in the place of its own', async () => {
    const other = folder()
    await shop(13).save(other)
    for (const name of readdirSync(place)) {
      if (name === 'MANIFEST') continue
      expect(await checkDamaged(() => readFileSync(join(other, name)), name)).toBe('STORE_CORRUPT')
    }
  })
})

describe('a hostile save with right checksums is refused too', () => {
  type Sections = Map<string, Uint8Array>
  /** Saves a shop, changes sections or meta, and saves that as a well-formed store. */
  async function forged(change: (sections: Sections, meta: Record<string, PlainData>) => void): Promise<string> {
    const place = folder()
    await shop(12).save(place)
    const store = await openStore(nodeFileSystem, place)
    const sections: Sections = new Map()
    for (const { name } of store.sections) sections.set(name, await store.read(name))
    const versions = new Map(store.sections.map(({ name, version }) => [name, version]))
    const meta = structuredClone(store.meta) as Record<string, PlainData>
    await store.close()
    change(sections, meta)
    const hostile = folder()
    await saveStore(
      nodeFileSystem,
      hostile,
      [...sections].map(([name, bytes]) => ({
        name,
        version: versions.get(name) ?? 1,
        chunks: () => [bytes],
      })),
      meta,
    )
    return hostile
  }
  const refused = async (change: (sections: Sections, meta: Record<string, PlainData>) => void): Promise<void> => {
    const place = await forged(change)
    expect(await codeOf(loadEngine(place))).toBe('STORE_CORRUPT')
  }
  const flagSection = (bitmap: Uint8Array): Uint8Array =>
    Buffer.concat([uint32Bytes(1), uint32Bytes(0), lengthBytes(bitmap.length), bitmap])

  it('the unchanged forgery loads', async () => {
    expect((await loadEngine(await forged(() => {}))).size).toBe(10)
  })

  it('every byte of every section changed, with the checksum made right', async () => {
    const place = folder()
    const crowd = shop(12)
    await crowd.save(place)
    const store = await openStore(nodeFileSystem, place)
    const lengths = store.sections.map(({ name, bytes }) => ({ name, bytes }))
    await store.close()
    let refusals = 0
    for (const { name, bytes } of lengths) {
      for (let at = 0; at < bytes; at += 7) {
        const hostile = await forged((sections) => {
          sections.get(name)![at]! ^= 1 << (at % 8)
        })
        try {
          // Whatever loads must hold together: every answer a subset of U, every one-value category disjoint.
          const loaded = await loadEngine(hostile, { schema })
          const everyone = loaded.select('everyone')
          for (const rule of questions) expect(loaded.select(rule).isSubsetOf(everyone)).toBe(true)
          expect(loaded.count('cityTier = "T1" and cityTier = "T2"')).toBe(0)
        } catch (error) {
          if (!(error instanceof CrowdbitError)) throw error
          expect(error.code).toMatch(/^STORE_/)
          refusals++
        }
      }
    }
    expect(refusals).toBeGreaterThan(20)
  })

  it('numbers that belong to nobody, and to a removed person', async () => {
    // Array container of key 0 with one value.
    const only = (value: number): Uint8Array =>
      Buffer.from([0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, value, 0])
    await refused((sections) => void sections.set('column-0', flagSection(only(200))))
    await refused((sections) => void sections.set('column-0', flagSection(only(3))))
  })

  it('lengths that say 4 GB, counts that say 4 billion', async () => {
    await refused((sections) => void sections.set('column-0', Buffer.concat([uint32Bytes(0xffff_ffff)])))
    await refused(
      (sections) => void sections.set('column-0', Buffer.concat([uint32Bytes(1), uint32Bytes(0xffff_fff0)])),
    )
    await refused(
      (sections) =>
        void sections.set('column-0', Buffer.concat([uint32Bytes(1), uint32Bytes(0), lengthBytes(2 ** 45)])),
    )
    await refused(
      (sections) =>
        void sections.set('ids', Buffer.from([0xff, 0xff, 0xff, 0xff, ...sections.get('ids')!.subarray(4)])),
    )
  })

  it('sections swapped, missing, too long', async () => {
    await refused((sections) => {
      const first = sections.get('column-0')!
      sections.set('column-0', sections.get('column-1')!)
      sections.set('column-1', first)
    })
    await refused((sections) => void sections.delete('column-2'))
    await refused(
      (sections) => void sections.set('column-3', Buffer.concat([sections.get('column-3')!, Buffer.from([0])])),
    )
    await refused((sections) => void sections.set('audiences-0', sections.get('audiences-0')!.subarray(0, 30)))
  })

  it('a description that does not fit', async () => {
    type Fields = Record<string, PlainData>
    const audience = (meta: Fields): Fields => ((meta.workspaces as Fields[])[0]!.audiences as Fields[])[0]!
    await refused((_, meta) => {
      meta.timeZone = 7
    })
    await refused((_, meta) => {
      meta.columns = {}
    })
    await refused((_, meta) => {
      ;(meta.columns as Fields[])[0]!.kind = 'blob'
    })
    await refused((_, meta) => {
      ;(meta.columns as Fields[])[1]!.name = '精致妈妈'
    })
    await refused((_, meta) => {
      audience(meta).rule = '{"tag":"no such tag"}'
    })
    await refused((_, meta) => {
      audience(meta).rule = '{"and":[]}'
    })
    await refused((_, meta) => {
      audience(meta).rule = '{"audience":"拉新"}'
    })
    await refused((_, meta) => {
      audience(meta).name = '  '
    })
    await refused((_, meta) => {
      audience(meta).versions = []
    })
    await refused((_, meta) => {
      audience(meta).min = -1
    })
    await refused((_, meta) => {
      meta.workspaces = [...(meta.workspaces as Fields[]), ...(meta.workspaces as Fields[])]
    })
  })

  describeWithData('bitmaps made to crash readers, inside an otherwise valid save', 'roaring-format', (data) => {
    for (const name of readdirSync(data)) {
      it(name, async () => {
        // Also the valid ones: their numbers belong to nobody here.
        await refused((sections) => void sections.set('column-0', flagSection(readFileSync(join(data, name)))))
      })
    }
  })
})
