import { didYouMean, nearestName } from '../../base/did-you-mean.ts'
import type { ErrorCode } from '../../base/error-codes.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import { isWellFormed } from '../../base/well-formed.ts'
import type { Parameter, RuleNode, Slot } from '../ast.ts'
import { type Fault, RuleError } from '../fault.ts'
import * as make from '../make-node.ts'
import { keyPath } from '../rule-path.ts'
import { combine } from '../text/operator.ts'
import {
  allKeys,
  type HeadKey,
  headOf,
  isHeadKey,
  isTagOperatorKey,
  keysBeside,
  type TagOperatorKey,
} from './json-keys.ts'

/** A group whose parts are being read, in order. */
class OpenGroup {
  readonly #parts: readonly unknown[]
  readonly #pathOf: (index: number) => string
  readonly #make: (nodes: readonly RuleNode[]) => RuleNode
  readonly #nodes: RuleNode[] = []
  #read = 0

  constructor(
    parts: readonly unknown[],
    pathOf: (index: number) => string,
    makeNode: (nodes: readonly RuleNode[]) => RuleNode,
  ) {
    this.#parts = parts
    this.#pathOf = pathOf
    this.#make = makeNode
  }

  get isRead(): boolean {
    return this.#read === this.#parts.length
  }

  next(): { part: unknown; path: string } {
    return { part: this.#parts[this.#read], path: this.#pathOf(this.#read) }
  }

  take(node: RuleNode | null): void {
    this.#read++
    if (node !== null) this.#nodes.push(node)
  }

  /** The node, or `null` when a part was faulty. */
  close(): RuleNode | null {
    return this.#nodes.length === this.#parts.length ? this.#make(this.#nodes) : null
  }
}

type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads one JSON value, once, and collects its faults. Groups that are open are kept in a list rather than on the call
 * stack; only own keys are looked at, so nothing comes from a prototype.
 */
export class JsonReader {
  readonly faults: Fault[] = []
  readonly #limits: RuleLimits
  #nodes = 0
  #unknownKeys = 0

  constructor(limits: RuleLimits) {
    this.#limits = limits
  }

  /** The rule, or `null` when there are faults. @throws RULE_TOO_DEEP, RULE_TOO_LARGE with the faults so far. */
  read(root: unknown): RuleNode | null {
    const open: OpenGroup[] = []
    let entered = this.#enter(root, '$', 1)
    for (;;) {
      if (entered instanceof OpenGroup) open.push(entered)
      else {
        const around = open.at(-1)
        if (around === undefined) return this.faults.length === 0 ? entered : null
        around.take(entered)
      }
      const group = open.at(-1)!
      if (group.isRead) {
        open.pop()
        entered = group.close()
      } else {
        const { part, path } = group.next()
        entered = this.#enter(part, path, open.length + 1)
      }
    }
  }

