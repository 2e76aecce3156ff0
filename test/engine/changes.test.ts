import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChangeRing } from '../../src/engine/changes/change-ring.ts'
import { insideOf } from '../../src/engine/engine.ts'
import {
  type Change,
  category,
  createEngine,
  type DescribedChange,
  type Engine,
  type ErrorCode,
  event,
  flag,
  loadEngine,
  number,
  openEngine,
  timestamp,
} from '../../src/index.ts'

const schema = {
  vip: flag(),
  tier: category(),
  likes: category({ many: true }),
  spend: number({ scale: 2 }),
  joined: timestamp(),
  buy: event({ product: category(), amount: number({ scale: 2 }), gift: flag() }),
} as const
type Shop = Engine<typeof schema>

const now = Date.UTC(2026, 10, 20, 12)
const clock = { now: () => now as never }
const shop = (changeBufferBytes?: number): Shop =>
  createEngine({ schema, clock, ...(changeBufferBytes === undefined ? {} : { changeBufferBytes }) })

/** The next `count` changes. */
async function take(changes: AsyncIterableIterator<Change>, count: number): Promise<Change[]> {
  const taken: Change[] = []
  while (taken.length < count) taken.push((await changes.next()).value)
  return taken
}

async function codeOf(work: () => unknown): Promise<{ code: ErrorCode; facts: unknown } | null> {
  try {
    await work()
    return null
  } catch (error) {
    const { code, facts } = error as { code: ErrorCode; facts: unknown }
    return { code, facts }
  }
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowdbit-changes-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('reading', () => {
  it('gives what comes from the call on, in order, to any number of readers at their own pace', async () => {
    const crowd = shop()
    crowd.put('before', {})
    const first = crowd.changes()
    crowd.put('a', { vip: true })
    const second = crowd.changes()
    crowd.put('b', {})
    expect((await take(first, 2)).map(({ sequence, kind }) => [sequence, kind])).toEqual([
      [2, 'putOne'],
      [3, 'putOne'],
    ])
    const waiting = take(first, 1)
    crowd.remove('nobody')
    expect((await waiting)[0]!.kind).toBe('remove')
    expect((await take(second, 1))[0]!.sequence).toBe(3)
  })

  it('gives what was asked for before it came to those who asked first', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    const asked = [changes.next(), changes.next(), changes.next()]
    crowd.put('a', {})
    crowd.put('b', {})
    expect((await Promise.all(asked.slice(0, 2))).map(({ value }) => value.sequence)).toEqual([1, 2])
    crowd.put('c', {})
    expect((await asked[2]!).value.sequence).toBe(3)
  })

  it('goes on behind any change that is held', async () => {
    const crowd = shop()
    crowd.changes()
    for (let i = 0; i < 10; i++) crowd.put(`u${i}`, {})
    expect((await take(crowd.changes({ after: 4 }), 1))[0]!.sequence).toBe(5)
    expect((await take(crowd.changes({ after: 0 }), 10)).length).toBe(10)
  })

  it('gives each reader copies', async () => {
    const crowd = shop()
    const [first, second] = [crowd.changes(), crowd.changes()]
    crowd.put('a', {})
    const change = (await take(first, 1))[0]!
    const bytes = [...change.record]
    change.record.fill(0)
    expect([...(await take(second, 1))[0]!.record]).toEqual(bytes)
  })

  it('holds nothing, and has no journal, until somebody listens', () => {
    const crowd = shop()
    crowd.put('a', {})
    crowd.audiences.createList({ name: 'list', members: ['a'], bounds: { min: 0 } })
    expect(insideOf(crowd).dataset.journal).toBeNull()
    expect(crowd.stats().changes).toEqual({ bytes: 0, budget: 16 * 2 ** 20, oldest: null, readers: 0 })
    expect(crowd.sequence).toBe(2)
  })

  it('refuses what is no place among the changes, and what is no signal', async () => {
    const crowd = shop()
    for (const after of [1, -1, 0.5, Number.NaN, '0' as never]) {
      expect((await codeOf(() => crowd.changes({ after })))?.code).toBe('OPTION_INVALID')
    }
    expect((await codeOf(() => crowd.changes({ signal: {} as never })))?.code).toBe('OPTION_INVALID')
    expect((await codeOf(() => crowd.changes({ from: 1 } as never)))?.code).toBe('OPTION_INVALID')
    for (const changeBufferBytes of [0, 65_535, 1.5 * 2 ** 20 + 0.5, '1' as never]) {
      expect((await codeOf(() => shop(changeBufferBytes)))?.code).toBe('OPTION_INVALID')
    }
  })
})

