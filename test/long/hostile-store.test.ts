import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyChanges, closed, holds } from '../store/hostile-store.ts'

/** Ten minutes; CROWDBIT_RUNS multiplies them. CROWDBIT_SEED repeats a failure. */
const seconds = 600 * Number(process.env.CROWDBIT_RUNS || 1)

test('a store whose bytes are changed at random: a coded error, or the right records', async () => {
  const stores = await Promise.all(['abc', 'a', 'a longer one, of several sections and files'].map(closed))
  let seed = Number(process.env.CROWDBIT_SEED || Date.now() % 2 ** 31)
  let cases = 0
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; seed++) {
    for (const { fs, texts } of stores) {
      await fc.assert(
        fc.asyncProperty(anyChanges, (changes) => holds(fs, texts, changes)),
        { numRuns: 200, seed },
      )
      cases += 200
    }
  }
  console.log(`${cases} changed stores, up to seed ${seed}`)
  expect(cases).toBeGreaterThan(0)
})
