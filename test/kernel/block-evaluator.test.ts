import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bitmap, bitmapOf } from '../../src/bitmap/bitmap.ts'
import { BlockEvaluator } from '../../src/kernel/block-evaluator.ts'
import { BlockProgramMaker } from '../../src/kernel/block-program.ts'
import { Image } from '../../src/kernel/image.ts'
import { KernelSpaces } from '../../src/kernel/kernel-spaces.ts'
import { campaign } from '../fast-check-config.ts'
import { draw } from '../store/draw.ts'
import { buildWith } from './build-with.ts'

const keys = 3
const span = 65_536

/** How a container is filled. */
const containerArb = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'all' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('few' as const), seed: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('few' as const),
      seed: fc.nat(),
      count: fc.integer({ min: 490, max: 530 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('few' as const),
      seed: fc.nat(),
      count: fc.integer({ min: 3_000, max: 9_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('runs' as const),
      seed: fc.nat(),
      count: fc.integer({ min: 1, max: 20 }),
    }),
  },
)
type Container = typeof containerArb extends fc.Arbitrary<infer T> ? T : never

function bitmapFrom(containers: readonly Container[]): Bitmap {
  const bitmap = bitmapOf()
  for (const [key, container] of containers.entries()) {
    const base = key * span
    if (container.kind === 'none') continue
    if (container.kind === 'all') {
      bitmap.addRange(base, base + span)
      continue
    }
    const random = draw(container.seed)
    for (let i = 0; i < container.count; i++) {
      const from = random(span)
      if (container.kind === 'few') bitmap.add(base + from)
      else bitmap.addRange(base + from, base + Math.min(span, from + 1 + random(2_000)))
    }
  }
  bitmap.runOptimize()
  return bitmap
}

/** How a program is made: each step reads results of earlier ones. */
const stepArb = fc.record({
  op: fc.constantFrom('and', 'or', 'xor', 'andNot', 'not', 'atLeast', 'one', 'zero', 'notBelow'),
  a: fc.nat(),
  b: fc.nat(),
  more: fc.array(fc.nat(), { maxLength: 6 }),
})
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never

/** The same twice: as a program, and as truths of one value. */
function make(
  operands: number,
  steps: readonly Step[],
): {
  readonly maker: BlockProgramMaker
  readonly places: number[]
  readonly truths: ((value: readonly boolean[]) => boolean)[]
} {
  const maker = new BlockProgramMaker()
  const places = Array.from({ length: operands }, (_, operand) => maker.operand(operand))
  const truths = places.map(
    (_, operand) =>
      (value: readonly boolean[]): boolean =>
        value[operand]!,
  )
  for (const { op, a, b, more } of steps) {
    const [i, j] = [a % places.length, b % places.length]
    const [x, y] = [truths[i]!, truths[j]!]
    const list = more.map((n) => n % places.length)
    const count = (value: readonly boolean[]): number => list.filter((n) => truths[n]!(value)).length
    const k = b % (list.length + 2)
    switch (op) {
      case 'and':
        places.push(maker.and(places[i]!, places[j]!))
        truths.push((value) => x(value) && y(value))
        break
      case 'or':
        places.push(maker.or(places[i]!, places[j]!))
        truths.push((value) => x(value) || y(value))
        break
      case 'xor':
        places.push(maker.xor(places[i]!, places[j]!))
        truths.push((value) => x(value) !== y(value))
        break
      case 'andNot':
        places.push(maker.andNot(places[i]!, places[j]!))
        truths.push((value) => x(value) && !y(value))
        break
      case 'not':
        places.push(maker.not(places[i]!))
        truths.push((value) => !x(value))
        break
      case 'atLeast':
        places.push(
          maker.atLeast(
            k,
            list.map((n) => places[n]!),
          ),
        )
        truths.push((value) => count(value) >= k)
        break
      case 'notBelow': {
        const least = b % (2 ** list.length + 1)
        const bits = list.map((n) => truths[n]!)
        places.push(
          maker.notBelow(
            list.map((n) => places[n]!),
            least,
          ),
        )
        truths.push((value) => bits.reduce((sum, bit, at) => sum + (bit(value) ? 2 ** at : 0), 0) >= least)
        break
      }
      case 'one':
        places.push(maker.one())
        truths.push(() => true)
        break
      case 'zero':
        places.push(maker.zero())
        truths.push(() => false)
    }
  }
  return { maker, places, truths }
}

