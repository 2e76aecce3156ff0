import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, event, flag, loadEngine, number } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { refusal } from '../laws/refusal.ts'

const schema = { vip: flag(), tier: category(), spend: number({ scale: 2 }), buy: event({ amount: number() }) }
let now = Date.UTC(2026, 10, 21, 12)

function shop(): Engine<typeof schema> {
  now = Date.UTC(2026, 10, 21, 12)
  const crowd = createEngine({ schema, clock: { now: () => now as never } })
  for (let i = 0; i < 100; i++) crowd.put(`u${i}`, { vip: i % 2 === 0, tier: `T${i % 3}`, spend: i })
  return crowd
}

describe('a live derived tag', () => {
  it('is what its rule is, in every kind of question', () => {
    const crowd = shop().defineTag('rich', 'spend >= 90')
    expect(crowd.count('rich')).toBe(10)
    expect(crowd.count('rich and vip')).toBe(5)
    expect(crowd.count('not rich')).toBe(90)
    expect(crowd.count('rich is not set')).toBe(90)
    expect([...crowd.select('rich minus vip').ids()]).toEqual(['u91', 'u93', 'u95', 'u97', 'u99'])
    expect(crowd.matches('u95', 'rich')).toBe(true)
    expect(crowd.get('u95')).toEqual({ rich: true, tier: 'T2', spend: 95 })
    expect(crowd.stats().columns.find(({ name }) => name === 'rich')?.people).toBe(10)
    expect(crowd.derivedTags.get('rich').status).toEqual({ state: 'live' })
  })

  it('is never out of date, and as of the instant of the question', () => {
    const crowd = shop().defineTag('buyer', 'did buy in last 7 days including today')
    crowd.track('u1', 'buy', { at: now - 1000 })
    expect(crowd.count('buyer')).toBe(1)
    expect(crowd.count('buyer', { asOf: '2026-11-20' })).toBe(0)
    expect(crowd.count('buyer', { asOf: '2026-12-20' })).toBe(0)
    now += 30 * 86_400_000
    expect(crowd.count('buyer')).toBe(0)
  })

  it('can be named by another, and has the hash of its name', () => {
    const crowd = shop().defineTag('rich', 'spend >= 90').defineTag('richVip', 'rich and vip')
    expect(crowd.count('richVip')).toBe(5)
    expect(crowd.hash('rich')).not.toBe(crowd.hash('spend >= 90'))
    crowd.put('u0', { spend: 1000 })
    expect(crowd.count('richVip')).toBe(6)
  })

  it('of several values gives the first whose rule holds', () => {
    const crowd = shop().defineTag('level', [
      ['high', 'spend >= 90'],
      ['mid', 'spend >= 50'],
      ['low', 'vip'],
    ])
    const counts = ['high', 'mid', 'low'].map((value) => crowd.count({ tag: 'level', eq: value }))
    expect(counts).toEqual([10, 40, 25])
    expect(crowd.count('level is set')).toBe(75)
    expect(crowd.count('level != "high"')).toBe(65)
    expect(crowd.count('level in ("high", "low")')).toBe(35)
    expect(crowd.count('level starts with "h"')).toBe(10)
    expect(crowd.get('u60')?.level).toBe('mid')
    expect(crowd.get('u1')?.level).toBeUndefined()
    const rows = crowd.insight.cube('everyone', { by: ['level'] })
    expect(rows.map(({ by, people }) => [by.level, people])).toEqual([
      [undefined, 100],
      ['high', 10],
      ['mid', 40],
      ['low', 25],
      [null, 25],
    ])
    expect(refusal(() => crowd.count('level = "none"')).code).toBe('RULE_VALUE_NOT_ALLOWED')
  })

  it('answers as its rule does in any place of any rule', () => {
    const crowd = shop().defineTag('d', 'tier = "T1" or spend < 20')
    const leaf = fc.constantFrom('d', 'vip', 'tier = "T1"', 'spend >= 50', 'd is not set')
    const rule = fc.letrec<{ rule: string }>((tie) => ({
      rule: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `((${a}) and (${b}))`),
        fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `((${a}) or (${b}))`),
        fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `((${a}) minus (${b}))`),
        tie('rule').map((a) => `not (${a})`),
      ),
    })).rule
    fc.assert(
      fc.property(rule, (text) => {
        const plain = text
          .replaceAll('d is not set', 'not (tier = "T1" or spend < 20)')
          .replaceAll(/\bd\b/g, '(tier = "T1" or spend < 20)')
        expect([...crowd.select(text).ids()]).toEqual([...crowd.select(plain).ids()])
      }),
      campaign(200),
    )
  })
})

