import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { type Bitmap, bitmapOf } from '../../src/bitmap/bitmap.ts'
import { BlockProgramMaker } from '../../src/kernel/block-program.ts'
import { Kernel } from '../../src/kernel/kernel.ts'

const gigabyte = 2 ** 30
const isRoomy = totalmem() > 14 * gigabyte
if (!isRoomy) console.warn('SKIPPED: images beyond 4 GB need a machine of more than 14 GB')

test.skipIf(!isRoomy)('images of more than one memory has room for are counted and built as the bitmaps are', () => {
  const people = 67_000_000
  const tags = 560
  const bitmaps = Array.from({ length: tags }, (_, tag): Bitmap => {
    const bitmap = bitmapOf()
    for (let from = tag * 37; from < people; from += 40_000) bitmap.addRange(from, Math.min(people, from + 20_000))
    return bitmap
  })
  const kernel = new Kernel(6 * gigabyte)
  kernel.always = true
  const maker = new BlockProgramMaker()
  const places = bitmaps.map((_, operand) => maker.operand(operand))
  const some = maker.program([maker.atLeast(tags / 2, places), maker.orAll(places)])
  const images = kernel.images(bitmaps)
  expect(images).not.toBeNull()
  expect(kernel.stats.bytes).toBeGreaterThan(4.2 * gigabyte)
  const expected = [0, 0]
  const counts = new Uint16Array(people)
  for (const bitmap of bitmaps) for (const person of bitmap) counts[person]!++
  for (const count of counts) {
    if (count >= tags / 2) expected[0]!++
    if (count >= 1) expected[1]!++
  }
  expect(kernel.counts(some, images!).counts).toEqual(expected)
  expect(kernel.build(some, images!).bitmap.size).toBe(expected[0])
})
