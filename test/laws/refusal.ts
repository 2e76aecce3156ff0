import { expect } from 'vitest'
import { CrowdbitError, RuleError } from '../../src/index.ts'

/** The CrowdbitError that a call throws; anything else, and nothing, fails the test. */
export function refusal(call: () => unknown): CrowdbitError {
  try {
    call()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  return expect.unreachable('the call was not refused')
}

/** The faults of the RuleError that a call throws, as `CODE at path`. */
export function faultsOf(call: () => unknown): readonly string[] {
  const error = refusal(call)
  if (!(error instanceof RuleError)) return expect.unreachable(`${error.code} has no faults`)
  return error.faults.map(({ code, path }) => `${code} at ${path}`)
}
