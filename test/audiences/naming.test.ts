import { beforeEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'
import { faultsOf, refusal } from '../laws/refusal.ts'
import { openShop, revisionOf, type Shop } from './shop.ts'

const bounds = { min: 0 }
let crowd: Shop['crowd']

beforeEach(() => {
  crowd = openShop().crowd
})

describe('rules that name audiences', () => {
  test('live, latest and pinned are three questions', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    crowd.put('second', { vip: true })
    pack.rebuild()
    crowd.put('third', { vip: true })
    const { audience } = crowd.rules
    expect(crowd.count(audience('pack'))).toBe(152)
    expect(crowd.count(audience('pack', { version: 'latest' }))).toBe(151)
    expect(crowd.count(audience('pack', { version: 2 }))).toBe(151)
    expect(crowd.count(audience('pack', { version: 1 }))).toBe(150)
    for (const [rule, person] of [
      ['audience pack', 'third'],
      ['audience pack version latest', 'second'],
      ['audience pack version 2', 'second'],
    ] as const) {
      expect(crowd.matches(person, rule)).toBe(true)
      expect(crowd.matches('u1', rule)).toBe(false)
    }
    expect(crowd.matches('third', 'audience pack version latest')).toBe(false)
    expect(crowd.matches('second', 'audience pack version 1')).toBe(false)
  })

  test('a list is what was uploaded last, live and latest alike', () => {
    const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds })
    list.add(['u2'])
    expect([...crowd.select('audience list')]).toEqual(['u1', 'u2'])
    expect([...crowd.select('audience list version latest')]).toEqual(['u1', 'u2'])
    expect([...crowd.select('audience list version 1')]).toEqual(['u1'])
  })

  test('live reaches through audiences of audiences, without any of them being rebuilt', () => {
    crowd.audiences.create({ name: 'a', rule: 'vip', bounds })
    crowd.audiences.create({ name: 'b', rule: 'audience a minus old', bounds })
    const c = crowd.audiences.create({ name: 'c', rule: 'audience b and tier = "T2"', bounds })
    expect(crowd.count('audience c')).toBe(50)
    crowd.put('new', { vip: true, tier: 'T2' })
    expect(crowd.count('audience c')).toBe(51)
    expect(c.size).toBe(50)
    expect(crowd.count('audience c version latest')).toBe(50)
  })

  test('a version that is not kept, or never was', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const { audience } = crowd.rules
    for (const version of [0, 2, 99, 1.5, -1]) {
      expect(faultsOf(() => crowd.count(audience('pack', { version })))).toEqual(['RULE_UNKNOWN_VERSION at $.version'])
    }
    for (let i = 0; i < 3; i++) pack.rebuild()
    expect(refusal(() => crowd.count('audience pack version 1')).message).toBe(
      'RULE_UNKNOWN_VERSION: audience "pack" keeps no version 1\n  1 | audience pack version 1\n    |                       ^',
    )
  })

  test('versions of one audience pinned by several rules are kept for each', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const one = crowd.audiences.create({ name: 'one', rule: 'audience pack version 1', bounds })
    pack.rebuild()
    crowd.audiences.create({ name: 'two', rule: 'old and not (audience pack version 2 or audience one)', bounds })
    for (let i = 0; i < 4; i++) pack.rebuild()
    expect(pack.versions.map(({ number }) => number)).toEqual([1, 2, 4, 5, 6])
    one.update({ rule: 'audience pack version latest' })
    pack.rebuild()
    expect(pack.versions.map(({ number }) => number)).toEqual([2, 5, 6, 7])
  })

  test('an unknown audience has the nearest name as a hint, of this workspace only', () => {
    crowd.audiences.create({ name: '双11 老客', rule: 'vip', bounds })
    expect(refusal(() => crowd.count('vip minus audience "双12 老客"')).message).toBe(
      'RULE_UNKNOWN_AUDIENCE: no audience "双12 老客" in this workspace. Did you mean 双11 老客?\n' +
        '  1 | vip minus audience "双12 老客"\n' +
        '    |                    ^^^^^^^^^^^',
    )
  })
})

