import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { IdDictionary, unknownDense } from '../../src/ids/id-dictionary.ts'
import { codeOf, runs } from './code-of.ts'

/** The slow, obviously right dictionary. */
class Model {
  readonly ids: (ExternalId | undefined)[] = []
  readonly dense = new Map<string, number>()

  static key(id: ExternalId): string {
    return typeof id === 'string' ? `s${id}` : `i${id}`
  }

  find(id: ExternalId): number {
    return this.dense.get(Model.key(id)) ?? -1
  }

  add(id: ExternalId): number {
    const found = this.find(id)
    if (found >= 0) return found
    this.dense.set(Model.key(id), this.ids.length)
    return this.ids.push(id) - 1
  }

  remove(dense: number): boolean {
    const id = this.ids[dense]
    if (id === undefined) return false
    this.ids[dense] = undefined
    return this.dense.delete(Model.key(id))
  }
}

const normal = (id: ExternalId) => (typeof id === 'bigint' && id < 2n ** 53n ? Number(id) : id)

const anyId: fc.Arbitrary<ExternalId> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }).map((i) => `user-${i}`) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }).map((i) => BigInt(2 ** 53) + BigInt(i)) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 64n - 1n, 2n ** 64n - 2n, 0n, 42n, 42, '42', '\0', '\0\0') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('精', '致', '妈', '咪').chain((c) => fc.nat(30).map((n) => c.repeat(n + 1))),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_534, 40_000, 3000).map((n) => 'x'.repeat(n)) },
)
const invalidId = fc.constantFrom<unknown>('', -1, 1.5, null, '\ud800', 'x'.repeat(65_536), 2n ** 64n)

type Step =
  | { readonly kind: 'add' | 'find'; readonly id: ExternalId }
  | { readonly kind: 'addMany' | 'findMany'; readonly ids: readonly ExternalId[] }
  | { readonly kind: 'addWrong'; readonly ids: readonly ExternalId[]; readonly wrong: unknown }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'reload' }

const manyIds = fc.array(anyId, { maxLength: 300, size: 'max' })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('add' as const, 'find' as const), id: anyId }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('addMany' as const, 'findMany' as const), ids: manyIds }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('addWrong' as const), ids: manyIds, wrong: invalidId }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(600) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
)

function expectEqual(ids: IdDictionary, model: Model): void {
  expect(ids.size).toBe(model.ids.length)
  expect(ids.liveCount).toBe(model.dense.size)
  for (const [dense, id] of model.ids.entries()) {
    expect(ids.isLive(dense)).toBe(id !== undefined)
    if (ids.idOf(dense) !== (id === undefined ? undefined : normal(id))) throw new Error(`idOf(${dense}) is wrong`)
    if (id !== undefined && ids.find(id) !== dense) throw new Error(`the id of ${dense} isn't found`)
  }
}

function apply(ids: IdDictionary, model: Model, step: Step): IdDictionary {
  switch (step.kind) {
    case 'add':
      expect(ids.add(step.id)).toBe(model.add(step.id))
      return ids
    case 'find':
      expect(ids.find(step.id)).toBe(model.find(step.id))
      return ids
    case 'addMany':
      expect([...ids.addMany(step.ids)]).toEqual(step.ids.map((id) => model.add(id)))
      return ids
    case 'findMany':
      expect([...ids.findMany(step.ids)]).toEqual(
        step.ids.map((id) => (model.find(id) < 0 ? unknownDense : model.find(id))),
      )
      return ids
    case 'addWrong': {
      expect(codeOf(() => ids.addMany([...step.ids, step.wrong as ExternalId]))).toMatch(/^ID_/)
      expect(ids.size).toBe(model.ids.length)
      return ids
    }
    case 'remove':
      expect(ids.remove(step.at)).toBe(model.remove(step.at))
      return ids
    case 'reload':
      return IdDictionary.load(ids.sections(), { seed: 5 })
  }
}

describe('IdDictionary beside a Map', () => {
  // All bits of the hash; 16 hashes in all; one hash for every id.
  for (const hashMask of [-1, 0xf000_0000, 0]) {
    it(`law 1: any sequence of calls gives what the model gives (hash mask ${(hashMask >>> 0).toString(16)})`, () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 3, maxLength: 40, size: 'max' }), fc.nat(), (steps, seed) => {
          const model = new Model()
          let ids = new IdDictionary({ seed, hashMask })
          for (const one of steps) ids = apply(ids, model, one)
          expectEqual(ids, model)
        }),
        runs(40),
      )
    })
  }
})
