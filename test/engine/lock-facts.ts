import { randomBytes } from 'node:crypto'
import type { LockFacts } from '../../src/store/process-facts.ts'

/** A machine that was started for the `boot`-th time, with one process. */
export function lockFacts(boot: number): LockFacts {
  return {
    pid: 1,
    host: 'machine',
    bootId: `boot-${boot}`,
    space: 'space',
    held: new Set(),
    token: () => randomBytes(16).toString('hex'),
    now: () => 0,
    isRunning: () => true,
    startTicks: () => boot,
    sleep: async () => {},
    every: () => () => {},
  }
}
