import { didYouMean } from '../../base/did-you-mean.ts'
import type { ErrorCode } from '../../base/error-codes.ts'
import { type Fault, RuleError } from '../fault.ts'

/** The error for a name that there isn't, with the nearest one that there is. */
export function refusedName(code: ErrorCode, message: string, suggestion?: string): RuleError {
  const fault: Fault = { code, message: `${message}${didYouMean(suggestion)}`, path: '$' }
  return new RuleError([suggestion === undefined ? fault : { ...fault, suggestion }])
}