describe('the end of an iteration', () => {
  it('is after the last change when the engine is closed', async () => {
    const crowd = shop()
    const [behind, waiting] = [crowd.changes(), crowd.changes()]
    crowd.put('a', {})
    await take(waiting, 1)
    const asked = [waiting.next(), waiting.next()]
    await crowd.close()
    expect(await Promise.all(asked)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
    const seen: number[] = []
    for await (const { sequence } of behind) seen.push(sequence)
    expect(seen).toEqual([1])
    expect(crowd.stats().changes.readers).toBe(0)
  })

  it('comes with break and return', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    crowd.put('a', {})
    crowd.put('b', {})
    for await (const { sequence } of changes) if (sequence === 1) break
    expect(await changes.next()).toEqual({ done: true, value: undefined })
    const other = crowd.changes()
    const asked = other.next()
    await other.return!()
    expect(await asked).toEqual({ done: true, value: undefined })
    expect(crowd.stats().changes.readers).toBe(0)
  })

  it('comes with the signal, which throws its reason once', async () => {
    const crowd = shop()
    const controller = new AbortController()
    const { signal } = controller
    const [waiting, idle] = [crowd.changes({ signal }), crowd.changes({ signal })]
    const asked = [waiting.next(), waiting.next()]
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(asked[0]).rejects.toBe(reason)
    expect(await asked[1]).toEqual({ done: true, value: undefined })
    await expect(idle.next()).rejects.toBe(reason)
    expect(await idle.next()).toEqual({ done: true, value: undefined })
    const late = crowd.changes({ signal })
    await expect(late.next()).rejects.toBe(reason)
    expect(crowd.stats().changes.readers).toBe(0)
  })
})

describe('the budget', () => {
  it('is never passed, and who lags behind it is told where to begin anew', async () => {
    const crowd = shop(65_536)
    const changes = crowd.changes()
    const quick = crowd.changes()
    for (let i = 0; i < 20_000; i++) {
      crowd.put(`user-${i}`, { tier: `T${i % 5}` })
      if (i % 100 === 0) {
        expect(crowd.stats().changes.bytes).toBeLessThanOrEqual(65_536)
        await take(quick, i === 0 ? 1 : 100)
      }
    }
    const { oldest } = crowd.stats().changes
    expect(oldest).toBeGreaterThan(15_000)
    expect(await codeOf(() => changes.next())).toEqual({ code: 'CHANGES_GONE', facts: { next: 1, oldest } })
    expect(await changes.next()).toEqual({ done: true, value: undefined })
    expect(await codeOf(() => crowd.changes({ after: oldest! - 2 }).next())).toMatchObject({ code: 'CHANGES_GONE' })
    expect((await crowd.changes({ after: oldest! - 1 }).next()).value.sequence).toBe(oldest)
  })

  it('does not hold a record that is longer than all of it', async () => {
    const crowd = shop(65_536)
    const changes = crowd.changes()
    const waiting = changes.next()
    crowd.putMany(Array.from({ length: 10_000 }, (_, i) => [`user-${i}`, {}]))
    expect((await codeOf(() => waiting))?.code).toBe('CHANGES_GONE')
    expect(crowd.stats().changes).toMatchObject({ bytes: 0, oldest: 2 })
    const again = crowd.changes()
    crowd.put('a', {})
    expect((await again.next()).value.sequence).toBe(2)
  })

  it('is for records in any order of lengths', () => {
    const ring = new ChangeRing(65_536, 1)
    const lengths = Array.from({ length: 3000 }, (_, i) => 1 + ((i * 7919) % 97) * (i % 50 === 0 ? 300 : 1))
    const kept = new Map<number, number>()
    for (const [i, length] of lengths.entries()) {
      ring.push(new Uint8Array(length).fill(i % 251))
      kept.set(i + 1, length)
      expect(ring.bytes).toBeLessThanOrEqual(65_536)
      expect(ring.next).toBe(i + 2)
      const { oldest } = ring
      for (const sequence of [oldest, Math.floor((oldest + i + 1) / 2), i + 1]) {
        if (sequence > i + 1) continue
        const expected = new Uint8Array(kept.get(sequence)!).fill((sequence - 1) % 251)
        if (Buffer.compare(ring.copy(sequence), expected) !== 0) throw new Error(`record ${sequence} is another`)
      }
      if (i % 400 === 399) ring.dropThrough(oldest + 3)
    }
  })
})

