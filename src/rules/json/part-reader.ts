import { didYouMean, nearestName } from '../../base/did-you-mean.ts'
import type { ErrorCode } from '../../base/error-codes.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import { isWellFormed } from '../../base/well-formed.ts'
import type { Constant, Parameter, Slot } from '../ast.ts'
import { type Fault, RuleError } from '../fault.ts'
import * as make from '../make-node.ts'
import { keyPath } from '../rule-path.ts'

/** An object of JSON. Only own keys are looked at, so nothing comes from a prototype. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Most faults that get a suggestion: looking for a likely name takes its time. */
const mostSuggestions = 100

/** Reads what a rule holds beside rules, each place once, and collects the faults. `null` always means: faulty. */
export class PartReader {
  readonly faults: Fault[] = []
  readonly limits: RuleLimits
  #nodes = 0
  #suggestions = 0

  constructor(limits: RuleLimits) {
    this.limits = limits
  }

  /** Counts one more condition, operation or event. @throws RULE_TOO_LARGE above the limit, with the faults so far. */
  countNode(path: string): void {
    if (++this.#nodes > this.limits.nodes) this.tooLarge(path)
  }

  /** A list of things to be read one by one. @throws RULE_TOO_LARGE for a list that no limit allows. */
  array(value: unknown, path: string, what: string): readonly unknown[] | null {
    if (!Array.isArray(value)) {
      return this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected an array of ${what}`, path)
    }
    if (value.length > this.limits.nodes) this.tooLarge(path)
    return value
  }

  /** A whole number of `min` or more, or the parameter that gives it. */
  whole(value: unknown, path: string, min: number, code: ErrorCode): Slot<number> | null {
    if (isObject(value)) return this.parameter(value, path, 'a whole number')
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value
    const fault = typeof value === 'number' ? code : 'RULE_WRONG_TYPE'
    return this.fault(fault, `found ${show(value)}, expected a whole number of ${min} or more`, path)
  }

  /** A list of texts and numbers, or the parameter that gives it. */
  list(value: unknown, path: string): Slot<readonly Slot<Constant>[]> | null {
    const what = 'an array of texts or numbers'
    if (isObject(value)) return this.parameter(value, path, what)
    if (!Array.isArray(value)) return this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected ${what}`, path)
    const { listLength } = this.limits
    if (value.length > listLength) {
      const message = `found a list of ${value.length} values, expected at most ${listLength}`
      return this.fault('RULE_LIST_TOO_LONG', message, path)
    }
    const list: Slot<Constant>[] = []
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i]
      if (typeof item === 'string' && this.#fits(item)) {
        list.push(item)
        continue
      }
      const read = this.constant(item, `${path}[${i}]`)
      if (read !== null) list.push(read)
    }
    return list.length === value.length ? list : null
  }

  /** A text or a finite number, or the parameter that gives it. */
  constant(value: unknown, path: string): Slot<Constant> | null {
    if (typeof value !== 'number') return this.text(value, path, 'a text or a number')
    if (Number.isFinite(value)) return value
    return this.fault('RULE_BAD_NUMBER', `found ${value}, expected a number that is finite`, path)
  }

  /** A text, or the parameter that gives it. */
  text(value: unknown, path: string, what = 'a text'): Slot<string> | null {
    if (isObject(value)) return this.parameter(value, path, what)
    if (typeof value !== 'string') {
      const advice = typeof value === 'number' || typeof value === 'boolean' ? `: write ${show(String(value))}` : ''
      return this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected ${what}${advice}`, path)
    }
    if (this.#fits(value)) return value
    if (!isWellFormed(value)) {
      return this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a text without half a surrogate pair`, path)
    }
    const message = `found a name or text of ${value.length} characters, expected at most ${this.limits.valueLength}`
    return this.fault('RULE_TOO_LONG', message, path)
  }

  parameter(value: JsonObject, path: string, what: string): Parameter | null {
    if (!Object.hasOwn(value, 'param')) {
      return this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected ${what} or {"param": "its name"}`, path)
    }
    this.knownKeys(value, ['param'], path)
    const name = value.param
    if (typeof name !== 'string') {
      return this.fault('RULE_WRONG_TYPE', `found ${show(name)}, expected the name of a parameter`, `${path}.param`)
    }
    const text = this.text(name, `${path}.param`)
    return typeof text === 'string' ? make.parameter(text) : null
  }

  /** One of a few words. */
  word<Word extends string>(value: unknown, words: readonly Word[], path: string): Word | null {
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    const suggestion = typeof value === 'string' ? this.nearest(value, words) : undefined
    const expected = words.map((word) => `"${word}"`).join(', ')
    const message = `found ${show(value)}, expected one of ${expected}.${didYouMean(suggestion)}`
    return this.fault('RULE_WRONG_TYPE', message, path, suggestion)
  }

  /** `true` where that is what the key has; a fault for anything else. */
  isTrue(value: unknown, path: string, advice: string): boolean {
    if (value === true) return true
    this.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected true${value === false ? `: ${advice}` : ''}`, path)
    return false
  }

  /** Whether all keys are known; a fault for each that is not. */
  knownKeys(value: JsonObject, known: readonly string[], path: string): boolean {
    const unknown = Object.keys(value).filter((key) => !known.includes(key))
    for (const key of unknown) this.unknownKey(key, known, path)
    return unknown.length === 0
  }

  unknownKey(key: string, known: readonly string[], path: string): void {
    const suggestion = this.nearest(key, known)
    const message = `found the unknown key ${show(key)}.${didYouMean(suggestion)}`
    this.fault('RULE_UNKNOWN_KEY', message, keyPath(path, key), suggestion)
  }

  nearest(found: string, known: readonly string[]): string | undefined {
    return ++this.#suggestions > mostSuggestions ? undefined : nearestName(found, known)
  }

  fault(code: ErrorCode, message: string, path: string, suggestion?: string): null {
    this.faults.push(suggestion === undefined ? { code, message, path } : { code, message, path, suggestion })
    return null
  }

  tooLarge(path: string): never {
    const { nodes } = this.limits
    this.stop('RULE_TOO_LARGE', `found more than ${nodes} conditions and operations, the limit of one rule`, path)
  }

  /** Ends the reading. @throws the faults so far, with this one last */
  stop(code: ErrorCode, message: string, path: string): never {
    this.fault(code, message, path)
    throw new RuleError(this.faults)
  }

  /** Whether a text is well-formed and not too long, also in NFC, which can be up to three times as long. */
  #fits(value: string): boolean {
    const most = this.limits.valueLength
    if (value.length > most || !isWellFormed(value)) return false
    return value.length * 3 <= most || value.normalize('NFC').length <= most
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
