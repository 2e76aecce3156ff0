import type { LockFacts } from '../../src/store/process-facts.ts'
import { stillFacts } from '../store/still-facts.ts'

/** A machine that was started for the `boot`-th time, with one process. */
export function lockFacts(boot: number): LockFacts {
  const machine = { pid: 1, host: 'machine', bootId: `boot-${boot}`, space: 'space' }
  return stillFacts({ ...machine, now: () => 0, isRunning: () => true, startTicks: () => boot })
}
