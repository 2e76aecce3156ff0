import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { IdArena } from '../../src/ids/id-arena.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { writeIdHead } from '../../src/ids/id-head.ts'
import { readIdRange } from '../../src/ids/read-id-sections.ts'
import { readNow } from '../../src/store/reading.ts'
import { campaign } from '../fast-check-config.ts'
import { codeOf } from './code-of.ts'
import { SavedDictionary } from './saved-dictionary.ts'

const layout = { idsPerRange: 50, partBytes: 4_096 }

/** What an id dictionary is, by plain means. */
class Model {
  readonly numbers = new Map<string | number, number>()
  size = 0

  add(id: string | number): void {
    if (!this.numbers.has(id)) this.numbers.set(id, this.size++)
  }
}

function check(ids: IdDictionary, numbers: ReadonlyMap<string | number, number>, size: number): void {
  expect(ids.size).toBe(size)
  expect(ids.liveCount).toBe(numbers.size)
  expect(new Map([...ids.entries()].map(([dense, id]) => [id, dense]))).toEqual(numbers)
  for (const [id, dense] of numbers) expect([id, ids.find(id)]).toEqual([id, dense])
  const many = [...numbers.keys(), 'nobody']
  expect([...ids.findMany(many)]).toEqual([...numbers.values(), 0xffff_ffff])
}

const changeArb = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 5_000 }) }) },
)
type Change = { readonly add: number } | { readonly remove: number }
const stepArb = fc.oneof(
  { weight: 3, arbitrary: fc.record({ change: changeArb }) },
  { weight: 2, arbitrary: fc.record({ save: fc.array(changeArb, { maxLength: 12 }), keeps: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ load: fc.boolean() }) },
)

describe.each([0xffff_ffff, 0xf000_0000, 0])('saves of a dictionary with hash mask %i', (hashMask) => {
  const options = { layout, hashMask }

  test('laws 1 and 3: whatever is written while it is saved, the dictionary of the moment is loaded, and goes on', async () => {
    // With one hash for all, a search goes through everything.
    const largest = hashMask === 0 ? 40 : 400
    await fc.assert(
      fc.asyncProperty(fc.array(stepArb, { maxLength: 14 }), async (steps) => {
        let ids = new IdDictionary({ ...options, seed: 7 })
        let model = new Model()
        let next = 0
        const saved = new SavedDictionary()
        const change = (step: Change): void => {
          if ('add' in step) {
            const batch = Array.from({ length: Math.min(step.add, largest) }, () => {
              const i = next++
              return i % 5 === 4 ? i : i % 31 === 0 ? `长${i}` : `user-${i}`
            })
            ids.addMany(batch)
            for (const id of batch) model.add(id)
          } else {
            const known = [...model.numbers]
            if (known.length === 0) return
            const [id, dense] = known[step.remove % known.length]!
            expect(ids.remove(dense)).toBe(true)
            model.numbers.delete(id)
          }
        }
        let last: { readonly numbers: ReadonlyMap<string | number, number>; readonly size: number } | null = null
        for (const step of steps) {
          if ('change' in step) change(step.change)
          else if ('save' in step) {
            last = { numbers: new Map(model.numbers), size: model.size }
            const changes = [...step.save]
            saved.save(
              ids,
              () => {
                const one = changes.shift()
                if (one !== undefined) change(one)
              },
              (name) => step.keeps || name.length % 2 === 0,
            )
          } else if (last !== null) {
            ids = await saved.load(options, step.load)
            check(ids, last.numbers, last.size)
            model = new Model()
            for (const [id, dense] of last.numbers) model.numbers.set(id, dense)
            model.size = last.size
          }
        }
        check(ids, model.numbers, model.size)
      }),
      campaign(hashMask === 0 ? 40 : 120),
    )
  })
})

