import { describe, expect, it, test } from 'vitest'
import { type Bitmap, bitmapOf, type ReadonlyBitmap, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { number } from '../../src/schema/column-spec.ts'

const people = 150_000

/** Numbers from 0 to 1, from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const random = randomFrom(20_261_122)
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Values of 150,000 people, in containers of every kind. */
const data: Readonly<Record<string, (person: number) => number>> = {
  'independent of each other': () => Math.floor(random() * 65_536),
  'of both signs': () => Math.floor(normal() * 3_000),
  'below 0': () => -1 - Math.floor(random() * 5_000),
  'hardly below 0': () => (random() < 0.001 ? -5 : Math.floor(random() * 4_096)),
  'skewed, as money is': () => Math.floor(Math.exp(Math.log(5_000) + 1.5 * normal())),
  'growing with the numbers of people': (person) => 1_700_000_000_000 + person * 60_000 + Math.floor(random() * 90_000),
  'the same for nearly everybody': () => (random() < 0.99 ? 100 : Math.floor(random() * 1_000_000)),
  'few and round': () => 1_000 * Math.floor(random() * 8),
}

const draw = (share: number): Bitmap =>
  bitmapOf(Uint32Array.from({ length: people }, (_, person) => person).filter(() => random() < share))

const withins: Readonly<Record<string, ReadonlyBitmap | null>> = {
  everybody: null,
  'half of all': draw(0.5),
  'an eighth': draw(0.12),
  'one in a hundred': draw(0.01),
  'a few': draw(0.0002),
  'a block': rangeBitmap(66_000, 70_000),
  'the last, and people without a value': rangeBitmap(120_000, 400_000),
  nobody: bitmapOf(),
}

describe.each(Object.entries(data))('of numbers %s', (_, draws) => {
  const had = Float64Array.from({ length: people }, (_, person) => draws(person))
  const column = new NumberColumn(number())
  // Every seventh has no value.
  const having = Uint32Array.from({ length: people }, (_, person) => person).filter((person) => person % 7 !== 3)
  column.setMany(
    having,
    Float64Array.from(having, (person) => had[person]!),
  )
  const { min, max } = column.bounds()!
  const somewhere = (): number => {
    const choice = random()
    if (choice < 0.4) return had[Math.floor(random() * people)]!
    if (choice < 0.6) return 2 ** Math.floor(random() * 42) - Math.floor(random() * 2)
    return Math.floor(min + random() * (max - min))
  }
  const bounds: [number | null, number | null][] = Array.from({ length: 12 }, (_, i) => {
    const [a, b] = [somewhere(), somewhere()].sort((x, y) => x - y) as [number, number]
    return i % 4 === 0 ? [a, null] : i % 4 === 1 ? [null, b] : i % 4 === 2 ? [a, b] : [a, a]
  })

  it.each(Object.entries(withins))('the people of a range among %s', (_, within) => {
    const scratch = new Scratch()
    for (const [from, to] of bounds) {
      const expected = having.filter((person) => {
        const value = had[person]!
        return (from === null || value >= from) && (to === null || value <= to) && (within?.has(person) ?? true)
      })
      const label = `${from} to ${to}`
      expect(column.countRange(from, to, scratch, within), label).toBe(expected.length)
      const built = column.range(from, to, scratch, within)
      expect(built.isEqual(bitmapOf(expected)), label).toBe(true)
      scratch.release(built)
    }
    scratch.dispose()
  })
})

describe('the work of a range', () => {
  const column = new NumberColumn(number())
  const everyone = Uint32Array.from({ length: 65_536 }, (_, person) => person)
  column.replaceAll(
    everyone,
    everyone.reduce(
      (values, person) => values.fill((person * 40_503) % 65_536, person, person + 1),
      new Float64Array(65_536),
    ),
  )
  const tag = draw(0.3)

  /** How many bitmaps a call builds or changes. */
  function operations(call: (scratch: Scratch) => void): number {
    const prototype = Object.getPrototypeOf(tag) as Record<string, (...values: unknown[]) => unknown>
    const factory = prototype.constructor as unknown as Record<string, (...values: unknown[]) => unknown>
    let count = 0
    const undo: (() => void)[] = []
    const watch = (owner: Record<string, (...values: unknown[]) => unknown>, name: string): void => {
      const plain = Object.getOwnPropertyDescriptor(owner, name)
      const method = owner[name]!
      owner[name] = function (this: unknown, ...values) {
        count++
        return method.apply(this, values)
      }
      undo.push(() => {
        if (plain === undefined) delete owner[name]
        else Object.defineProperty(owner, name, plain)
      })
    }
    for (const name of ['and', 'or', 'andNot', 'orMany']) watch(factory, name)
    for (const name of ['clone', 'andInPlace', 'orInPlace', 'andNotInPlace']) watch(prototype, name)
    const scratch = new Scratch()
    try {
      call(scratch)
    } finally {
      for (const restore of undo) restore()
      scratch.dispose()
    }
    return count
  }

  test('16 slices take at most 15 operations, one fewer for each zero at the end of the bound', () => {
    expect(column.slices.length).toBe(16)
    for (let bound = 1; bound < 65_536; bound += 5) {
      const zeros = 31 - Math.clz32(bound & -bound)
      if (column.rangeSteps(bound, null) !== 15 - zeros) expect.fail(`${bound} takes ${column.rangeSteps(bound, null)}`)
    }
    expect(column.rangeSteps(null, 39_999)).toBe(16 - 6)
  })

  test('they are what is done, with an operation or two more where that keeps bitmaps dense', () => {
    expect(operations((scratch) => void column.range(32_768, null, scratch))).toBe(0)
    expect(operations((scratch) => void column.range(40_001, null, scratch))).toBeLessThanOrEqual(15 + 1)
    expect(operations((scratch) => void column.range(20_000, null, scratch))).toBeLessThanOrEqual(10 + 1)
    // The textbook takes up to three operations a slice.
    for (let bound = 1; bound < 65_536; bound += 97) {
      const counted = operations((scratch) => void column.countRange(bound, null, scratch))
      expect(counted, String(bound)).toBeLessThan(24)
    }
  })

  test('the last step of a count builds nothing', () => {
    expect(operations((scratch) => void column.countRange(32_768, null, scratch, tag))).toBe(0)
    expect(operations((scratch) => void column.countRange(null, 32_767, scratch, tag))).toBe(0)
    expect(operations((scratch) => void column.countRange(49_152, null, scratch))).toBe(0)
    expect(operations((scratch) => void column.countRange(49_152, null, scratch, tag))).toBe(1)
  })

  test('what no value or every value is takes none', () => {
    for (const [from, to] of [
      [null, null],
      [0, 65_535],
      [-5, 1e12],
      [65_536, null],
      [null, -1],
      [9, 8],
    ] as const) {
      expect(column.rangeSteps(from, to)).toBe(0)
      expect(operations((scratch) => void column.countRange(from, to, scratch))).toBe(0)
    }
  })

  test('bits that all have alike take none', () => {
    const days = new NumberColumn(number())
    const midnight = 1_735_660_800_000
    days.replaceAll(
      everyone,
      Float64Array.from(everyone, (person) => midnight + (person % 64) * 86_400_000),
    )
    // 41 slices, of which the lowest 10 are those of the first midnight, and some of the highest as well.
    expect(days.slices.length).toBe(41)
    expect(days.rangeSteps(midnight + 7 * 86_400_000, null)).toBeLessThan(28)
  })
})

test('an estimate is near where bits are independent', () => {
  const column = new NumberColumn(number())
  const everyone = Uint32Array.from({ length: 50_000 }, (_, person) => person)
  column.replaceAll(
    everyone,
    Float64Array.from(everyone, () => Math.floor(random() * 10_000)),
  )
  const scratch = new Scratch()
  for (const [from, to] of [
    [5_000, null],
    [null, 999],
    [2_000, 4_000],
    [9_900, null],
  ] as const) {
    const exact = column.countRange(from, to, scratch)
    expect(Math.abs(column.estimateRange(from, to) - exact)).toBeLessThan(0.15 * 50_000)
  }
  expect(column.estimateRange(10_000_000, null)).toBe(0)
  expect(column.estimateRange(null, null)).toBe(50_000)
  scratch.dispose()
})
