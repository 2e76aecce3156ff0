import roaring from 'roaring'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nativeBitmapMemory } from '../../src/bitmap/bitmap.ts'
import { insideOf } from '../../src/engine/engine.ts'
import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  type Millis,
  number,
  type SchemaSpec,
  timestamp,
} from '../../src/index.ts'

const schema = {
  vip: flag(),
  tier: category(),
  city: category(),
  likes: category({ many: true }),
  spend: number({ scale: 2 }),
  joined: timestamp(),
  buy: event({ product: category(), amount: number({ scale: 2 }) }, { retentionDays: 30 }),
}
const noon = Date.UTC(2026, 10, 20, 12) as Millis
const hour = 3_600_000
const day = 24 * hour

/** 3,000 people; 50 cities, so that the column has a forward index. */
function populate(clock = { now: () => noon }): Engine<typeof schema> {
  const crowd = createEngine({ schema, clock })
  crowd.putMany(
    Array.from({ length: 3_000 }, (_, i) => [
      `u${i}`,
      {
        vip: i % 4 === 0,
        tier: `T${i % 3}`,
        city: `C${i % 50}`,
        likes: i % 2 === 0 ? ['tea', `drink ${i % 5}`] : [],
        spend: i,
        joined: noon - i * 60_000,
      },
    ]),
  )
  crowd.trackMany(
    'buy',
    Array.from({ length: 1_000 }, (_, i) => [
      `u${i}`,
      { at: noon - (i % 20) * day - 1, product: `P${i % 7}`, amount: i, eventId: `o${i}` },
    ]),
  )
  return crowd
}

/** Rules that read every column. */
const rules = [
  'everyone',
  'vip',
  'tier = "T1"',
  'city = "C7" or city starts with "C4"',
  'likes has any ("drink 2")',
  'spend >= 500.5 and not vip',
  'joined >= "2026-11-20"',
  'did buy(product = "P3") in last 10 days',
  'sum amount of buy in last 20 days >= 300',
] as const

function counts(asked: { count(rule: string): number }): readonly number[] {
  return rules.map((rule) => asked.count(rule))
}

/** Writes to every column, of people who are there. */
function writeAll(crowd: Engine<typeof schema>): void {
  crowd.put('u3', { vip: true, tier: 'T2', city: 'C49', likes: ['coffee'], spend: 9_999, joined: noon })
  crowd.track('u3', 'buy', { at: noon - 2 * day, product: 'P3', amount: 1_000, eventId: 'new' })
}

