import { beforeEach, describe, expect, test } from 'vitest'
import { type Audience, createEngine, flag } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'
import { openShop, revisionOf, type Shop } from './shop.ts'

const bounds = { min: 0 }
let crowd: Shop['crowd']
let shop: Shop

beforeEach(() => {
  shop = openShop()
  crowd = shop.crowd
})

const numbers = (audience: Audience): number[] => audience.versions.map(({ number }) => number)

describe('rebuilding', () => {
  test('makes a new version, and readers keep the one they hold', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const first = pack.version
    const held = first.people()
    const kept = pack.versions
    crowd.put('new', { vip: true })
    shop.now = 9_000 as Shop['now']
    const second = pack.rebuild()
    expect(pack.version).toBe(second)
    expect([second.number, second.size, second.asOf, second.dataVersion]).toEqual([2, 151, 9_000, 2])
    expect([first.number, first.size, first.asOf, first.dataVersion]).toEqual([1, 150, 1_000, 1])
    expect(held.size).toBe(150)
    expect(kept).toHaveLength(1)
    expect(pack.versions).toEqual([first, second])
  })

  test('keeps the last three versions', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const first = pack.version
    for (let i = 0; i < 4; i++) pack.rebuild()
    expect(numbers(pack)).toEqual([3, 4, 5])
    expect(first.size).toBe(150)
    expect([...first.ids()]).toHaveLength(150)
  })

  test('that is refused leaves everything as it was', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds: { min: 150 } })
    crowd.remove('u0')
    const before = pack.version
    expect(refusal(() => pack.rebuild()).facts).toMatchObject({ size: 149, min: 150 })
    expect(pack.version).toBe(before)
    expect(numbers(pack)).toEqual([1])
    crowd.put('new', { vip: true })
    expect(pack.rebuild().number).toBe(2)
  })
})

describe('updating', () => {
  test('a new rule builds a new version by it', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    expect(pack.update({ rule: 'old' })).toBe(pack)
    expect([String(pack.rule), pack.size]).toEqual(['old', 100])
    expect(pack.versions.map(({ ruleHash }) => ruleHash)).toEqual([crowd.hash('vip'), crowd.hash('old')])
    expect(crowd.count('audience pack')).toBe(100)
    expect(crowd.count('audience pack version 1')).toBe(150)
  })

  test('bounds are tried on the version in force, or on the new rule', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    expect(refusal(() => pack.update({ bounds: { min: 151 } })).facts).toMatchObject({ size: 150, min: 151 })
    expect(refusal(() => pack.update({ bounds: { max: 149 } })).code).toBe('AUDIENCE_TOO_LARGE')
    pack.update({ bounds: { min: 150, max: 150 } })
    expect(refusal(() => pack.update({ rule: 'old' })).facts).toMatchObject({ size: 100, min: 150, max: 150 })
    pack.update({ rule: 'old', bounds: { min: 100 } })
    expect([pack.size, pack.bounds]).toEqual([100, { min: 100, max: 150 }])
    expect(numbers(pack)).toEqual([1, 2])
  })

  test('whole or not at all', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', kind: 'industry' })
    const state = (): unknown => [pack.kind, pack.bounds, String(pack.rule), numbers(pack), pack.size]
    const before = state()
    const revision = revisionOf(crowd.audiences)
    for (const [changes, code] of [
      [{ kind: 'official', rule: 'nobody' }, 'AUDIENCE_TOO_SMALL'],
      [{ kind: 'official', rule: 'wip' }, 'RULE_UNKNOWN_TAG'],
      [{ kind: 'official', rule: 'audience pack' }, 'RULE_CYCLE'],
      [{ kind: 'own' as never, rule: 'old' }, 'OPTION_INVALID'],
      [{ kind: 'official', bounds: { min: 500, max: 400 } }, 'AUDIENCE_BOUNDS_INVALID'],
      [{ kind: 'official', bounds: { min: 500 } }, 'AUDIENCE_TOO_SMALL'],
      [{ rule: 'old', bounds: { min: 101 } }, 'AUDIENCE_TOO_SMALL'],
      [{ rule: 'old', bounds: { max: 101, min: 102 } }, 'AUDIENCE_BOUNDS_INVALID'],
    ] as const) {
      expect(refusal(() => pack.update(changes)).code).toBe(code)
      expect(state()).toEqual(before)
      expect(revisionOf(crowd.audiences)).toBe(revision)
    }
  })

  test('of nothing changes nothing', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    pack.update({})
    expect([pack.size, numbers(pack), pack.kind]).toEqual([150, [1], 'custom'])
    pack.update({ kind: 'official' })
    expect([pack.kind, numbers(pack)]).toEqual(['official', [1]])
  })
})

