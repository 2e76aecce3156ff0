import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, type FlagSpec, flag, loadEngine, type Millis } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'

const root = mkdtempSync(join(tmpdir(), 'crowdbit-review-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function flags(names: readonly string[], people: number): Engine<Record<string, FlagSpec>> {
  const crowd = createEngine({
    schema: Object.fromEntries(names.map((name) => [name, flag()])) as Record<string, FlagSpec>,
  })
  crowd.putMany(
    Array.from({ length: people }, (_, i) => [
      i,
      Object.fromEntries(names.map((name, k) => [name, (i >> (k % 10)) % 2 === 0])),
    ]),
  )
  return crowd
}

describe('user sets of another engine', () => {
  it('are refused wherever members are taken', () => {
    const [a, b] = [createEngine({ schema: { x: flag() } }), createEngine({ schema: { x: flag() } })]
    a.tags.x.add(['alice', 'bob'])
    b.tags.x.add(['carol', 'dave'])
    expect(refusal(() => b.tags.x.replace(a.select('x'))).code).toBe('USER_SET_FOREIGN')
    expect(refusal(() => b.audiences.createList({ name: 'l', members: a.select('x'), bounds: { min: 0 } })).code).toBe(
      'USER_SET_FOREIGN',
    )
    expect([...b.select('x').ids()]).toEqual(['carol', 'dave'])
  })
})

describe('texts are no members', () => {
  const crowd = createEngine({ schema: { x: flag() } })
  crowd.tags.x.add(['a', 'b'])
  it('removeMany, putMany, bulk writes', () => {
    expect(refusal(() => crowd.removeMany('ab')).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.tags.x.add('ab')).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.tags.x.add(new String('ab') as never)).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.putMany('ab' as never)).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.putMany(undefined as never)).code).toBe('MEMBERS_WRONG_TYPE')
    expect(refusal(() => crowd.put('a', new Map([['x', true]]) as never)).code).toBe('VALUE_WRONG_TYPE')
    expect(crowd.size).toBe(2)
  })
})

describe('bitmaps whose runs touch', () => {
  /** A portable bitmap of one run container with these runs, as [start, length - 1]. */
  const runs = (...list: readonly (readonly [number, number])[]): Uint8Array => {
    const words = [0x303b, 0x0000, 0x0001]
    void words
    const total = list.reduce((sum, [, more]) => sum + more + 1, 0)
    const head = [0x3b, 0x30, 0, 0, 1, 0, 0, (total - 1) & 255, (total - 1) >> 8]
    const body = [list.length, 0, ...list.flatMap(([start, more]) => [start & 255, start >> 8, more & 255, more >> 8])]
    return Uint8Array.from([...head, ...body])
  }
  it('are the same set as one run', () => {
    const crowd = createEngine({ schema: { x: flag(), y: flag() } })
    crowd.putMany(Array.from({ length: 200 }, (_, i) => [i, {}]))
    crowd.tags.x.replace(runs([0, 49], [50, 49]))
    crowd.tags.y.replace(runs([0, 99]))
    const [x, y] = [crowd.select('x'), crowd.select('y')]
    expect([x.size, x.equals(y), y.equals(x), x.isSubsetOf(y), y.isSubsetOf(x)]).toEqual([100, true, true, true, true])
  })
})

