import { expect, test } from 'vitest'
import { createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'

// Buckets, shares and arms belong to experiments, which this version does not have.

const ids = Array.from({ length: 2_000 }, (_, i) => (i % 5 === 0 ? i : `u${i}`))

function population(order: readonly (string | number)[]): Engine<{ vip: FlagSpec }> {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany(order.map((id) => [id, { vip: true }]))
  return crowd
}

const sorted = (people: readonly unknown[]): string[] => people.map((id) => `${typeof id} ${id}`).sort()

test.each([0, 1, 99, 1_999, 2_000])('law 21: a sample of %s is exact in size', (count) => {
  const drawn = population(ids).select('vip').sample(count)
  expect(drawn).toHaveLength(count)
  expect(new Set(drawn).size).toBe(count)
})

test('law 21: a sample of more than there are is all of them', () => {
  expect(sorted(population(ids).select('vip').sample(5_000))).toEqual(sorted(ids))
  expect(
    createEngine({ schema: { vip: flag() } })
      .select('vip')
      .sample(5),
  ).toEqual([])
})

test('law 21: a sample is repeatable', () => {
  const people = population(ids).select('vip')
  expect(people.sample(100, { seed: 3 })).toEqual(people.sample(100, { seed: 3 }))
  expect(sorted(people.sample(100, { seed: 3 }))).not.toEqual(sorted(people.sample(100, { seed: 4 })))
})

test('law 21: a larger sample contains the smaller', () => {
  const people = population(ids).select('vip')
  let smaller: readonly unknown[] = []
  for (const count of [1, 2, 10, 500, 1_999]) {
    const larger = people.sample(count, { seed: 42 })
    expect(new Set(larger)).toEqual(new Set([...larger, ...smaller]))
    smaller = larger
  }
})

test('law 21: an import in another order, or with others between, changes nothing', () => {
  const expected = sorted(population(ids).select('vip').sample(50, { seed: 9 }))
  expect(
    sorted(
      population([...ids].reverse())
        .select('vip')
        .sample(50, { seed: 9 }),
    ),
  ).toEqual(expected)
  const mixed = createEngine({ schema: { vip: flag() } })
  for (const id of ids) {
    mixed.put(`other ${id}`, {})
    mixed.put(id, { vip: true })
  }
  mixed.remove('u1')
  mixed.put('u1', { vip: true })
  expect(sorted(mixed.select('vip').sample(50, { seed: 9 }))).toEqual(expected)
})

test('law 21: nor does the order decide between two ids of one hash', () => {
  // Two texts of one XXH32 with the seed 0: in the order of an import one would be the lower dense number.
  const pair = ['u13953', 'u222300']
  for (const order of [pair, [...pair].reverse()]) {
    expect(population(order).select('vip').sample(1)).toEqual(['u13953'])
    expect(population(order).select('vip').sample(2)).toEqual(order)
  }
})

test('law 21: a rename of the audience changes nothing', () => {
  const crowd = population(ids)
  const pack = crowd.audiences.create({ name: 'before', rule: 'vip' })
  const drawn = pack.version.people().sample(20)
  crowd.audiences.rename('before', 'after')
  pack.rebuild()
  expect(pack.version.people().sample(20)).toEqual(drawn)
})

test('law 21: who is drawn depends on seed and id alone', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany(['精致', 'b', 7, '7', 2n ** 60n, 'c'].map((id) => [id, {}]))
  const everyone = crowd.select('everyone')
  expect(everyone.sample(3, { seed: 0 })).toEqual([7, '7', 2n ** 60n])
  expect(everyone.sample(3, { seed: 1 })).toEqual(['精致', '7', 2n ** 60n])
  expect(everyone.sample(3, { seed: 2 })).toEqual(['精致', 2n ** 60n, 'c'])
})
