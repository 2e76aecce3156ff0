import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf, nativeBitmapMemory } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { sliceValues, widthOf } from '../../src/bitmap/value-slices.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { number, timestamp } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'

const most = Number.MAX_SAFE_INTEGER
const person = fc.oneof(fc.nat(40), fc.integer({ min: 65_520, max: 65_550 }), fc.constant(4_294_967_294))
const value = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom(most, -most, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32, -(2 ** 32), 2 ** 52),
  fc.maxSafeInteger().filter((number) => number >= -most),
)
const pairs = fc.array(fc.tuple(person, value), { maxLength: 200 })
const change = fc.oneof(
  fc.record({ do: fc.constant('set' as const), person, value: fc.option(value) }),
  fc.record({ do: fc.constantFrom('setMany' as const, 'replaceAll' as const), pairs }),
  fc.record({ do: fc.constant('clearAll' as const), people: fc.uniqueArray(person) }),
  fc.record({ do: fc.constant('forget' as const), person }),
)

function check(column: NumberColumn, model: ReadonlyMap<number, number>): void {
  const having = [...model.keys()].sort((a, b) => a - b)
  expect([...column.present.bitmap]).toEqual(having)
  for (const [one, had] of model) expect(column.valueOf(one)).toBe(had)
  expect(column.valueOf(7_777)).toBeUndefined()
  expect([...column.negative.bitmap]).toEqual(having.filter((one) => model.get(one)! < 0))
  for (const slice of column.slices) expect(slice.bitmap.isSubset(column.present.bitmap)).toBe(true)
  const values = [...model.values()]
  expect(column.bounds()).toEqual(values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) })
}

describe('a number column', () => {
  it('is a map from person to value, whoever writes it', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const column = new NumberColumn(number())
        const model = new Map<number, number>()
        for (const step of changes) {
          if (step.do === 'set') {
            column.set(step.person, step.value)
            if (step.value === null) model.delete(step.person)
            else model.set(step.person, step.value)
          } else if (step.do === 'clearAll') {
            column.clearAll(bitmapOf(step.people))
            for (const one of step.people) model.delete(one)
          } else if (step.do === 'forget') {
            column.forget(step.person)
            model.delete(step.person)
          } else {
            const people = Uint32Array.from(step.pairs, ([one]) => one)
            column[step.do](
              people,
              Float64Array.from(step.pairs, ([, given]) => given),
            )
            if (step.do === 'replaceAll') model.clear()
            for (const [one, given] of step.pairs) model.set(one, given)
          }
          check(column, model)
        }
        column.dispose()
      }),
      campaign(150),
    )
  })

  it('gives numbers at their scale, and dates', () => {
    const column = new NumberColumn(number({ scale: 2 }))
    column.set(1, -1299)
    expect(column.get(1)).toBe(-12.99)
    expect(column.get(2)).toBeUndefined()
    const joined = new NumberColumn(timestamp())
    joined.set(1, -1)
    joined.set(2, 1_790_000_000_123)
    expect(joined.get(1)).toEqual(new Date(-1))
    expect(joined.get(2)).toEqual(new Date(1_790_000_000_123))
  })

  it('leaves bitmaps that were lent as they are', () => {
    const column = new NumberColumn(number())
    column.setMany(Uint32Array.of(1, 2, 3), Float64Array.of(5, -6, 7))
    const writes: ((column: NumberColumn) => void)[] = [
      (one) => one.set(1, -2),
      (one) => one.set(9, 1_000),
      (one) => one.setMany(Uint32Array.of(2, 8), Float64Array.of(1, -70_000)),
      (one) => one.forget(3),
      (one) => one.clearAll(bitmapOf([1, 2])),
      (one) => one.replaceAll(Uint32Array.of(4), Float64Array.of(4)),
      (one) => one.dispose(),
    ]
    for (const write of writes) {
      const lent = [...column.postings()].map((posting) => posting.lend())
      const before = lent.map((bitmap) => [...bitmap])
      write(column)
      expect(lent.map((bitmap) => [...bitmap])).toEqual(before)
    }
  })

  it('needs no slices that say no more than the sign', () => {
    const column = new NumberColumn(number())
    column.setMany(Uint32Array.of(1, 2), Float64Array.of(1_000_000, -3))
    column.set(1, 2)
    expect(column.slices.length).toBe(20)
    expect(column.neededSlices().length).toBe(2)
    column.set(1, null)
    column.set(2, -1)
    expect(column.neededSlices().length).toBe(0)
    expect(column.bounds()).toEqual({ min: -1, max: -1 })
  })
})