describe('what is accepted can be saved and loaded', () => {
  const folder = (name: string): string => join(root, name)
  it('a clock that gives no instants is refused', () => {
    const crowd = createEngine({ schema: { x: flag() }, clock: { now: () => Number.NaN as Millis } })
    expect(refusal(() => crowd.audiences.create({ name: 'a', rule: 'x', bounds: { min: 0 } })).code).toBe(
      'OPTION_INVALID',
    )
  })
  it('a schema that is written by hand is checked and made our own', async () => {
    expect(refusal(() => createEngine({ schema: { x: category({ many: 'yes' as never }) } })).code).toBe(
      'SCHEMA_INVALID',
    )
    expect(refusal(() => createEngine({ schema: { x: { kind: 'category', values: null } as never } })).code).toBe(
      'SCHEMA_INVALID',
    )
    expect(refusal(() => category({ mny: true } as never)).code).toBe('OPTION_INVALID')
    const values = ['cafe\u0301', 'tea']
    const crowd = createEngine({ schema: { x: { kind: 'category', many: false, values } } })
    values.push('later')
    crowd.put('u', { x: 'café' })
    expect(refusal(() => crowd.put('u', { x: 'later' })).code).toBe('VALUE_NOT_ALLOWED')
    await crowd.save(folder('schema'))
    expect((await loadEngine(folder('schema'))).get('u')).toEqual({ x: 'café' })
  })
  it('limits above the default are kept', async () => {
    const crowd = createEngine({ schema: { x: flag() }, limits: { depth: 400 } })
    crowd.put('u', { x: true })
    let rule = crowd.rules.tag('x')
    for (let i = 0; i < 300; i++) rule = rule.not()
    crowd.audiences.create({ name: 'deep', rule, bounds: { min: 0 } })
    await crowd.save(folder('limits'))
    expect((await loadEngine(folder('limits'))).audiences.get('deep').size).toBe(1)
    expect(
      await loadEngine(folder('limits'), { limits: { depth: 100 } }).catch((error: unknown) => String(error)),
    ).toMatch(/^RuleError: RULE_TOO_DEEP/)
    expect(
      await loadEngine(folder('limits'), { limits: { depth: 9_999 } }).catch((error: unknown) => String(error)),
    ).toMatch(/OPTION_INVALID/)
  })
  it('an update that would make another audience too deep is refused, and changes nothing', async () => {
    const crowd = createEngine({ schema: { x: flag(), y: flag() } })
    crowd.putMany(Array.from({ length: 36 }, (_, i) => [i, { x: true, y: i % 2 === 0 }]))
    const bounds = { min: 0 }
    const chain = (inner: string): string =>
      Array.from({ length: 160 }, (_, i) => (i % 2 === 0 ? '(y or ' : '(x and ')).join('') + inner + ')'.repeat(160)
    crowd.audiences.create({ name: 'A1', rule: 'x', bounds })
    for (let k = 2; k <= 7; k++) crowd.audiences.create({ name: `A${k}`, rule: chain(`audience A${k - 1}`), bounds })
    const before = crowd.count('audience A7')
    expect(refusal(() => crowd.audiences.get('A1').update({ rule: chain('x') })).code).toBe('RULE_TOO_DEEP')
    expect(crowd.count('audience A7')).toBe(before)
    expect(String(crowd.audiences.get('A1').rule)).toBe('x')
    await crowd.save(folder('deep'))
    expect((await loadEngine(folder('deep'))).count('audience A7')).toBe(before)
  })
})

describe('a removed workspace', () => {
  it('answers nothing', () => {
    const crowd = createEngine({ schema: { x: flag() } })
    crowd.tags.x.add([1, 2, 3])
    const gone = crowd.workspace('w')
    const audience = gone.audiences.create({ name: 'A', rule: 'x', bounds: { min: 0 } })
    const prepared = gone.prepare('audience A')
    crowd.removeWorkspace('w')
    for (const ask of [
      () => gone.count('x'),
      () => gone.select('audience A'),
      () => prepared.count(),
      () => audience.rebuild(),
      () => gone.audiences.create({ name: 'B', rule: 'x', bounds: { min: 0 } }),
    ]) {
      expect(refusal(ask).code).toMatch(/^(WORKSPACE_UNKNOWN|AUDIENCE_UNKNOWN|RULE_UNKNOWN_AUDIENCE)$/)
    }
    expect(crowd.workspace('w').audiences.list()).toEqual([])
  })
})

describe('a kept writer', () => {
  it('writes to and reads the column that there is', () => {
    const crowd = createEngine({ schema: { x: flag() } })
    const writer = crowd.tags.x
    crowd.dropColumn('x')
    crowd.addColumn('x', flag())
    writer.add(['a', 'b'])
    expect(writer.size).toBe(2)
    crowd.dropColumn('x')
    expect(refusal(() => writer.size).code).toBe('SCHEMA_COLUMN_UNKNOWN')
  })
})

