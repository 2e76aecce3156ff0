import type { TimeZone } from '../../src/base/time-zone.ts'
import type { PlainWindow } from '../../src/base/window.ts'
import { resolveWindow } from '../../src/base/window.ts'
import type {
  BehaviourNode,
  EventTerm,
  NumberTest,
  OccurrenceNode,
  RuleNode,
  SequenceNode,
} from '../../src/rules/ast.ts'

/** An event as a plain object. Numbers are decimal texts; what is absent isn't there. */
export interface PlainEvent {
  readonly kind: string
  readonly person: number
  readonly at: number
  readonly values: Readonly<Record<string, PlainValue | undefined>>
}

export type PlainValue = { readonly text: string } | { readonly decimal: string } | { readonly flag: true }

/** Decimals as whole numbers with more digits after the point than anything in the tests has. */
const digits = 24

export function decimal(value: unknown): bigint {
  const [whole = '', fraction = ''] = String(value).replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(digits, '0'))
  return String(value).startsWith('-') ? -size : size
}

/**
 * What questions about events mean, by plain loops over plain objects: written from the laws, with nothing of the room that
 * it checks but the bounds of windows and local days, which have tests of their own.
 */
export class PlainBehaviours {
  readonly #zone: TimeZone
  events: PlainEvent[] = []

  constructor(zone: TimeZone) {
    this.#zone = zone
  }

