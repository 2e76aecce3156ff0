import { type LockFacts, processFacts } from '../../src/store/process-facts.ts'

let tokens = 0

/** Facts of a process of its own, whose clock stands still: no beat comes by itself. */
export function stillFacts(changed: Partial<LockFacts> = {}): LockFacts {
  return {
    ...processFacts,
    held: new Set(),
    now: () => 1_700_000_000_000,
    token: () => (++tokens).toString(16).padStart(32, '0'),
    sleep: () => Promise.resolve(),
    every: () => () => {},
    ...changed,
  }
}
