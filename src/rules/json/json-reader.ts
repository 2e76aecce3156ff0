import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { Constant, RuleNode, Slot } from '../ast.ts'
import type { Fault } from '../fault.ts'
import * as make from '../make-node.ts'
import { keyPath } from '../rule-path.ts'
import { combine } from '../text/operator.ts'
import { type Entered, EventReader, readEnds } from './event-reader.ts'
import {
  filterKeys,
  type HeadKey,
  isTagOperatorKey,
  ruleKeys,
  type TagOperatorKey,
  type Vocabulary,
} from './json-keys.ts'
import { OpenGroup } from './open-group.ts'
import { isObject, type JsonObject, PartReader } from './part-reader.ts'
import { readWindow } from './window-reader.ts'

/**
 * Reads one JSON value, once, and collects its faults. Groups that are open are kept in a list rather than on the call
 * stack. The filter of an event is a group of the event's rule: inside it names are properties.
 */
export class JsonReader {
  readonly #reader: PartReader

  constructor(limits: RuleLimits) {
    this.#reader = new PartReader(limits)
  }

  get faults(): readonly Fault[] {
    return this.#reader.faults
  }

  /** The rule, or `null` when there are faults. @throws RULE_TOO_DEEP, RULE_TOO_LARGE with the faults so far. */
  read(root: unknown): RuleNode | null {
    const open: OpenGroup[] = []
    let entered = this.#enter(root, '$', 1, false)
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
        entered = this.#enter(part, path, open.length + 1, group.inFilter)
      }
    }
  }

  /** Reads an object without the rules inside it. */
  #enter(value: unknown, path: string, depth: number, inFilter: boolean): Entered {
    const reader = this.#reader
    const { limits } = reader
    if (depth > limits.depth) {
      reader.stop('RULE_TOO_DEEP', `found a rule nested deeper than ${limits.depth} levels, the limit`, path)
    }
    reader.countNode(path)
    if (!isObject(value)) {
      return reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected ${example(inFilter)}`, path)
    }
    const head = this.#headOf(value, path, inFilter)
    if (head === null) return null
    switch (head) {
      case 'tag':
      case 'property':
        return this.#tagTest(head, value, path)
      case 'audience':
        return this.#audience(value, path)
      case 'everyone':
        return this.#isTrue(value.everyone, path, head) ? make.everyone() : null
      case 'nobody':
        return this.#isTrue(value.nobody, path, head) ? make.nobody() : null
      case 'not':
        return new OpenGroup(
          [value.not],
          () => `${path}.not`,
          ([rule]) => make.not(rule!),
          inFilter,
        )
      case 'atLeast':
        return this.#atLeast(value, path, inFilter)
      case 'and':
      case 'or':
      case 'xor':
      case 'minus':
        return this.#combine(head, value[head], path, inFilter)
      default:
        return new EventReader(reader, value, path).read(head)
    }
  }

  /** The key that says what the object is; faults for keys that don't go with it. */
  #headOf(value: JsonObject, path: string, inFilter: boolean): HeadKey | null {
    const reader = this.#reader
    const known = inFilter ? filterKeys : ruleKeys
    const keys = Object.keys(value)
    if (inFilter && this.#foreignKeys(keys, path)) return null
    const heads = keys.filter((key) => known.heads.has(key))
    const [head] = heads
    if (head === undefined) {
      for (const key of keys) this.#keyWithoutHead(key, path, known)
      if (keys.length > 0) return null
      return reader.fault('RULE_WRONG_TYPE', `found an object without keys, expected ${example(inFilter)}`, path)
    }
    if (heads.length > 1) {
      const found = heads.map((key) => `"${key}"`).join(', ')
      return reader.fault('RULE_WRONG_TYPE', `found ${found} in one object, expected one of them`, path)
    }
    const allowed = known.heads.get(head)!
    for (const key of keys) {
      if (key === head || allowed.includes(key)) continue
      if (known.headsOf.has(key)) {
        const message = `found the key "${key}" beside "${head}", where it means nothing`
        reader.fault('RULE_UNKNOWN_KEY', message, keyPath(path, key))
      } else reader.unknownKey(key, allowed, path)
    }
    return head as HeadKey
  }

  /** Whether a filter has keys of rules about people, each of which is a fault. */
  #foreignKeys(keys: readonly string[], path: string): boolean {
    let found = false
    for (const key of keys) {
      if (filterKeys.keys.includes(key) || !ruleKeys.keys.includes(key)) continue
      found = true
      const suggestion = key === 'tag' ? 'property' : undefined
      const expected = suggestion === undefined ? 'tests of its properties' : `"${suggestion}"`
      const message = `found "${key}" in the filter of an event, expected ${expected}`
      this.#reader.fault('RULE_BAD_FILTER', message, keyPath(path, key), suggestion)
    }
    return found
  }

  #keyWithoutHead(key: string, path: string, known: Vocabulary): void {
    const heads = known.headsOf.get(key)
    if (heads === undefined) {
      this.#reader.unknownKey(key, known.keys, path)
      return
    }
    const named = heads.map((head) => `"${head}"`)
    const others = named.length === 1 ? named[0]! : `${named.slice(0, -1).join(', ')} or ${named.at(-1)!}`
    const found = `found the key "${key}" without ${others}`
    const expected = heads.length === 1 ? 'both' : 'one of them beside it'
    this.#reader.fault('RULE_WRONG_TYPE', `${found}, expected ${expected}`, keyPath(path, key))
  }

  #tagTest(head: 'tag' | 'property', value: JsonObject, path: string): RuleNode | null {
    const reader = this.#reader
    const tag = reader.text(value[head], `${path}.${head}`)
    const operators = Object.keys(value).filter(isTagOperatorKey)
    const [operator] = operators
    if (operators.length > 1) {
      const found = operators.map((key) => `"${key}"`).join(', ')
      return reader.fault('RULE_WRONG_TYPE', `found ${found} in one object, expected one operator of a ${head}`, path)
    }
    if (operator === undefined) return tag === null ? null : make.has(tag)
    const test = this.#test(operator, value[operator], path)
    return test === null || tag === null ? null : test(tag)
  }

  #test(operator: TagOperatorKey, operand: unknown, path: string): ((tag: Slot<string>) => RuleNode) | null {
    const reader = this.#reader
    const at = `${path}.${operator}`
    switch (operator) {
      case 'isSet':
      case 'isNotSet':
        return this.#isTrue(operand, path, operator) ? (tag) => make.presence(operator, tag) : null
      case 'in':
      case 'notIn':
      case 'hasAny':
      case 'hasAll':
      case 'hasNone': {
        const values = reader.list(operand, at)
        return values === null ? null : (tag) => make.list(operator, tag, values)
      }
      case 'between': {
        const ends = readEnds(reader, operand, at)
        return ends === null ? null : (tag) => make.between(tag, ends[0], ends[1])
      }
      case 'within': {
        const window = readWindow(reader, operand, at)
        return window === null ? null : (tag) => make.within(tag, window)
      }
      case 'startsWith':
      case 'contains':
      case 'matches': {
        const text = reader.text(operand, at)
        if (text === null) return null
        return (tag) => (operator === 'matches' ? make.matches(tag, text) : make.textTest(operator, tag, text))
      }
      default: {
        const value = reader.constant(operand, at)
        return value === null ? null : (tag) => comparison(operator, tag, value)
      }
    }
  }

  #audience(value: JsonObject, path: string): RuleNode | null {
    const reader = this.#reader
    const name = reader.text(value.audience, `${path}.audience`)
    if (!Object.hasOwn(value, 'version')) return name === null ? null : make.audience(name)
    const { version } = value
    if (version === 'latest' || isCount(version)) return name === null ? null : make.audience(name, version)
    const message = `found ${show(version)}, expected "latest" or the number of a version, a whole number of 1 or more`
    return reader.fault('RULE_WRONG_TYPE', message, `${path}.version`)
  }

  #atLeast(value: JsonObject, path: string, inFilter: boolean): OpenGroup | null {
    const reader = this.#reader
    const k = reader.whole(value.atLeast, `${path}.atLeast`, 1, 'RULE_BAD_COUNT')
    if (!Object.hasOwn(value, 'of')) {
      const message = 'found "atLeast" without "of", expected the rules that are counted'
      return reader.fault('RULE_WRONG_TYPE', message, path)
    }
    const rules = reader.array(value.of, `${path}.of`, 'rules')
    if (rules === null) return null
    // With a faulty `k` the parts are read for their faults alone.
    return new OpenGroup(
      rules,
      (index) => `${path}.of[${index}]`,
      (nodes) => make.atLeast(k ?? 1, nodes),
      inFilter,
    )
  }

  #combine(
    operator: 'and' | 'or' | 'xor' | 'minus',
    value: unknown,
    path: string,
    inFilter: boolean,
  ): OpenGroup | null {
    const reader = this.#reader
    const place = `${path}.${operator}`
    const rules = reader.array(value, place, 'rules')
    if (rules === null) return null
    if (rules.length === 0 && operator === 'and') {
      const advice = inFilter ? 'Leave the filter out' : 'Write {"everyone": true}'
      const message = `found "and" of no rules, which would be everyone. ${advice} where that is meant`
      return reader.fault('RULE_EMPTY_AND', message, place)
    }
    if (rules.length === 0 && operator === 'minus') {
      const message = 'found "minus" of no rules, expected a rule to take the others away from'
      return reader.fault('RULE_EMPTY', message, place)
    }
    if (rules.length === 0 && inFilter) {
      return reader.fault('RULE_EMPTY', `found "${operator}" of no rules, which no event fits`, place)
    }
    return new OpenGroup(
      rules,
      (index) => `${place}[${index}]`,
      (nodes) => combine(operator, nodes),
      inFilter,
    )
  }

  #isTrue(value: unknown, path: string, key: keyof typeof contrary): boolean {
    return this.#reader.isTrue(value, `${path}.${key}`, `for the contrary write {… "${contrary[key]}": true}`)
  }
}

const contrary = { everyone: 'nobody', nobody: 'everyone', isSet: 'isNotSet', isNotSet: 'isSet' } as const

function comparison(
  operator: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte',
  tag: Slot<string>,
  value: Slot<Constant>,
): RuleNode {
  return operator === 'eq' || operator === 'ne' ? make.value(operator, tag, value) : make.compare(operator, tag, value)
}

function example(inFilter: boolean): string {
  return inFilter ? 'a filter such as {"property": "amount", "gte": 50}' : 'a rule such as {"tag": "vip"}'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}