describe('removal (law 3)', () => {
  /** Whether anything that the feed holds has these bytes. */
  async function holds(crowd: Shop, text: string): Promise<boolean> {
    const { oldest } = crowd.stats().changes
    const held = await take(crowd.changes({ after: oldest! - 1 }), crowd.sequence - oldest! + 1)
    return held.some(({ record }) => Buffer.from(record).includes(text))
  }

  it('wipes up to the last record that names the person, and no further', async () => {
    const crowd = shop()
    const behind = crowd.changes()
    crowd.put('secret', { vip: true })
    crowd.put('other', {})
    crowd.tags.vip.add(['other', 'secret'])
    const after = crowd.changes()
    crowd.put('third', {})
    crowd.remove('secret')
    // The removal is held until everybody who listens has read it; who can't go on is not waited for.
    expect(await holds(crowd, 'secret')).toBe(true)
    expect((await take(after, 2)).map(({ kind }) => kind)).toEqual(['putOne', 'remove'])
    expect(crowd.stats().changes.oldest).toBe(6)
    crowd.put('fourth', {})
    expect(await holds(crowd, 'secret')).toBe(false)
    expect(await codeOf(() => behind.next())).toEqual({ code: 'CHANGES_GONE', facts: { next: 1, oldest: 6 } })
  })

  it('leaves readers alone who have read what names the person', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    for (let i = 0; i < 100; i++) crowd.put(`user-${i}`, {})
    await take(changes, 50)
    crowd.removeMany(['user-3', 'user-49'])
    expect((await take(changes, 51)).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 51 }, (_, i) => 51 + i),
    )
    expect(crowd.stats().changes.oldest).toBe(102)
  })

  it('wipes at once where nobody listens any more, and for numbers as ids', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    crowd.put(4_000_000_000, { vip: true })
    crowd.put(2n ** 60n, {})
    crowd.put('other', {})
    await changes.return!()
    crowd.removeMany([4_000_000_000, 2n ** 60n])
    expect(crowd.stats().changes.oldest).toBe(5)
  })

  it('wipes every id that is linked to the person', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    crowd.link('openid-of-Lin', 'phone-of-Lin')
    crowd.put('openid-of-Lin', { vip: true })
    crowd.put('another', {})
    const after = crowd.changes()
    crowd.remove('phone-of-Lin')
    expect(await holds(crowd, 'openid-of-Lin')).toBe(false)
    expect((await take(after, 1))[0]!.describe()).toEqual({ kind: 'remove', ids: ['phone-of-Lin'] })
    expect((await codeOf(() => changes.next()))?.code).toBe('CHANGES_GONE')
    const next = crowd.changes()
    crowd.link('another', 'device-of-another')
    crowd.unlink('device-of-another')
    // Nobody can still read it.
    expect(await holds(crowd, 'device-of-another')).toBe(false)
    expect((await codeOf(() => next.next()))?.code).toBe('CHANGES_GONE')
    const last = crowd.changes()
    crowd.link('a', 'b')
    expect((await take(last, 1))[0]!.describe()).toEqual({ kind: 'link', pairs: [['a', 'b']] })
    crowd.unlink('b')
    expect((await take(last, 1))[0]!.describe()).toEqual({ kind: 'unlink', id: 'b' })
    expect(crowd.stats().changes.oldest).toBe(crowd.sequence + 1)
  })

  it('wipes all where there is too much to look through', async () => {
    const crowd = shop()
    crowd.changes()
    for (let i = 0; i < 50; i++) crowd.put(`user-${i}`, {})
    crowd.removeMany(Array.from({ length: 5_000 }, (_, i) => `stranger-${i}`))
    // Who can't go on is not waited for.
    expect(crowd.stats().changes.oldest).toBe(52)
  })

  it('overwrites the bytes, not only the way to them', async () => {
    const ring = new ChangeRing(65_536, 1)
    const seen: Buffer[] = []
    const { allocUnsafeSlow } = Buffer
    Buffer.allocUnsafeSlow = (size: number) => {
      const buffer = allocUnsafeSlow(size)
      seen.push(buffer)
      return buffer
    }
    try {
      for (let i = 0; i < 100; i++) ring.push(Buffer.from(`record of person-${i};`))
    } finally {
      Buffer.allocUnsafeSlow = allocUnsafeSlow
    }
    const bytes = (): string => Buffer.concat(seen).toString('latin1')
    expect(bytes()).toContain('person-42;')
    ring.dropThrough(ring.lastWith(Buffer.from('person-42;')))
    expect(bytes()).not.toContain('person-42;')
    expect(bytes()).not.toContain('person-3;')
    expect(bytes()).toContain('person-43;')
  })
})