  /** Reads an object without the rules inside it. `null`: faulty. */
  #enter(value: unknown, path: string, depth: number): RuleNode | OpenGroup | null {
    const limits = this.#limits
    if (depth > limits.depth) {
      this.#stop('RULE_TOO_DEEP', `found a rule nested deeper than ${limits.depth} levels, the limit`, path)
    }
    if (++this.#nodes > limits.nodes) this.#tooLarge(path)
    if (!isObject(value)) {
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a rule such as {"tag": "vip"}`, path)
    }
    const head = this.#headOf(value, path)
    if (head === null) return null
    switch (head) {
      case 'tag':
        return this.#tagTest(value, path)
      case 'audience':
        return this.#audience(value, path)
      case 'everyone':
        return this.#isTrue(value.everyone, path, 'everyone') ? make.everyone() : null
      case 'nobody':
        return this.#isTrue(value.nobody, path, 'nobody') ? make.nobody() : null
      case 'not':
        return new OpenGroup(
          [value.not],
          () => `${path}.not`,
          ([rule]) => make.not(rule!),
        )
      case 'atLeast':
        return this.#atLeast(value, path)
      default:
        return this.#combine(head, value[head], path)
    }
  }

  /** The key that says what the object is; faults for keys that don't go with it. */
  #headOf(value: JsonObject, path: string): HeadKey | null {
    const keys = Object.keys(value)
    const heads = keys.filter(isHeadKey)
    const [head] = heads
    if (head === undefined) {
      for (const key of keys) this.#keyWithoutHead(key, path)
      if (keys.length > 0) return null
      return this.#fault(
        'RULE_WRONG_TYPE',
        'found an object without keys, expected a rule such as {"tag": "vip"}',
        path,
      )
    }
    if (heads.length > 1) {
      const found = heads.map((key) => `"${key}"`).join(', ')
      return this.#fault('RULE_WRONG_TYPE', `found ${found} in one object, expected one of them`, path)
    }
    const allowed: readonly string[] = keysBeside[head]
    for (const key of keys) {
      if (key === head || allowed.includes(key)) continue
      if (headOf.has(key)) {
        const message = `found the key "${key}" beside "${head}", where it means nothing`
        this.#fault('RULE_UNKNOWN_KEY', message, keyPath(path, key))
      } else this.#unknownKey(key, allowed, path)
    }
    return head
  }

  #keyWithoutHead(key: string, path: string): void {
    const head = headOf.get(key)
    if (head === undefined) this.#unknownKey(key, allKeys, path)
    else this.#fault('RULE_WRONG_TYPE', `found the key "${key}" without "${head}", expected both`, keyPath(path, key))
  }

  #unknownKey(key: string, allowed: readonly string[], path: string): void {
    // Looking for a likely name takes its time, so that is done for so many only.
    const suggestion = ++this.#unknownKeys > mostSuggestions ? undefined : nearestName(key, allowed)
    const message = `found the unknown key ${show(key)}.${didYouMean(suggestion)}`
    this.#fault('RULE_UNKNOWN_KEY', message, keyPath(path, key), suggestion)
  }

  #tagTest(value: JsonObject, path: string): RuleNode | null {
    const tag = this.#text(value.tag, `${path}.tag`)
    const operators = Object.keys(value).filter(isTagOperatorKey)
    const [operator] = operators
    if (operators.length > 1) {
      const found = operators.map((key) => `"${key}"`).join(', ')
      return this.#fault('RULE_WRONG_TYPE', `found ${found} in one object, expected one operator of a tag`, path)
    }
    if (operator === undefined) return tag === null ? null : make.has(tag)
    return this.#test(operator, tag, value[operator], path)
  }

  #test(operator: TagOperatorKey, tag: Slot<string> | null, operand: unknown, path: string): RuleNode | null {
    const at = `${path}.${operator}`
    switch (operator) {
      case 'isSet':
      case 'isNotSet':
        return this.#isTrue(operand, path, operator) && tag !== null ? make.presence(operator, tag) : null
      case 'in':
      case 'notIn':
      case 'hasAny':
      case 'hasAll':
      case 'hasNone': {
        const values = this.#list(operand, at)
        return values === null || tag === null ? null : make.list(operator, tag, values)
      }
      default: {
        const text = this.#text(operand, at)
        if (text === null || tag === null) return null
        if (operator === 'eq' || operator === 'ne') return make.value(operator, tag, text)
        return operator === 'matches' ? make.matches(tag, text) : make.textTest(operator, tag, text)
      }
    }
  }

  #audience(value: JsonObject, path: string): RuleNode | null {
    const name = this.#text(value.audience, `${path}.audience`)
    if (!Object.hasOwn(value, 'version')) return name === null ? null : make.audience(name)
    const { version } = value
    if (version === 'latest' || isCount(version)) return name === null ? null : make.audience(name, version)
    const message = `found ${show(version)}, expected "latest" or the number of a version, a whole number of 1 or more`
    return this.#fault('RULE_WRONG_TYPE', message, `${path}.version`)
  }

  #atLeast(value: JsonObject, path: string): OpenGroup | null {
    const k = this.#count(value.atLeast, `${path}.atLeast`)
    if (!Object.hasOwn(value, 'of')) {
      return this.#fault('RULE_WRONG_TYPE', 'found "atLeast" without "of", expected the rules that are counted', path)
    }
    const rules = this.#rules(value.of, `${path}.of`)
    if (rules === null) return null
    // With a faulty `k` the parts are read for their faults alone.
    return new OpenGroup(
      rules,
      (index) => `${path}.of[${index}]`,
      (nodes) => make.atLeast(k ?? 1, nodes),
    )
  }

  #combine(operator: 'and' | 'or' | 'xor' | 'minus', value: unknown, path: string): OpenGroup | null {
    const rules = this.#rules(value, `${path}.${operator}`)
    if (rules === null) return null
    if (rules.length === 0 && operator === 'and') {
      const message = 'found "and" of no rules, which would be everyone. Write {"everyone": true} where that is meant'
      return this.#fault('RULE_EMPTY_AND', message, `${path}.and`)
    }
    if (rules.length === 0 && operator === 'minus') {
      const message = 'found "minus" of no rules, expected a rule to take the others away from'
      return this.#fault('RULE_EMPTY', message, `${path}.minus`)
    }
    return new OpenGroup(
      rules,
      (index) => `${path}.${operator}[${index}]`,
      (nodes) => combine(operator, nodes),
    )
  }

  #rules(value: unknown, path: string): readonly unknown[] | null {
    if (!Array.isArray(value))
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected an array of rules`, path)
    if (value.length > this.#limits.nodes) this.#tooLarge(path)
    return value
  }

  #count(value: unknown, path: string): Slot<number> | null {
    if (isObject(value)) return this.#parameter(value, path, 'a whole number')
    if (isCount(value)) return value
    const code = typeof value === 'number' ? 'RULE_BAD_COUNT' : 'RULE_WRONG_TYPE'
    return this.#fault(code, `found ${show(value)}, expected a whole number of 1 or more`, path)
  }

