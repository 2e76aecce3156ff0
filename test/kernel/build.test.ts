import { describe, expect, test } from 'vitest'
import { and, andNot, type Bitmap, bitmapOf, or, portableBytes } from '../../src/bitmap/bitmap.ts'
import { ContainerWriter } from '../../src/bitmap/container-writer.ts'
import { checkPortableBitmap } from '../../src/bitmap/portable-format.ts'
import { BlockEvaluator } from '../../src/kernel/block-evaluator.ts'
import { BlockProgramMaker } from '../../src/kernel/block-program.ts'
import { Image } from '../../src/kernel/image.ts'
import { onesBlock, zerosBlock } from '../../src/kernel/kernel-arena.ts'
import { KernelSpaces } from '../../src/kernel/kernel-spaces.ts'
import { draw } from '../store/draw.ts'
import { buildWith } from './build-with.ts'

const span = 65_536
const spaces = new KernelSpaces(2 ** 28)
spaces.reach(0)
const { memory, tools, programs } = spaces.all[0]!

/** What a program of two bitmaps builds. */
function built(a: Bitmap, b: Bitmap, make: (maker: BlockProgramMaker) => number): Bitmap {
  const images = [a, b].map((bitmap) => {
    const image = new Image(spaces)
    expect(image.seal(bitmap)).toBe(true)
    return image
  })
  const maker = new BlockProgramMaker()
  maker.operand(0)
  maker.operand(1)
  const evaluator = new BlockEvaluator(memory.arena, tools, programs.get(maker.program([make(maker)])), images)
  const result = buildWith(evaluator, memory.arena)
  for (const image of images) image.release()
  return result
}

function expectSame(result: Bitmap, expected: Bitmap): void {
  expect(result.isEqual(expected)).toBe(true)
  expect(checkPortableBitmap(portableBytes(result)).cardinality).toBe(expected.size)
}

describe('a built set', () => {
  test('of more containers than are put together at a time, dense, sparse and mixed', () => {
    const random = draw(5)
    const [a, b] = [bitmapOf(), bitmapOf()]
    for (let key = 0; key < 2_200; key++) {
      const base = key * span
      a.addRange(base + random(500), base + 5_000 + random(60_000))
      if (key % 3 === 0) b.addRange(base + random(40_000), base + 40_000 + random(20_000))
      else for (let i = 0; i < 3 + (key % 40); i++) b.add(base + random(span))
    }
    expectSame(
      built(a, b, (maker) => maker.or(0, 1)),
      or(a, b),
    )
    expectSame(
      built(a, b, (maker) => maker.and(0, 1)),
      and(a, b),
    )
    expectSame(
      built(a, b, (maker) => maker.andNot(1, 0)),
      andNot(b, a),
    )
  })

  test('of any number of values in a container, around every limit', () => {
    const everybody = bitmapOf()
    const some = bitmapOf()
    const sizes = [0, 1, 2, 3, 4, 5, 63, 64, 65, 511, 512, 513, 514, 1_000, 4_094, 4_095, 4_096, 4_097, 65_535, 65_536]
    for (const [key, size] of sizes.entries()) {
      everybody.addRange(key * span, (key + 1) * span)
      // The last ones of the container, the first ones, and spread out.
      const third = Math.floor(size / 3)
      some.addRange((key + 1) * span - third, (key + 1) * span)
      some.addRange(key * span, key * span + third)
      for (let left = size - 2 * third, at = third; left > 0; left--, at += 7) {
        while (some.has(key * span + (at % span))) at++
        some.add(key * span + (at % span))
      }
    }
    expect(some.size).toBe(sizes.reduce((sum, size) => sum + size, 0))
    expectSame(
      built(everybody, some, (maker) => maker.and(0, 1)),
      some,
    )
  })

  test('leaves the memory of the kernel as it was: the block of zeros is all zeros', () => {
    const some = bitmapOf()
    for (let key = 0; key < 3; key++) for (let i = 0; i < 4_096; i++) some.add(key * span + 16 * i)
    const everybody = bitmapOf()
    everybody.addRange(0, 3 * span)
    for (let i = 0; i < 3; i++) built(everybody, some, (maker) => maker.and(0, 1)).dispose()
    const [zeros, ones] = [zerosBlock, onesBlock]
    expect(memory.bytes.subarray(zeros, zeros + 8_192).every((byte) => byte === 0)).toBe(true)
    expect(memory.bytes.subarray(ones, ones + 8_192).every((byte) => byte === 255)).toBe(true)
  })
})

describe('values of a block', () => {
  test('are the same, however they are looked for', () => {
    const [block] = memory.take(1)! as unknown as [number]
    const [first] = memory.take(40)! as unknown as [number]
    const lists = [first, first + 18 * 8_192]
    const random = draw(11)
    for (const share of [0, 1, 20, 200, 2_000, 20_000, 65_536]) {
      const expected = new Set<number>()
      memory.bytes.fill(share === span ? 255 : 0, block, block + 8_192)
      if (share === span) for (let value = 0; value < span; value++) expected.add(value)
      else {
        for (let i = 0; i < share; i++) {
          const value = random(span)
          expected.add(value)
          memory.bytes[block + (value >>> 3)]! |= 1 << (value & 7)
        }
      }
      const ascending = [...expected].sort((a, b) => a - b)
      for (const [i, tool] of (['list', 'listFew'] as const).entries()) {
        // Lists of all values are 128 KB: beyond the room of the kernel, which asks for shorter ones alone.
        const at = share <= 2_000 ? memory.arena.values : lists[i]!
        const count = tools[tool](block, at)
        const values = new Uint16Array(memory.memory.buffer, at, count)
        expect([...values]).toEqual(ascending)
      }
    }
  })
})

describe('a writer of containers', () => {
  test('has its memory for itself until it is done, and leaves it to the next one', () => {
    const bytes = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer)
    const [one, two] = [new ContainerWriter(), new ContainerWriter()]
    for (let key = 0; key < 5_000; key++) {
      one.add(key, 1, bytes(key % 100))
      two.add(key, 1, bytes((key % 100) + 1))
    }
    const [a, b] = [one.finish(), two.finish()]
    const third = new ContainerWriter()
    third.add(7, 1, bytes(9))
    const c = third.finish()
    const expected = (add: number): number[] =>
      Array.from({ length: 5_000 }, (_, key) => key * span + (key % 100) + add)
    expect(a.isEqual(bitmapOf(expected(0)))).toBe(true)
    expect(b.isEqual(bitmapOf(expected(1)))).toBe(true)
    expect([...c]).toEqual([7 * span + 9])
  })
})
