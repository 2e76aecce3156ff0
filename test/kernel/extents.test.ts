import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Extents } from '../../src/kernel/extents.ts'
import { campaign } from '../fast-check-config.ts'

test('what is taken is free, nobody has it twice, and it lies in a row where a row is long enough', () => {
  const stepArb = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ give: fc.nat() }),
    fc.record({ grow: fc.integer({ min: 1, max: 40 }) }),
  )
  fc.assert(
    fc.property(fc.array(stepArb, { maxLength: 60 }), (steps) => {
      const extents = new Extents()
      const free = new Set<number>()
      const taken: Uint32Array[] = []
      let size = 0
      for (const step of steps) {
        if ('grow' in step) {
          extents.giveRow(size, size + step.grow)
          for (let i = 0; i < step.grow; i++) free.add(size++)
        } else if ('take' in step) {
          if (step.take > free.size) continue
          const rows = longestRow(free)
          const got = extents.take(step.take)
          expect([...got]).toEqual([...got].sort((a, b) => a - b))
          expect(got.every((number) => free.delete(number))).toBe(true)
          if (rows >= step.take) expect(got.at(-1)! - got[0]!).toBe(step.take - 1)
          taken.push(got)
        } else if (taken.length > 0) {
          const [back] = taken.splice(step.give % taken.length, 1)
          extents.give(back!)
          for (const number of back!) free.add(number)
        }
        expect(extents.free).toBe(free.size)
      }
    }),
    campaign(300),
  )
})

function longestRow(free: ReadonlySet<number>): number {
  let longest = 0
  let row = 0
  let before = -2
  for (const number of [...free].sort((a, b) => a - b)) {
    row = number === before + 1 ? row + 1 : 1
    before = number
    longest = Math.max(longest, row)
  }
  return longest
}
