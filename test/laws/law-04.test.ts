import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  loadEngine,
  type MergePolicy,
  number,
  openEngine,
  timestamp,
} from '../../src/index.ts'
import { refusal } from './refusal.ts'

const schema = {
  vip: flag(),
  likes: category({ many: true }),
  tier: category(),
  channel: category({ merge: 'first' }),
  score: number(),
  orders: number({ merge: 'sum', max: 100 }),
  joinedAt: timestamp({ merge: 'min' }),
  seenAt: timestamp({ merge: 'max' }),
  buy: event({ amount: number() }),
}

/** u1 and u2 differ in everything; u2's values were written later. */
function population(): Engine<typeof schema> {
  const crowd = createEngine({ schema })
  crowd.put('u1', {
    vip: true,
    likes: ['a', 'b'],
    tier: 'T1',
    channel: 'web',
    score: 5,
    orders: 3,
    joinedAt: 20,
    seenAt: 70,
  })
  crowd.put('u2', { likes: ['b', 'c'], tier: 'T2', channel: 'app', score: 2, orders: 4, joinedAt: 10, seenAt: 90 })
  crowd.trackMany('buy', [
    ['u1', { at: 100, amount: 1, eventId: 'e1' }],
    ['u2', { at: 50, amount: 2, eventId: 'e2' }],
    ['u2', { at: 100, amount: 3 }],
  ])
  return crowd
}