describe('a built derived tag', () => {
  it('keeps the people of its build and says when that is out of date', () => {
    const crowd = shop().defineTag('rich', 'spend >= 90', { mode: 'built' })
    expect(crowd.derivedTags.get('rich').status).toEqual({ state: 'fresh', asOf: now })
    expect(crowd.count('rich')).toBe(10)
    crowd.put('u0', { spend: 1000 })
    expect(crowd.count('rich')).toBe(10)
    expect(crowd.derivedTags.get('rich').status).toEqual({ state: 'stale', asOf: now, because: 'data' })
    expect(crowd.derivedTags.rebuild('rich').status.state).toBe('fresh')
    expect(crowd.count('rich')).toBe(11)
  })

  it('is not out of date by what its rules do not name: another tag, another build', () => {
    const crowd = shop()
      .defineTag('rich', 'spend >= 90', { mode: 'built' })
      .defineTag('buyer', 'did buy', { mode: 'built' })
      .defineTag('both', 'rich and buyer', { mode: 'built' })
      .defineTag('spender', 'spend >= 1')
      .defineTag('spending vip', 'spender and vip', { mode: 'built' })
    const states = (): string[] =>
      ['rich', 'buyer', 'both', 'spending vip'].map((name) => crowd.derivedTags.get(name).status.state)
    expect(states()).toEqual(['fresh', 'fresh', 'fresh', 'fresh'])
    crowd.put('u1', { tier: 'T1' })
    expect(states()).toEqual(['fresh', 'fresh', 'fresh', 'fresh'])
    crowd.put('u1', { spend: 5 })
    expect(states()).toEqual(['stale', 'fresh', 'fresh', 'stale'])
    crowd.derivedTags.rebuild('rich')
    expect(states()).toEqual(['fresh', 'fresh', 'stale', 'stale'])
    crowd.put('somebody new', {})
    expect(states()).toEqual(['stale', 'stale', 'stale', 'stale'])
  })

  it('is as fresh or stale after a save as before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-derived-'))
    try {
      const crowd = shop()
        .defineTag('rich', 'spend >= 90', { mode: 'built' })
        .defineTag('buyer', 'did buy', { mode: 'built' })
      crowd.put('u1', { spend: 5 })
      await crowd.save(folder)
      const again = await loadEngine(folder, { clock: { now: () => now as never } })
      expect(again.derivedTags.list().map(({ status }) => status.state)).toEqual(['stale', 'fresh'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is out of date when the time goes on and its rule asks about it, and only then', () => {
    const crowd = shop()
      .defineTag('buyer', 'did buy in last 7 days', { mode: 'built' })
      .defineTag('rich', 'spend >= 90', { mode: 'built' })
    crowd.derivedTags.rebuild('buyer')
    crowd.derivedTags.rebuild('rich')
    now += 1
    expect(crowd.derivedTags.get('rich').status.state).toBe('fresh')
    expect(crowd.derivedTags.get('buyer').status).toMatchObject({ state: 'stale', because: 'time' })
    crowd.track('u1', 'buy', { at: now })
    expect(crowd.derivedTags.get('buyer').status).toMatchObject({ state: 'stale', because: 'data' })
    crowd.derivedTags.rebuild('buyer')
    now += 1
    expect(crowd.derivedTags.get('buyer').status).toMatchObject({ state: 'stale', because: 'time' })
  })

  it('has several values, and people who are removed leave it', () => {
    const crowd = shop().defineTag(
      'level',
      [
        ['high', 'spend >= 90'],
        ['mid', 'spend >= 50'],
      ],
      { mode: 'built' },
    )
    expect(crowd.count('level = "mid"')).toBe(40)
    crowd.remove('u60')
    expect(crowd.count('level = "mid"')).toBe(39)
    expect(crowd.insight.cube('everyone', { by: ['level'] })[1]).toMatchObject({ by: { level: 'high' }, people: 10 })
  })
})

