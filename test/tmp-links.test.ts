import { expect, test } from 'vitest'
import { category, createEngine, event, flag, number, timestamp } from '../src/index.ts'

test('smoke', () => {
  const crowd = createEngine({
    schema: {
      vip: flag(),
      tier: category(),
      likes: category({ many: true }),
      spend: number({ merge: 'sum' }),
      first: timestamp({ merge: 'min' }),
      buy: event({ a: number() }),
    },
  })
  crowd.put('u1', { vip: true, tier: 'A', likes: ['x'], spend: 5, first: 100 })
  crowd.put('u2', { tier: 'B', likes: ['y'], spend: 7, first: 50 })
  crowd.track('u1', 'buy', { at: 1000, a: 1 })
  crowd.track('u2', 'buy', { at: 500, a: 2 })
  crowd.track('u2', 'buy', { at: 1000, a: 3 })
  crowd.track('u3', 'buy', { at: 700, a: 3 })
  expect(crowd.count('did buy at least 2 times')).toBe(1)
  const list = crowd.audiences.createList({ name: 'l', members: ['u2'], bounds: { min: 0 } })
  const view = crowd.read()
  expect(crowd.link('u2', 'u1')).toEqual({ created: 0, linked: 0, merged: 1 })
  expect(crowd.get('u2')).toEqual({ vip: true, tier: 'B', likes: ['x', 'y'], spend: 12, first: new Date(50) })
  expect(crowd.events('u1', 'buy').map(({ a }) => a)).toEqual([2, 1, 3])
  expect(crowd.count('did buy at least 3 times')).toBe(1)
  expect([...list.version.ids()]).toEqual(['u1'])
  expect(crowd.size).toBe(2)
  expect(view.size).toBe(3)
  expect([view.has('u2'), view.count('did buy at least 2 times'), view.has('u1')]).toEqual([false, 1, true])
  expect(crowd.link('p', 'q')).toEqual({ created: 1, linked: 1, merged: 0 })
  expect(crowd.link('q', 'u3')).toEqual({ created: 0, linked: 0, merged: 1 })
  expect(crowd.idsOf('q')).toEqual(['u3', 'p', 'q'])
  expect(crowd.unlink('q')).toBe(true)
  expect(crowd.idsOf('p')).toEqual(['u3', 'p'])
  expect(() => crowd.unlink('p')).toThrow(/LINK_HAS_DATA/)
  expect(() => crowd.unlink('u3')).toThrow(/LINK_NAMES/)
  expect(crowd.remove('p')).toBe(true)
  expect(crowd.has('u3')).toBe(false)
})