  has(node: BehaviourNode | OccurrenceNode | SequenceNode, person: number, asOf: number): boolean {
    const seen = this.events.filter((event) => event.person === person && event.at <= asOf)
    const { from, to } = resolveWindow(node.window as PlainWindow, asOf, this.#zone)
    const isInside = (event: PlainEvent): boolean => event.at >= from && event.at < to
    switch (node.kind) {
      case 'behaviour':
        return this.#behaviour(node, seen.filter(isInside), asOf)
      case 'first':
      case 'last': {
        const fitting = seen.filter((event) => fits(event, node.event))
        if (fitting.length === 0) return false
        const times = fitting.map(({ at }) => at)
        const at = node.kind === 'first' ? Math.min(...times) : Math.max(...times)
        return fitting.some(
          (event) => event.at === at && isInside(event) && (node.test === null || passes(event, node.test)),
        )
      }
      case 'sequence':
        return hasChain(node, seen, isInside, asOf)
    }
  }

  #behaviour({ measure, events: terms, test }: BehaviourNode, inside: readonly PlainEvent[], asOf: number): boolean {
    const fitting = inside.filter((event) => terms.some((term) => fits(event, term)))
    const days = fitting.map(({ at }) => this.#zone.dayOf(at))
    const numbers: bigint[] = []
    const different = new Set<string>()
    for (const term of terms) {
      for (const event of inside) {
        const value = event.values[String(term.property)]
        if (!fits(event, term) || value === undefined) continue
        different.add(JSON.stringify('decimal' in value ? String(decimal(value.decimal)) : value))
        if ('decimal' in value) numbers.push(decimal(value.decimal) * BigInt(term.sign))
      }
    }
    const whole = (count: number): boolean => count > 0 && isTrue(test, decimal(count), 1n)
    switch (measure) {
      case 'count':
        return whole(fitting.length)
      case 'days':
        return whole(new Set(days).size)
      case 'distinct':
        return whole(different.size)
      case 'recency':
        return days.length > 0 && isTrue(test, decimal(this.#zone.dayOf(asOf) - Math.max(...days)), 1n)
      default: {
        if (numbers.length === 0) return false
        const sum = numbers.reduce((a, b) => a + b)
        numbers.sort((a, b) => (a < b ? -1 : Number(a > b)))
        if (measure === 'avg') return isTrue(test, sum, BigInt(numbers.length))
        return isTrue(test, { sum, min: numbers[0]!, max: numbers[numbers.length - 1]! }[measure], 1n)
      }
    }
  }
}

/** Whether `value / count` passes. */
function isTrue(test: NumberTest, value: bigint, count: bigint): boolean {
  const against = (constant: unknown): bigint => value - decimal(constant) * count
  switch (test.op) {
    case 'eq':
      return against(test.value) === 0n
    case 'ne':
      return against(test.value) !== 0n
    case 'lt':
      return against(test.value) < 0n
    case 'lte':
      return against(test.value) <= 0n
    case 'gt':
      return against(test.value) > 0n
    case 'gte':
      return against(test.value) >= 0n
    case 'between':
      return against(test.from) >= 0n && against(test.to) <= 0n
  }
}

function fits(event: PlainEvent, { event: kind, where }: EventTerm): boolean {
  return event.kind === kind && (where === null || passes(event, where))
}

/** Law 7: what is absent makes every comparison false. */
export function passes(event: PlainEvent, node: RuleNode): boolean {
  const part = (inner: RuleNode): boolean => passes(event, inner)
  switch (node.kind) {
    case 'not':
      return !part(node.rule)
    case 'and':
      return node.rules.every(part)
    case 'or':
      return node.rules.some(part)
    case 'xor':
      return node.rules.filter(part).length % 2 === 1
    case 'minus':
      return part(node.rules[0]!) && !node.rules.slice(1).some(part)
    case 'atLeast':
      return node.rules.filter(part).length >= Number(node.k)
    case 'nobody':
      return false
    default:
  }
  if (!('tag' in node)) throw new Error(`no ${node.kind}`)
  const value = event.values[String(node.tag)]
  if (node.kind === 'isNotSet') return value === undefined
  if (value === undefined) return false
  if (node.kind === 'has' || node.kind === 'isSet') return true
  if ('decimal' in value) {
    const number = decimal(value.decimal)
    switch (node.kind) {
      case 'eq':
      case 'ne':
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return isTrue({ op: node.kind, value: node.value as string }, number, 1n)
      case 'between':
        return isTrue({ op: 'between', from: node.from as string, to: node.to as string }, number, 1n)
      case 'in':
      case 'notIn':
        return (node.values as unknown[]).some((other) => decimal(other) === number) === (node.kind === 'in')
      default:
        throw new Error(`no ${node.kind} of numbers`)
    }
  }
  const text = 'text' in value ? value.text : ''
  switch (node.kind) {
    case 'eq':
      return text === node.value
    case 'ne':
      return text !== node.value
    case 'in':
    case 'notIn':
      return (node.values as unknown[]).includes(text) === (node.kind === 'in')
    case 'startsWith':
      return text.startsWith(String(node.text))
    case 'contains':
      return text.includes(String(node.text))
    case 'matches':
      return new RegExp(String(node.pattern)).test(text)
    default:
      throw new Error(`no ${node.kind} of texts`)
  }
}

const millis = { seconds: 1e3, minutes: 6e4, hours: 36e5, days: 864e5, weeks: 6048e5 }

/** Tries every chain of events. */
function hasChain(
  { steps, absence, same, allowSameTime }: SequenceNode,
  seen: readonly PlainEvent[],
  isInside: (event: PlainEvent) => boolean,
  asOf: number,
): boolean {
  const linkOf = (event: PlainEvent): string => {
    const value = event.values[String(same)]
    if (value === undefined) return `none ${Math.random()}`
    return JSON.stringify('decimal' in value ? String(decimal(value.decimal)) : value)
  }
  const isLinked = (a: PlainEvent, b: PlainEvent): boolean => same === null || linkOf(a) === linkOf(b)

  const extend = (chain: readonly PlainEvent[]): boolean => {
    const last = chain[chain.length - 1]
    if (chain.length === steps.length) return absence === null || isAbsent(last!)
    const step = steps[chain.length]!
    return seen.some((event) => {
      if (!isInside(event) || !fits(event, step.event) || chain.includes(event)) return false
      if (same !== null && event.values[String(same)] === undefined) return false
      if (last === undefined) return extend([event])
      if (!isLinked(event, last)) return false
      if (allowSameTime ? event.at < last.at : event.at <= last.at) return false
      if (step.within !== null) {
        const limit = Number(step.within.count) * millis[step.within.unit]
        if (event.at - last.at > limit) return false
      }
      const between = seen.some(
        (other) =>
          other.at > last.at &&
          other.at < event.at &&
          isLinked(other, last) &&
          step.without.some((term) => fits(other, term)),
      )
      return !between && extend([...chain, event])
    })
  }
  const isAbsent = (last: PlainEvent): boolean => {
    const end = last.at + Number(absence!.within.count) * millis[absence!.within.unit]
    if (end > asOf) return false
    return !seen.some(
      (other) =>
        other.at > last.at &&
        other.at <= end &&
        isLinked(other, last) &&
        absence!.events.some((term) => fits(other, term)),
    )
  }
  return extend([])
}