describe('doing changes again', () => {
  it('is refused out of order, with nothing changed', async () => {
    const crowd = shop()
    const replica = shop()
    const changes = crowd.changes()
    for (const id of ['a', 'b', 'c']) crowd.put(id, {})
    const [first, second, third] = await take(changes, 3)
    replica.applyChange(first!)
    for (const [change, found] of [
      [third!, 3],
      [first!, 1],
    ] as const) {
      const facts = { found, expected: 2 }
      expect(await codeOf(() => replica.applyChange(change))).toEqual({ code: 'CHANGE_OUT_OF_ORDER', facts })
      expect([replica.size, replica.sequence]).toEqual([1, 1])
    }
    replica.applyChange({ sequence: second!.sequence, record: second!.record })
    expect(replica.sequence).toBe(2)
  })

  it('is refused for bytes that are no record, or that do not fit, with nothing changed', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    crowd.put('a', { vip: true, tier: 'x', spend: '1.25' })
    crowd.track('a', 'buy', { at: now, product: 'p', amount: 1, gift: true })
    crowd.audiences.createList({ name: 'list', members: ['a'], bounds: { min: 0 } })
    crowd.defineTag('rich', 'spend > 1', { mode: 'built' })
    for (const { sequence, record } of await take(changes, crowd.sequence)) {
      const replica = createEngine({ schema: { vip: flag() }, clock })
      // Everything before it is missing, so that it doesn't fit.
      const other = createEngine({ schema: {}, clock })
      expect((await codeOf(() => other.applyChange({ sequence: 1, record })))?.code ?? 'CHANGE_INVALID').toBe(
        'CHANGE_INVALID',
      )
      for (let length = 0; length < record.length; length++) {
        const cut = { sequence: 1, record: record.subarray(0, length) }
        expect((await codeOf(() => replica.applyChange(cut)))?.code).toBe('CHANGE_INVALID')
      }
      const longer = Uint8Array.of(...record, 0)
      expect((await codeOf(() => replica.applyChange({ sequence: 1, record: longer })))?.code).toBe('CHANGE_INVALID')
      expect([replica.size, replica.sequence, sequence > 0]).toEqual([0, 0, true])
    }
    for (const wrong of [null, {}, { sequence: '1', record: new Uint8Array(1) }, { sequence: 1, record: [1] }]) {
      expect((await codeOf(() => crowd.applyChange(wrong as never)))?.code).toBe('CHANGE_INVALID')
    }
  })

  it('takes the removal of a workspace in which nothing was made, and so does recovery', async () => {
    const origin = await openEngine({ dir: join(folder, 'origin'), schema, clock })
    const replica = shop()
    const changes = origin.changes()
    origin.workspace('empty')
    origin.removeWorkspace('empty')
    origin.put('a', {})
    for (const change of await take(changes, 2)) replica.applyChange(change)
    expect(replica.workspaces()).toEqual(['default'])
    expect(replica.size).toBe(1)
    // As after a kill: the log is there, and no checkpoint behind it.
    const copy = join(folder, 'killed')
    cpSync(join(folder, 'origin'), copy, { recursive: true, filter: (path) => !path.endsWith('LOCK') })
    const recovered = await openEngine({ dir: copy, clock })
    expect(recovered.recovery?.replayed).toBe(2)
    expect([recovered.size, recovered.sequence, recovered.workspaces()]).toEqual([1, 2, ['default']])
    await recovered.close()
    await origin.close()
  })

  it('goes on from a backup of an engine that runs, and after it is opened again', async () => {
    const origin = await openEngine({ dir: join(folder, 'origin'), schema, clock })
    for (let i = 0; i < 100; i++) origin.put(`user-${i}`, { spend: i })
    const dir = join(folder, 'backup')
    const backing = origin.backup(dir)
    origin.put('later', { vip: true })
    const report = await backing
    expect(report.sequence).toBe(100)
    expect(report.bytes).toBeGreaterThan(100)
    const changes = origin.changes({ after: origin.sequence })
    origin.put('last', {})
    // Nobody listened when the change behind the backup was made.
    let replica = await openEngine({ dir, clock })
    expect([replica.sequence, replica.size]).toEqual([100, 100])
    expect(await codeOf(() => origin.changes({ after: replica.sequence }).next())).toMatchObject({
      code: 'CHANGES_GONE',
    })
    await replica.close()
    const second = join(folder, 'second')
    await origin.backup(second)
    replica = await openEngine({ dir: second, clock })
    expect(replica.sequence).toBe(102)
    origin.put('one more', { vip: true })
    await take(changes, 1)
    replica.applyChange((await take(changes, 1))[0]!)
    await replica.close()
    const again = await loadEngine(second, { clock }).catch((error: { code: string }) => error.code)
    expect(again).toMatchObject({ sequence: 103, size: 103 })
    await origin.close()
  })
})

