import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { bitmapOf, portableBytes } from '../../src/bitmap/bitmap.ts'
import { ForwardIndex } from '../../src/columns/forward-index.ts'
import { ProfileServer } from '../../src/columns/serve-profiles.ts'
import { insideOf } from '../../src/engine/engine.ts'
import { category, createEngine } from '../../src/index.ts'
import { Rule } from '../../src/rules/rule.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { apply, changeArb, clock, fill, people, schema } from '../engine/several-containers.ts'
import { campaign } from '../fast-check-config.ts'

const span = 65_536
const cities = 60
const wide = { ...schema, city: category() }
const crowd = createEngine({ schema: wide, clock, threads: 2 })
insideOf(crowd).kernel!.always = true
fill(crowd as never)
for (let city = 0; city < cities; city++) {
  const ids = Uint32Array.from({ length: Math.ceil((people - city) / 70) }, (_, i) => city + 70 * i)
  crowd.tags.city.add(`city ${city}`, ids)
}
afterAll(() => crowd.close())

const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('aggregates and cubes that are awaited are those of one moment, while others write', async () => {
  let fresh = people
  const cubeArb = fc.constantFrom(
    { by: ['city'] },
    { by: ['city'] },
    { by: ['tier'] },
    { by: ['likes'], of: 'spend' },
    { by: ['half', 'tier'] },
    { by: ['tier', 'city'], of: 'spend' },
    { by: ['few', 'likes'] },
  ) as fc.Arbitrary<{ by: ['city']; of?: 'spend' }>
  await fc.assert(
    fc.asyncProperty(
      ruleFor(schema),
      cubeArb,
      fc.boolean(),
      fc.array(fc.tuple(changeArb, fc.nat(3)), { maxLength: 3 }),
      async (node, options, asSet, changes) => {
        const rule = Rule.of(node)
        const set = crowd.select(rule)
        const of = asSet ? set : rule
        const now = () => [crowd.insight.aggregate(of, 'spend'), crowd.insight.cube(of, options)] as const
        const moments = [now()]
        const later = [crowd.insight.aggregateAsync(of, 'spend'), crowd.insight.cubeAsync(of, options)] as const
        for (const [change, turns] of changes) {
          for (let turn = 0; turn < turns; turn++) await others()
          apply(crowd as never, change, fresh)
          if (change.kind === 'new') fresh += change.count
          moments.push(now())
        }
        const [sums, groups] = await Promise.all(later)
        expect(moments.map(([aggregate]) => aggregate)).toContainEqual(sums)
        expect(moments.map(([, cube]) => cube)).toContainEqual(groups)
        set.release()
      },
    ),
    campaign(40),
  )
  expect(crowd.stats().threads.deaths).toBe(0)
})

test('are counted by threads where there are many values', async () => {
  const before = insideOf(crowd).threads!.work
  // Few enough for a look at each of them to be less than a look at each value.
  crowd.tags.few.replace(Uint32Array.from({ length: 90 }, (_, i) => 1_111 + 2_000 * i))
  const rows = await crowd.insight.cubeAsync('few and all', { by: ['city'] })
  expect(rows).toEqual(crowd.insight.cube('few and all', { by: ['city'] }))
  expect(rows.length).toBeGreaterThan(5)
  // Found and counted in one go, by two threads; of a set, only counted.
  expect(insideOf(crowd).threads!.work).toBe(before + 2)
  const set = crowd.select('few and all')
  expect(await crowd.insight.cubeAsync(set, { by: ['city'] })).toEqual(rows)
  expect(insideOf(crowd).threads!.work).toBe(before + 4)
  set.release()
})

test('can be ended, and are refused as others are', async () => {
  const { insight } = crowd
  const ended = AbortSignal.abort(new Error('enough'))
  await expect(insight.aggregateAsync('all', 'spend', { signal: ended })).rejects.toThrow('enough')
  await expect(insight.cubeAsync('all', { by: ['tier'], signal: ended })).rejects.toThrow('enough')
  for (let turns = 0; turns < 6; turns++) {
    const enough = new AbortController()
    const answers = Promise.allSettled([
      insight.aggregateAsync('all', 'spend', { signal: enough.signal }),
      insight.cubeAsync('all', { by: ['tier', 'city'], of: 'spend', signal: enough.signal }),
    ])
    for (let turn = 0; turn < turns; turn++) await others()
    enough.abort(new Error('enough'))
    for (const answer of await answers)
      if (answer.status === 'rejected') expect(answer.reason).toEqual(new Error('enough'))
  }
  await expect(insight.aggregateAsync('all', 'tier' as never)).rejects.toThrow('SCHEMA_COLUMN_WRONG_KIND')
  await expect(insight.cubeAsync('all', { by: [] })).rejects.toThrow('OPTION_INVALID')
  await expect(insight.cubeAsync('nowhere', { by: ['tier'] })).rejects.toThrow('RULE_UNKNOWN_TAG')
  const other = createEngine({ schema: wide, clock })
  await expect(other.insight.aggregateAsync(crowd.select('all'), 'spend')).rejects.toThrow('USER_SET_FOREIGN')
  expect(await other.insight.cubeAsync('nobody', { by: ['tier'] })).toEqual(
    other.insight.cube('nobody', { by: ['tier'] }),
  )
  expect(await other.insight.aggregateAsync('all', 'spend')).toEqual(other.insight.aggregate('all', 'spend'))
})

test('a thread counts as an index does, whatever the containers are', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ at: fc.nat(3 * span), length: fc.integer({ min: 1, max: 80_000 }), step: fc.constant(1) }),
          fc.record({
            at: fc.nat(3 * span),
            length: fc.integer({ min: 1, max: 9_000 }),
            step: fc.integer({ min: 2, max: 9 }),
          }),
        ),
        { maxLength: 4 },
      ),
      fc.array(fc.tuple(fc.nat(3 * span), fc.constantFrom(0, 1, 7, 70_000)), { maxLength: 30 }),
      (stretches, values) => {
        const people = bitmapOf()
        for (const { at, length, step } of stretches) {
          if (step === 1) people.addRange(at, at + length)
          else for (let i = 0; i < length; i++) people.add(at + i * step)
        }
        people.runOptimize()
        const index = new ForwardIndex()
        for (const [from, value] of values) for (let i = 0; i < 500; i++) index.set(from + i, value)
        const expected = new Uint32Array(70_002)
        index.count(people, expected)
        while (index.shareOne());
        const counts = new Uint32Array(70_002)
        for (const [from, containers] of [
          [0, 2],
          [2, 3],
        ] as const) {
          const order = { bytes: portableBytes(people), chunks: index.cells(from, containers), from, length: 70_002 }
          const part = new ProfileServer().serve(order)
          for (const [i, count] of part.entries()) counts[i]! += count
        }
        expect(counts).toEqual(expected)
      },
    ),
    campaign(60),
  )
})