describe('cycles', () => {
  beforeEach(() => {
    for (const [name, rule] of [
      ['a', 'vip'],
      ['b', 'not audience a'],
      ['c', 'audience b or old'],
      ['d', 'audience c xor audience a'],
    ] as const) {
      crowd.audiences.create({ name, rule, bounds })
    }
  })

  test.each([
    ['audience a', '"a" → "a"'],
    ['vip and not (old or audience a)', '"a" → "a"'],
    ['audience b', '"a" → "b" → "a"'],
    ['audience d', '"a" → "d" → "c" → "b" → "a"'],
    ['vip minus audience d minus audience b', '"a" → "d" → "c" → "b" → "a"'],
  ])('a := %s', (rule, circle) => {
    const error = refusal(() => crowd.audiences.get('a').update({ rule }))
    expect(error.code).toBe('RULE_CYCLE')
    expect(error.message).toBe(`RULE_CYCLE: audience "a" would be defined by itself: ${circle}`)
    expect(String(crowd.audiences.get('a').rule)).toBe('vip')
    expect(crowd.count('audience d')).toBe(crowd.count('(not vip or old) xor vip'))
  })

  test('what is none: the same audience by two ways', () => {
    crowd.audiences.get('d').update({ rule: 'audience c and audience b and audience a' })
    expect(crowd.count('audience d')).toBe(0)
    crowd.audiences.get('b').update({ rule: 'audience a' })
    expect(crowd.count('audience d')).toBe(150)
  })

  test('by a rename that gives a name which a rule is waiting for: a rule names only what is there', () => {
    expect(refusal(() => crowd.audiences.create({ name: 'e', rule: 'audience f', bounds })).code).toBe(
      'RULE_UNKNOWN_AUDIENCE',
    )
    expect(refusal(() => crowd.audiences.create({ name: 'e', rule: 'audience e', bounds })).code).toBe(
      'RULE_UNKNOWN_AUDIENCE',
    )
  })
})

describe('renaming', () => {
  test('rules that name the audience name it by the new name', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const bystander = crowd.audiences.create({ name: 'bystander', rule: 'old', bounds })
    const rules = [
      'audience pack',
      'audience pack version 1',
      'audience pack version latest',
      'not audience pack',
      'vip and audience pack',
      'audience pack or audience bystander',
      'old xor audience pack',
      'vip minus (old minus audience pack)',
      'at least 2 of (audience pack, audience pack, audience bystander)',
    ]
    rules.forEach((rule, i) => {
      crowd.audiences.create({ name: `user ${i}`, rule, bounds })
    })
    const counts = crowd.audiences.list().map(({ name }) => [name, crowd.count(crowd.rules.audience(name))])
    expect(crowd.audiences.rename(' pack ', ' 新 包 ')).toBe(pack)
    expect(pack.name).toBe('新 包')
    rules.forEach((rule, i) => {
      expect(String(crowd.audiences.get(`user ${i}`).rule)).toBe(rule.replaceAll('audience pack', 'audience "新 包"'))
    })
    expect(String(bystander.rule)).toBe('old')
    expect(crowd.audiences.list().map(({ name }) => [name, crowd.count(crowd.rules.audience(name))])).toEqual(
      counts.map(([name, count]) => [name === 'pack' ? '新 包' : name, count]),
    )
    expect(crowd.audiences.has('pack')).toBe(false)
    expect(faultsOf(() => crowd.count('audience pack'))).toEqual(['RULE_UNKNOWN_AUDIENCE at $.audience'])
    crowd.put('new', { vip: true })
    crowd.audiences.get('user 0').rebuild()
    expect(crowd.audiences.get('user 0').size).toBe(151)
  })

  test('keeps the order of the listing, the versions and the object', () => {
    for (const name of ['a', 'b', 'c']) crowd.audiences.create({ name, rule: 'vip', bounds })
    const b = crowd.audiences.get('b')
    b.rebuild()
    crowd.audiences.rename('b', 'z')
    expect(crowd.audiences.list().map(({ name }) => name)).toEqual(['a', 'z', 'c'])
    expect(crowd.audiences.get('z')).toBe(b)
    expect(b.versions.map(({ number }) => number)).toEqual([1, 2])
    b.update({ kind: 'official' })
    crowd.audiences.remove('z')
    expect(refusal(() => b.rebuild()).code).toBe('AUDIENCE_UNKNOWN')
  })

  test('to the name it has, however it is written, changes nothing', () => {
    const pack = crowd.audiences.create({ name: 'café', rule: 'vip', bounds })
    const revision = revisionOf(crowd.audiences)
    expect(crowd.audiences.rename('café', ' cafe\u0301 ')).toBe(pack)
    expect(revisionOf(crowd.audiences)).toBe(revision)
  })

  test.each([
    ['b', 'AUDIENCE_NAME_TAKEN'],
    ['', 'AUDIENCE_NAME_INVALID'],
    ['x'.repeat(257), 'AUDIENCE_NAME_INVALID'],
    [null as never, 'AUDIENCE_NAME_INVALID'],
  ])('to %j is refused, and changes nothing', (to, code) => {
    for (const [name, rule] of [
      ['a', 'vip'],
      ['b', 'audience a'],
    ] as const) {
      crowd.audiences.create({ name, rule, bounds })
    }
    expect(refusal(() => crowd.audiences.rename('a', to)).code).toBe(code)
    expect(crowd.audiences.list().map(({ name, rule }) => [name, String(rule)])).toEqual([
      ['a', 'vip'],
      ['b', 'audience a'],
    ])
  })

  test('two audiences can change names', () => {
    crowd.audiences.create({ name: 'a', rule: 'vip', bounds })
    crowd.audiences.create({ name: 'b', rule: 'old', bounds })
    crowd.audiences.create({ name: 'user', rule: 'audience a minus audience b', bounds })
    crowd.audiences.rename('a', 'between')
    crowd.audiences.rename('b', 'a')
    crowd.audiences.rename('between', 'b')
    expect(String(crowd.audiences.get('user').rule)).toBe('audience b minus audience a')
    expect(crowd.count('audience user')).toBe(100)
  })
})