function setUp(most = 64 << 20) {
  const spaces = new KernelSpaces(most)
  spaces.reach(0)
  return { spaces, ...spaces.all[0]! }
}

describe('a program on blocks', () => {
  const { spaces, memory, tools, programs } = setUp()

  test('counts and builds what its truth table says, whatever containers there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(containerArb, { minLength: 1, maxLength: keys }), { minLength: 1, maxLength: 5 }),
        fc.array(stepArb, { maxLength: 10 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), { maxLength: 2 }),
        (filled, steps, outputs, united) => {
          const bitmaps = filled.map(bitmapFrom)
          const before = memory.usedBytes
          const images = bitmaps.map((bitmap) => {
            const image = new Image(spaces)
            expect(image.seal(bitmap)).toBe(true)
            return image
          })
          // Some operands are unions of others.
          const unions = united.map((of) => of.map((i) => i % images.length))
          const operands = [...images, ...unions.map((of) => of.map((i) => images[i]!))]
          const { maker, places, truths } = make(operands.length, steps)
          const last = truths.length - 1
          const chosen = Array.from({ length: Math.min(outputs, truths.length) }, (_, i) => last - i)
          const program = maker.program(chosen.map((i) => places[i]!))
          const evaluator = new BlockEvaluator(memory.arena, tools, programs.get(program), operands)
          // Everybody up to the last container of an operand, as far as a program speaks of those without any tag.
          const reach = Math.max(...images.map(({ addresses }) => addresses.length)) * span
          const expected = chosen.map(() => [] as number[])
          const value: boolean[] = []
          for (let person = 0; person < reach; person++) {
            for (const [i, bitmap] of bitmaps.entries()) value[i] = bitmap.has(person)
            for (const [i, of] of unions.entries()) value[bitmaps.length + i] = of.some((bitmap) => value[bitmap])
            for (const [i, truth] of chosen.entries()) if (truths[truth]!(value)) expected[i]!.push(person)
          }
          expect(evaluator.counts()).toEqual(expected.map((people) => people.length))
          const built = buildWith(evaluator, memory.arena)
          expect(built.isEqual(bitmapOf(expected[0]!))).toBe(true)
          for (const image of images) image.release()
          expect(memory.usedBytes).toBe(before)
        },
      ),
      campaign(60),
    )
  })

  test('of hundreds of bitmaps and thousands of operations', () => {
    const bitmaps = Array.from({ length: 240 }, (_, i) =>
      bitmapFrom(
        Array.from({ length: 2 }, (_, key) => ({
          kind: 'few' as const,
          seed: 7 * i + key + 1,
          count: i % 3 === 0 ? 9_000 : 60 + i,
        })),
      ),
    )
    const images = bitmaps.map((bitmap) => {
      const image = new Image(spaces)
      image.seal(bitmap)
      return image
    })
    const maker = new BlockProgramMaker()
    const places = bitmaps.map((_, operand) => maker.operand(operand))
    const ten = maker.atLeast(10, places)
    const program = maker.program([maker.orAll(places), ten, maker.andNot(maker.atLeast(3, places.slice(0, 8)), ten)])
    expect(program.operations.length).toBeGreaterThan(1_000)
    const evaluator = new BlockEvaluator(memory.arena, tools, programs.get(program), images)
    const inAll = new Uint16Array(2 * span)
    const inFirst = new Uint16Array(2 * span)
    for (const [i, bitmap] of bitmaps.entries()) {
      for (const person of bitmap) {
        inAll[person]!++
        if (i < 8) inFirst[person]!++
      }
    }
    const expected = [0, 0, 0]
    for (const [person, count] of inAll.entries()) {
      if (count >= 1) expected[0]!++
      if (count >= 10) expected[1]!++
      else if (inFirst[person]! >= 3) expected[2]!++
    }
    expect(evaluator.counts()).toEqual(expected)
    expect(buildWith(evaluator, memory.arena).size).toBe(expected[0])
    for (const image of images) image.release()
  })
})
