import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import { insideOf } from '../../src/engine/engine.ts'
import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  number,
  type SchemaSpec,
  timestamp,
} from '../../src/index.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { noAudiences } from '../../src/planner/no-audiences.ts'
import { Planner } from '../../src/planner/planner.ts'
import { Rule } from '../../src/rules/rule.ts'
import { CrowdbitSystem, checkAgainstReference } from '../../src/testing/index.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { campaign } from '../fast-check-config.ts'

/** An engine whose kernel answers whatever it costs, and the first time it is asked. */
function always<S extends SchemaSpec>(engine: Engine<S>): Engine<S> {
  insideOf(engine).kernel!.always = true
  return engine
}

test('the kernel gives the answers of the reference, while people, tags and audiences change', async () => {
  const report = await checkAgainstReference(
    {
      create: (schema, settings) =>
        new CrowdbitSystem(schema, settings, always(new CrowdbitSystem(schema, settings).engine)),
    },
    { runs: Math.ceil(campaign(300).numRuns!) },
  )
  expect(report.answers).toBeGreaterThan(300)
}, 120_000)

test('numbers at the limit are compared exactly, on both sides of 0', () => {
  const crowd = always(createEngine({ schema: { spend: number({ scale: 1 }) } }))
  crowd.put('most', { spend: '900719925474099.1' })
  crowd.put('half', { spend: '450359962737049.6' })
  crowd.put('zero', { spend: '0' })
  crowd.put('below', { spend: '-28.8' })
  crowd.put('least', { spend: '-900719925474099.1' })
  const people = (rule: string): unknown[] => [...crowd.select(rule).ids()]
  expect(people('spend <= 0')).toEqual(['zero', 'below', 'least'])
  expect(people('spend < 0')).toEqual(['below', 'least'])
  expect(people('spend >= 0')).toEqual(['most', 'half', 'zero'])
  expect(people('spend between -28.8 and 450359962737049.6')).toEqual(['half', 'zero', 'below'])
  expect(people('spend <= -900719925474099.1')).toEqual(['least'])
  expect(people('spend >= 900719925474099.1')).toEqual(['most'])
  expect(crowd.stats().images.count).toBeGreaterThan(0)
})