describe('what a save writes', () => {
  const ids = new IdDictionary({ layout, seed: 3 })
  const saved = new SavedDictionary()
  ids.addMany(Array.from({ length: 20_000 }, (_, i) => `person-${i}`))
  saved.save(ids)

  test('all of it at first: ranges of ids, and several parts of the table', () => {
    expect(saved.written.filter((name) => name.startsWith('range'))).toHaveLength(400)
    expect(saved.written.filter((name) => name.startsWith('table')).length).toBeGreaterThan(3)
  })

  test('nothing but the head where nothing changed, also when it was loaded meanwhile', async () => {
    saved.save(ids)
    expect(saved.written).toEqual(['head'])
    const again = await saved.load({ layout })
    saved.save(again)
    expect(saved.written).toEqual(['head'])
  })

  test('of a few new ids the last range alone: they are entered in the table when it is loaded', async () => {
    ids.addMany(['new', 'newer'])
    saved.save(ids)
    expect(saved.written).toEqual(['range-400', 'head'])
    const again = await saved.load({ layout })
    expect([again.find('new'), again.find('newer'), again.find('person-7')]).toEqual([20_000, 20_001, 7])
    saved.save(again)
    expect(saved.written).toEqual(['head'])
  })

  test('of many new ids the whole table, once', () => {
    ids.addMany(Array.from({ length: 70_000 }, (_, i) => `late-${i}`))
    saved.save(ids)
    expect(saved.written.some((name) => name.startsWith('table'))).toBe(true)
    saved.save(ids)
    expect(saved.written).toEqual(['head'])
  })

  test('law 3: of a removed id its range and its part of the table, and nothing of it is left in either', async () => {
    const id = 'person-12345'
    const dense = ids.find(id)
    const before = await saved.load({ layout })
    expect(before.find(id)).toBe(dense)
    saved.save(ids)
    ids.remove(dense)
    saved.save(ids)
    expect(saved.written.map((name) => name.replace(/-\d+-/, '-'))).toEqual([
      'range-246',
      expect.stringMatching(/^table-\d+$/),
      'head',
    ])
    const all = Buffer.concat([...saved.pieces.values()].map(({ bytes }) => bytes))
    expect(all.includes(id)).toBe(false)
    // Its number is in no slot, used or not.
    const slots = [...saved.pieces].filter(([name]) => name.startsWith('table')).map(([, { bytes }]) => bytes)
    expect(slots.some((bytes) => Buffer.from(bytes).includes(Buffer.of(dense, dense >>> 8, dense >>> 16, 0)))).toBe(
      false,
    )
  })
})

