import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { killAgainAndAgain } from './killed.ts'

test('a process that writes is killed, again and again: what it was told to be durable is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-killed-'))
  try {
    await killAgainAndAgain(folder, 6)
  } finally {
    await rm(folder, { recursive: true })
  }
})
