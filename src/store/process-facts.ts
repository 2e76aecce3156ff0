import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemClock } from '../base/clock.ts'

/** What a lock needs to know of processes, and of time. Tests give their own. */
export interface LockFacts {
  readonly pid: number
  readonly host: string
  /** Changes with every start of the machine; `null` where the system doesn't say. */
  readonly bootId: string | null
  /** The space in which process ids count, as of a container; `null` where the system doesn't say. */
  readonly space: string | null
  /** Tokens of the locks that this process has. */
  readonly held: Set<string>
  /** A name that nobody had before: 32 hexadecimal digits. */
  token(): string
  /** Milliseconds since 1970. */
  now(): number
  isRunning(pid: number): boolean
  /** When a process began, in ticks since the machine did; `null` where the system doesn't say. */
  startTicks(pid: number): number | null
  sleep(milliseconds: number): Promise<void>
  /** Does something again and again, without keeping the process alive. Gives what ends it. */
  every(milliseconds: number, action: () => void): () => void
}

/** The facts of this process. */
export const processFacts: LockFacts = Object.freeze({
  pid: process.pid,
  host: hostname(),
  bootId: textOf('/proc/sys/kernel/random/boot_id'),
  space: linkOf('/proc/self/ns/pid'),
  held: new Set<string>(),
  token: () => randomBytes(16).toString('hex'),
  now: () => systemClock.now(),

  isRunning(pid: number): boolean {
    if (statusOf(pid)?.ended === true) return false
    try {
      process.kill(pid, 0)
      return true
    } catch (error) {
      // Not ours to signal, but there.
      return (error as { code?: unknown }).code === 'EPERM'
    }
  },

  startTicks: (pid: number) => statusOf(pid)?.startTicks ?? null,
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),

  every(milliseconds: number, action: () => void): () => void {
    const timer = setInterval(action, milliseconds)
    timer.unref()
    return () => clearInterval(timer)
  },
})

/** From `/proc/<pid>/stat`. Source: proc_pid_stat(5), fields 3 and 22; the second may hold spaces and brackets. */
function statusOf(pid: number): { readonly ended: boolean; readonly startTicks: number } | null {
  const fields = textOf(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
  if (fields === undefined) return null
  const startTicks = Number(fields[19])
  return Number.isSafeInteger(startTicks) ? { ended: /^[ZXx]$/.test(fields[0]!), startTicks } : null
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