describe('over several containers', () => {
  const schema = {
    all: flag(),
    half: flag(),
    few: flag(),
    runs: flag(),
    nobody: flag(),
    tier: category(),
    likes: category({ many: true }),
    spend: number({ scale: 1 }),
    joined: timestamp(),
  }
  const clock = { now: () => Date.UTC(2026, 10, 20, 12) as never }
  const people = 200_000

  function fill(engine: Engine<typeof schema>): void {
    const { tags } = engine
    const every = (step: number, from = 0, to = people): Uint32Array =>
      Uint32Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
    tags.all.add(Array.from({ length: people }, (_, i) => i))
    tags.half.add(every(2))
    tags.few.add(Uint32Array.from([3, 70_000, 70_001, 140_002, 199_999]))
    tags.runs.add(every(1, 1_000, 90_000))
    for (const [i, value] of ['a', 'b', 'c', 'T1'].entries()) tags.tier.add(value, every(7, i, 150_000))
    for (const [i, value] of ['a', 'b', 'T1', 'rare'].entries()) {
      tags.likes.add(value, every([3, 5, 700, 40_000][i]!, i))
    }
    const some = every(3)
    tags.spend.set(
      some,
      Array.from(some, (n) => ((n * 7919) % 20_001) - 1_000),
    )
    const others = every(5, 65_536)
    tags.joined.set(
      others,
      Array.from(others, (n) => Date.UTC(2026, 9, 1) + (n % 60) * 86_400_000),
    )
  }

  const changeArb = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), person: fc.nat(people - 1), on: fc.boolean() }),
    fc.record({
      kind: fc.constant('spend' as const),
      person: fc.nat(people - 1),
      value: fc.integer({ min: -9_999, max: 99_999 }),
    }),
    fc.record({
      kind: fc.constant('tier' as const),
      person: fc.nat(people - 1),
      value: fc.constantFrom('a', 'b', 'z', null),
    }),
    fc.record({
      kind: fc.constant('replace' as const),
      from: fc.nat(people - 1),
      count: fc.nat(3_000),
      step: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({ kind: fc.constant('remove' as const), person: fc.nat(people - 1) }),
    fc.record({ kind: fc.constant('new' as const), count: fc.integer({ min: 1, max: 2_000 }) }),
  )
  type Change = typeof changeArb extends fc.Arbitrary<infer T> ? T : never
  let fresh = people

  function apply(engine: Engine<typeof schema>, change: Change, next: number): void {
    switch (change.kind) {
      case 'put':
        engine.put(change.person, { half: change.on, few: change.on, runs: !change.on })
        break
      case 'spend':
        engine.put(change.person, { spend: change.value })
        break
      case 'tier':
        engine.put(change.person, { tier: change.value, likes: change.value === null ? [] : [change.value, 'rare'] })
        break
      case 'replace': {
        const to = Math.min(people, change.from + change.count * change.step)
        const ids = Array.from(
          { length: Math.ceil((to - change.from) / change.step) },
          (_, i) => change.from + i * change.step,
        )
        engine.tags.few.replace(ids)
        break
      }
      case 'remove':
        engine.remove(change.person)
        break
      case 'new':
        engine.tags.half.add(Array.from({ length: change.count }, (_, i) => next + i))
    }
  }

  test('counts and people are the same with the kernel and without it, whatever is written', () => {
    const plain = createEngine({ schema, clock, imageBytes: 0 })
    // Room for a few images only, so that they come and go.
    const tried = always(createEngine({ schema, clock, imageBytes: 1_500_000 }))
    for (const engine of [plain, tried]) fill(engine)
    fc.assert(
      fc.property(ruleFor(schema), fc.array(changeArb, { maxLength: 4 }), (node, changes) => {
        for (const change of changes) {
          for (const engine of [plain, tried]) apply(engine, change, fresh)
          if (change.kind === 'new') fresh += change.count
        }
        const rule = Rule.of(node)
        const expected = plain.select(rule)
        expect(tried.count(rule)).toBe(expected.size)
        const found = tried.select(rule)
        expect(Buffer.compare(found.portableBytes(), expected.portableBytes())).toBe(0)
        expect(tried.explain(rule).count).toBe(expected.size)
        expect(tried.insight.aggregate(rule, 'spend')).toEqual(plain.insight.aggregate(rule, 'spend'))
      }),
      campaign(150),
    )
    const { images } = tried.stats()
    expect(images.count).toBeGreaterThan(0)
    expect(images.bytes).toBeLessThanOrEqual(1_500_000 + 64 * 8_192)
  })
})

test('answers about events that were forgotten meanwhile are worked out anew', () => {
  const now = Date.UTC(2026, 10, 20, 12)
  const clock = { now: () => now as never }
  const engine = createEngine({ schema: { vip: flag(), buy: event({ product: category() }) }, clock })
  for (let i = 0; i < 5_000; i++) {
    engine.put(i, { vip: i % 2 === 0 })
    if (i % 3 === 0) engine.track(i, 'buy', { at: now - (i % 10) * 86_400_000, product: `p${i % 4}` })
  }
  const { dataset } = insideOf(engine)
  const world = { event: (name: string) => dataset.event(name), zone: dataset.zone }
  // Nothing is remembered from one question to the next, and there is room for two images.
  const kernel = new Kernel(2 * 8_192)
  kernel.always = true
  const planner = new Planner(
    dataset,
    noAudiences,
    new Behaviours(world, { cacheBytes: 0 }),
    defaultRuleLimits,
    clock,
    kernel,
  )
  const rules = ['p0', 'p1', 'p2', 'p3'].map((product) => `vip and did buy(product = "${product}") in last 7 days`)
  const prepared = rules.map((rule) => planner.prepare(rule))
  const expected = rules.map((rule) => engine.count(rule, { asOf: now }))
  expect(new Set(expected).size).toBeGreaterThan(1)
  for (let round = 0; round < 30; round++) expect(prepared.map((rule) => rule.count({ asOf: now }))).toEqual(expected)
})
