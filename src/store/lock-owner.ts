import type { LockFacts } from './process-facts.ts'

/** What stands in a lock: who has the folder open. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  readonly bootId: string | null
  readonly space: string | null
  readonly startTicks: number | null
  readonly token: string
  /** When the lock was made, in milliseconds since 1970. */
  readonly since: number
  /** Rises every few seconds while the owner lives. */
  readonly beat: number
}

/** Every lock has this length, so that a beat is written over the one before. */
export const lockBytes = 1024

/** The latest instant that a `Date` can have. */
const latestTime = 8.64e15

/** The bytes of a lock: JSON, and spaces. */
export function encodeLock(owner: LockOwner): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(owner).padEnd(lockBytes - 1)}\n`)
}

/** The owner of a lock; `null` for bytes that aren't a lock, such as those of one that is just being made. */
export function decodeLock(bytes: Uint8Array): LockOwner | null {
  let value: Partial<Record<keyof LockOwner, unknown>>
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as typeof value
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { pid, host, bootId, space, startTicks, token, since, beat } = value
  const isOwner =
    [pid, since, beat].every(Number.isSafeInteger) &&
    (startTicks === null || Number.isSafeInteger(startTicks)) &&
    [bootId, space].every((text) => text === null || typeof text === 'string') &&
    typeof host === 'string' &&
    host.length <= 255 &&
    Math.abs(since as number) <= latestTime &&
    typeof token === 'string' &&
    /^[0-9a-f]{32}$/.test(token)
  return isOwner ? (value as LockOwner) : null
}

/**
 * Whether the owner of a lock lives: `held` and `stale` are certain, `unknown` is not: then only its beat tells.
 */
export function judgeOwner(owner: LockOwner | null, facts: LockFacts): 'held' | 'stale' | 'unknown' {
  if (owner === null) return 'unknown'
  if (facts.held.has(owner.token)) return 'held'
  if (owner.host !== facts.host) return 'unknown'
  if (owner.bootId !== null && facts.bootId !== null && owner.bootId !== facts.bootId) return 'stale'
  if (owner.space !== facts.space || owner.bootId !== facts.bootId) return 'unknown'
  if (!facts.isRunning(owner.pid)) return 'stale'
  const startTicks = facts.startTicks(owner.pid)
  if (startTicks === null || owner.startTicks === null) return 'unknown'
  return startTicks === owner.startTicks ? 'held' : 'stale'
}
