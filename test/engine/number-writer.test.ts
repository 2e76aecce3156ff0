import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEngine, type Engine, event, flag, loadEngine, number, timestamp } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { refusal } from '../laws/refusal.ts'

const schema = { vip: flag(), spend: number({ scale: 2, min: '-100000' }), joinedAt: timestamp() }

function shop(): Engine<typeof schema> {
  const crowd = createEngine({ schema, timeZone: 'Asia/Shanghai' })
  crowd.putMany(Array.from({ length: 10 }, (_, i) => [`u${i}`, { vip: i % 2 === 0 }]))
  return crowd
}

describe('crowd.tags.<number>', () => {
  it('sets values of ids, dense numbers, bitmaps and user sets', () => {
    const crowd = shop()
    const { spend } = crowd.tags
    expect(spend.size).toBe(0)
    expect([spend.min, spend.max]).toEqual([null, null])
    expect(spend.set(['u1', 'new', 'u1'], [1, '2.50', 3n])).toEqual({ people: 2, created: 1 })
    expect(spend.set(Uint32Array.of(4, 2), Int32Array.of(40, 20))).toEqual({ people: 2, created: 0 })
    const vips = crowd.select('vip')
    expect(spend.set(vips, Float64Array.of(0.25, 1, 2, 3, -4.5))).toEqual({ people: 5, created: 0 })
    expect(['u0', 'u1', 'u2', 'u4', 'u8', 'new'].map((id) => crowd.get(id)!.spend)).toEqual([0.25, 3, 1, 2, -4.5, 2.5])
    expect([spend.min, spend.max, spend.size]).toEqual([-4.5, 3, 7])
    expect(spend.set(crowd.select('vip').portableBytes(), [9, 8, 7, 6, 5]).people).toBe(5)
    expect(crowd.get('u8')!.spend).toBe(5)
    expect(crowd.has('new')).toBe(true)
  })

  it('replaces everything, and clears', () => {
    const crowd = shop()
    crowd.tags.spend.set(['u1', 'u2', 'u3'], [1_000_000, 2, 3])
    expect(crowd.tags.spend.replace(['u3', 'u4'], [30, 40])).toEqual({ people: 2, created: 0 })
    expect([1, 2, 3, 4].map((i) => crowd.get(`u${i}`)!.spend)).toEqual([undefined, undefined, 30, 40])
    expect(crowd.tags.spend.clear(['u3', 'stranger'])).toEqual({ people: 2, created: 1 })
    expect(crowd.tags.spend.size).toBe(1)
    expect(crowd.tags.spend.replace([], [])).toEqual({ people: 0, created: 0 })
    expect(crowd.tags.spend.size).toBe(0)
    expect(crowd.size).toBe(11)
  })

  it('takes instants for timestamps', () => {
    const crowd = shop()
    const { joinedAt } = crowd.tags
    joinedAt.set(['u1', 'u2', 'u3'], ['2026-11-20', new Date(5), '2026-11-20T09:00:00Z'])
    expect(crowd.get('u1')!.joinedAt).toEqual(new Date('2026-11-20T00:00:00+08:00'))
    expect([joinedAt.min, joinedAt.max]).toEqual([new Date(5), new Date('2026-11-20T09:00:00Z')])
    joinedAt.replace(Uint32Array.of(7), Float64Array.of(-1))
    expect([joinedAt.size, crowd.get('u7')!.joinedAt]).toEqual([1, new Date(-1)])
  })

  it('writes whole or not at all, and says at which place', () => {
    const crowd = shop()
    crowd.tags.spend.set(['u1'], [1])
    const refused = (call: () => unknown): [string, unknown] => {
      const { code, facts } = refusal(call)
      return [code, facts.index]
    }
    const { spend, joinedAt } = crowd.tags
    expect(refused(() => spend.set(['u2', 'x'], [1]))).toEqual(['OPTION_INVALID', undefined])
    expect(refused(() => spend.set(['u2'], [1, 2]))).toEqual(['OPTION_INVALID', undefined])
    expect(refused(() => spend.set(['u2', 'x'], [1, 0.001]))).toEqual(['VALUE_TOO_MANY_DIGITS', 1])
    expect(refused(() => spend.set(['u2', 'x'], Float64Array.of(1, Number.NaN)))).toEqual(['VALUE_WRONG_TYPE', 1])
    expect(refused(() => spend.set(['u2', 'x'], [1, null as never]))).toEqual(['VALUE_WRONG_TYPE', 1])
    expect(refused(() => spend.replace(['u2', 'x'], [1, -100_001]))).toEqual(['VALUE_OUT_OF_RANGE', 1])
    expect(refused(() => spend.set(['u2'], '1' as never))).toEqual(['VALUE_WRONG_TYPE', undefined])
    expect(refused(() => spend.set(['u2'], new Uint8Array(1) as never))).toEqual(['VALUE_WRONG_TYPE', undefined])
    expect(refused(() => spend.set('u2' as never, [1, 2]))).toEqual(['MEMBERS_WRONG_TYPE', undefined])
    expect(refused(() => spend.set(Uint32Array.of(0, 99), [1, 2]))).toEqual(['DENSE_UNKNOWN', undefined])
    expect(refused(() => spend.set(['u2', ''], [1, 2]))).toEqual(['ID_EMPTY', undefined])
    expect(refused(() => joinedAt.set(['x', 'y'], [1, 'never']))).toEqual(['TIME_INVALID', 1])
    expect(refused(() => joinedAt.set(['x'], Float64Array.of(8.64e15 + 1)))).toEqual(['TIME_INVALID', 0])
    expect([crowd.size, spend.size, joinedAt.size, crowd.get('u1')!.spend]).toEqual([10, 1, 0, 1])
  })

  it('is as good as put, in order', () => {
    const id = fc.nat(300).map((i) => `p${i}`)
    const value = fc.integer({ min: -10_000_000, max: 100_000_000 }).map((cents) => (cents / 100).toFixed(2))
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.option(value)), { maxLength: 400 }), (rows) => {
        const engines = [1, 2, 3].map(() => createEngine({ schema }))
        for (const [one, spend] of rows) engines[0]!.put(one, { spend })
        engines[1]!.putMany(rows.map(([one, spend]) => [one, { spend }]))
        for (const [one, spend] of rows) {
          if (spend === null) engines[2]!.tags.spend.clear([one])
          else engines[2]!.tags.spend.set([one], [spend])
        }
        const seen = engines.map((engine) => rows.map(([one]) => engine.get(one)))
        expect(seen[1]).toEqual(seen[0])
        expect(seen[2]).toEqual(seen[0])
        expect(engines[1]!.tags.spend.size).toBe(engines[0]!.tags.spend.size)
      }),
      campaign(60),
    )
  })

  it('forgets people who are removed, one by one and many at once', () => {
    for (const few of [1, 50]) {
      const crowd = createEngine({ schema })
      crowd.putMany(Array.from({ length: 100 }, (_, i) => [`p${i}`, { spend: i, joinedAt: i }]))
      expect(crowd.removeMany(Array.from({ length: few }, (_, i) => `p${99 - i}`)).removed).toBe(few)
      expect([crowd.tags.spend.size, crowd.tags.spend.max]).toEqual([100 - few, 99 - few])
      expect(crowd.tags.joinedAt.max).toEqual(new Date(99 - few))
    }
  })

  it('is there for columns that are added, and not for events', () => {
    const crowd = shop().addColumn('points', number()).addColumn('purchase', event())
    crowd.tags.points.set(['u1'], [5])
    expect(crowd.dropColumn('points').addColumn('points', number({ scale: 1 })).tags.points.size).toBe(0)
    expect(Object.keys(crowd.tags)).toEqual(['vip', 'spend', 'joinedAt', 'points'])
    expect('purchase' in crowd.tags).toBe(false)
    expect(refusal(() => (crowd.tags as unknown as Record<string, unknown>).purchase).code).toBe(
      'SCHEMA_COLUMN_WRONG_KIND',
    )
    expect(crowd.stats().columns.map(({ name, people }) => [name, people])).toEqual([
      ['vip', 5],
      ['spend', 0],
      ['joinedAt', 0],
      ['points', 0],
    ])
  })

  it('is saved and loaded', async () => {
    const crowd = shop()
    crowd.tags.spend.set(['u1', 'u2', 'u3', 'u4'], ['90071992547409.91', '-100000', 0, 12.5])
    crowd.tags.joinedAt.set(['u1', 'u2'], ['-271821-04-20T00:00:00Z', 0])
    crowd.put('u1', { spend: 7 })
    crowd.remove('u4')
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-numbers-'))
    try {
      await crowd.save(folder)
      const again = await loadEngine(folder, { schema })
      for (const engine of [crowd, again]) engine.put('late', { spend: '0.01' })
      for (const id of crowd.select('everyone').ids()) expect(again.get(id)).toEqual(crowd.get(id))
      expect([again.tags.spend.min, again.tags.spend.max]).toEqual([-100_000, 7])
      await expect(loadEngine(folder, { schema: { ...schema, spend: number() } })).rejects.toThrow(
        'STORE_SCHEMA_MISMATCH',
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
