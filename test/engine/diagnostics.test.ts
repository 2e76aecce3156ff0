import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { QueryWatch } from '../../src/engine/diagnostics/query-watch.ts'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import {
  type CheckpointMessage,
  category,
  createEngine,
  type Engine,
  event,
  flag,
  number,
  openEngine,
  type QueryMessage,
  type QueryTrace,
  type RecoveryMessage,
  type RejectedWriteMessage,
} from '../../src/index.ts'
import { Planner } from '../../src/planner/planner.ts'
import { FaultyFileSystem } from '../store/faulty-file-system.ts'
import { MemoryFileSystem } from '../store/memory-file-system.ts'
import { lockFacts } from './lock-facts.ts'

const schema = {
  vip: flag(),
  tier: category(),
  spend: number({ scale: 2 }),
  buy: event({ product: category() }),
} as const
type Shop = Engine<typeof schema>
const clock = { now: () => Date.UTC(2026, 10, 20, 12) as never }

function shop(slowQueryMs?: number): Shop {
  const crowd = createEngine({ schema, clock, ...(slowQueryMs === undefined ? {} : { slowQueryMs }) })
  for (let i = 0; i < 100; i++) crowd.put(`person-${i}`, { vip: i % 2 === 0, tier: 'secret tier', spend: i })
  return crowd
}

/** Every question that there is. */
function askAll(crowd: Shop): void {
  const rule = 'vip and tier = "secret tier"'
  const prepared = crowd.prepare(rule)
  crowd.count(rule)
  crowd.select(rule)
  crowd.matches('person-1', rule)
  crowd.explain(rule)
  crowd.explainMatch('person-1', rule)
  crowd.preview(rule)
  prepared.count()
  prepared.select()
  prepared.matches('person-2')
  prepared.explain()
  crowd.insight.aggregate(rule, 'spend')
  crowd.insight.quantiles(rule, 'spend', [0.5])
  crowd.insight.top(rule, 'spend', 2)
  crowd.insight.histogram(rule, 'spend', { edges: [0, 1] })
  crowd.insight.cube(rule, { by: ['tier'] })
  crowd.workspace('other').count(rule)
  const view = crowd.read()
  view.count(rule)
  view.release()
}

const kinds = [
  ...['prepare', 'count', 'select', 'matches', 'explain', 'explainMatch', 'preview'],
  ...['count', 'select', 'matches', 'explain', 'aggregate', 'quantiles', 'top', 'histogram', 'cube', 'count', 'count'],
]

const subscriptions: (() => void)[] = []
function heard<Message>(name: string): Message[] {
  const messages: Message[] = []
  const listener = (message: unknown): void => {
    messages.push(message as Message)
  }
  subscribe(name, listener)
  subscriptions.push(() => unsubscribe(name, listener))
  return messages
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowdbit-diagnostics-'))
})
afterEach(() => {
  for (const end of subscriptions.splice(0)) end()
  rmSync(folder, { recursive: true, force: true })
})

