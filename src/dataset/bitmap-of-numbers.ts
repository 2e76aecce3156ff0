import { type Bitmap, bitmapOf } from '../bitmap/bitmap.ts'
import { BitmapWriter } from '../bitmap/bitmap-writer.ts'
import { wordsOfContainer } from '../bitmap/container-words.ts'

/** Fewer are put into a bitmap as they are. */
const leastMarked = 4096

/**
 * A bitmap of many numbers in any order, with repeats. What isn't in order, and close enough together, is put in order by marking bits
 * first: in random order, a bitmap by itself takes 15 times as long as in order.
 *
 * Cost: the numbers; of those that are put in order also a 32nd of the highest one, and for the time being a bit for each number up to it.
 */
export function bitmapOfNumbers(numbers: Uint32Array): Bitmap {
  if (numbers.length < leastMarked) return bitmapOf(numbers)
  let highest = 0
  let isAscending = true
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    if (number >= highest) highest = number
    else isAscending = false
  }
  const words = Math.floor(highest / 32) + 1
  if (isAscending || words > 4 * numbers.length) return bitmapOf(numbers)
  const containers = Math.ceil(words / wordsOfContainer)
  const marks = new Int32Array(containers * wordsOfContainer)
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    marks[number >>> 5]! |= 1 << (number & 31)
  }
  const writer = new BitmapWriter()
  for (let key = 0; key < containers; key++) {
    writer.add(key, marks.subarray(key * wordsOfContainer, (key + 1) * wordsOfContainer))
  }
  return writer.finish()
}