describe('removing', () => {
  test('is refused while others name it, with usedBy', () => {
    crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    crowd.audiences.create({ name: 'user', rule: 'not (old or audience pack)', bounds })
    const one = refusal(() => crowd.audiences.remove('pack'))
    expect(one.message).toBe('AUDIENCE_IN_USE: audience "pack" is named by "user". Remove or change that one first.')
    expect(one.facts).toEqual({ name: 'pack', usedBy: ['user'] })
    crowd.audiences.remove('user')
    crowd.audiences.remove('pack')
    expect(crowd.audiences.list()).toEqual([])
  })

  test('a prepared rule that names it is refused from then on', () => {
    crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const prepared = crowd.prepare('audience pack')
    expect(prepared.count()).toBe(150)
    crowd.audiences.remove('pack')
    for (const call of [
      () => prepared.count(),
      () => prepared.select(),
      () => prepared.matches('u1'),
      () => prepared.explain(),
      () => prepared.hash,
    ]) {
      expect(faultsOf(call)).toEqual(['RULE_UNKNOWN_AUDIENCE at $.audience'])
    }
    crowd.audiences.create({ name: 'pack', rule: 'old', bounds })
    expect(prepared.count()).toBe(100)
  })

  test('a column that an audience names cannot be dropped', () => {
    crowd.audiences.create({ name: 'pack', rule: 'not (vip or tier is set)', bounds })
    const error = refusal(() => crowd.dropColumn('tier'))
    expect(error.code).toBe('SCHEMA_COLUMN_IN_USE')
    expect(error.facts).toEqual({ name: 'tier', audiences: 1 })
    crowd.audiences.get('pack').update({ rule: 'vip' })
    crowd.dropColumn('tier')
    expect(refusal(() => crowd.count('tier is set')).code).toBe('RULE_UNKNOWN_TAG')
  })
})

describe('prepared rules notice audiences', () => {
  test('their rules, versions, lists and names', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds })
    const live = crowd.prepare('audience pack')
    const latest = crowd.prepare('audience pack version latest')
    const listed = crowd.prepare('audience list')
    const answers = (): unknown => [
      live.count(),
      latest.count(),
      listed.count(),
      live.matches('u3'),
      listed.matches('u2'),
    ]
    expect(answers()).toEqual([150, 150, 1, false, false])
    pack.update({ rule: 'old' })
    expect(answers()).toEqual([100, 100, 1, true, false])
    crowd.put('new', { old: true })
    expect(answers()).toEqual([101, 100, 1, true, false])
    pack.rebuild()
    expect(answers()).toEqual([101, 101, 1, true, false])
    list.replace(['u2', 'u5'])
    expect(answers()).toEqual([101, 101, 2, true, true])
    crowd.remove('u2')
    expect(answers()).toEqual([101, 101, 1, true, false])
    expect(live.select().size).toBe(101)
    expect(live.explain().count).toBe(101)
  })

  test('text that is asked again is planned again', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    expect(crowd.count('audience pack and tier = "T1"')).toBe(50)
    pack.update({ rule: 'old' })
    expect(crowd.count('audience pack and tier = "T1"')).toBe(100)
  })

  test('the hash of a rule names an audience, and does not follow its rule', () => {
    const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
    const prepared = crowd.prepare('audience pack')
    const { hash } = prepared
    pack.update({ rule: 'old' })
    expect(prepared.hash).toBe(hash)
  })
})

