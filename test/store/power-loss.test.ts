import { expect, test } from 'vitest'
import { type Losses, losePower } from './power-loss.ts'

const none = (): Losses => ({ points: 0, losing: 0, cuts: 0, second: 0 })

test('power lost before and after every operation: all that was acknowledged is there, in order, and nothing else', async () => {
  const losses = none()
  const t0 = performance.now()
  for (let seed = 0; seed < 6; seed++) {
    await losePower(seed, ['crash', 'crash-after'], losses)
    console.log(seed, losses, performance.now() - t0)
  }
  expect(losses.points).toBeGreaterThan(500)
  expect(losses.losing).toBeGreaterThan(50)
  expect(losses.cuts).toBeGreaterThan(20)
  expect(losses.second).toBeGreaterThan(150)
})