describe('a view is of one moment', () => {
  it('whatever is written meanwhile', () => {
    const crowd = populate()
    const before = counts(crowd)
    const view = crowd.read()
    writeAll(crowd)
    crowd.tags.vip.replace(['u1'])
    crowd.tags.tier.replace('T0', ['u1', 'u2'])
    crowd.tags.spend.replace(['u1'], [1])
    crowd.tags.likes.clearAll(['u0', 'u2'])
    crowd.putMany(Array.from({ length: 100 }, (_, i) => [`later ${i}`, { vip: true, city: `new ${i}` }]))
    crowd.removeMany(Array.from({ length: 50 }, (_, i) => `u${i * 7}`))
    expect(counts(view)).toEqual(before)
    expect(view.size).toBe(3_000)
    expect(view.get('u3')).toEqual(populate().get('u3'))
    expect(view.events('u3', 'buy')).toHaveLength(1)
    expect(view.dataVersion).toBe(populate().stats().dataVersion)
    expect(counts(crowd)).not.toEqual(before)
  })

  it('of the schema that there was', () => {
    const crowd = populate()
    const view = crowd.read()
    const asked = view.prepare('spend >= 100')
    crowd.dropColumn('spend')
    crowd.addColumn('spend', flag())
    crowd.dropColumn('buy')
    crowd.addColumn('other', flag())
    expect(Object.keys(view.schema)).toEqual(Object.keys(schema))
    expect(view.count('spend >= 100')).toBe(2_900)
    expect(asked.count()).toBe(2_900)
    expect(view.count('did buy')).toBe(1_000)
    expect(() => view.count('other')).toThrow(/RULE_UNKNOWN_TAG/)
    expect(() => view.events('u1', 'other' as never)).toThrow(/EVENT_UNKNOWN/)
  })

  it('of the clock at that moment, unless the question says another', () => {
    let now = noon
    const crowd = populate({ now: () => now })
    const view = crowd.read()
    const count = crowd.count('did buy in last 2 days')
    expect(count).toBe(100)
    now = (noon + 10 * day) as Millis
    expect(crowd.count('did buy in last 2 days')).toBe(0)
    expect(view.count('did buy in last 2 days')).toBe(count)
    expect(view.asOf).toBe(noon)
    expect(view.count('did buy in last 2 days', { asOf: now })).toBe(0)
    expect(view.explain('vip').asOf).toBe(noon)
  })

  it('retention does not reach into it', () => {
    let now = noon
    const crowd = populate({ now: () => now })
    const view = crowd.read()
    now = (noon + 40 * day) as Millis
    crowd.track('u0', 'buy', { at: now, eventId: 'o0' })
    expect(crowd.events('u0', 'buy')).toHaveLength(1)
    expect(crowd.count('did buy')).toBe(1)
    expect(view.count('did buy')).toBe(1_000)
    expect(view.events('u0', 'buy')).toEqual(populate().events('u0', 'buy'))
    // Some days of an epoch go, ids one by one.
    const other = populate({ now: () => now })
    other.dropColumn('buy')
    now = noon
    const wider = populate({ now: () => now })
    const held = wider.read()
    now = (noon + 15 * day) as Millis
    wider.retain()
    expect(wider.stats().events[0]!.events).toBeLessThan(1_000)
    expect(Array.from({ length: 1_000 }, (_, i) => held.events(`u${i}`, 'buy')[0]!.eventId)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => `o${i}`),
    )
    // What was given up counts again.
    expect(wider.track('u19', 'buy', { at: now, eventId: 'o19' }).events).toBe(1)
    expect(held.events('u19', 'buy')).toHaveLength(1)
  })

  it('derived tags are those that there were', () => {
    const crowd = populate()
    crowd.defineTag('big', 'spend >= 2000')
    crowd.defineTag(
      'level',
      [
        ['high', 'spend >= 2000'],
        ['low', 'everyone'],
      ],
      { mode: 'built' },
    )
    const view = crowd.read()
    const asked = view.prepare('level = "high"')
    expect(asked.matches('u2999')).toBe(true)
    crowd.tags.spend.replace(['u1'], [5_000])
    crowd.derivedTags.rebuild('level')
    expect([crowd.count('big'), crowd.count('level = "high"')]).toEqual([1, 1])
    expect([view.count('big'), view.count('level = "high"')]).toEqual([1_000, 1_000])
    expect(view.get('u2999')).toMatchObject({ big: true, level: 'high' })
    expect(asked.matches('u2999')).toBe(true)
    expect(asked.matches('u1')).toBe(false)
  })

  it('views are of their own moments, and let go in any order', () => {
    const crowd = populate()
    const moments = Array.from({ length: 6 }, (_, i) => {
      crowd.put(`u${i}`, { vip: i % 2 === 1, city: `C${49 - i}`, spend: 100 * i, likes: { add: [`new ${i}`] } })
      crowd.track(`u${i}`, 'buy', { at: noon - i * hour, product: 'P3', amount: 5 })
      return { view: crowd.read(), expected: counts(crowd) }
    })
    for (const place of [2, 5, 0, 3, 1, 4]) {
      for (const { view, expected } of moments.slice(0, 6)) if (view !== null) expect(counts(view)).toEqual(expected)
      moments[place]!.view.release()
      moments[place] = { view: crowd.read(), expected: counts(crowd) }
      crowd.put('u9', { spend: place, tier: `T${place}` })
    }
  })
})