describe('what changed between two versions', () => {
  test('is who entered and who left', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    crowd.put('u0', { vip: false })
    crowd.putMany([
      ['u1', { vip: true }],
      ['new', { vip: true }],
    ])
    pack.rebuild()
    crowd.put('u0', { vip: true })
    pack.rebuild()
    const ids = (from?: number, to?: number): unknown => {
      const { entered, left } = pack.diff(from, to)
      return { entered: [...entered], left: [...left] }
    }
    expect(ids()).toEqual({ entered: ['u0'], left: [] })
    expect(ids(1, 2)).toEqual({ entered: ['u1', 'new'], left: ['u0'] })
    expect(ids(2, 1)).toEqual({ entered: ['u0'], left: ['u1', 'new'] })
    expect(ids(1)).toEqual({ entered: ['u1', 'new'], left: [] })
    expect(ids(3)).toEqual({ entered: [], left: [] })
    expect(ids(undefined, 2)).toEqual(ids(1, 2))
  })

  test('of the first version is all who entered', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const { entered, left } = pack.diff()
    expect([entered.size, left.size]).toEqual([150, 0])
  })

  test('asks for versions that are kept', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    for (let i = 0; i < 4; i++) pack.rebuild()
    for (const [from, to] of [
      [1, 5],
      [3, 6],
      [0, 3],
      [1.5, 3],
      [3, 2],
    ] as const) {
      expect(refusal(() => pack.diff(from, to)).code).toBe('AUDIENCE_VERSION_UNKNOWN')
    }
    const error = refusal(() => pack.diff(1))
    expect(error.message).toBe('AUDIENCE_VERSION_UNKNOWN: audience "pack" keeps no version 1; it keeps 3, 4, 5')
    expect(error.facts).toEqual({ name: 'pack', version: 1 })
  })

  test('of a list too', () => {
    const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds })
    list.replace(['u2', 'u3'])
    const { entered, left } = list.diff()
    expect([[...entered], [...left]]).toEqual([['u3'], ['u1']])
  })
})

describe('the removal of a person', () => {
  test('follows in every version and list, and not in what is kept elsewhere', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const list = crowd.audiences.createList({ name: 'list', members: ['u0', 'u1'], bounds })
    pack.rebuild()
    list.add(['u2'])
    crowd.removeMany(['u0', 'u2'])
    expect(pack.versions.map(({ size }) => size)).toEqual([148, 148])
    expect(list.versions.map((version) => [...version.ids()])).toEqual([['u1'], ['u1']])
    expect(crowd.count('audience list or audience list version 1')).toBe(1)
    expect(numbers(pack)).toEqual([1, 2])
    expect(list.version.has('u0')).toBe(false)
    expect(list.diff().entered.size).toBe(0)
  })

  test('can bring an audience below its minimum, which is seen when it is built next', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds: { min: 150 } })
    const list = crowd.audiences.createList({ name: 'list', members: ['u0', 'u1'], bounds: { min: 2 } })
    crowd.remove('u0')
    expect([pack.size, list.size]).toEqual([149, 1])
    expect(refusal(() => pack.rebuild()).code).toBe('AUDIENCE_TOO_SMALL')
    expect(refusal(() => list.add(['u1'])).code).toBe('AUDIENCE_TOO_SMALL')
    expect(list.add(['u3']).matched).toBe(1)
  })

  test('follows in every workspace, removed ones aside', () => {
    const north = crowd.workspace('north').audiences.createList({ name: 'list', members: ['u0', 'u1'], bounds })
    crowd.remove('u0')
    expect(north.size).toBe(1)
  })
})

describe('a removed audience', () => {
  test('does nothing more, and can still be read', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds })
    crowd.audiences.remove(' pack ')
    crowd.audiences.remove('list')
    expect(crowd.audiences.list()).toEqual([])
    for (const call of [
      () => pack.rebuild(),
      () => pack.update({ kind: 'official' }),
      () => list.add(['u2']),
      () => list.remove(['u1']),
      () => list.replace([]),
    ]) {
      expect(refusal(call).message).toMatch(/^AUDIENCE_UNKNOWN: audience "(pack|list)" has been removed$/)
    }
    expect(pack.size).toBe(150)
  })

  test('leaves its name free for another, which is another', () => {
    const before = crowd.audiences.create({ name: 'pack', rule: 'vip' })
    crowd.audiences.remove('pack')
    const after = crowd.audiences.create({ name: 'pack', rule: 'old' })
    expect(after).not.toBe(before)
    expect(after.version.number).toBe(1)
    expect(refusal(() => before.rebuild()).code).toBe('AUDIENCE_UNKNOWN')
    expect(String(before.rule)).toBe('vip')
    expect(crowd.audiences.get('pack')).toBe(after)
  })
})

test('the versions of an audience are a list that nobody can change', () => {
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip' })
  pack.rebuild()
  expect(() => (pack.versions as unknown[]).pop()).toThrow(TypeError)
  expect(() => Object.assign(pack.bounds, { min: 0 })).toThrow(TypeError)
})

test('a user set from a version survives whatever is written', () => {
  const small = createEngine({ schema: { vip: flag() } })
  small.put('u1', { vip: true })
  const pack = small.audiences.create({ name: 'pack', rule: 'vip', bounds })
  const held = pack.version.people()
  small.put('u2', { vip: true })
  small.tags.vip.replace([])
  pack.rebuild()
  expect([...held]).toEqual(['u1'])
  held.release()
  expect([...pack.versions[0]!.ids()]).toEqual(['u1'])
})
