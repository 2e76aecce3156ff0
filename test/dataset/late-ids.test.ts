import { describe, expect, it } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { LateIds } from '../../src/dataset/late-ids.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { type Reading, type Wanted, want } from '../../src/store/reading.ts'

function dictionary(): IdDictionary {
  const ids = new IdDictionary()
  ids.addMany(['a', 'b', 'c', 4, 'e'])
  ids.remove(1)
  ids.link(2, 0)
  return ids
}

/** A dictionary that says how often it was loaded. */
function late(make: () => IdDictionary = dictionary): { readonly ids: LateIds; loads(): number } {
  let loads = 0
  const piece: Wanted<IdDictionary> = {
    now: () => {
      loads++
      return make()
    },
    later: async () => {
      loads++
      return make()
    },
  }
  const load = function* (): Reading<IdDictionary> {
    return yield* want(piece)
  }
  return { ids: new LateIds({ size: 5, aliases: 1 }, load), loads: () => loads }
}

/** What looks at no id. */
const pure = new Set(['constructor', 'check'])

describe('LateIds', () => {
  it('goes on to the loaded one with every public method, so that none looks at the empty one', () => {
    const all = Object.getOwnPropertyNames(IdDictionary.prototype).filter((name) => !pure.has(name))
    const own = new Set(Object.getOwnPropertyNames(LateIds.prototype))
    expect(all.filter((name) => !own.has(name))).toEqual([])
  })

  it('knows its counts, and lets moments be held, without being loaded', () => {
    const { ids, loads } = late()
    expect([ids.size, ids.aliasCount, ids.byteSize, ids.isLoaded]).toEqual([5, 1, 0, false])
    ids.holdLinks()
    ids.letGoOfLinks()
    ids.check('x')
    expect(() => ids.check('')).toThrow(/ID_EMPTY/)
    expect(loads()).toBe(0)
  })

  it('answers as the loaded one, which is loaded once', () => {
    const { ids, loads } = late()
    const same = dictionary()
    for (const id of ['a', 'b', 'c', 4, 'e', 'f']) {
      expect([ids.find(id), ids.numberOf(id), ids.findAt(id, 0)]).toEqual([
        same.find(id),
        same.numberOf(id),
        same.findAt(id, 1),
      ])
    }
    expect([...ids.findMany(['a', 'c', 'x'])]).toEqual([...same.findMany(['a', 'c', 'x'])])
    expect([ids.size, ids.liveCount, ids.links?.count, ids.aliasCount]).toEqual([5, 3, 1, 1])
    expect([ids.idOf(0), ids.idOf(1), ids.idsOf([3]), ids.idsOfPerson(0)]).toEqual(['a', undefined, [4], ['a', 'c']])
    expect([...ids.nobody()]).toEqual([...same.nobody()])
    expect([...ids.entries()]).toEqual([...same.entries()])
    expect([ids.hashOf(0, 7), ids.isLive(1), ids.isLive(4)]).toEqual([same.hashOf(0, 7), false, true])
    expect([ids.add('f'), ids.addMany(['g', 'a'])[0], ids.size]).toEqual([5, 6, 7])
    const bytes = new TextEncoder().encode('h')
    expect([...ids.addManyEncoded(bytes, Uint32Array.of(0, 1), 1)]).toEqual([7])
    ids.checkMany(['i', 'j'])
    ids.merge(4, 0)
    ids.link(7, 3)
    ids.unlink(7)
    expect([ids.remove(3), ids.idsOfPerson(0)]).toEqual([true, ['a', 'c', 'e']])
    expect(IdDictionary.load(ids.sections()).size).toBe(8)
    ids.snapshot().release()
    expect(ids.byteSize).toBeGreaterThan(0)
    expect(loads()).toBe(1)
  })

  it('a moment that was held before shows the links of the save, and none that is made later', () => {
    const { ids } = late()
    const [moment, other] = [ids.holdLinks(), ids.holdLinks()]
    ids.letGoOfLinks()
    expect(other).toBe(moment)
    ids.merge(4, 0)
    expect([ids.findAt('c', moment), ids.findAt('e', moment), ids.find('e')]).toEqual([0, -1, 0])
    ids.letGoOfLinks()
    // Nobody holds a moment any more: nothing is kept for one.
    expect(ids.findAt('e', moment)).toBe(0)
  })

  it('what is wrong is thrown by each use, and loading is tried again', async () => {
    let isDamaged = true
    const { ids, loads } = late(() => {
      if (isDamaged) throw new CrowdbitError('STORE_CORRUPT', 'damaged')
      return dictionary()
    })
    for (let i = 0; i < 3; i++) expect(() => ids.find('a')).toThrow(/STORE_CORRUPT/)
    await expect(ids.load()).rejects.toThrow(/STORE_CORRUPT/)
    expect([ids.isLoaded, ids.size, loads()]).toEqual([false, 5, 4])
    isDamaged = false
    await ids.load()
    await ids.load()
    expect([ids.find('a'), loads()]).toEqual([0, 5])
  })

  it('who needs it while it is loaded in the background is first', async () => {
    const { ids, loads } = late()
    const loading = ids.load()
    ids.add('f')
    await loading
    expect([ids.find('f'), loads()]).toEqual([5, 2])
  })
})
