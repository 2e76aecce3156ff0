import { beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'

const bounds = { min: 0 }
let crowd: Engine<{ vip: FlagSpec }>

beforeEach(() => {
  crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany([
    ['u1', { vip: true }],
    ['u2', {}],
    ['u3', {}],
    [7, {}],
  ])
})

test('law 20: uploaded ids form a list audience: add, remove, replace', () => {
  const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds })
  expect(list.source).toBe('list')
  expect(list.rule).toBeNull()
  list.add(['u3'])
  expect([...list.version.ids()]).toEqual(['u1', 'u2', 'u3'])
  list.remove(['u1', 7])
  expect([...list.version.ids()]).toEqual(['u2', 'u3'])
  list.replace([7])
  expect([...list.version.ids()]).toEqual([7])
  expect(list.version.number).toBe(4)
})

test('law 20: the report counts matched, unknown, duplicate and invalid, which add up to what was given', () => {
  const members = ['u1', 'u1', 'u2', 'stranger', 'stranger', '', -1, null as never, 7n, 7, '7']
  const list = crowd.audiences.createList({ name: 'list', members, bounds })
  expect(list.lastUpload).toEqual({ matched: 3, unknown: 2, duplicate: 3, invalid: 3 })
  expect([...list.version.ids()]).toEqual(['u1', 'u2', 7])
  expect(crowd.size).toBe(4)
})

test('law 20: dense numbers are counted too', () => {
  const list = crowd.audiences.createList({ name: 'list', members: Uint32Array.of(0, 1, 1, 0, 0), bounds })
  expect(list.lastUpload).toEqual({ matched: 2, unknown: 0, duplicate: 3, invalid: 0 })
})

test('law 20: unknown ids are created only on request', () => {
  const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'new 1'], bounds })
  expect([list.size, crowd.size]).toEqual([1, 4])
  const report = list.add(['new 1', 'new 2', 'new 1', 'u1', ''], { createUnknown: true })
  expect(report).toEqual({ matched: 3, unknown: 0, duplicate: 1, invalid: 1 })
  expect(list.lastUpload).toEqual(report)
  expect([...list.version.ids()]).toEqual(['u1', 'new 1', 'new 2'])
  expect(crowd.size).toBe(6)
  expect(crowd.get('new 2')).toEqual({})
})

test('law 20: whom a removal or a refused upload names is not created', () => {
  const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds: { min: 1, max: 2 } })
  expect(list.remove(['u2', 'stranger'])).toEqual({ matched: 1, unknown: 1, duplicate: 0, invalid: 0 })
  expect(() => list.add(['new 1', 'new 2'], { createUnknown: true })).toThrow('AUDIENCE_TOO_LARGE')
  expect(() => list.replace([], { createUnknown: true })).toThrow('AUDIENCE_TOO_SMALL')
  expect(crowd.size).toBe(4)
  expect([...list.version.ids()]).toEqual(['u1'])
})