  #list(value: unknown, path: string): Slot<readonly Slot<string>[]> | null {
    if (isObject(value)) return this.#parameter(value, path, 'an array of texts')
    if (!Array.isArray(value))
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected an array of texts`, path)
    const { listLength } = this.#limits
    if (value.length > listLength) {
      const message = `found a list of ${value.length} values, expected at most ${listLength}`
      return this.#fault('RULE_LIST_TOO_LONG', message, path)
    }
    const list: Slot<string>[] = []
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i]
      const text = typeof item === 'string' && this.#fits(item) ? item : this.#text(item, `${path}[${i}]`)
      if (text !== null) list.push(text)
    }
    return list.length === value.length ? list : null
  }

  #text(value: unknown, path: string): Slot<string> | null {
    if (isObject(value)) return this.#parameter(value, path, 'a text')
    if (typeof value !== 'string') {
      const advice = typeof value === 'number' || typeof value === 'boolean' ? `: write ${show(String(value))}` : ''
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a text${advice}`, path)
    }
    if (this.#fits(value)) return value
    if (!isWellFormed(value)) {
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a text without half a surrogate pair`, path)
    }
    const message = `found a name or text of ${value.length} characters, expected at most ${this.#limits.valueLength}`
    return this.#fault('RULE_TOO_LONG', message, path)
  }

  /** Whether a text is well-formed and not too long, also in NFC, which can be up to three times as long. */
  #fits(value: string): boolean {
    const most = this.#limits.valueLength
    if (value.length > most || !isWellFormed(value)) return false
    return value.length * 3 <= most || value.normalize('NFC').length <= most
  }

  #parameter(value: JsonObject, path: string, what: string): Parameter | null {
    if (!Object.hasOwn(value, 'param')) {
      return this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected ${what} or {"param": "its name"}`, path)
    }
    const keys = Object.keys(value)
    for (const key of keys) if (key !== 'param') this.#unknownKey(key, ['param'], path)
    const name = value.param
    if (typeof name !== 'string') {
      return this.#fault('RULE_WRONG_TYPE', `found ${show(name)}, expected the name of a parameter`, `${path}.param`)
    }
    const text = this.#text(name, `${path}.param`)
    return typeof text === 'string' ? make.parameter(text) : null
  }

  #isTrue(value: unknown, path: string, key: 'everyone' | 'nobody' | 'isSet' | 'isNotSet'): boolean {
    if (value === true) return true
    const advice = value === false ? `: for the contrary write {… "${contrary[key]}": true}` : ''
    this.#fault('RULE_WRONG_TYPE', `found ${show(value)}, expected true${advice}`, `${path}.${key}`)
    return false
  }

  #fault(code: ErrorCode, message: string, path: string, suggestion?: string): null {
    this.faults.push(suggestion === undefined ? { code, message, path } : { code, message, path, suggestion })
    return null
  }

  #tooLarge(path: string): never {
    this.#stop(
      'RULE_TOO_LARGE',
      `found more than ${this.#limits.nodes} conditions and operations, the limit of one rule`,
      path,
    )
  }

  #stop(code: ErrorCode, message: string, path: string): never {
    this.#fault(code, message, path)
    throw new RuleError(this.faults)
  }
}

const mostSuggestions = 100

const contrary = { everyone: 'nobody', nobody: 'everyone', isSet: 'isNotSet', isNotSet: 'isSet' } as const

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}