describe('without a listener', () => {
  it('no clock is read, nothing is hashed or published, and a question goes to its answer straight', () => {
    const crowd = shop()
    askAll(crowd)
    const rule = 'vip'
    const prepared = crowd.prepare(rule)
    const now = vi.spyOn(performance, 'now')
    const publish = vi.spyOn(Object.getPrototypeOf(channel('crowdbit:test')), 'publish')
    const watched = vi.spyOn(QueryWatch.prototype, 'ask')
    const hashed = vi.spyOn(Planner.prototype, 'hash')
    crowd.count(rule)
    crowd.select(rule)
    crowd.matches('person-1', rule)
    crowd.preview(rule)
    crowd.explainMatch('person-1', rule)
    crowd.prepare(rule)
    prepared.count()
    prepared.matches('person-1')
    crowd.insight.aggregate(rule, 'spend')
    crowd.put('new', { vip: true })
    expect(() => crowd.put('new', { tier: 1 as never })).toThrow()
    expect(now).not.toHaveBeenCalled()
    expect(publish).not.toHaveBeenCalled()
    // Messages and closures are made there.
    expect(watched).not.toHaveBeenCalled()
    expect(hashed).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

describe('crowdbit:query', () => {
  it('tells of slow questions alone: what kind, the hash of the rule, how many people, how long', () => {
    const messages = heard<QueryMessage>('crowdbit:query')
    askAll(shop())
    expect(messages).toEqual([])
    const crowd = shop(0)
    askAll(crowd)
    expect(messages.map(({ kind }) => kind)).toEqual(kinds)
    const hash = crowd.hash('tier = "secret tier" and vip')
    expect(new Set(messages.map((message) => message.hash))).toEqual(new Set([hash]))
    expect(messages[1]).toEqual({ kind: 'count', hash, people: 50, milliseconds: expect.any(Number) })
    expect(messages[3]).toMatchObject({ kind: 'matches', people: null })
    expect(messages.every(({ milliseconds }) => milliseconds >= 0)).toBe(true)
  })

  it('has no hash for a user set, and says nothing of ids and values', () => {
    const messages = heard<QueryMessage>('crowdbit:query')
    const traces = heard<QueryTrace>('tracing:crowdbit:query:end')
    const crowd = shop(0)
    crowd.insight.top(crowd.select('vip'), 'spend', 1)
    expect(messages.at(-1)).toMatchObject({ kind: 'top', hash: null })
    expect(() => crowd.count('vip and tier = "secret tier" and wrong')).toThrow('RULE_UNKNOWN_TAG')
    askAll(crowd)
    expect(JSON.stringify([messages, traces])).not.toMatch(/person-|secret|spend|tier|vip/)
  })

  it('traces every question from its beginning to its end by one object', () => {
    const [start, end, error] = ['start', 'end', 'error'].map((name) =>
      heard<QueryTrace>(`tracing:crowdbit:query:${name}`),
    )
    const begun: QueryTrace[] = []
    const listener = (message: unknown): void => {
      begun.push({ ...(message as QueryTrace) })
    }
    subscribe('tracing:crowdbit:query:start', listener)
    subscriptions.push(() => unsubscribe('tracing:crowdbit:query:start', listener))
    const crowd = shop()
    askAll(crowd)
    expect(begun.map(({ kind }) => kind)).toEqual(kinds)
    expect(begun[1]).toEqual({ kind: 'count', hash: null, people: null, milliseconds: null, code: null })
    expect(end).toEqual(start)
    expect(end!.every((trace, i) => trace === start![i])).toBe(true)
    expect(end![1]).toMatchObject({ people: 50, hash: crowd.hash('vip and tier = "secret tier"'), code: null })
    const before = end!.length
    expect(() => crowd.count('wrong')).toThrow('RULE_UNKNOWN_TAG')
    expect(error).toEqual([
      { kind: 'count', hash: null, people: null, milliseconds: expect.any(Number), code: 'RULE_UNKNOWN_TAG' },
    ])
    expect(end!.length).toBe(before + 1)
  })

  it('is bounded by an option that is checked', () => {
    for (const slowQueryMs of [-1, Number.NaN, '5' as never]) {
      expect(() => createEngine({ schema, slowQueryMs })).toThrow('OPTION_INVALID')
    }
  })
})

describe('crowdbit:checkpoint and crowdbit:recovery', () => {
  it('tell of begin and end, with what was done', async () => {
    const checkpoints = heard<CheckpointMessage>('crowdbit:checkpoint')
    const recoveries = heard<RecoveryMessage>('crowdbit:recovery')
    const crowd = await openEngine({ dir: folder, schema, clock })
    const milliseconds = expect.any(Number)
    expect(recoveries).toEqual([
      { phase: 'start', run: expect.any(Number) },
      { phase: 'end', run: recoveries[0]!.run, checkpoint: 0, replayed: 0, cutBytes: 0, milliseconds },
    ])
    checkpoints.length = 0
    crowd.put('a', { vip: true })
    const report = await crowd.checkpoint()
    expect(checkpoints).toEqual([
      { phase: 'start', run: expect.any(Number), sequence: 1 },
      { phase: 'end', run: checkpoints[0]!.run, ...report },
    ])
    await crowd.close()
  })

  it('tell of failure by its code', async () => {
    const checkpoints = heard<CheckpointMessage>('crowdbit:checkpoint')
    const recoveries = heard<RecoveryMessage>('crowdbit:recovery')
    const crowd = await openEngine({ dir: folder, schema, clock })
    await expect(openEngine({ dir: folder })).rejects.toThrow('STORE_LOCKED')
    expect(recoveries.at(-1)).toEqual({
      phase: 'error',
      run: expect.any(Number),
      code: 'STORE_LOCKED',
      milliseconds: expect.any(Number),
    })
    await crowd.close()
    await expect(crowd.checkpoint()).rejects.toThrow('STORE_READ_ONLY')
    expect(checkpoints.at(-1)).toMatchObject({ phase: 'error', code: 'STORE_READ_ONLY' })
  })
})

describe('crowdbit:rejected-write', () => {
  it('tells of each write that was refused, once, by kind and code', async () => {
    const messages = heard<RejectedWriteMessage>('crowdbit:rejected-write')
    const crowd = shop()
    const writes: readonly (readonly [() => unknown, RejectedWriteMessage])[] = [
      [() => crowd.put('a', { tier: 1 as never }), { kind: 'put', code: 'VALUE_WRONG_TYPE' }],
      [() => crowd.putMany([['', {}]]), { kind: 'put', code: 'ID_EMPTY' }],
      [() => crowd.remove(''), { kind: 'remove', code: 'ID_EMPTY' }],
      [() => crowd.removeMany(['']), { kind: 'remove', code: 'ID_EMPTY' }],
      [() => crowd.track('a', 'buy', { at: 'never' }), { kind: 'track', code: 'TIME_INVALID' }],
      [() => crowd.trackMany('none' as never, []), { kind: 'track', code: 'EVENT_UNKNOWN' }],
      [() => crowd.trackColumns('buy', { ids: ['a'], at: [] }), { kind: 'track', code: 'EVENT_LENGTHS_DIFFER' }],
      [() => crowd.tags.vip.add(['']), { kind: 'members', code: 'ID_EMPTY' }],
      [() => crowd.tags.spend.set(['a'], []), { kind: 'numbers', code: 'OPTION_INVALID' }],
    ]
    for (const [write, message] of writes) {
      messages.length = 0
      expect(write).toThrow(message.code)
      expect(messages).toEqual([message])
    }
    messages.length = 0
    await expect(crowd.ingest([{ id: 'a' }], { id: 'wrong', maxRejects: 0 })).rejects.toThrow()
    expect(messages).toEqual([{ kind: 'ingest', code: 'INGEST_TOO_MANY_REJECTS' }])
  })

  it('tells of what the disk refused, audiences included', async () => {
    const messages = heard<RejectedWriteMessage>('crowdbit:rejected-write')
    const crowd = await openEngine({ dir: folder, schema, clock })
    crowd.put('a', {})
    await crowd.close()
    const code = 'STORE_READ_ONLY'
    expect(() => crowd.put('b', {})).toThrow(code)
    expect(() => crowd.audiences.createList({ name: 'x', members: ['a'], bounds: { min: 0 } })).toThrow(code)
    crowd.workspace('other')
    expect(() => crowd.removeWorkspace('other')).toThrow(code)
    expect(() => crowd.addColumn('wide', flag())).toThrow(code)
    expect(messages).toEqual([
      { kind: 'put', code },
      { kind: 'createAudience', code },
      { kind: 'removeWorkspace', code },
      { kind: 'addColumn', code },
    ])
  })
})

describe('stats() and health()', () => {
  it('say of an engine in memory what it has, and that it has no log', () => {
    const crowd = shop()
    crowd.track('person-1', 'buy', { at: Date.UTC(2026, 10, 19), product: 'p' })
    crowd.count('did buy in last 7 days')
    crowd.count('did buy in last 7 days')
    expect(crowd.stats()).toMatchObject({
      people: 100,
      linkedIds: 0,
      sequence: 101,
      dataVersion: 101,
      cache: { hits: 1, misses: 1 },
      changes: { bytes: 0, readers: 0 },
      log: null,
    })
    expect(crowd.stats().cache.bytes).toBeGreaterThan(0)
    expect(crowd.health()).toEqual({ writable: true, problem: null, store: null })
  })

  it('count the ids beside those that name people', () => {
    const crowd = shop()
    const counts = (): unknown[] => [crowd.stats().people, crowd.stats().linkedIds]
    crowd.linkMany([
      ['person-1', 'phone:1'],
      ['person-1', 'phone:2'],
      ['person-2', 'phone:3'],
    ])
    expect(counts()).toEqual([100, 3])
    crowd.link('person-1', 'person-2')
    expect(counts()).toEqual([99, 4])
    crowd.unlink('phone:1')
    expect(counts()).toEqual([99, 3])
    crowd.remove('person-2')
    expect(counts()).toEqual([98, 0])
  })

  it('say of a durable engine how long its log is, and when it was last saved', async () => {
    const crowd = await openEngine({ dir: folder, schema, clock })
    for (let i = 0; i < 10; i++) crowd.put(`person-${i}`, { vip: true })
    await crowd.flushed()
    const { log, sequence } = crowd.stats()
    expect(sequence).toBe(10)
    expect(log).toMatchObject({ durableSequence: 10, segments: 1, lastCheckpoint: { sequence: 0 } })
    expect(log!.bytes).toBeGreaterThan(10 * 24)
    await crowd.checkpoint()
    expect(crowd.stats().log!.bytes).toBeLessThan(log!.bytes)
    expect(crowd.stats().log!.lastCheckpoint).toMatchObject({ sequence: 10 })
    expect(crowd.health().store).toMatchObject({ writable: true, sequence: 10, durableSequence: 10, problem: null })
    await crowd.close()
    expect(crowd.health().writable).toBe(false)
  })

  it('say what was refused, until a write succeeds', async () => {
    const open = async (at: number): Promise<{ crowd: Shop; operations: number }> => {
      const fs = new FaultyFileSystem(new MemoryFileSystem(), at, 'fail', 'ENOSPC')
      const crowd = await openEngineOn(fs, { dir: '/data', schema, clock, durability: 'none' }, lockFacts(1))
      return { crowd, operations: fs.log.length }
    }
    const { operations } = await open(Number.POSITIVE_INFINITY)
    const { crowd } = await open(operations + 1)
    expect(crowd.health()).toMatchObject({ writable: true, problem: null })
    expect(() => crowd.put('a', {})).toThrow('STORE_IO')
    expect(crowd.health()).toMatchObject({ writable: true, problem: { code: 'STORE_IO' } })
    expect([crowd.size, crowd.sequence]).toEqual([0, 0])
    crowd.put('a', {})
    expect(crowd.health()).toMatchObject({ writable: true, problem: null })
    await crowd.close()
  })
})