describe('work stays in proportion to the rule', () => {
  it('audiences of audiences whose complements are shared', () => {
    const crowd = flags(['a', 'f', 'g', 'h'], 300)
    const bounds = { min: 0 }
    crowd.audiences.create({ name: 'A0', rule: 'a', bounds })
    crowd.audiences.create({ name: 'A1', rule: 'f or a', bounds })
    for (let k = 2; k <= 40; k++) {
      const rule = `(audience A${k - 1} or audience A${k - 2}) xor (g or (h and audience A${k - 1}))`
      crowd.audiences.create({ name: `A${k}`, rule, bounds })
    }
    // One bitmap or a few for each part, not twice as many for each audience more.
    expect(crowd.explain('audience A40').built).toBeLessThan(2_000)
  })
  it('a graph that is deep although each audience is seen before', () => {
    const crowd = flags(['x', 'y'], 10)
    const bounds = { min: 0 }
    const codes = new Set<string>()
    for (let k = 1; k <= 19; k++) {
      const seen = Array.from({ length: k - 1 }, (_, i) => ` and audience A${i + 1}`).join('')
      const inner = k === 1 ? 'x' : `audience A${k - 1}`
      const chain =
        Array.from({ length: 180 }, (_, i) => (i % 2 === 0 ? '(y or ' : '(x and ')).join('') + inner + ')'.repeat(180)
      try {
        crowd.audiences.create({ name: `A${k}`, rule: `(nobody${seen}) or ${chain}`, bounds })
      } catch (error) {
        codes.add((error as { code: string }).code)
        break
      }
    }
    for (const code of codes) expect(code).toBe('RULE_TOO_DEEP')
  })
  it('chains of implications, thresholds and intersections by the thousand', () => {
    const crowd = createEngine({ schema: { m: category({ many: true }), c: category() } })
    crowd.put('u', { m: ['1', '2'], c: '1' })
    const links = Array.from({ length: 2_000 }, (_, i) => `(not m has any ("${i}") or m has any ("${i + 1}"))`)
    const implications = crowd.rules.and('m has any ("0")', ...links)
    const threshold = crowd.rules.atLeast(
      2,
      Array.from({ length: 15_000 }, (_, i) => ({ tag: 'c', eq: `${i}` })),
    )
    const wide = crowd.rules.and(
      'c is set',
      ...Array.from({ length: 9_000 }, (_, i) => ({ not: { tag: 'm', hasAny: [`x${i}`] } })),
    )
    expect([crowd.count(implications), crowd.count(threshold), crowd.count(wide)]).toEqual([0, 0, 1])
  })
  it('text tests, and values of all lists together, have a bound', () => {
    const crowd = createEngine({ schema: { c: category() }, limits: { listLength: 10 } })
    crowd.put('u', { c: 'a' })
    const many = crowd.rules.or(...Array.from({ length: 51 }, (_, i) => ({ tag: 'c', contains: `${i}` })))
    expect(refusal(() => crowd.count(many)).code).toBe('RULE_TOO_LARGE')
    const ten = Array.from({ length: 10 }, (_, i) => `${i}`)
    const lists = crowd.rules.or(...Array.from({ length: 11 }, () => ({ tag: 'c', in: ten })))
    expect(refusal(() => crowd.count(lists)).code).toBe('RULE_LIST_TOO_LONG')
    const template = crowd.rules.template({
      name: 't',
      parameters: { v: { type: 'texts' } },
      rule: Array(11).fill('c in $v').join(' or '),
    })
    expect(refusal(() => template.apply({ v: ten })).code).toBe('RULE_LIST_TOO_LONG')
    expect(
      refusal(() =>
        crowd.rules
          .template({ name: 't', parameters: { v: { type: 'text', default: 'p' } }, rule: 'c = $v' })
          .apply({ v: null as never }),
      ).code,
    ).toBe('TEMPLATE_WRONG_TYPE')
  })
})

describe('errors as JSON', () => {
  it('hold whatever was found', () => {
    const crowd = createEngine({ schema: { x: flag() } })
    for (const wrong of [5n, Symbol('s'), () => {}]) {
      const error = refusal(() => crowd.put('u', { x: wrong as never }))
      expect(JSON.parse(JSON.stringify(error)).code).toBe('VALUE_WRONG_TYPE')
    }
  })
})
