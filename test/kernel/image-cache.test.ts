import { describe, expect, test } from 'vitest'
import { bitmapOf, rangeBitmap } from '../../src/bitmap/bitmap.ts'
import { Posting } from '../../src/bitmap/posting.ts'
import { BlockProgramMaker } from '../../src/kernel/block-program.ts'
import { Kernel } from '../../src/kernel/kernel.ts'

const span = 65_536

function every(step: number, containers: number, from = 0): Posting {
  const values = Uint32Array.from({ length: Math.ceil((containers * span - from) / step) }, (_, i) => from + i * step)
  return new Posting(bitmapOf(values))
}

function program(operands: number, make: (maker: BlockProgramMaker) => number) {
  const maker = new BlockProgramMaker()
  for (let operand = 0; operand < operands; operand++) maker.operand(operand)
  return maker.program([make(maker)])
}

const aAndBNotC = program(3, (maker) => maker.andNot(maker.and(0, 1), 2))

describe('images', () => {
  test('are made when a bitmap is asked for the second time, and kept', () => {
    const kernel = new Kernel(1 << 20)
    const [a, b, c] = [every(2, 4), every(3, 4), every(5, 4)]
    expect(kernel.images([a, b, c])).toBeNull()
    const images = kernel.images([a, b, c])!
    expect(kernel.stats).toEqual({ bytes: 12 * 8_192, count: 3 })
    expect(kernel.images([a, b, c])).toEqual(images)
    expect(kernel.stats.count).toBe(3)
  })

  test('are made at once where a pass saves more than they cost, but not of what was dropped', () => {
    const kernel = new Kernel(8 * 8_192)
    const [a, b, c] = [every(2, 4), every(3, 4), every(5, 4)]
    expect(kernel.images([a, b], 1)).toBeNull()
    expect(kernel.images([b, c], 1)).toBeNull()
    // Four containers of c, and none of b, which was asked for twice.
    expect(kernel.images([b, c], 10)).not.toBeNull()
    expect(kernel.stats.count).toBe(2)
    expect(kernel.images([a, every(7, 4)], 20)).not.toBeNull()
    expect(kernel.stats.count).toBe(2)
    // b and c had to go: they would be made and dropped in turns.
    expect(kernel.images([b, c], 1_000_000)).toBeNull()
  })

  test('follow the writes to their postings', () => {
    const kernel = new Kernel(4 << 20)
    kernel.always = true
    const postings = [every(2, 4), every(3, 4), every(50, 4), every(2_000, 70)] as const
    const [a, b, c, d] = postings
    const rule = program(4, (maker) => maker.andNot(maker.andNot(maker.and(0, 1), 2), 3))
    const count = (): number => kernel.counts(rule, kernel.images(postings)!).counts[0]!
    const expected = (): number => {
      let sum = 0
      for (const value of a.bitmap) if (b.has(value) && !c.has(value) && !d.has(value)) sum++
      return sum
    }
    expect(count()).toBe(expected())
    const writes: (() => void)[] = [
      () => a.add(3),
      () => a.delete(6),
      () => b.addAll(rangeBitmap(70_000, 150_000)),
      () => c.removeAll(rangeBitmap(0, 70_000)),
      () => c.replace(bitmapOf([12, 70_002, 200_000])),
      () => a.addNewRange(4 * span, 6 * span + 77),
      () => b.addAll(rangeBitmap(5 * span, 6 * span)),
      () => c.addAll(rangeBitmap(5 * span - 10, 5 * span + 10)),
      () => a.removeMany([70_000, 70_002]),
      () => b.replace(bitmapOf()),
      () => b.addAll(rangeBitmap(0, 6 * span)),
      // Values one by one: into blocks, lists, full containers and none, and more of them than are looked at one by one.
      ...[1, 60, 600, 6_000].map((writes) => () => {
        for (const [i, posting] of [a, b, c, d].entries()) {
          for (let n = 0; n < writes; n++) {
            const value = (n * 7_919 + i * 65_000) % (9 * span)
            if (!posting.add(value)) posting.delete(value)
          }
        }
      }),
      () => d.removeMany([...d.bitmap].slice(0, 90)),
    ]
    for (const write of writes) {
      write()
      expect(count()).toBe(expected())
    }
  })

  test('take no more memory, however often their bitmaps are written', () => {
    const kernel = new Kernel(64 << 20)
    kernel.always = true
    const dense = every(2, 4)
    const sparse = every(200, 4)
    kernel.images([dense, sparse])
    const { bytes } = kernel.stats
    for (let i = 0; i < 3_000; i++) {
      dense.add((2 * i + 1) % (4 * span))
      if (i % 2 === 0) sparse.add((97 * i) % (4 * span))
      else sparse.delete((97 * (i - 1)) % (4 * span))
      kernel.images([dense, sparse])
    }
    expect(kernel.stats.bytes).toBeLessThan(bytes + 200_000)
  })

  test('of what is used least are dropped for others, and the budget holds', () => {
    const kernel = new Kernel(10 * 8_192)
    kernel.always = true
    const postings = Array.from({ length: 6 }, (_, i) => every(2 + i, 4))
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i + 1 < postings.length; i++) {
        kernel.images([postings[i]!, postings[i + 1]!])
        expect(kernel.stats.bytes).toBeLessThanOrEqual(10 * 8_192)
      }
    }
    expect(kernel.stats.count).toBe(2)
    // More than the budget at once: answered in another way.
    expect(kernel.images(postings)).toBeNull()
    kernel.clear()
    expect(kernel.stats).toEqual({ bytes: 0, count: 0 })
  })
})

test('engines without long questions take no address space: there may be thousands', () => {
  const kernels = Array.from({ length: 20_000 }, () => new Kernel(512 << 20))
  expect(kernels.every(({ stats }) => stats.bytes === 0)).toBe(true)
})

describe('work', () => {
  const kernel = new Kernel(16 << 20)
  kernel.always = true

  test('a pass reads each block once', () => {
    const images = kernel.images([every(2, 40), every(3, 40), every(5, 40)])!
    expect(kernel.counts(aAndBNotC, images).work).toEqual({ blocks: 120, values: 0, skipped: 0 })
  })

  test('containers in which a bitmap that the result needs has nobody are skipped', () => {
    const images = kernel.images([every(2, 40), every(3, 40, 30 * span), every(5, 40)])!
    expect(kernel.counts(aAndBNotC, images).work).toEqual({ blocks: 30, values: 0, skipped: 30 })
  })

  test('a list that bounds the result is looked up, and nothing else is read', () => {
    const few = new Posting(bitmapOf(Uint32Array.from({ length: 40 }, (_, key) => key * span + 8)))
    const images = kernel.images([every(2, 40), few, every(5, 40)])!
    const { counts, work } = kernel.counts(aAndBNotC, images)
    expect(work).toEqual({ blocks: 0, values: 40, skipped: 0 })
    expect(counts[0]).toBe(kernel.build(aAndBNotC, images).bitmap.size)
  })

  test('of a union, what is nowhere is skipped', () => {
    const or = program(2, (maker) => maker.or(0, 1))
    const images = kernel.images([every(2, 40, 35 * span), every(3, 40, 38 * span)])!
    expect(kernel.counts(or, images).work).toEqual({ blocks: 10, values: 0, skipped: 35 })
  })
})
