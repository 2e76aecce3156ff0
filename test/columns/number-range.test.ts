import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf, type ReadonlyBitmap, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { number } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'

const most = Number.MAX_SAFE_INTEGER

/** Values as they are: near each other, equal, of one sign, of both, at the ends of what there can be. */
const values = fc.oneof(
  fc.array(fc.integer({ min: 1_000, max: 1_020 }), { minLength: 1 }),
  fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1 }),
  fc.array(fc.integer({ min: -300, max: -280 }), { minLength: 1 }),
  fc.array(fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 32), 2 ** 31 - 1, most, -most), { minLength: 1 }),
  fc.array(fc.maxSafeInteger().filter((value) => value >= -most), { minLength: 1 }),
  fc.array(fc.integer({ min: 0, max: 40 }).map((step) => 1_735_660_800_000 + step * 86_400_000), { minLength: 1 }),
)
/** One block of neighbours, and people far apart. */
const spread = fc.constantFrom(
  (i: number) => i,
  (i: number) => i * 40_000,
  (i: number) => 65_530 + i,
)

function columnOf(people: readonly number[], given: readonly number[]): NumberColumn {
  const column = new NumberColumn(number())
  column.setMany(Uint32Array.from(people), Float64Array.from(given))
  return column
}

describe('a range', () => {
  it('has the people whose value is in it, counted and built, inside others or not', () => {
    const cases = values.chain((given) =>
      fc.record({
        given: fc.constant(given),
        place: spread,
        copies: fc.constantFrom(1, 1, 700),
        bounds: fc.array(
          fc.tuple(
            fc.option(fc.oneof(fc.constantFrom(...given), fc.integer({ min: -20, max: 1_030 }), fc.maxSafeInteger())),
            fc.option(fc.oneof(fc.constantFrom(...given), fc.integer({ min: -20, max: 1_030 }), fc.maxSafeInteger())),
            fc.integer({ min: -1, max: 1 }),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        few: fc.array(fc.nat(60)),
      }),
    )
    fc.assert(
      fc.property(cases, ({ given, place, copies, bounds, few }) => {
        const people = Array.from({ length: given.length * copies }, (_, i) => place(i))
        const had = people.map((_, i) => given[i % given.length]!)
        const column = columnOf(people, had)
        const withins: (ReadonlyBitmap | null)[] = [
          null,
          bitmapOf(few.map(place)),
          bitmapOf(people.filter((_, i) => i % 3 > 0).concat(7_000_000)),
          rangeBitmap(0, 100_000),
          column.present.bitmap,
        ]
        for (const [low, high, shift] of bounds) {
          const from = low === null ? null : Math.max(-most, Math.min(most, low + shift))
          const to = high === null ? null : Math.max(-most, Math.min(most, high - shift))
          for (const within of withins) {
            const expected = people.filter(
              (person, i) =>
                (from === null || had[i]! >= from) &&
                (to === null || had[i]! <= to) &&
                (within === null || within.has(person)),
            )
            const scratch = new Scratch()
            const built = column.range(from, to, scratch, within)
            expect([...built]).toEqual([...new Set(expected)].sort((a, b) => a - b))
            expect(column.countRange(from, to, scratch, within)).toBe(built.size)
            scratch.dispose()
          }
          const estimated = column.estimateRange(from, to)
          expect(estimated).toBeGreaterThanOrEqual(0)
          expect(estimated).toBeLessThanOrEqual(column.present.size)
        }
      }),
      campaign(300),
    )
  })
})