describe('hostile bytes', () => {
  const options = { layout: { idsPerRange: 20, partBytes: 1 << 20 }, hashMask: 0xf000_0000 | 0 }

  async function small(): Promise<SavedDictionary> {
    const ids = new IdDictionary({ ...options, seed: 11 })
    ids.addMany(Array.from({ length: 45 }, (_, i) => (i % 9 === 0 ? i : i % 4 === 0 ? `é${i}` : `u${i}`)))
    ids.remove(7)
    const saved = new SavedDictionary()
    saved.save(ids)
    return saved
  }

  /** The code of what loading says; or `null`, and then the ids can be used. */
  async function outcome(saved: SavedDictionary): Promise<string | null> {
    try {
      const ids = await saved.load(options)
      const known = [...ids.entries()].map(([, id]) => id)
      ids.findMany(known)
      ids.addMany(known)
      ids.addMany(Array.from({ length: 400 }, (_, i) => `after-${i}`))
      return null
    } catch (error) {
      return error instanceof CrowdbitError ? error.code : `${error}`
    }
  }

  test('a byte changed anywhere: an error with a code, or ids that can be used', async () => {
    const saved = await small()
    const outcomes = new Set<string | null>()
    for (const [name, { stamp, bytes }] of [...saved.pieces]) {
      for (let at = 0; at < bytes.length; at++) {
        for (const change of [0xff, 1, 0x80]) {
          const wrong = bytes.slice()
          wrong[at] = wrong[at]! ^ change
          saved.pieces.set(name, { stamp, bytes: wrong })
          outcomes.add(await outcome(saved))
        }
      }
      saved.pieces.set(name, { stamp, bytes })
    }
    expect(outcomes).toEqual(new Set([null, 'STORE_CORRUPT']))
  })

  test('a sub-table deeper than so few ids can have takes no memory', async () => {
    const saved = await small()
    const { stamp } = saved.pieces.get('table-0-0')!
    const before = process.memoryUsage().arrayBuffers
    for (const depth of [8, 20, 27]) {
      // No ids, no end of the hashes: one page of nothing.
      const bytes = new Uint8Array(8 + 2_048)
      bytes.set([depth, 24, 1, 0])
      saved.pieces.set('table-0-0', { stamp, bytes })
      expect([depth, await outcome(saved)]).toEqual([depth, 'STORE_CORRUPT'])
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20)
  })

  test('frames of one id each take no chunk each', async () => {
    const count = 20_000
    const bytes = new Uint8Array(11 * count)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < count; i++) {
      view.setUint32(11 * i, 1, true)
      view.setUint32(11 * i + 4, 1, true)
      view.setUint16(11 * i + 8, 1, true)
      bytes[11 * i + 10] = 97 + (i % 26)
    }
    const head = writeIdHead({ count, idsPerRange: count, seed: 1, bits: 0, covered: [0], missing: [] })
    const arena = new IdArena()
    for (const { bytes: ids, lengths } of readIdRange(bytes, 0, count)) arena.appendFrame(ids, lengths)
    expect(arena.byteSize).toBeLessThan(4 << 20)
    const empty = Uint8Array.from({ length: 8 + 2_048 }, (_, i) => [0, 24, 1][i] ?? 0)
    const piece = (content: Uint8Array) => ({ now: () => content, later: async () => content })
    const restoring = IdDictionary.restore({ head, range: () => piece(bytes), part: () => piece(empty) })
    expect(() => readNow(restoring)).toThrowError(expect.objectContaining({ code: 'STORE_CORRUPT' }))
  })

  test('cut or lengthened anywhere: an error with a code', async () => {
    const saved = await small()
    for (const [name, { stamp, bytes }] of [...saved.pieces]) {
      for (let length = 0; length < bytes.length; length += name.startsWith('table') ? 7 : 1) {
        saved.pieces.set(name, { stamp, bytes: bytes.slice(0, length) })
        expect([name, length, await outcome(saved)]).toEqual([name, length, 'STORE_CORRUPT'])
      }
      saved.pieces.set(name, { stamp, bytes: Uint8Array.from([...bytes, 0]) })
      expect([name, await outcome(saved)]).toEqual([name, 'STORE_CORRUPT'])
      saved.pieces.set(name, { stamp, bytes })
    }
  })

  test('an id that the table lacks, has twice, or has at another place', async () => {
    const ids = new IdDictionary({ layout, seed: 1 })
    ids.addMany(['a', 'b', 'c'])
    const saved = new SavedDictionary()
    saved.save(ids)
    const name = 'table-0-0'
    const { stamp, bytes } = saved.pieces.get(name)!
    const words = (change: (groups: Uint8Array, used: number[]) => void): void => {
      const wrong = bytes.slice()
      const groups = wrong.subarray(8)
      change(
        groups,
        Array.from({ length: 32 }, (_, g) => g).filter((g) => groups[g * 64 + 63]! > 0),
      )
      saved.pieces.set(name, { stamp, bytes: wrong })
    }
    const cases: [string, (groups: Uint8Array, used: number[]) => void][] = [
      ['an announced count', (groups, used) => groups.fill(0, used[0]! * 64 + 63, used[0]! * 64 + 64)],
      ['a number twice', (groups, used) => groups.copyWithin(used[0]! * 64, used.at(-1)! * 64, used.at(-1)! * 64 + 4)],
      [
        'another place',
        (groups, used) => groups.set(groups.slice(used[0]! * 64, used[0]! * 64 + 64), ((used[0]! + 31) % 32) * 64),
      ],
    ]
    for (const [what, change] of cases) {
      words(change)
      expect([
        what,
        await saved.load().then(
          () => 'loaded',
          (error) => error.code,
        ),
      ]).toEqual([what, 'STORE_CORRUPT'])
    }
    saved.pieces.set(name, { stamp, bytes })
    expect(codeOf(() => ids.find('a'))).toBeUndefined()
    // Without the table, nothing is lost.
    saved.pieces.set(name, { stamp, bytes: bytes.slice(1) })
    check(
      await saved.load({}, true),
      new Map([
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]),
      3,
    )
  })
})