const whole = {
  vip: true,
  likes: ['a', 'b', 'c'],
  tier: 'T2',
  channel: 'web',
  score: 2,
  orders: 7,
  joinedAt: new Date(10),
  seenAt: new Date(90),
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-law-4-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('law 4: ids of one person', () => {
  test('an id that is new becomes another id of the person, for every read and write', () => {
    const crowd = population()
    expect(crowd.link('phone:1', 'u1')).toEqual({ created: 0, linked: 1, merged: 0 })
    expect([crowd.size, crowd.denseOf('phone:1'), crowd.idsOf('u1')]).toEqual([2, 0, ['u1', 'phone:1']])
    crowd.put('phone:1', { tier: 'T9' })
    crowd.tags.score.set(['phone:1'], [9])
    crowd.track('phone:1', 'buy', { at: 200, amount: 4 })
    expect(crowd.get('u1')).toMatchObject({ tier: 'T9', score: 9 })
    expect(crowd.events('phone:1', 'buy').map(({ amount }) => amount)).toEqual([1, 4])
    expect(crowd.matches('phone:1', 'tier = "T9"')).toBe(true)
    expect(crowd.select('tier = "T9"').has('phone:1')).toBe(true)
    expect([...crowd.select('everyone')]).toEqual(['u1', 'u2'])
    expect(crowd.tags.vip.replace(['phone:1', 'u1'])).toEqual({ people: 1, created: 0 })
    const { lastUpload } = crowd.audiences.createList({ name: 'l', members: ['phone:1', 'u1'], bounds: { min: 0 } })
    expect(lastUpload).toMatchObject({ matched: 1, unknown: 0, duplicate: 1 })
  })

  test('two new ids are a new person, named by the first', () => {
    const crowd = population()
    expect(crowd.link('a', 'b')).toEqual({ created: 1, linked: 1, merged: 0 })
    expect([crowd.denseOf('a'), crowd.denseOf('b'), crowd.idOf(3), crowd.get('b')]).toEqual([2, 2, undefined, {}])
    crowd.put('c', {})
    expect(crowd.denseOf('c')).toBe(4)
    expect(crowd.link('d', 'd')).toEqual({ created: 1, linked: 0, merged: 0 })
    expect([crowd.idsOf('d'), crowd.count('everyone')]).toEqual([['d'], 5])
  })

  test('ids that are one person already stay so', () => {
    const crowd = population()
    crowd.link('u1', 'phone:1')
    for (const [a, b] of [
      ['u1', 'phone:1'],
      ['phone:1', 'u1'],
      ['u1', 'u1'],
      ['phone:1', 'phone:1'],
    ] as const) {
      expect(crowd.link(a, b)).toEqual({ created: 0, linked: 0, merged: 0 })
    }
    expect(crowd.idsOf('u1')).toEqual(['u1', 'phone:1'])
  })

  test('an alias has a number that is nobody’s', () => {
    const crowd = population()
    crowd.link('u1', 'phone:1')
    expect(refusal(() => crowd.tags.vip.add(Uint32Array.of(2))).code).toBe('DENSE_UNKNOWN')
    expect(refusal(() => crowd.trackColumns('buy', { dense: Uint32Array.of(2), at: [0] })).code).toBe('DENSE_UNKNOWN')
    expect(crowd.count('not vip')).toBe(1)
  })
})

describe('law 4: two people become one', () => {
  test.each([
    ['u1', 'u2'],
    ['u2', 'u1'],
  ])('by link(%s, %s): who was seen first stays', (a, b) => {
    const crowd = population()
    const list = crowd.audiences.createList({ name: 'list', members: ['u2'], bounds: { min: 0 } })
    const both = crowd.audiences.createList({ name: 'both', members: ['u1', 'u2'], bounds: { min: 0 } })
    expect(crowd.link(a, b)).toEqual({ created: 0, linked: 0, merged: 1 })
    for (const id of ['u1', 'u2']) {
      expect(crowd.get(id)).toEqual(whole)
      expect(crowd.denseOf(id)).toBe(0)
      expect(crowd.events(id, 'buy')).toEqual([
        { at: new Date(50), amount: 2, eventId: 'e2' },
        { at: new Date(100), amount: 1, eventId: 'e1' },
        { at: new Date(100), amount: 3 },
      ])
    }
    expect([crowd.size, crowd.count('everyone'), crowd.count('not vip'), crowd.idOf(1)]).toEqual([1, 1, 0, undefined])
    expect(crowd.count('did buy at least 3 times')).toBe(1)
    expect(crowd.track('u2', 'buy', { at: 1, eventId: 'e2' }).duplicates).toBe(1)
    expect([list, both].map(({ version }) => [version.size, ...version.ids()])).toEqual([
      [1, 'u1'],
      [1, 'u1'],
    ])
    expect(crowd.count('audience list')).toBe(1)
    crowd.put('u3', {})
    expect(crowd.denseOf('u3')).toBe(2)
  })

  test('every version of every audience follows, in every workspace', () => {
    const crowd = population()
    const pack = crowd.audiences.create({ name: 'pack', rule: 'tier = "T2"', bounds: { min: 0 } })
    const other = crowd.workspace('other').audiences.createList({ name: 'l', members: ['u2'], bounds: { min: 0 } })
    crowd.put('u1', { tier: 'T2' })
    pack.rebuild()
    crowd.link('u1', 'u2')
    expect(pack.versions.map((version) => [...version.ids()])).toEqual([['u1'], ['u1']])
    expect(crowd.count('audience pack version 1')).toBe(1)
    expect([...other.version.ids()]).toEqual(['u1'])
  })

  test('where one has no value, it is the other’s, whatever the policy', () => {
    for (const [staying, leaving] of [
      ['u1', 'u3'],
      ['u0', 'u1'],
    ] as const) {
      const crowd = createEngine({ schema })
      if (staying === 'u0') crowd.put('u0', {})
      crowd.put('u1', { tier: 'T1', channel: 'web', score: 5, orders: 3, joinedAt: 20, seenAt: 70 })
      const before = crowd.get('u1')
      if (leaving === 'u3') crowd.put('u3', {})
      crowd.link(staying, leaving)
      expect(crowd.get(staying)).toEqual(before)
    }
  })

  const policies: readonly (readonly [MergePolicy | undefined, number, number])[] = [
    [undefined, 7, 5],
    ['latest', 7, 5],
    ['first', 5, 7],
    ['max', 7, 7],
    ['min', 5, 5],
    ['sum', 12, 12],
  ]
  test.each(policies)('a number with the policy %s', (merge, fiveFirst, sevenFirst) => {
    const options = merge === undefined ? {} : { merge }
    for (const [first, second, expected] of [
      [5, 7, fiveFirst],
      [7, 5, sevenFirst],
    ] as const) {
      for (const later of ['u1', 'u2']) {
        const crowd = createEngine({ schema: { n: number(options) } })
        crowd.putMany([
          ['u1', {}],
          ['u2', {}],
        ])
        crowd.put(later === 'u1' ? 'u2' : 'u1', { n: first })
        crowd.put(later, { n: second })
        crowd.link('u1', 'u2')
        expect(crowd.get('u1')?.n).toBe(expected)
      }
    }
  })

  test('a value that is written again, though the same, was written later', () => {
    const crowd = createEngine({ schema: { tier: category(), n: number() } })
    crowd.put('u1', { tier: 'a', n: 1 })
    crowd.put('u2', { tier: 'b', n: 2 })
    crowd.put('u1', { tier: 'a', n: 1 })
    crowd.link('u1', 'u2')
    expect(crowd.get('u1')).toEqual({ tier: 'a', n: 1 })
  })

  test('of values that one write made, that of who was seen later is the latest', () => {
    const crowd = createEngine({ schema: { latest: number(), first: number({ merge: 'first' }) } })
    crowd.putMany([
      ['u1', { latest: 1, first: 1 }],
      ['u2', { latest: 2, first: 2 }],
    ])
    crowd.link('u2', 'u1')
    expect(crowd.get('u1')).toEqual({ latest: 2, first: 1 })
  })

  test('a merge is no write of the value: what it kept is as old as it was', () => {
    const crowd = createEngine({ schema: { n: number() } })
    crowd.put('u1', { n: 1 })
    crowd.put('u2', { n: 2 })
    crowd.put('u3', { n: 3 })
    crowd.link('u1', 'u2')
    crowd.link('u1', 'u3')
    expect(crowd.get('u1')?.n).toBe(3)
  })

  test('bulk writes count as writes of each of their people', () => {
    const crowd = createEngine({ schema: { tier: category(), n: number() } })
    crowd.tags.tier.add('b', ['u2'])
    crowd.tags.n.set(['u2'], [2])
    crowd.tags.tier.add('a', ['u1', 'u3'])
    crowd.tags.n.replace(['u1', 'u2'], [1, 3])
    crowd.tags.tier.add('c', ['u4'])
    crowd.tags.tier.add('z', ['u2'])
    crowd.tags.n.set(['u2'], [5])
    crowd.link('u2', 'u1')
    expect(crowd.get('u1')).toEqual({ tier: 'z', n: 5 })
  })

  test('a sum outside the range of the column: nothing is linked', () => {
    const crowd = population()
    crowd.put('u1', { orders: 97 })
    const before = crowd.stats().dataVersion
    const error = refusal(() =>
      crowd.linkMany([
        ['u1', 'x'],
        ['u5', 'u6'],
        ['u1', 'u2'],
      ]),
    )
    expect([error.code, error.facts]).toEqual([
      'MERGE_OUT_OF_RANGE',
      { column: 'orders', ids: ['u1', 'u2'], min: '-9007199254740991', max: '100' },
    ])
    expect([crowd.size, crowd.has('x'), crowd.has('u5'), crowd.stats().dataVersion]).toEqual([2, false, false, before])
    crowd.put('u3', { orders: -10 })
    // The sum of all counts, not those on the way.
    expect(
      crowd.linkMany([
        ['u1', 'u2'],
        ['u2', 'u3'],
      ]).merged,
    ).toBe(2)
    expect(crowd.get('u1')?.orders).toBe(91)
  })

  test('many pairs: chains and rings, in any order, come to the same', () => {
    const pairs = [
      ['u4', 'u3'],
      ['new', 'u2'],
      ['u3', 'new'],
      ['u2', 'u4'],
      ['x', 'y'],
      ['u1', 'u1'],
    ] as const
    for (const turn of [0, 1, 2, 3]) {
      const crowd = createEngine({ schema: { tier: category() } })
      for (const id of ['u1', 'u2', 'u3', 'u4']) crowd.put(id, { tier: id })
      const turned = [...pairs.slice(turn), ...pairs.slice(0, turn)]
      expect(crowd.linkMany(turned)).toEqual({ created: 1, linked: 2, merged: 2 })
      expect(crowd.idsOf('u4')).toEqual(['u2', 'u3', 'u4', 'new'])
      expect([...crowd.select('everyone')]).toEqual(['u1', 'u2', 'x'])
      expect(crowd.get('new')).toEqual({ tier: 'u4' })
    }
  })

  test('what is no pair of ids is refused, and nothing is linked', () => {
    const crowd = population()
    expect(refusal(() => crowd.link('u1', '')).code).toBe('ID_EMPTY')
    expect(
      refusal(() =>
        crowd.linkMany([
          ['u1', 'u2'],
          ['u1', -1],
        ]),
      ).code,
    ).toBe('ID_NOT_AN_INTEGER')
    expect(refusal(() => crowd.linkMany([['u1', 'u2'], ['u1'] as never])).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.linkMany('u1' as never)).code).toBe('MEMBERS_WRONG_TYPE')
    expect(crowd.size).toBe(2)
  })

  test('a built tag keeps the staying person, and is told to be stale; a live one follows', () => {
    const crowd = population().defineTag('live', 'orders >= 7').defineTag('built', 'tier = "T2"', { mode: 'built' })
    crowd.derivedTags.rebuild('built')
    crowd.link('u1', 'u2')
    expect([crowd.count('live'), crowd.count('built')]).toEqual([1, 0])
    crowd.derivedTags.rebuild('built')
    expect([...crowd.select('built')]).toEqual(['u1'])
  })

  test('many people: categories with an index, and days that are in order', () => {
    const crowd = createEngine({ schema: { tier: category(), n: number(), buy: event({ amount: number() }) } })
    const ids = Array.from({ length: 70_000 }, (_, i) => i)
    crowd.putMany(ids.map((id) => [id, { tier: `v${id % 50}`, n: id }]))
    crowd.trackColumns('buy', { ids, at: Float64Array.from(ids, (id) => id), amount: Int32Array.from(ids) })
    expect(crowd.count('did buy')).toBe(70_000)
    crowd.put(3, { tier: 'v3', n: 3 })
    crowd.linkMany([
      [3, 69_999],
      [65_536, 65_535],
      [7, 40_000],
    ])
    expect([3, 65_535, 7].map((id) => crowd.get(id))).toEqual([
      { tier: 'v3', n: 3 },
      { tier: 'v36', n: 65_536 },
      { tier: 'v0', n: 40_000 },
    ])
    expect(crowd.events(69_999, 'buy').map(({ amount }) => amount)).toEqual([3, 69_999])
    expect([crowd.count('did buy'), crowd.count('did buy at least 2 times')]).toEqual([69_997, 3])
  })
})