describe('sliceValues', () => {
  it('takes people in any order, dense and sparse, over containers', () => {
    const layouts = fc.constantFrom<(i: number) => number>(
      (i) => i,
      (i) => i * 3,
      (i) => i * 997,
      (i) => (i * 7_919) % 200_003,
      (i) => 140_000 - i,
    )
    const kinds = fc.constantFrom<(i: number) => number>(
      (i) => i % 5,
      (i) => (i * 2_654_435_761) % 65_536,
      (i) => -((i * 40_503) % 1_000),
      (i) => (i % 2 === 0 ? 1 : -1) * ((i * 1_103_515_245) % 2 ** 53),
      (i) => 2 ** 31 + i,
      (i) => 1_735_660_800_000 + i * 1_000,
      () => 0,
      () => -1,
    )
    fc.assert(
      fc.property(layouts, kinds, fc.constantFrom(1, 70, 5_000, 70_000), (layout, kind, length) => {
        const people = Uint32Array.from({ length }, (_, i) => layout(i))
        const values = Float64Array.from({ length }, (_, i) => kind(i) + 0)
        const model = new Map<number, number>()
        people.forEach((one, i) => {
          model.set(one, values[i]!)
        })
        const made = sliceValues(people, values)
        expect(made.people.size).toBe(model.size)
        expect(made.slices.length).toBe(Math.max(...[...model.values()].map(widthOf), 0))
        let wrong = 0
        for (const [one, expected] of model) {
          let found = made.negative.has(one) ? -(2 ** made.slices.length) : 0
          made.slices.forEach((slice, i) => {
            if (slice.has(one)) found += 2 ** i
          })
          if (found !== expected || !made.people.has(one)) wrong++
        }
        expect(wrong).toBe(0)
        for (const bitmap of [made.people, made.negative, ...made.slices]) bitmap.dispose()
      }),
      campaign(15),
    )
  })

  it('of nobody is nobody', () => {
    const { people, negative, slices } = sliceValues(new Uint32Array(0), new Float64Array(0))
    expect([people.size, negative.size, slices.length]).toEqual([0, 0, 0])
  })
})

it('widthOf is the bits below the sign', () => {
  expect([0, -1, 1, -2, 2, -3, 3, 4].map(widthOf)).toEqual([0, 0, 1, 1, 2, 2, 2, 3])
  for (let bits = 2; bits <= 53; bits++) {
    expect(widthOf(2 ** bits - 1)).toBe(bits)
    expect(widthOf(-(2 ** bits) + 1)).toBe(bits)
    if (bits < 53)
      expect([widthOf(2 ** bits), widthOf(-(2 ** bits)), widthOf(-(2 ** bits) - 1)]).toEqual([bits + 1, bits, bits + 1])
  }
})

it('frees what it builds', () => {
  const people = Uint32Array.from({ length: 20_000 }, (_, i) => i)
  const values = (round: number): Float64Array => Float64Array.from(people, (i) => ((i * 40_503) % 9_973) - 100 * round)
  const column = new NumberColumn(number())
  column.replaceAll(people, values(0))
  column.setMany(people, values(1))
  const before = nativeBitmapMemory().bytes
  const scratch = new Scratch()
  for (let round = 0; round < 50; round++) {
    column.setMany(people, values(round % 2))
    column.replaceAll(people, values(round % 2))
    column.bounds()
    for (const within of [null, column.present.bitmap, bitmapOf([1, 2, 3])]) {
      column.countRange(-50, 1_234 + round, scratch, within)
      column.countRange(7, 7, scratch, within)
      scratch.release(column.range(333, null, scratch, within))
      scratch.release(column.range(null, 99, scratch, within))
    }
  }
  const held = nativeBitmapMemory().bytes - before
  scratch.dispose()
  // One bitset that was forgotten each round would be 50 times 8 KiB.
  expect(held).toBeLessThan(50 * 8_192)
  expect(nativeBitmapMemory().bytes - before).toBe(held)
})