describe('workspaces and audiences', () => {
  it('are those that there were', () => {
    const crowd = populate()
    crowd.audiences.create({ name: 'a', rule: 'vip' })
    crowd.audiences.createList({ name: 'l', members: ['u1', 'u2', 'u3'], bounds: { min: 1 } })
    crowd.workspace('second').audiences.create({ name: 'a', rule: 'tier = "T1"' })
    const view = crowd.read()
    crowd.put('u1', { vip: true })
    crowd.audiences.get('a').rebuild()
    crowd.audiences.get('l').replace(['u7'])
    crowd.audiences.rename('l', 'renamed')
    crowd.removeWorkspace('second')
    crowd.workspace('third').audiences.create({ name: 'a', rule: 'everyone' })
    expect(view.workspaces()).toEqual(['default', 'second'])
    expect(view.workspace('third').audiences.list()).toEqual([])
    expect(view.workspaces()).toEqual(['default', 'second'])
    expect(view.workspace('second').count('audience a')).toBe(1_000)
    expect(view.audiences.list().map(String)).toHaveLength(2)
    expect(view.audiences.get('a').versions.map(({ number, size }) => [number, size])).toEqual([[1, 750]])
    expect(view.count('audience a')).toBe(750)
    expect(view.count('audience l')).toBe(3)
    expect([...view.audiences.get('l').version.ids()]).toEqual(['u1', 'u2', 'u3'])
    expect(crowd.count('audience renamed')).toBe(1)
    expect(() => view.audiences.get('renamed')).toThrow(/AUDIENCE_UNKNOWN/)
    expect(view.audiences.has('l')).toBe(true)
    expect(view.audiences.list({ source: 'list' }).map(({ name }) => name)).toEqual(['l'])
  })

  it('take no changes', () => {
    const crowd = populate()
    crowd.audiences.create({ name: 'a', rule: 'vip' })
    crowd.audiences.createList({ name: 'l', members: ['u1'], bounds: { min: 0 } })
    const { audiences } = crowd.read()
    const refused = [
      () => audiences.create({ name: 'b', rule: 'vip' }),
      () => audiences.createList({ name: 'b', members: ['new'], createUnknown: true }),
      () => audiences.rename('a', 'b'),
      () => audiences.remove('a'),
      () => audiences.get('a').rebuild(),
      () => audiences.get('a').update({ rule: 'everyone' }),
      () => audiences.get('l').add(['u2']),
      () => audiences.get('l').remove(['u1']),
      () => audiences.get('l').replace([]),
    ]
    for (const write of refused) expect(write).toThrow(/VIEW_READ_ONLY/)
    expect(() =>
      insideOf(crowd)
        .dataset.freeze()
        .apply({ kind: 'remove', ids: ['u1'] }),
    ).toThrow(/VIEW_READ_ONLY/)
    expect(crowd.audiences.list()).toHaveLength(2)
  })
})