describe('backup', () => {
  it('refuses its own folder, and that of another engine that is open', async () => {
    const [dir, other] = [join(folder, 'a'), join(folder, 'b')]
    const first = await openEngine({ dir, schema })
    const second = await openEngine({ dir: other, schema })
    for (const taken of [dir, other]) {
      expect((await codeOf(() => first.backup(taken)))?.code).toBe('STORE_LOCKED')
      expect((await codeOf(() => first.save(taken)))?.code).toBe('STORE_LOCKED')
    }
    await first.close()
    await second.close()
  })

  it('is of an engine in memory, too, which goes on from its sequence', async () => {
    const crowd = shop()
    for (let i = 0; i < 7; i++) crowd.put(`u${i}`, {})
    crowd.audiences.createList({ name: 'list', members: ['u1'], bounds: { min: 0 } })
    expect((await crowd.backup(join(folder, 'copy'))).sequence).toBe(8)
    const again = await loadEngine(join(folder, 'copy'), { schema, clock })
    expect(again.sequence).toBe(8)
    again.put('x', {})
    expect(again.sequence).toBe(9)
  })
})

describe('checkpoints', () => {
  it('that are asked for while one is under way hold what was written before the call', async () => {
    const dir = join(folder, 'data')
    const crowd = await openEngine({ dir, schema, clock })
    crowd.put('the-secret-id', { vip: true })
    for (let i = 0; i < 1000; i++) crowd.put(`user-${i}`, { spend: i })
    const under = crowd.checkpoint()
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    crowd.remove('the-secret-id')
    const [before, after] = await Promise.all([under, crowd.checkpoint()])
    expect(after.sequence).toBe(1002)
    expect(before.sequence).toBeLessThanOrEqual(after.sequence)
    const files = readdirSync(dir).map((name) => readFileSync(join(dir, name)))
    expect(files.some((bytes) => bytes.includes('the-secret-id'))).toBe(false)
    await crowd.close()
  })
})

