import { expect, test } from 'vitest'
import { type Losses, losePower } from '../store/power-loss.ts'

/** So many workloads of some hundred losses each. CROWDBIT_RUNS multiplies them, CROWDBIT_SEED says where they begin. */
const workloads = Math.max(1, Math.round(20 * Number(process.env.CROWDBIT_RUNS || 1)))
const first = Number(process.env.CROWDBIT_SEED || 0)

test('power lost before and after every operation of many workloads', async () => {
  const losses: Losses = { points: 0, losing: 0, cuts: 0, second: 0 }
  for (let seed = first; seed < first + workloads; seed++) {
    await losePower({ seed, kinds: ['crash', 'crash-after'], losses, step: 1 })
  }
  console.log(`${losses.points} losses of power, ${losses.cuts} torn tails, ${losses.second} second losses`)
  if (workloads >= 20) expect(losses.points).toBeGreaterThan(10_000)
})

test.each(['ENOSPC', 'EIO', 'EINTR'])(
  'every operation of many workloads fails with %s, and then the power is lost',
  async (code) => {
    const losses: Losses = { points: 0, losing: 0, cuts: 0, second: 0 }
    for (let seed = first; seed < first + workloads / 4; seed++) {
      await losePower({ seed, kinds: ['fail', 'lie'], losses, step: 1, code })
    }
    console.log(`${losses.points} losses of power after ${code}`)
  },
)
