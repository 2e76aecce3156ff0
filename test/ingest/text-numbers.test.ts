import { expect, it } from 'vitest'
import { TextNumbers } from '../../src/ingest/text-numbers.ts'

/** All texts of so many letters at most, of which many begin with another. */
function wordsUpTo(length: number): string[] {
  const words = ['']
  for (let i = 0; words[i]!.length < length; i++) words.push(`${words[i]}a`, `${words[i]}b`)
  return words
}

it('texts have numbers in the order of first sight, as many as there is room for', () => {
  const numbers = new TextNumbers()
  const numberOf = (text: string): number => {
    const bytes = Buffer.from(`<${text}>`)
    return numbers.numberOf(bytes, 1, bytes.length - 1)
  }
  const words = wordsUpTo(8)
  expect(words.length).toBe(TextNumbers.most - 1)
  for (let round = 0; round < 2; round++) expect(words.map(numberOf)).toEqual(words.map((_, i) => i))
  expect(numberOf('x'.repeat(65))).toBe(-1)
  expect(numberOf('金'.repeat(21))).toBe(TextNumbers.most - 1)
  expect(numberOf('one too many')).toBe(-1)
  expect(words.map(numberOf)).toEqual(words.map((_, i) => i))
})