describe('describe()', () => {
  it('says what each other kind of change was', async () => {
    const crowd = shop()
    crowd.put('a', { spend: 1.5 })
    crowd.put('b', {})
    const changes = crowd.changes()
    crowd.remove('b')
    crowd.retain()
    const wider = crowd.addColumn('extra', number({ scale: 1 }))
    wider.put('a', { extra: 0.5 })
    wider.dropColumn('extra')
    crowd.defineTag('rich', 'spend >= 1', { mode: 'built' })
    crowd.audiences.create({ name: 'vips', rule: 'vip', bounds: { min: 0 } })
    crowd.audiences.createList({ name: 'list', members: ['a'], bounds: { min: 0 } })
    crowd.audiences.rename('list', 'listed')
    crowd.audiences.get('listed').add([7])
    crowd.audiences.remove('listed')
    crowd.workspace('other')
    crowd.removeWorkspace('other')
    const described = (await take(changes, crowd.sequence - 2)).map((change) => change.describe())
    const of = (kind: DescribedChange['kind']): DescribedChange[] => described.filter((one) => one.kind === kind)
    expect(of('remove')).toEqual([{ kind: 'remove', ids: ['b'] }])
    expect(of('retain')).toEqual([{ kind: 'retain', now: new Date(now) }])
    expect(of('addColumn')).toEqual([
      { kind: 'addColumn', column: 'extra', spec: { kind: 'number', scale: 1, min: null, max: null } },
    ])
    // The column is gone by now.
    expect(of('putOne')).toEqual([{ kind: 'putOne', rows: [{ id: 'a', values: { extra: 0.5 } }] }])
    expect(of('dropColumn')).toEqual([{ kind: 'dropColumn', column: 'extra' }])
    expect(of('defineTag')).toMatchObject([{ column: 'rich', mode: 'built', spec: { kind: 'flag' } }])
    expect(of('buildTag')).toMatchObject([{ column: 'rich', asOf: new Date(now), people: [Uint32Array.of(0)] }])
    expect(of('createAudience')).toMatchObject([
      { workspace: 'default', audience: { name: 'vips', kind: 'custom' }, version: { number: 1 } },
      { audience: { name: 'list', rule: null }, version: { members: Uint32Array.of(0), ruleHash: null } },
    ])
    expect(of('renameAudience')).toEqual([{ kind: 'renameAudience', workspace: 'default', from: 'list', to: 'listed' }])
    expect(of('changeAudience')).toMatchObject([{ audience: { name: 'listed' }, version: { number: 2 } }])
    expect(of('removeAudience')).toEqual([{ kind: 'removeAudience', workspace: 'default', name: 'listed' }])
    expect(of('removeWorkspace')).toEqual([{ kind: 'removeWorkspace', workspace: 'other' }])
  })

  it('says of people, tags and events what was written', async () => {
    const crowd = shop()
    const changes = crowd.changes()
    const at = new Date(now - 1000)
    const next = async (write: () => unknown): Promise<DescribedChange> => {
      write()
      return (await changes.next()).value.describe()
    }
    const likes = { add: ['z'], remove: ['x'] }
    expect(
      await next(() => crowd.put('a', { vip: true, tier: 'T1', likes: ['x', 'y'], spend: '12.30', joined: at })),
    ).toEqual({
      kind: 'putOne',
      rows: [{ id: 'a', values: { vip: true, tier: 'T1', likes: ['x', 'y'], spend: 12.3, joined: at } }],
    })
    expect(await next(() => crowd.put(7, { vip: false, tier: null, likes, spend: null }))).toEqual({
      kind: 'putOne',
      rows: [{ id: 7, values: { vip: false, tier: null, likes, spend: null } }],
    })
    expect(
      await next(() =>
        crowd.putMany([
          ['a', { spend: 1 }],
          ['b', { vip: true }],
        ]),
      ),
    ).toEqual({
      kind: 'putMany',
      rows: [
        { id: 'a', values: { spend: 1 } },
        { id: 'b', values: { vip: true } },
      ],
    })
    expect(await next(() => crowd.tags.vip.add(['a', 'b']))).toEqual({
      kind: 'members',
      column: 'vip',
      action: 'add',
      value: null,
      people: { ids: ['a', 'b'], dense: null },
    })
    expect(await next(() => crowd.tags.tier.replace('T2', Uint32Array.of(0, 2)))).toEqual({
      kind: 'members',
      column: 'tier',
      action: 'replace',
      value: 'T2',
      people: { ids: null, dense: Uint32Array.of(0, 2) },
    })
    expect(await next(() => crowd.tags.spend.set(['a', 'b'], [1.5, 2]))).toEqual({
      kind: 'numbers',
      column: 'spend',
      action: 'set',
      people: { ids: ['a', 'b'], dense: null },
      values: [1.5, 2],
    })
    expect(await next(() => crowd.tags.joined.replace(Uint32Array.of(1), [at]))).toEqual({
      kind: 'numbers',
      column: 'joined',
      action: 'replace',
      people: { ids: null, dense: Uint32Array.of(1) },
      values: [at],
    })
    const one = { at, product: 'p', amount: '9.99', gift: true, eventId: 'o-1' }
    expect(await next(() => crowd.track('a', 'buy', one))).toEqual({
      kind: 'trackOne',
      event: 'buy',
      now: new Date(now),
      events: [{ id: 'a', dense: null, at, eventId: 'o-1', values: { product: 'p', amount: 9.99, gift: true } }],
    })
    const many = [
      ['a', { at, product: 'q' }],
      ['b', { at, amount: 3, gift: true, eventId: 2 }],
    ] as const
    expect(await next(() => crowd.trackMany('buy', many))).toEqual({
      kind: 'trackMany',
      event: 'buy',
      now: new Date(now),
      events: [
        { id: 'a', dense: null, at, eventId: null, values: { product: 'q' } },
        { id: 'b', dense: null, at, eventId: 2, values: { amount: 3, gift: true } },
      ],
    })
    expect(await next(() => crowd.trackColumns('buy', { dense: Uint32Array.of(1), at: [now] }))).toMatchObject({
      events: [{ id: null, dense: 1, at: new Date(now), eventId: null, values: {} }],
    })
  })
})
