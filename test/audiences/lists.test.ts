import { beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type ListReport } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'
import { openShop, revisionOf, type Shop } from './shop.ts'

const bounds = { min: 0 }
let crowd: Shop['crowd']

beforeEach(() => {
  crowd = openShop().crowd
})

const report = (matched: number, unknown: number, duplicate: number, invalid: number): ListReport => ({
  matched,
  unknown,
  duplicate,
  invalid,
})

describe('the forms of an upload', () => {
  test('ids, of an array or any other iterable', () => {
    const forms = [
      ['u2', 'u1'],
      new Set(['u2', 'u1']),
      new Map([
        ['u2', 0],
        ['u1', 0],
      ]).keys(),
    ]
    forms.forEach((members, i) => {
      const list = crowd.audiences.createList({ name: `list ${i}`, members, bounds })
      expect([...list.version.ids()]).toEqual(['u1', 'u2'])
      expect(list.lastUpload).toEqual(report(2, 0, 0, 0))
    })
  })

  test('dense numbers', () => {
    const list = crowd.audiences.createList({ name: 'list', members: Uint32Array.of(299, 5, 5), bounds })
    expect([...list.version.ids()]).toEqual(['u5', 'u299'])
    expect(list.lastUpload).toEqual(report(2, 0, 1, 0))
    expect(refusal(() => list.add(Uint32Array.of(300))).facts).toEqual({ strangers: 1, first: 300 })
  })

  test('portable bytes', () => {
    const people = crowd.select('vip and old')
    const list = crowd.audiences.createList({ name: 'list', members: people.portableBytes(), bounds })
    expect(list.version.people().equals(people)).toBe(true)
    expect(list.lastUpload).toEqual(report(50, 0, 0, 0))
    expect(refusal(() => list.replace(new Uint8Array(3))).code).toBe('BITMAP_INVALID')
  })

  test('a user set of the same engine, and of no other', () => {
    const people = crowd.select('vip')
    const list = crowd.audiences.createList({ name: 'list', members: people })
    expect(list.size).toBe(150)
    people.release()
    expect(list.size).toBe(150)
    expect([...list.version.ids()].at(-1)).toBe('u298')
    expect(refusal(() => list.add(people)).code).toBe('USER_SET_RELEASED')
  })

  test('an array that changes afterwards, and a set that is written afterwards, change nothing', () => {
    const members = ['u1', 'u2']
    const list = crowd.audiences.createList({ name: 'list', members, bounds })
    members.push('u3')
    const dense = Uint32Array.of(7)
    list.replace(dense)
    dense[0] = 8
    expect([...list.version.ids()]).toEqual(['u7'])
    list.replace(crowd.select('vip'))
    crowd.put('u1', { vip: true })
    expect(list.size).toBe(150)
  })

  test.each(['u1', 5, null, undefined, {}, Float64Array.of(1), new ArrayBuffer(8)])('%s is none', (members) => {
    const create = (): unknown => crowd.audiences.createList({ name: 'list', members: members as never, bounds })
    expect(refusal(create).code).toBe('MEMBERS_WRONG_TYPE')
    expect(crowd.audiences.has('list')).toBe(false)
  })
})

describe('reports', () => {
  test.each<[readonly unknown[], ListReport]>([
    [[], report(0, 0, 0, 0)],
    [['u1'], report(1, 0, 0, 0)],
    [['u1', 'u1', 'u1'], report(1, 0, 2, 0)],
    [['x', 'x', 'y'], report(0, 2, 1, 0)],
    [['', Number.NaN, -1, 1.5, 2n ** 64n, '\ud800', {}, Symbol('x'), null, undefined], report(0, 0, 0, 10)],
    [['u1', 'x', '', 'u1', 'x', ''], report(1, 1, 2, 2)],
    [[7, 7n, '7'], report(0, 2, 1, 0)],
    [[0, -0, 0n], report(0, 1, 2, 0)],
  ])('%#: four numbers that add up to what was given', (members, expected) => {
    const list = crowd.audiences.createList({ name: 'list', members: members as never, bounds })
    expect(list.lastUpload).toEqual(expected)
    const { matched, unknown, duplicate, invalid } = list.lastUpload!
    expect(matched + unknown + duplicate + invalid).toBe(members.length)
    expect(list.size).toBe(matched)
    expect(crowd.size).toBe(300)
  })

  test('unknown ids that are created are matched', () => {
    const list = crowd.audiences.createList({
      name: 'list',
      members: ['x', 'u1', 7, '7', 7n, 'x', ''],
      createUnknown: true,
      bounds,
    })
    expect(list.lastUpload).toEqual(report(4, 0, 2, 1))
    expect([...list.version.ids()]).toEqual(['u1', 'x', 7, '7'])
    expect(crowd.size).toBe(303)
    expect(crowd.get(7)).toEqual({})
  })

  test('the last upload is kept, whether it was creation, addition, removal or replacement', () => {
    const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds })
    expect(list.add(['u1', 'u2', 'x'])).toEqual(report(2, 1, 0, 0))
    expect(list.lastUpload).toEqual(report(2, 1, 0, 0))
    expect(list.remove(['u2', 'u2', 'u3'])).toEqual(report(2, 0, 1, 0))
    expect(list.lastUpload).toEqual(report(2, 0, 1, 0))
    expect(list.replace(['u9'])).toEqual(report(1, 0, 0, 0))
    expect(list.versions.map(({ number, size }) => [number, size])).toEqual([
      [2, 2],
      [3, 1],
      [4, 1],
    ])
  })

  test('a removed person is unknown', () => {
    crowd.remove('u1')
    const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds })
    expect(list.lastUpload).toEqual(report(1, 1, 0, 0))
  })
})