describe('a derived tag', () => {
  it('cannot be written to', () => {
    const crowd = shop().defineTag('rich', 'spend >= 90') as unknown as Engine<{ rich: ReturnType<typeof flag> }>
    expect(refusal(() => crowd.put('u1', { rich: true })).code).toBe('TAG_DERIVED')
    expect(refusal(() => crowd.putMany([['new', { rich: true }]])).code).toBe('TAG_DERIVED')
    expect(crowd.has('new')).toBe(false)
    expect(refusal(() => crowd.tags.rich).code).toBe('TAG_DERIVED')
    expect(Object.keys(crowd.tags)).toEqual(['vip', 'tier', 'spend'])
  })

  it('is refused whole where a rule does not fit', () => {
    const crowd = shop()
    const code = (...args: unknown[]) =>
      refusal(() => (crowd.defineTag as (...given: unknown[]) => unknown).apply(crowd, args)).code
    expect(code('x', 'nope')).toBe('RULE_UNKNOWN_TAG')
    expect(code('x', 'x')).toBe('RULE_UNKNOWN_TAG')
    expect(code('x', 'audience a')).toBe('RULE_UNKNOWN_AUDIENCE')
    expect(code('vip', 'spend >= 1')).toBe('SCHEMA_NAME_TAKEN')
    expect(
      code('x', [
        ['a', 'vip'],
        ['a', 'vip'],
      ]),
    ).toBe('SCHEMA_INVALID')
    expect(code('x', [])).toBe('SCHEMA_INVALID')
    expect(code('x', [['a']])).toBe('OPTION_INVALID')
    expect(code('x', 'vip', { mode: 'lazy' })).toBe('OPTION_INVALID')
    expect(Object.keys(crowd.schema)).toEqual(['vip', 'tier', 'spend', 'buy'])
    expect(refusal(() => crowd.derivedTags.get('x')).code).toBe('TAG_UNKNOWN')
    crowd.defineTag('rich', 'spend >= 90')
    expect(refusal(() => crowd.derivedTags.rebuild('rich')).code).toBe('SCHEMA_COLUMN_WRONG_KIND')
    expect(refusal(() => crowd.derivedTags.get('ritch'))).toMatchObject({ facts: { suggestion: 'rich' } })
  })

  it('keeps what it names from being dropped, and is dropped itself as a column is', () => {
    const crowd = shop().defineTag('rich', 'spend >= 90').defineTag('buyer', 'did buy')
    expect(refusal(() => crowd.dropColumn('spend')).code).toBe('SCHEMA_COLUMN_IN_USE')
    expect(refusal(() => crowd.dropColumn('buy')).code).toBe('SCHEMA_COLUMN_IN_USE')
    crowd.dropColumn('rich').dropColumn('spend')
    expect(crowd.derivedTags.list().map(({ name }) => name)).toEqual(['buyer'])
  })

  describe('is saved and loaded', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-derived-'))
    afterEach(() => rmSync(folder, { recursive: true, force: true }))
    it('with its rules, mode and build', async () => {
      const crowd = shop()
        .defineTag('rich', 'spend >= 90')
        .defineTag(
          'level',
          [
            ['high', 'rich'],
            ['mid', 'spend >= 50'],
          ],
          { mode: 'built' },
        )
      await crowd.save(folder)
      const again = await loadEngine(folder, { schema, clock: { now: () => now as never } })
      expect(again.derivedTags.list()).toEqual(crowd.derivedTags.list())
      expect(again.derivedTags.get('level').status.state).toBe('fresh')
      for (const rule of ['rich', 'level = "mid"', 'rich minus level = "high"']) {
        expect(again.count(rule)).toBe(crowd.count(rule))
      }
      again.put('u0', { spend: 99 })
      expect(again.count('rich')).toBe(11)
      expect(again.derivedTags.get('level').status.state).toBe('stale')
    })
  })
})
