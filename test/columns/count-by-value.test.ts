import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bitmap, bitmapOf, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { CategoryColumn } from '../../src/columns/category-column.ts'
import { category } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'
import { draw } from '../store/draw.ts'

const people = 200_000

/** A column in which most have one of so many values, and the model of it. */
function columnOf(values: number, seed: number): { readonly column: CategoryColumn; readonly model: Int32Array } {
  const random = draw(seed)
  const model = new Int32Array(people).fill(-1)
  const lists = Array.from({ length: values }, () => [] as number[])
  for (let person = 0; person < people; person++) {
    // A stretch in which nobody has a value, and a value that most have.
    if (person >= 70_000 && person < 140_000) continue
    const value = random(3) === 0 ? random(values) : 0
    if (random(10) === 0) continue
    model[person] = value
    lists[value]!.push(person)
  }
  return {
    column: CategoryColumn.from(
      category(),
      lists.map((list, value) => [`v${value}`, bitmapOf(list)]),
    ),
    model,
  }
}

function expected(asked: Bitmap, model: Int32Array, values: number): number[] {
  const counts = Array.from({ length: values + 1 }, () => 0)
  for (const person of asked) counts[model[person]! + 1]!++
  return counts
}

describe('people counted by their value', () => {
  for (const values of [5, 40, 3_000]) {
    const { column, model } = columnOf(values, values)
    it(`of ${values}, few and many, near and far`, () => {
      const asked = fc.record({
        from: fc.nat(people),
        length: fc.oneof(fc.nat(200), fc.nat(people)),
        every: fc.constantFrom(1, 1, 2, 50, 10_000),
      })
      fc.assert(
        fc.property(asked, ({ from, length, every }) => {
          const some = bitmapOf(
            Uint32Array.from({ length: Math.ceil(length / every) }, (_, i) => (from + i * every) % people),
          )
          expect([...column.countByValue(some)]).toEqual(expected(some, model, values))
          some.dispose()
        }),
        campaign(40),
      )
    })
    it(`of ${values}, everybody and nobody`, () => {
      for (const all of [rangeBitmap(0, people), bitmapOf()]) {
        expect([...column.countByValue(all)]).toEqual(expected(all, model, values))
      }
    })
  }
})