describe('law 3: who is removed has no name in a view, and stays in its counts', () => {
  it('everywhere', () => {
    const crowd = populate()
    crowd.audiences.create({ name: 'a', rule: 'vip' })
    const view = crowd.read()
    const dense = view.denseOf('u4')!
    crowd.remove('u4')
    crowd.put('u4', { vip: true })
    expect(view.has('u4')).toBe(false)
    expect(view.get('u4')).toBeUndefined()
    expect(view.denseOf('u4')).toBeUndefined()
    expect(view.idOf(dense)).toBeUndefined()
    expect(view.idOf(crowd.denseOf('u4')!)).toBeUndefined()
    expect(view.events('u4', 'buy')).toEqual([])
    expect(view.matches('u4', 'everyone')).toBe(false)
    expect(view.prepare('vip').matches('u4')).toBe(false)
    expect(view.explainMatch('u4', 'vip')).toBeNull()
    const people = view.select('vip')
    expect([people.size, [...people].length, people.has('u4')]).toEqual([750, 749, false])
    expect(people.page(null, 1_000).ids).toHaveLength(749)
    expect(people.sample(1_000)).toHaveLength(749)
    expect(view.count('vip')).toBe(750)
    expect(view.count('did buy')).toBe(1_000)
    expect([view.audiences.get('a').size, [...view.audiences.get('a').version.ids()].length]).toEqual([750, 749])
    crowd.remove('u2999')
    expect(view.insight.top('everyone', 'spend', 2).map(({ id }) => id)).toEqual(['u2998', 'u2997'])
    expect(view.insight.aggregate('everyone', 'spend')).toMatchObject({ people: 3_000, max: 2_999 })
  })
})

describe('release', () => {
  it('ends the view and all that is made from it, but not its answers', () => {
    const crowd = populate()
    crowd.audiences.create({ name: 'a', rule: 'vip' })
    const view = crowd.read()
    const people = view.select('vip and tier = "T1"')
    const posting = view.select('vip')
    const version = view.audiences.get('a').version
    const prepared = view.prepare('vip')
    expect(prepared.matches('u4')).toBe(true)
    const { audiences, insight } = view
    const workspace = view.workspace('default')
    view.release()
    view.release()
    const asks: readonly (() => unknown)[] = [
      () => view.count('vip'),
      () => view.select('vip'),
      () => view.matches('u4', 'vip'),
      () => view.prepare('vip'),
      () => view.preview('vip'),
      () => view.explain('vip'),
      () => view.explainMatch('u4', 'vip'),
      () => view.hash('vip'),
      () => view.has('u4'),
      () => view.get('u4'),
      () => view.events('u4', 'buy'),
      () => view.denseOf('u4'),
      () => view.idOf(4),
      () => view.size,
      () => view.schema,
      () => view.workspaces(),
      () => view.workspace('default'),
      () => view.audiences,
      () => view.insight,
      () => prepared.count(),
      () => prepared.matches('u4'),
      () => prepared.select(),
      () => audiences.list(),
      () => audiences.get('a'),
      () => audiences.has('a'),
      () => workspace.count('audience a'),
      () => insight.aggregate('everyone', 'spend'),
    ]
    for (const ask of asks) expect(ask, String(ask)).toThrow(/VIEW_RELEASED/)
    crowd.tags.vip.replace([])
    expect([people.size, posting.size, version.size]).toEqual([250, 750, 750])
    expect([...people].length).toBe(250)
  })

  it('comes at the end of a using block', () => {
    const crowd = populate()
    const view = crowd.read()
    view[Symbol.dispose]()
    expect(() => view.size).toThrow(/VIEW_RELEASED/)
  })
})