describe('many audiences', () => {
  let flags: Engine<{ a: FlagSpec; b: FlagSpec; c: FlagSpec; d: FlagSpec }>

  beforeEach(() => {
    flags = createEngine({ schema: { a: flag(), b: flag(), c: flag(), d: flag() } })
    flags.putMany(
      Array.from({ length: 210 }, (_, i) => [i, { a: i % 2 === 0, b: i % 3 === 0, c: i % 5 === 0, d: i % 7 === 0 }]),
    )
  })

  const everyQuestion = (rule: string): unknown => {
    const prepared = flags.prepare(rule)
    const count = prepared.count()
    expect(flags.select(rule).size).toBe(count)
    expect(flags.preview(rule).count).toBe(count)
    const explanation = flags.explain(rule)
    expect(explanation.count).toBe(count)
    expect(explanation.toString().length).toBeLessThan(1_000_000)
    expect(prepared.hash).toHaveLength(64)
    const people = prepared.select()
    for (let i = 0; i < 210; i++) expect(prepared.matches(i)).toBe(people.has(i))
    expect(flags.explainMatch(6, rule)?.holds).toBe(people.has(6))
    return count
  }

  test('a chain of 300, each naming the one before', () => {
    flags.audiences.create({ name: 'x0', rule: 'a', bounds })
    for (let i = 1; i <= 300; i++) {
      const rule = i % 2 === 0 ? `audience x${i - 1} and not (b and c)` : `audience x${i - 1} or (b and not d)`
      flags.audiences.create({ name: `x${i}`, rule, bounds })
    }
    const members = Array.from({ length: 210 }, (_, i) => i).filter(
      (i) => (i % 2 === 0 || (i % 3 === 0 && i % 7 !== 0)) && !(i % 3 === 0 && i % 5 === 0),
    )
    expect(everyQuestion('audience x300')).toBe(members.length)
    expect([...flags.select('audience x300')]).toEqual(members)
    flags.audiences.get('x0').update({ rule: 'nobody' })
    expect(flags.count('audience x300')).toBeLessThan(members.length)
    expect(refusal(() => flags.audiences.get('x0').update({ rule: 'audience x300' })).code).toBe('RULE_CYCLE')
    flags.audiences.rename('x150', 'middle')
    expect(String(flags.audiences.get('x151').rule)).toBe('audience middle or b and not d')
    everyQuestion('audience x300')
  })

  test('a chain that is too long is refused with a code, and never by a full stack', () => {
    flags.audiences.create({ name: 'x0', rule: 'a', bounds })
    let refused: string | null = null
    for (let i = 1; i <= 2_000 && refused === null; i++) {
      const rule = `not (audience x${i - 1} xor (b and not (c xor d)))`
      try {
        flags.audiences.create({ name: `x${i}`, rule, bounds })
      } catch (error) {
        refused = String(error)
        expect(flags.audiences.has(`x${i}`)).toBe(false)
      }
    }
    expect(refused).toContain('RULE_TOO_DEEP')
  })

  test('40 audiences that each name the one before twice: 2^40 ways down, each gone once', () => {
    const names = ['a', 'b', 'c', 'd']
    let members = Array.from({ length: 210 }, (_, i) => i % 2 === 0)
    const divisors = [2, 3, 5, 7]
    flags.audiences.create({ name: 'x0', rule: 'a', bounds })
    for (let i = 1; i <= 40; i++) {
      const [yes, no] = [i % 4, (i + 1) % 4]
      flags.audiences.create({
        name: `x${i}`,
        rule: `(audience x${i - 1} and ${names[yes]}) or (not audience x${i - 1} and ${names[no]})`,
        bounds,
      })
      members = members.map((holds, person) => person % divisors[holds ? yes : no]! === 0)
    }
    expect(everyQuestion('audience x40')).toBe(members.filter(Boolean).length)
    expect([...flags.select('audience x40')]).toEqual(members.flatMap((holds, i) => (holds ? [i] : [])))
    everyQuestion('audience x40 xor audience x39 xor audience x20')
    everyQuestion('at least 2 of (audience x40, not audience x39, audience x38)')
    expect(refusal(() => flags.audiences.get('x0').update({ rule: 'audience x40' })).code).toBe('RULE_CYCLE')
  })

  test.each([
    ['xor', (i: number) => `(audience x${i - 1} and ${'abcd'[i % 4]}) xor not (audience x${i - 1} or c)`],
    [
      'atLeast',
      (i: number) => `at least 2 of (audience x${i - 1}, not audience x${i - 1} and a, b or audience x${i - 1})`,
    ],
    ['minus', (i: number) => `(audience x${i - 1} or ${'abcd'[i % 4]}) minus (audience x${i - 1} and not b)`],
  ])('the same with %s', (_, ruleOf) => {
    flags.audiences.create({ name: 'x0', rule: 'a or d', bounds })
    for (let i = 1; i <= 40; i++) flags.audiences.create({ name: `x${i}`, rule: ruleOf(i), bounds })
    everyQuestion('audience x40')
  })
})
