import type { ErrorCode } from './error-codes.ts'
import { show } from './show.ts'

const mark: unique symbol = Symbol.for('crowdbit.error') as never

/** The facts of a fault, by name: what was found, what was expected, sizes, names, places. */
export type ErrorFacts = Readonly<Record<string, unknown>>

/**
 * The one class of error that crowdbit throws. Tell faults apart by `code`, which is stable, not by the message.
 * `instanceof` also holds across two copies of the package (ESM beside CommonJS).
 *
 * @example
 * ```ts
 * try {
 *   crowd.count('精致妈咪')
 * } catch (error) {
 *   if (error instanceof CrowdbitError && error.code === 'RULE_UNKNOWN_TAG') console.log(error.facts)
 * }
 * ```
 */
export class CrowdbitError extends Error {
  override readonly name: string = 'CrowdbitError'
  /** What happened, as a stable code. docs/errors.md has a heading for each. */
  readonly code: ErrorCode
  /** The facts that the message was made from. */
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, options?: { cause?: unknown }) {
    super(`${code}: ${message}`, options)
    this.code = code
    this.facts = Object.freeze({ ...facts })
    Object.defineProperty(this, mark, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass inherits this method: it must still tell its own instances from its siblings'.
    if (this !== CrowdbitError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && mark in value
  }

  /** The message without the code that it begins with. */
  get messageAlone(): string {
    return this.message.slice(this.code.length + 2)
  }

  /** The error as plain data, for a JSON answer. The stack and the cause stay out. */
  toJSON(): { code: ErrorCode; message: string; facts: ErrorFacts } {
    return { code: this.code, message: this.messageAlone, facts: plainFacts(this.facts) }
  }
}

/** Facts that JSON can hold: what it can't, as an error message shows it. */
function plainFacts(facts: ErrorFacts): ErrorFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, isPlain(value, deepestFact) ? value : show(value)]),
  )
}

/** Deeper facts, and cyclic ones, are shown instead. */
const deepestFact = 8

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'object' && value !== null) {
    return depth > 0 && Object.values(value).every((item) => isPlain(item, depth - 1))
  }
  return typeof value !== 'bigint' && typeof value !== 'symbol' && typeof value !== 'function'
}
