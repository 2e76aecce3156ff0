import type { Channel } from 'node:diagnostics_channel'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { ErrorCode } from '../../base/error-codes.ts'

/** Runs so far that somebody was told of. */
let runs = 0

/** What the messages of a run have in common with each other. */
type Facts = Readonly<Record<string, number>>

/**
 * Does something that takes its time, and tells of its beginning, and of its end or failure, where anybody listens when it begins.
 *
 * @param begins what is known when it begins
 * @param ends what is known when it has ended
 */
export async function toldRun<Result>(
  channel: Channel,
  begins: () => Facts,
  work: () => Promise<Result>,
  ends: (result: Result) => Facts,
): Promise<Result> {
  if (!channel.hasSubscribers) return work()
  const run = ++runs
  channel.publish({ phase: 'start', run, ...begins() })
  const began = performance.now()
  let result: Result
  try {
    result = await work()
  } catch (error) {
    const code: ErrorCode = error instanceof CrowdbitError ? error.code : 'INTERNAL'
    channel.publish({ phase: 'error', run, code, milliseconds: performance.now() - began })
    throw error
  }
  channel.publish({ phase: 'end', run, ...ends(result) })
  return result
}
