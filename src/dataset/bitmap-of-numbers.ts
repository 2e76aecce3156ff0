import { type Bitmap, bitmapOf } from '../bitmap/bitmap.ts'

/** Fewer are put into a bitmap as they are. */
const leastMarked = 4096
/** Numbers, ascending, that are put into the bitmap at a time. */
const pieceLength = 1 << 16

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
  const marks = new Uint32Array(words)
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    marks[number >>> 5]! |= 1 << (number & 31)
  }
  return bitmapOfMarks(marks)
}

/** The numbers whose bits are set. */
function bitmapOfMarks(marks: Uint32Array): Bitmap {
  const bitmap = bitmapOf()
  const piece = new Uint32Array(pieceLength)
  let length = 0
  for (let at = 0; at < marks.length; at++) {
    if (length > pieceLength - 32) {
      bitmap.addMany(piece.subarray(0, length))
      length = 0
    }
    for (let word = marks[at]!; word !== 0; word &= word - 1) {
      piece[length++] = at * 32 + (31 - Math.clz32(word & -word))
    }
  }
  return bitmap.addMany(piece.subarray(0, length))
}