describe('the work', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** How many bitmaps are copied. */
  function copies(work: () => void): number {
    const clone = vi.spyOn(roaring.RoaringBitmap32.prototype, 'clone')
    const before = clone.mock.calls.length
    work()
    const count = clone.mock.calls.length - before
    clone.mockRestore()
    return count
  }

  it('making a view copies nothing', () => {
    const crowd = populate()
    const { bytes, instances } = nativeBitmapMemory()
    const views: unknown[] = []
    expect(copies(() => views.push(crowd.read(), crowd.read()))).toBe(0)
    // The garbage collector may take what other tests left, at any time.
    const after = nativeBitmapMemory()
    expect(after.bytes).toBeLessThanOrEqual(bytes)
    expect(after.instances).toBeLessThanOrEqual(instances)
  })

  it('a write copies the bitmaps that it touches, once', () => {
    const crowd = populate()
    const view = crowd.read()
    // Two values of the category, the old and the new; who has any stays as it is.
    expect(copies(() => crowd.put('u3', { city: 'C49' }))).toBe(2)
    expect(copies(() => crowd.put('u3', { city: 'C3' }))).toBe(0)
    expect(copies(() => crowd.put('u4', { vip: true }))).toBe(0)
    expect(copies(() => crowd.put('u5', { vip: true }))).toBe(1)
    expect(copies(() => crowd.put('u6', { vip: true }))).toBe(0)
    // Everybody, since there is one more.
    expect(copies(() => crowd.put('new', {}))).toBe(1)
    view.release()
  })

  it('nothing is copied for a view that was released', () => {
    const crowd = populate()
    const view = crowd.read()
    counts(view)
    crowd.put('u3', { city: 'C49' })
    view.release()
    expect(
      copies(() => {
        crowd.put('u3', { city: 'C48', tier: 'T1', spend: 5, joined: noon, likes: ['tea'] })
        crowd.put('new', { city: 'new' })
      }),
    ).toBe(0)
  })

  it('a view that is held costs what is written, and release frees it', () => {
    const crowd = createEngine({ schema: { a: category(), b: flag() } })
    // 100 values of 20,000 people each, scattered so that their bitmaps are large.
    crowd.tags.b.add(Array.from({ length: 200_000 }, (_, i) => i))
    for (let value = 0; value < 40; value++) {
      crowd.tags.a.add(
        `v${value}`,
        Uint32Array.from({ length: 5_000 }, (_, i) => i * 40 + value),
      )
    }
    crowd.put(0, { a: 'v0' })
    const { bytes: before } = nativeBitmapMemory()
    const view = crowd.read()
    expect(nativeBitmapMemory().bytes).toBe(before)
    crowd.put(0, { a: 'v1' })
    const { bytes: held } = nativeBitmapMemory()
    // Two bitmaps of 5,000 people of 40, two bytes each.
    expect(held - before).toBeGreaterThan(15_000)
    expect(held - before).toBeLessThan(40_000)
    crowd.tags.b.replace(Uint32Array.of(1, 2, 3))
    view.release()
    const { bytes: after } = nativeBitmapMemory()
    // The flag has three people now, and what it had is gone.
    expect(after).toBeLessThan(before)
    expect(crowd.count('a = "v1"')).toBe(5_001)
  })

  it('a write of events copies the list of days, and the rows of the day that it touches', () => {
    const crowd = populate()
    const { dataset } = insideOf(crowd as unknown as Engine<SchemaSpec>)
    const live = dataset.event('buy')!
    const before = live.partitions()
    const frozen = dataset.freeze()
    const held = frozen.event('buy')!
    expect(held.partitions()).toEqual(before)
    const rows = before.map((partition) => partition.view().people)
    crowd.track('u3', 'buy', { at: noon - 3 * day })
    const after = live.partitions()
    expect(after.map((partition, i) => partition === before[i])).toEqual(before.map((_, i) => i !== 16))
    expect(held.partitions().map((partition) => partition.view().people)).toEqual(rows)
    expect(held.partitions().every((partition, i) => partition.view().people === rows[i])).toBe(true)
    frozen.release()
    // The rows that changed in place belong to the live column alone now.
    const { people } = live.partitions()[16]!.view()
    crowd.track('u5', 'buy', { at: noon - 3 * day })
    expect(live.partitions()[16]!.view().people).toBe(people)
  })
})

it('a prepared rule about a built tag knows the people of the next build', () => {
  const crowd = populate()
  crowd.defineTag(
    'level',
    [
      ['high', 'spend >= 2000'],
      ['low', 'everyone'],
    ],
    { mode: 'built' },
  )
  const prepared = crowd.prepare('level = "high"')
  expect(prepared.matches('u1')).toBe(false)
  crowd.put('u1', { spend: 5_000 })
  crowd.derivedTags.rebuild('level')
  expect(prepared.matches('u1')).toBe(true)
  expect(prepared.count()).toBe(1_001)
})
