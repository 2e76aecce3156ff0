import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import { show } from '../base/show.ts'
import { isParameter, type Slot } from './ast.ts'
import type { Fault } from './fault.ts'
import type { ValidationContext } from './validation-context.ts'

/** Faults that get a suggestion: finding one costs milliseconds among many names, and nobody reads thousands. */
const mostSuggestions = 20

/** Gathers the faults of one rule, in the order in which they are found. */
export class FaultCollector {
  readonly faults: Fault[] = []
  readonly context: ValidationContext
  #suggestions = 0

  constructor(context: ValidationContext) {
    this.context = context
  }

  fault(code: ErrorCode, message: string, path: string, suggestion?: string): void {
    this.faults.push(suggestion === undefined ? { code, message, path } : { code, message, path, suggestion })
  }

  /** A fault whose message ends with the likely name, where there is one. */
  unknown(code: ErrorCode, message: string, path: string, nearest: () => string | undefined): void {
    const suggestion = ++this.#suggestions > mostSuggestions ? undefined : nearest()
    this.fault(code, `${message}.${didYouMean(suggestion)}`, path, suggestion)
  }

  /** Whether the slot has its value; where it waits for one, the parameter is checked instead. */
  isFilled<Value>(slot: Slot<Value>, path: string): slot is Exclude<Slot<Value>, { readonly param: string }> {
    if (!isParameter(slot)) return true
    const { param } = slot
    const { parameters } = this.context
    if (parameters === undefined) {
      this.fault('RULE_UNBOUND_PARAMETER', `the parameter $${param} has no value: apply the template first`, path)
    } else if (!parameters.has(param)) {
      const message = `the template declares no parameter $${param}`
      this.unknown('TEMPLATE_UNKNOWN_PARAMETER', message, path, () => nearestName(param, parameters))
    }
    return false
  }

  /** Checks that a slot is a whole number from `min` to `max`. */
  whole(slot: Slot<number>, path: string, min: number, max: number, code: ErrorCode, what: string): void {
    if (!this.isFilled(slot, path)) return
    if (Number.isSafeInteger(slot) && (slot as number) >= min && (slot as number) <= max) return
    const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
    this.fault(code, `${what} is ${show(slot)}, where a whole number ${range} is expected`, path)
  }
}
