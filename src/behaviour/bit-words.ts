/** Sets of small numbers as words of 32 bits. */

/** How many words hold `count` bits. */
export function wordsFor(count: number): number {
  return Math.max(1, Math.ceil(count / 32))
}

/** The words in which the bits of these numbers are set. */
export function bitsOf(numbers: readonly number[], count: number): Uint32Array {
  const words = new Uint32Array(wordsFor(count))
  for (const number of numbers) words[number >>> 5] = words[number >>> 5]! | (1 << number)
  return words
}

/** Whether a bit is set in both. */
export function meet(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i]! & b[i]!) !== 0) return true
  return false
}
