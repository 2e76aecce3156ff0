import { CrowdbitError } from 'crowdbit'
import { time } from './page.ts'

/** What a call gives, and how long it took. */
export function timed<Result>(call: () => Result): { readonly result: Result; readonly took: string } {
  const began = performance.now()
  const result = call()
  return { result, took: time(performance.now() - began) }
}

/** What a call that has to fail says. */
export function refusal(call: () => unknown): CrowdbitError {
  try {
    call()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  throw new Error('the call was expected to be refused')
}
