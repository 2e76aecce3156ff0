import type { StoreHealth } from '../store/store-health.ts'
import type { EngineLog } from './durable/engine-log.ts'

/** Whether an engine takes writes, and what it knows of the disk. */
export interface EngineHealth {
  /** Whether the next write is tried. `false` after a sync that failed, when the lock was lost, and when the engine is closed. */
  readonly writable: boolean
  /**
   * What keeps the engine from writing; where it is writable, why the last write was refused, until one succeeds; `null` where nothing
   * is wrong.
   */
  readonly problem: StoreHealth['problem']
  /** The folder's part; `null` for an engine in memory. */
  readonly store: StoreHealth | null
}

/** @param log `null` for an engine in memory */
export function healthOf(log: EngineLog | null): EngineHealth {
  if (log === null) return { writable: true, problem: null, store: null }
  const store = log.health()
  return { writable: store.writable, problem: store.problem, store }
}
