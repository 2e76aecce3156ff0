import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bitmap, bitmapOf } from '../../src/bitmap/bitmap.ts'
import { sliceValues } from '../../src/bitmap/value-slices.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { number } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'

const people = 30

/** Few different numbers, so that many have the lowest or highest, or numbers that only one has. */
const valueArb = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.constantFrom(-(2 ** 52), 2 ** 52, 2 ** 40, 0),
)
const stepArb = fc.oneof(
  fc.record({ do: fc.constant('set' as const), person: fc.nat(people - 1), value: valueArb }),
  fc.record({ do: fc.constant('forget' as const), person: fc.nat(people - 1) }),
  fc.record({ do: fc.constant('clear' as const), from: fc.nat(people - 1), length: fc.nat(8) }),
  fc.record({
    do: fc.constant('many' as const),
    from: fc.nat(people - 1),
    values: fc.array(valueArb, { maxLength: 40 }),
    isAll: fc.boolean(),
  }),
  fc.record({ do: fc.constant('fork' as const) }),
  fc.record({
    do: fc.constant('ask' as const),
    among: fc.array(fc.nat(people - 1), { maxLength: 60 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
)

test('the lowest and highest numbers of some people are those of plain numbers, asked again and again, whatever is written between', () => {
  fc.assert(
    fc.property(fc.array(stepArb, { minLength: 1, maxLength: 40 }), (steps) => {
      let column = new NumberColumn(number())
      const values = new Map<number, number>()
      const runOf = (from: number, length: number): number[] =>
        Array.from({ length: Math.min(length, people - from) }, (_, i) => from + i)
      for (const step of steps) {
        switch (step.do) {
          case 'set':
            column.set(step.person, step.value)
            values.set(step.person, step.value)
            break
          case 'forget':
            column.forget(step.person)
            values.delete(step.person)
            break
          case 'clear': {
            const those = runOf(step.from, step.length)
            column.clearAll(bitmapOf(those))
            for (const person of those) values.delete(person)
            break
          }
          case 'many': {
            const those = runOf(step.from, step.values.length)
            const given = Float64Array.from(those, (_, i) => step.values[i]!)
            if (step.isAll) values.clear()
            column[step.isAll ? 'replaceAll' : 'setMany'](Uint32Array.from(those), given)
            for (const [i, person] of those.entries()) values.set(person, given[i]!)
            break
          }
          case 'fork':
            column = column.fork()
            break
          case 'ask': {
            const those: Bitmap = bitmapOf(step.among.filter((person) => values.has(person)))
            const expected = [...those].map((person) => values.get(person)!)
            const everybody = [...values.values()]
            for (let time = 0; time < step.times; time++) {
              for (const mayFindOut of [true, false]) {
                expect(column.extremeOf(those, false, mayFindOut)).toBe(least(expected))
                expect(column.extremeOf(those, true, mayFindOut)).toBe(most(expected))
                expect(column.extremeOf(column.present.bitmap, true, mayFindOut)).toBe(most(everybody))
              }
            }
            const all = everybody.length === 0 ? null : { min: least(everybody), max: most(everybody) }
            if (step.times > 1) expect(column.bounds()).toEqual(all)
          }
        }
      }
    }),
    campaign(400),
  )
})

function least(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.min(...numbers)
}

function most(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.max(...numbers)
}

test.each([
  ['forgotten', (column: NumberColumn) => column.forget(2)],
  ['cleared', (column: NumberColumn) => column.clearAll(bitmapOf([2]))],
  ['written', (column: NumberColumn) => column.set(2, 5)],
  ['written with others', (column: NumberColumn) => column.setMany(Uint32Array.of(2), Float64Array.of(5))],
])('an extreme is no more once the one who has it is %s', (_, change) => {
  const column = NumberColumn.from(number(), sliceValues(Uint32Array.of(1, 2, 3), Float64Array.of(4, 900, 6)))
  expect(column.bounds()).toEqual({ min: 4, max: 900 })
  change(column)
  expect(column.bounds()).toEqual({ min: 4, max: 6 })
  expect(column.extremeOf(column.present.bitmap, true, true)).toBe(6)
})
