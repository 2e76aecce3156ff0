import { expect, test } from 'vitest'
import { type Losses, losePower } from './power-loss.ts'

const none = (): Losses => ({ points: 0, losing: 0, cuts: 0, second: 0 })

/** Every operation of these workloads is hit in test/long/power-loss.test.ts. */
const step = 11

test('power lost before and after an operation: all that was acknowledged is there, in order, and nothing else', async () => {
  const losses = none()
  for (let seed = 0; seed < 8; seed++) await losePower({ seed, kinds: ['crash', 'crash-after'], losses, step })
  expect(losses.points).toBeGreaterThan(500)
  expect(losses.losing).toBeGreaterThan(50)
  expect(losses.cuts).toBeGreaterThan(50)
  expect(losses.second).toBeGreaterThan(150)
})

test.each(['ENOSPC', 'EIO', 'EINTR'])(
  'an operation that fails with %s, done or not done, and then the power lost',
  async (code) => {
    const losses = none()
    for (let seed = 10; seed < 13; seed++) await losePower({ seed, kinds: ['fail', 'lie'], losses, step, code })
    expect(losses.points).toBeGreaterThan(100)
  },
)