describe('bounds of a list', () => {
  test('are those of the list as it would be', () => {
    const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds: { min: 1, max: 3 } })
    list.add(['u2', 'u3', 'stranger'])
    const large = refusal(() => list.add(['u3', 'u4']))
    expect(large.code).toBe('AUDIENCE_TOO_LARGE')
    expect(large.facts).toEqual({ name: 'list', size: 4, min: 1, max: 3, remedies: [] })
    const small = refusal(() => list.remove(['u1', 'u2', 'u3', 'u4']))
    expect(small.code).toBe('AUDIENCE_TOO_SMALL')
    expect(small.facts).toEqual({ name: 'list', size: 0, min: 1, max: 3, remedies: [] })
    expect(refusal(() => list.replace([])).code).toBe('AUDIENCE_TOO_SMALL')
    expect(refusal(() => list.replace(['u1', 'u2', 'u3', 'u4'])).code).toBe('AUDIENCE_TOO_LARGE')
    list.remove(['u1', 'u2'])
    expect([...list.version.ids()]).toEqual(['u3'])
    expect(list.versions).toHaveLength(3)
  })

  test('count people who would be created', () => {
    const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds: { min: 0, max: 3 } })
    expect(refusal(() => list.add(['new 1', 'new 2'], { createUnknown: true })).facts).toMatchObject({ size: 4 })
    expect(refusal(() => list.replace(['a', 'b', 'c', 'd'], { createUnknown: true })).facts).toMatchObject({ size: 4 })
    expect(crowd.size).toBe(300)
    expect(list.add(['new 1'], { createUnknown: true })).toEqual(report(1, 0, 0, 0))
    expect(crowd.size).toBe(301)
  })

  test('nothing is left of what is refused', () => {
    const options = { name: 'list', members: ['new', 'u1'], createUnknown: true, bounds: { min: 3 } }
    const revision = revisionOf(crowd.audiences)
    expect(refusal(() => crowd.audiences.createList(options)).code).toBe('AUDIENCE_TOO_SMALL')
    expect(refusal(() => crowd.audiences.createList({ ...options, name: '' })).code).toBe('AUDIENCE_NAME_INVALID')
    expect(refusal(() => crowd.audiences.createList({ ...options, kind: 'x' as never })).code).toBe('OPTION_INVALID')
    expect(refusal(() => crowd.audiences.createList({ ...options, bounds: { min: -1 } })).code).toBe(
      'AUDIENCE_BOUNDS_INVALID',
    )
    expect(crowd.has('new')).toBe(false)
    expect(crowd.audiences.list()).toEqual([])
    expect(revisionOf(crowd.audiences)).toBe(revision)
    expect(crowd.stats().dataVersion).toBe(1)
  })
})

test('an engine that is empty takes a list of strangers on request', () => {
  const empty = createEngine({ schema: {} })
  const list = empty.audiences.createList({ name: 'list', members: ['a', 'b'], createUnknown: true, bounds })
  expect(list.size).toBe(2)
  expect(empty.size).toBe(2)
})

test('what belongs to the other kind of audience is refused', () => {
  const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds })
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  const refused: [() => unknown, string][] = [
    [
      () => list.rebuild(),
      'AUDIENCE_WRONG_KIND: audience "list" is a list, whose members are uploaded: use add, remove or replace',
    ],
    [() => list.update({ rule: 'vip' }), 'AUDIENCE_WRONG_KIND: audience "list" is a list, which has no rule'],
    [
      () => pack.add(['u1']),
      'AUDIENCE_WRONG_KIND: audience "pack" follows a rule, so its members cannot be uploaded: use update({ rule })',
    ],
    [
      () => pack.remove(['u1']),
      'AUDIENCE_WRONG_KIND: audience "pack" follows a rule, so its members cannot be uploaded: use update({ rule })',
    ],
    [
      () => pack.replace(['u1']),
      'AUDIENCE_WRONG_KIND: audience "pack" follows a rule, so its members cannot be uploaded: use update({ rule })',
    ],
  ]
  for (const [call, message] of refused) expect(refusal(call).message).toBe(message)
  expect([list.versions.length, pack.versions.length]).toEqual([1, 1])
})

test('a list can be given other bounds and another kind', () => {
  const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds: { min: 1 } })
  expect(list.update({ bounds: { max: 2 }, kind: 'official' })).toBe(list)
  expect([list.kind, list.bounds]).toEqual(['official', { min: 1, max: 2 }])
  expect(refusal(() => list.update({ bounds: { max: 1 }, kind: 'custom' })).code).toBe('AUDIENCE_TOO_LARGE')
  expect([list.kind, list.bounds]).toEqual(['official', { min: 1, max: 2 }])
  expect(list.versions).toHaveLength(1)
})
