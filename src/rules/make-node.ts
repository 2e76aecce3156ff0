import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import {
  type AtLeastNode,
  type AudienceNode,
  type BehaviourNode,
  type BetweenNode,
  type CompareNode,
  type Constant,
  type Duration,
  type EventTerm,
  type EverWindow,
  type EveryoneNode,
  type HasNode,
  isParameter,
  type LastWindow,
  type ListNode,
  type NewNode,
  type NobodyNode,
  type NumberTest,
  type OccurrenceNode,
  type Parameter,
  type PatternNode,
  type PresenceNode,
  type RangeWindow,
  type RegularNode,
  type ResumedNode,
  type RuleNode,
  type SequenceNode,
  type SequenceStep,
  type Slot,
  type StoppedNode,
  type TextNode,
  type ValueNode,
  type Window,
  type WithinNode,
} from './ast.ts'

/**
 * The makers of nodes: text goes to NFC, nodes and their lists are frozen, and parts of one are the part itself. They
 * check the shape only as far as the tree's own invariants go; whether names and values fit a schema is `validate`'s.
 */

const everyoneNode: EveryoneNode = Object.freeze({ kind: 'everyone' })
const nobodyNode: NobodyNode = Object.freeze({ kind: 'nobody' })

export function everyone(): EveryoneNode {
  return everyoneNode
}

export function nobody(): NobodyNode {
  return nobodyNode
}

export function parameter(name: string): Parameter {
  return Object.freeze({ param: plainText(name).normalize('NFC') })
}

export function has(tag: Slot<string>): HasNode {
  return Object.freeze({ kind: 'has', tag: text(tag) })
}

export function presence(kind: PresenceNode['kind'], tag: Slot<string>): PresenceNode {
  return Object.freeze({ kind, tag: text(tag) })
}

export function value(kind: ValueNode['kind'], tag: Slot<string>, operand: Slot<Constant>): ValueNode {
  return Object.freeze({ kind, tag: text(tag), value: constant(operand) })
}

export function compare(kind: CompareNode['kind'], tag: Slot<string>, operand: Slot<Constant>): CompareNode {
  return Object.freeze({ kind, tag: text(tag), value: constant(operand) })
}

export function between(tag: Slot<string>, from: Slot<Constant>, to: Slot<Constant>): BetweenNode {
  return Object.freeze({ kind: 'between', tag: text(tag), from: constant(from), to: constant(to) })
}

export function within(tag: Slot<string>, window: Window): WithinNode {
  return Object.freeze({ kind: 'within', tag: text(tag), window })
}

export function list(kind: ListNode['kind'], tag: Slot<string>, values: Slot<readonly Slot<Constant>[]>): ListNode {
  if (!isParameter(values) && !Array.isArray(values)) {
    throw new CrowdbitError('RULE_WRONG_TYPE', `${show(values)} stands where an array of values is expected`, {
      found: values,
    })
  }
  const frozen = isParameter(values) ? parameter(values.param) : Object.freeze(Array.from(values, constant))
  return Object.freeze({ kind, tag: text(tag), values: frozen })
}

export function textTest(kind: TextNode['kind'], tag: Slot<string>, constant: Slot<string>): TextNode {
  return Object.freeze({ kind, tag: text(tag), text: text(constant) })
}

export function matches(tag: Slot<string>, pattern: Slot<string>): PatternNode {
  return Object.freeze({ kind: 'matches', tag: text(tag), pattern: text(pattern) })
}

/** Audience names are compared after NFC and trimming (law 18). */
export function audience(name: Slot<string>, version: AudienceNode['version'] = null): AudienceNode {
  const normal = isParameter(name) ? parameter(name.param) : plainText(name).normalize('NFC').trim()
  return Object.freeze({ kind: 'audience', name: normal, version })
}

export function not(rule: RuleNode): RuleNode {
  return Object.freeze({ kind: 'not', rule })
}

/** @throws RULE_EMPTY_AND for no parts: a rule fails closed, it never opens up to everyone (law 5). */
export function and(rules: readonly RuleNode[]): RuleNode {
  if (rules.length === 0) {
    throw new CrowdbitError(
      'RULE_EMPTY_AND',
      'and() of no rules would be everyone, so it is refused. Write everyone() where everyone is meant.',
    )
  }
  return combine('and', rules)
}

/** No parts: nobody. */
export function or(rules: readonly RuleNode[]): RuleNode {
  return rules.length === 0 ? nobodyNode : combine('or', rules)
}

/** No parts: nobody, since nobody is in an odd number of them. */
export function xor(rules: readonly RuleNode[]): RuleNode {
  return rules.length === 0 ? nobodyNode : combine('xor', rules)
}

/** @throws RULE_EMPTY for no parts: there is nothing to take away from. */
export function minus(rules: readonly RuleNode[]): RuleNode {
  if (rules.length === 0) throw new CrowdbitError('RULE_EMPTY', 'minus() needs a rule to take the others away from')
  return combine('minus', rules)
}

export function atLeast(k: Slot<number>, rules: readonly RuleNode[]): AtLeastNode {
  return Object.freeze({
    kind: 'atLeast',
    k: isParameter(k) ? parameter(k.param) : k,
    rules: Object.freeze([...rules]),
  })
}

