import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { bitmapOf, type ReadonlyBitmap, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { createEngine, csv, number, timestamp } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { refusal } from './refusal.ts'

const most = Number.MAX_SAFE_INTEGER

/** Values as they are: near each other, equal, of one sign, of both, at the ends of what there can be. */
const values = fc.oneof(
  fc.array(fc.integer({ min: 1_000, max: 1_020 }), { minLength: 1 }),
  fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1 }),
  fc.array(fc.integer({ min: -300, max: -280 }), { minLength: 1 }),
  fc.array(fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 32), 2 ** 31 - 1, most, -most), {
    minLength: 1,
  }),
  fc.array(
    fc.maxSafeInteger().filter((value) => value >= -most),
    { minLength: 1 },
  ),
  fc.array(
    fc.integer({ min: 0, max: 40 }).map((step) => 1_735_660_800_000 + step * 86_400_000),
    { minLength: 1 },
  ),
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

describe('law 9: a range of a column', () => {
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
          expect(column.rangeSteps(from, to)).toBeGreaterThanOrEqual(0)
          const estimated = column.estimateRange(from, to)
          expect(estimated).toBeGreaterThanOrEqual(0)
          expect(estimated).toBeLessThanOrEqual(column.present.size)
        }
      }),
      campaign(120),
    )
  })
})

describe('law 9: numbers are exact decimals', () => {
  const schema = {
    spend: number({ scale: 2 }),
    age: number({ min: 0, max: 150 }),
    tiny: number({ scale: 15 }),
    joinedAt: timestamp(),
  }
  const crowd = createEngine({ schema, timeZone: 'Asia/Shanghai' })

  test.each([
    ['129.90', 129.9],
    [129.9, 129.9],
    ['0.01', 0.01],
    ['-0.01', -0.01],
    [0.1 + 0.7, 0.8],
    [-0, 0],
    ['-0.00', 0],
    ['1e3', 1000],
    [12n, 12],
    ['90071992547409.91', 90071992547409.91],
    ['-90071992547409.91', -90071992547409.91],
  ])('law 9: %s is written and read', (written, read) => {
    if (written === 0.1 + 0.7) {
      // What the machine calls 0.7999999999999999 is no decimal of two digits.
      expect(refusal(() => crowd.put('u1', { spend: written })).code).toBe('VALUE_TOO_MANY_DIGITS')
      return
    }
    crowd.put('u1', { spend: written })
    expect(Object.is(crowd.get('u1')!.spend, read)).toBe(true)
    crowd.tags.spend.replace(['u1'], [written])
    expect(Object.is(crowd.get('u1')!.spend, read)).toBe(true)
  })

  test('law 9: a value with more digits than the scale is an error, not a rounding', () => {
    for (const given of ['0.001', 0.001, '129.905', 1e-300]) {
      const error = refusal(() => crowd.put('u2', { spend: given }))
      expect(error.code).toBe('VALUE_TOO_MANY_DIGITS')
      expect(error.facts).toMatchObject({ column: 'spend', value: given, scale: 2 })
      expect(refusal(() => crowd.tags.spend.set(['u2'], [given])).code).toBe('VALUE_TOO_MANY_DIGITS')
    }
    expect(crowd.has('u2')).toBe(false)
    // Zeros take no digits.
    crowd.put('u1', { spend: '5.500000', age: '30.0' })
    expect(crowd.get('u1')).toMatchObject({ spend: 5.5, age: 30 })
  })

  test('law 9: what is no number, or outside the range, is refused', () => {
    for (const given of [Number.NaN, Number.POSITIVE_INFINITY, '', ' 1', 'x', '1,5', true, [], {}, new Date(0)]) {
      expect(refusal(() => crowd.put('u1', { spend: given as never })).code).toBe('VALUE_WRONG_TYPE')
    }
    for (const given of [-1, 151, '1e30', 2n ** 60n]) {
      const error = refusal(() => crowd.put('u1', { age: given }))
      expect(error.code).toBe('VALUE_OUT_OF_RANGE')
      expect(error.facts).toMatchObject({ column: 'age', value: given, min: '0', max: '150' })
    }
    expect(refusal(() => crowd.put('u1', { spend: '90071992547409.92' })).code).toBe('VALUE_OUT_OF_RANGE')
    expect(refusal(() => crowd.put('u1', { joinedAt: 'yesterday' })).code).toBe('TIME_INVALID')
    expect(refusal(() => crowd.put('u1', { joinedAt: 8.64e15 + 1 })).code).toBe('TIME_INVALID')
    expect(refusal(() => crowd.put('u1', { joinedAt: 0.5 })).code).toBe('TIME_INVALID')
  })

  test('law 9: between includes both ends, and a constant outside the stored range is answered', () => {
    const column = new NumberColumn(number())
    column.setMany(Uint32Array.of(1, 2, 3, 4), Float64Array.of(-10, 0, 10, 20))
    const scratch = new Scratch()
    const people = (from: number | null, to: number | null): number[] => [...column.range(from, to, scratch)]
    expect(people(-10, 10)).toEqual([1, 2, 3])
    expect(people(0, 0)).toEqual([2])
    expect(people(1, 9)).toEqual([])
    expect(people(10, 9)).toEqual([])
    expect(people(-(2 ** 53), 2 ** 53)).toEqual([1, 2, 3, 4])
    expect(people(21, null)).toEqual([])
    expect(people(most, null)).toEqual([])
    expect(people(null, -most)).toEqual([])
    expect(people(null, 1e15)).toEqual([1, 2, 3, 4])
    expect(column.countRange(null, null, scratch)).toBe(4)
    scratch.dispose()
  })

  test('law 9: every scale from 0 to 15, whichever way a value comes in', async () => {
    const scales = Array.from({ length: 16 }, (_, scale) => scale)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.maxSafeInteger().filter((value) => value >= -most),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(...scales),
        async (values, scale) => {
          const engine = createEngine({ schema: { n: number({ scale }) } })
          const texts = values.map((value) => {
            const digits = String(Math.abs(value)).padStart(scale + 1, '0')
            const point = digits.length - scale
            return `${value < 0 ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`
          })
          engine.putMany(texts.map((n, i) => [`put${i}`, { n }]))
          engine.tags.n.set(
            texts.map((_, i) => `bulk${i}`),
            texts,
          )
          const rows = texts.map((text, i) => `csv${i}, ${text} `).join('\n')
          expect((await engine.ingest(csv(`id,n\n${rows}\n`), { id: 'id' })).rejected).toBe(0)
          texts.forEach((text, i) => {
            for (const way of ['put', 'bulk', 'csv']) expect(engine.get(`${way}${i}`)).toEqual({ n: Number(text) + 0 })
          })
        },
      ),
      campaign(60),
    )
  })
})