describe('law 4: what follows a link', () => {
  test('a removed person takes all ids along', () => {
    const crowd = population()
    crowd.linkMany([
      ['u1', 'u2'],
      ['u2', 'phone:1'],
    ])
    expect(crowd.remove('phone:1')).toBe(true)
    for (const id of ['u1', 'u2', 'phone:1']) expect([crowd.has(id), crowd.idsOf(id)]).toEqual([false, []])
    expect(crowd.size).toBe(0)
    crowd.put('u2', {})
    expect([crowd.denseOf('u2'), crowd.get('u2'), crowd.idsOf('u2')]).toEqual([3, {}, ['u2']])
  })

  test('an id that was new when it was linked can be unlinked', () => {
    const crowd = population()
    crowd.linkMany([
      ['u2', 'phone:1'],
      ['u2', 'phone:2'],
    ])
    crowd.link('u1', 'u2')
    expect(crowd.unlink('phone:1')).toBe(true)
    expect([crowd.has('phone:1'), crowd.idsOf('u1')]).toEqual([false, ['u1', 'u2', 'phone:2']])
    expect([crowd.unlink('phone:1'), crowd.unlink('stranger')]).toEqual([false, false])
    expect(refusal(() => crowd.unlink('u1')).code).toBe('LINK_NAMES_PERSON')
    expect(refusal(() => crowd.unlink('u2')).code).toBe('LINK_HAS_DATA')
    crowd.put('phone:1', { tier: 'T5' })
    expect([crowd.size, crowd.get('u1')?.tier]).toEqual([2, 'T2'])
    expect(refusal(() => crowd.unlink('phone:1')).message).toContain('the only one')
  })

  test('a view stays of its moment: who became another has no name in it, and new ids are unknown', () => {
    const crowd = population()
    crowd.link('u1', 'old')
    crowd.link('u1', 'kept')
    crowd.link('u2', 'of u2')
    const before = crowd.read()
    expect([before.idsOf('kept'), before.idsOf('of u2')]).toEqual([
      ['u1', 'old', 'kept'],
      ['u2', 'of u2'],
    ])
    before.release()
    expect(() => before.idsOf('u1')).toThrow(/VIEW_RELEASED/)
    const view = crowd.read()
    const people = crowd.select('everyone')
    crowd.link('u1', 'u2')
    crowd.link('u1', 'new')
    crowd.unlink('old')
    const later = crowd.read()
    expect([view.size, view.count('did buy at least 2 times'), view.count('vip')]).toEqual([2, 1, 1])
    expect(view.get('u1')).toMatchObject({ tier: 'T1', likes: ['a', 'b'], orders: 3 })
    for (const id of ['u2', 'of u2', 'new', 'old']) {
      expect([view.has(id), view.denseOf(id), view.get(id), view.matches(id, 'everyone')]).toEqual([
        false,
        undefined,
        undefined,
        false,
      ])
    }
    for (const id of ['u1', 'kept']) expect(view.idsOf(id)).toEqual(['u1', 'kept'])
    for (const id of ['u2', 'of u2', 'new', 'old', 'stranger']) expect(view.idsOf(id)).toEqual([])
    expect(later.idsOf('new')).toEqual(['u1', 'u2', 'kept', 'of u2', 'new'])
    expect(later.idsOf('new')).toEqual(crowd.idsOf('u1'))
    expect([...view.select('everyone').ids()]).toEqual(['u1'])
    expect([people.size, ...people]).toEqual([2, 'u1'])
    for (const id of ['u2', 'of u2', 'new']) expect(later.denseOf(id)).toBe(0)
    crowd.remove('kept')
    for (const one of [view, later]) expect(one.idsOf('u1')).toEqual([])
    view.release()
    later.release()
  })

  test('links and the order of writes are saved', async () => {
    await inFolder(async (folder) => {
      const crowd = population()
      crowd.put('u3', { tier: 'T3', score: 3 })
      crowd.linkMany([
        ['u1', 'u2'],
        ['u1', 'phone:1'],
        ['a', 'b'],
      ])
      crowd.put('u1', { score: 1 })
      await crowd.save(folder)
      const loaded = await loadEngine<typeof schema>(folder)
      for (const again of [crowd, loaded]) {
        for (const id of ['u1', 'u2', 'phone:1']) expect(again.get(id)).toEqual({ ...whole, score: 1 })
        expect(again.idsOf('u2')).toEqual(['u1', 'u2', 'phone:1'])
        expect([again.size, again.denseOf('b')]).toEqual([3, again.denseOf('a')])
        expect(refusal(() => again.unlink('u2')).code).toBe('LINK_HAS_DATA')
        expect(again.unlink('phone:1')).toBe(true)
        again.link('u3', 'u1')
        expect(again.get('u1')).toMatchObject({ tier: 'T3', score: 1 })
      }
    })
  })

  test('links are kept by the log and by checkpoints; the numbers are the same afterwards', async () => {
    await inFolder(async (folder) => {
      const dir = join(folder, 'data')
      const first = await openEngine({ dir, schema })
      first.put('u1', { score: 1 })
      first.put('u2', { score: 2 })
      first.linkMany([
        ['u2', 'phone:1'],
        ['phone:1', 'u1'],
      ])
      await first.checkpoint()
      // One batch of the replay: the last of these writes is of the person who was seen first.
      first.put('p1', { tier: 'x', score: 1 })
      first.put('p2', { tier: 'y', score: 2 })
      first.put('p1', { tier: 'x', score: 1 })
      first.link('p1', 'p2')
      first.link('a', 'phone:2')
      first.put('b', { score: 3 })
      first.link('phone:1', 'b')
      first.unlink('phone:2')
      await first.flushed()
      // Before it is closed: what comes back is the checkpoint and the log.
      const copy = join(folder, 'copy')
      await cp(dir, copy, { recursive: true, filter: (path) => !path.endsWith('LOCK') })
      const ids = ['u1', 'u2', 'phone:1', 'a', 'phone:2', 'b']
      const expected = ids.map((id) => [first.denseOf(id), first.get(id), first.idsOf(id)])
      await first.close()
      const again = await openEngine({ dir: copy, schema })
      expect(again.recovery?.replayed).toBe(8)
      expect(again.get('p2')).toEqual({ tier: 'x', score: 1 })
      expect(ids.map((id) => [again.denseOf(id), again.get(id), again.idsOf(id)])).toEqual(expected)
      expect(again.get('u1')).toEqual({ score: 3 })
      again.put('c', {})
      expect(again.denseOf('c')).toBe(8)
      await again.close()
    })
  })
})
