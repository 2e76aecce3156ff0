import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import { insideOf } from '../../src/engine/engine.ts'
import { category, createEngine, type Engine, event, flag, number, type SchemaSpec } from '../../src/index.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { noAudiences } from '../../src/planner/no-audiences.ts'
import { Planner } from '../../src/planner/planner.ts'
import { Rule } from '../../src/rules/rule.ts'
import { CrowdbitSystem, checkAgainstReference } from '../../src/testing/index.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { campaign } from '../fast-check-config.ts'
import { apply, changeArb, clock, fill, people, schema } from './several-containers.ts'

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
  test.each([
    ['in one memory', null],
    ['with a container in each memory', 1],
    ['with two containers in each memory', 2],
  ])('counts and people are the same with the kernel and without it, %s, whatever is written', (_, containersEach) => {
    let fresh = people
    const plain = createEngine({ schema, clock, imageBytes: 0 })
    // Room for a few images only, so that they come and go.
    const tried = always(createEngine({ schema, clock, imageBytes: 1_500_000 }))
    insideOf(tried).kernel!.containersEach = containersEach
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
      campaign(containersEach === null ? 100 : 50),
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

test('rules of hundreds of tags are one pass too, with the people that they have step by step', () => {
  const names = Array.from({ length: 600 }, (_, i) => `t${i}`)
  const tags = Object.fromEntries(names.map((name) => [name, flag()]))
  const plain = createEngine({ schema: tags, imageBytes: 0 })
  const tried = always(createEngine({ schema: tags }))
  const everyone = Array.from({ length: 70_000 }, (_, i) => i)
  for (const engine of [plain, tried]) {
    for (const [i, name] of names.entries()) {
      engine.tags[name]!.add(everyone.filter((person) => (person * 31 + i * 7) % (23 + (i % 17)) === 0))
    }
  }
  const { and, atLeast, not, or } = tried.rules
  for (const rule of [
    atLeast(20, names),
    and(atLeast(12, names.slice(0, 300)), not(or(...names.slice(590)))),
    or(...names),
  ]) {
    const expected = plain.select(rule)
    expect(expected.size).toBeGreaterThan(100)
    expect(tried.count(rule)).toBe(expected.size)
    expect(Buffer.compare(tried.select(rule).portableBytes(), expected.portableBytes())).toBe(0)
    expect(String(tried.explain(rule))).toContain('by the kernel')
  }
})
