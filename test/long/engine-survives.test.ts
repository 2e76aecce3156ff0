import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { killAgainAndAgain } from '../engine/killed.ts'
import { losePower } from '../engine/lose-power.ts'

test('the power goes, 3,000 times', () => losePower(3_000))

test('a process that writes is killed, 50 times', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-killed-'))
  try {
    await killAgainAndAgain(folder, 50)
  } finally {
    await rm(folder, { recursive: true })
  }
})
