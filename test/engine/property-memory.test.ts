import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bitmapOf, nativeBitmapMemory } from '../../src/bitmap/bitmap.ts'
import { category, createEngine, flag } from '../../src/index.ts'
import { Rule } from '../../src/rules/rule.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { defaultFrame } from '../../src/testing/time-arbitrary.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { CrowdEngine } from '../testing/crowd-engine.ts'
import { rulePartsOf } from '../testing/rule-parts.ts'

const hasGc = typeof globalThis.gc === 'function'
if (!hasGc) console.warn('SKIPPED: test/engine/property-memory.test.ts needs node --expose-gc, see vitest.config.ts')

/** Frees what nobody holds, and waits until the finalizers have run. */
async function collect(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.()
    await setTimeout(1)
  }
}

/** Bytes that a freed bitmap keeps until the garbage collector takes its handle. */
const handleBytes = ((): number => {
  const before = nativeBitmapMemory().bytes
  bitmapOf([1, 2, 3]).dispose()
  return nativeBitmapMemory().bytes - before
})()

/** What a freed bitmap that was empty may still keep beside its handle: room for some containers, but none of them. */
const emptyRoom = 128

/** Runs `work`, and refuses what it left without having it collected: one bitmap of some thousand people is too much. */
function expectFreed(work: () => void): void {
  const before = nativeBitmapMemory()
  work()
  const after = nativeBitmapMemory()
  const handles = after.instances - before.instances
  expect(after.bytes - before.bytes - handles * handleBytes).toBeLessThan(1 + handles * emptyRoom)
}

test.runIf(hasGc)('questions free every bitmap they built', async () => {
  const crowds = new CrowdEngine(true)
  const { engine } = crowds
  await assertOnCases(
    10,
    async ({ schema, changes, rule: node, asOfs, ...settings }) => {
      const reference = new ReferencePopulation(schema, settings)
      const then = { asOf: asOfs[0] }
      for (let person = 0; person < 60; person++) reference.put(idAt(person), {})
      for (const change of changes) reference.apply(change)
      // More than a preview takes: see `previewRule`.
      if (rulePartsOf(node).length > 200) return
      crowds.load(reference)
      const rule = Rule.of(node)
      const prepared = engine.prepare(rule)
      const questions = [
        () => engine.count(rule, then),
        () => prepared.count(then),
        () => engine.preview(rule, then),
        () => engine.explain(rule, then),
        () => engine.select(rule, then).release(),
        () => engine.matches(7, rule, then),
      ]
      // What is kept of questions about events, within its budget, is made when they come again.
      for (let round = 0; round < 3; round++) for (const ask of questions) ask()
      await collect()
      const before = nativeBitmapMemory()
      for (const ask of questions) expectFreed(ask)
      await collect()
      expect(nativeBitmapMemory()).toEqual(before)
    },
    { leaveOut: ['remove', 'link', 'unlink', 'audience', 'addColumn', 'dropColumn'], frame: defaultFrame },
  )
})

test.runIf(hasGc)('bulk writes free their bitmaps, refused ones too', async () => {
  const crowd = createEngine({ schema: { vip: flag(), tier: category(), likes: category({ many: true }) } })
  crowd.putMany(Array.from({ length: 10_000 }, (_, i) => [`u${i}`, { tier: 'x', likes: ['x'] }]))
  // Every other number, so that a bitmap has some size.
  const dense = Uint32Array.from({ length: 5_000 }, (_, i) => 2 * i)
  const write = (): void => {
    const { vip } = crowd.tags
    for (const act of [vip.replace, vip.add, vip.clear]) act(dense)
    for (const { replace, add, clear } of [crowd.tags.tier, crowd.tags.likes]) {
      for (const act of [replace, add, clear, replace]) act('x', dense)
    }
    expect(() => crowd.tags.vip.add(Uint32Array.of(...dense, 10_000))).toThrow('DENSE_UNKNOWN')
    expect(() => crowd.tags.likes.add(7 as never, dense)).toThrow('VALUE_WRONG_TYPE')
  }
  write()
  await collect()
  const { instances } = nativeBitmapMemory()
  expectFreed(write)
  await collect()
  expect(nativeBitmapMemory().instances).toBe(instances)
})