// ─── Windows and events ──────────────────────────────────────────────────────────────────────────────────────────────

const everWindow: EverWindow = Object.freeze({ kind: 'ever' })

export function ever(): EverWindow {
  return everWindow
}

/** What is left out: the present unit not included, no shift, weeks from Monday on. */
export function lastWindow(
  count: Slot<number>,
  unit: LastWindow['unit'],
  options: Partial<Pick<LastWindow, 'includeCurrent' | 'ago' | 'weekStart'>> = {},
): LastWindow {
  const { includeCurrent = false, ago = 0, weekStart = 'monday' } = options
  return Object.freeze({
    kind: 'last',
    count: number(count),
    unit,
    includeCurrent,
    ago: number(ago),
    weekStart: unit === 'weeks' ? weekStart : 'monday',
  })
}

export function rangeWindow(from: Slot<string> | null, to: Slot<string> | null): RangeWindow {
  return Object.freeze({ kind: 'range', from: from === null ? null : text(from), to: to === null ? null : text(to) })
}

export function duration(count: Slot<number>, unit: Duration['unit']): Duration {
  return Object.freeze({ count: number(count), unit })
}

export function eventTerm(
  event: Slot<string>,
  where: RuleNode | null = null,
  property: Slot<string> | null = null,
  sign: 1 | -1 = 1,
): EventTerm {
  return Object.freeze({ event: text(event), where, property: property === null ? null : text(property), sign })
}

const atLeastOnce: NumberTest = Object.freeze({ op: 'gte', value: 1 })

/** Without a test: at least one event, whatever the measure. */
export function behaviour(
  measure: BehaviourNode['measure'],
  events: readonly EventTerm[],
  window: Window = everWindow,
  test: NumberTest = atLeastOnce,
): BehaviourNode {
  return Object.freeze({
    kind: 'behaviour',
    measure,
    events: Object.freeze([...events]),
    window,
    test: numberTest(test),
  })
}

export function occurrence(
  kind: OccurrenceNode['kind'],
  event: EventTerm,
  test: RuleNode | null = null,
  window: Window = everWindow,
): OccurrenceNode {
  return Object.freeze({ kind, event, test, window })
}

export function step(
  event: EventTerm,
  within: Duration | null = null,
  without: readonly EventTerm[] = [],
): SequenceStep {
  return Object.freeze({ event, within, without: Object.freeze([...without]) })
}

export function sequence(
  steps: readonly SequenceStep[],
  options: Partial<Pick<SequenceNode, 'absence' | 'same' | 'allowSameTime' | 'window'>> = {},
): SequenceNode {
  const { absence = null, same = null, allowSameTime = false, window = everWindow } = options
  return Object.freeze({
    kind: 'sequence',
    steps: Object.freeze([...steps]),
    absence:
      absence === null ? null : Object.freeze({ events: Object.freeze([...absence.events]), within: absence.within }),
    same: same === null ? null : text(same),
    allowSameTime,
    window,
  })
}

export function stopped(event: EventTerm, earlier: Window, later: Window): StoppedNode {
  return Object.freeze({ kind: 'stopped', event, earlier, later })
}

export function resumed(event: EventTerm, earlier: Window, gap: Window, later: Window): ResumedNode {
  return Object.freeze({ kind: 'resumed', event, earlier, gap, later })
}

export function newly(event: EventTerm, window: Window): NewNode {
  return Object.freeze({ kind: 'new', event, window })
}

export function regular(
  event: EventTerm,
  times: Slot<number>,
  periods: Slot<number>,
  of: Slot<number>,
  unit: RegularNode['unit'],
  weekStart: RegularNode['weekStart'] = 'monday',
): RegularNode {
  return Object.freeze({
    kind: 'regular',
    event,
    times: number(times),
    periods: number(periods),
    of: number(of),
    unit,
    weekStart: unit === 'weeks' ? weekStart : 'monday',
  })
}

export function numberTest(test: NumberTest): NumberTest {
  return test.op === 'between'
    ? Object.freeze({ op: test.op, from: constant(test.from), to: constant(test.to) })
    : Object.freeze({ op: test.op, value: constant(test.value) })
}

function combine(kind: 'and' | 'or' | 'xor' | 'minus', rules: readonly RuleNode[]): RuleNode {
  return rules.length === 1 ? rules[0]! : Object.freeze({ kind, rules: Object.freeze([...rules]) })
}

/** @throws RULE_WRONG_TYPE for what is no text, which the compiler can't stop in JavaScript. */
function text(slot: Slot<string>): Slot<string> {
  return isParameter(slot) ? parameter(slot.param) : plainText(slot).normalize('NFC')
}

/** @throws RULE_WRONG_TYPE for what is neither text nor a number. */
function constant(slot: Slot<Constant>): Slot<Constant> {
  if (typeof slot === 'number') return slot === 0 ? 0 : slot
  return text(slot)
}

function number(slot: Slot<number>): Slot<number> {
  return isParameter(slot) ? parameter(slot.param) : slot
}

function plainText(found: unknown): string {
  if (typeof found === 'string') return found
  throw new CrowdbitError('RULE_WRONG_TYPE', `${show(found)} stands where text is expected`, { found })
}
