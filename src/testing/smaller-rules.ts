import {
  type BehaviourNode,
  type EventTerm,
  makeNode as make,
  type NumberTest,
  type RuleNode,
  type SequenceNode,
  type Window,
} from '../rules/index.ts'
import { combine } from './map-rule.ts'

/** Rules a step smaller than this one, the smallest first: its parts, itself with a part less, or with a smaller part. */
export function* smallerRules(rule: RuleNode): Generator<RuleNode, void, undefined> {
  if (rule.kind !== 'nobody') yield make.nobody()
  if (rule.kind !== 'nobody' && rule.kind !== 'everyone') yield make.everyone()
  yield* smallerParts(rule, smallerRules)
}

/** Filters of events a step smaller, none at all first. */
function* smallerFilters(filter: RuleNode | null): Generator<RuleNode | null, void, undefined> {
  if (filter === null) return
  yield null
  yield* smallerTests(filter)
}

function* smallerTests(filter: RuleNode): Generator<RuleNode, void, undefined> {
  yield* smallerParts(filter, smallerTests)
}

/** What is smaller of the rule itself: `inside` makes the rules in it smaller. */
function* smallerParts(
  rule: RuleNode,
  inside: (rule: RuleNode) => Iterable<RuleNode>,
): Generator<RuleNode, void, undefined> {
  switch (rule.kind) {
    case 'not':
      yield rule.rule
      for (const smaller of inside(rule.rule)) yield make.not(smaller)
      break
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      for (const rules of smallerLists(rule.rules, inside)) if (rules.length > 0) yield combine[rule.kind](rules)
      break
    case 'atLeast':
      yield* rule.rules
      if (typeof rule.k === 'number' && rule.k > 1) yield make.atLeast(rule.k - 1, rule.rules)
      for (const rules of smallerLists(rule.rules, inside)) yield make.atLeast(rule.k, rules)
      break
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
      if ('length' in rule.values) {
        for (const left of rule.values.keys()) yield make.list(rule.kind, rule.tag, rule.values.toSpliced(left, 1))
      }
      break
    case 'between':
      yield make.compare('gte', rule.tag, rule.from)
      yield make.compare('lte', rule.tag, rule.to)
      break
    case 'within':
      for (const window of smallerWindows(rule.window)) yield make.within(rule.tag, window)
      break
    case 'behaviour':
      yield* smallerBehaviours(rule)
      break
    case 'first':
    case 'last':
      yield make.behaviour('count', [rule.event], rule.window)
      for (const event of smallerTerms(rule.event)) yield make.occurrence(rule.kind, event, rule.test, rule.window)
      for (const test of smallerFilters(rule.test)) yield make.occurrence(rule.kind, rule.event, test, rule.window)
      for (const window of smallerWindows(rule.window)) yield make.occurrence(rule.kind, rule.event, rule.test, window)
      break
    case 'sequence':
      yield* smallerSequences(rule)
      break
    case 'stopped':
      yield make.behaviour('count', [rule.event], rule.earlier)
      for (const event of smallerTerms(rule.event)) yield make.stopped(event, rule.earlier, rule.later)
      for (const earlier of smallerWindows(rule.earlier)) yield make.stopped(rule.event, earlier, rule.later)
      for (const later of smallerWindows(rule.later)) yield make.stopped(rule.event, rule.earlier, later)
      break
    case 'resumed': {
      const { event, earlier, gap, later } = rule
      yield make.stopped(event, earlier, gap)
      for (const smaller of smallerTerms(event)) yield make.resumed(smaller, earlier, gap, later)
      for (const window of smallerWindows(earlier)) yield make.resumed(event, window, gap, later)
      for (const window of smallerWindows(gap)) yield make.resumed(event, earlier, window, later)
      for (const window of smallerWindows(later)) yield make.resumed(event, earlier, gap, window)
      break
    }
    case 'new':
      yield make.behaviour('count', [rule.event], rule.window)
      for (const event of smallerTerms(rule.event)) yield make.newly(event, rule.window)
      for (const window of smallerWindows(rule.window)) yield make.newly(rule.event, window)
      break
    case 'regular': {
      const { event, times, periods, of, unit, weekStart } = rule
      if (typeof times === 'number' && times > 1) yield make.regular(event, 1, periods, of, unit, weekStart)
      if (typeof periods === 'number' && periods > 1) yield make.regular(event, times, 1, of, unit, weekStart)
      if (typeof of === 'number' && of > 1 && periods === 1)
        yield make.regular(event, times, 1, of - 1, unit, weekStart)
      if (weekStart !== 'monday') yield make.regular(event, times, periods, of, unit)
      for (const smaller of smallerTerms(event)) yield make.regular(smaller, times, periods, of, unit, weekStart)
      break
    }
    default:
  }
}

function* smallerLists(
  rules: readonly RuleNode[],
  inside: (rule: RuleNode) => Iterable<RuleNode>,
): Generator<readonly RuleNode[], void, undefined> {
  for (const rule of rules) yield [rule]
  for (const index of rules.keys()) yield rules.toSpliced(index, 1)
  for (const [index, rule] of rules.entries()) {
    for (const smaller of inside(rule)) yield rules.toSpliced(index, 1, smaller)
  }
}

// ─── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function* smallerBehaviours({ measure, events, window, test }: BehaviourNode): Generator<RuleNode, void, undefined> {
  const plain = events.map(({ event, where }) => make.eventTerm(event, where))
  const atLeastOnce = test.op === 'gte' && test.value === 1
  if (measure !== 'count') yield make.behaviour('count', plain, window)
  if (measure !== 'count') yield make.behaviour('count', plain, window, test)
  else if (!atLeastOnce) yield make.behaviour('count', plain, window)
  for (const index of events.keys()) {
    if (events.length > 1) yield make.behaviour(measure, events.toSpliced(index, 1), window, test)
  }
  for (const smaller of smallerTermLists(events)) yield make.behaviour(measure, smaller, window, test)
  for (const smaller of smallerWindows(window)) yield make.behaviour(measure, events, smaller, test)
  for (const smaller of smallerTestsOf(test)) yield make.behaviour(measure, events, window, smaller)
}

function* smallerTestsOf(test: NumberTest): Generator<NumberTest, void, undefined> {
  if (test.op !== 'between') return
  yield { op: 'gte', value: test.from }
  yield { op: 'lte', value: test.to }
}

function* smallerSequences(node: SequenceNode): Generator<RuleNode, void, undefined> {
  const { steps, absence, same, allowSameTime, window } = node
  for (const { event } of steps) yield make.behaviour('count', [event], window)
  for (const index of steps.keys()) {
    const [first, ...others] = steps.toSpliced(index, 1)
    if (first === undefined || (others.length === 0 && absence === null)) continue
    yield make.sequence([make.step(first.event), ...others], node)
  }
  if (absence !== null && steps.length > 1) yield make.sequence(steps, { ...node, absence: null })
  if (same !== null) yield make.sequence(steps, { ...node, same: null })
  if (allowSameTime) yield make.sequence(steps, { ...node, allowSameTime: false })
  for (const smaller of smallerWindows(window)) yield make.sequence(steps, { ...node, window: smaller })
  for (const [index, { event, within, without }] of steps.entries()) {
    const others = [
      ...(within === null ? [] : [make.step(event, null, without)]),
      ...without.map((_, left) => make.step(event, within, without.toSpliced(left, 1))),
      ...smallerTermLists(without).map((terms) => make.step(event, within, terms)),
      ...smallerTerms(event).map((term) => make.step(term, within, without)),
    ]
    for (const step of others) yield make.sequence(steps.with(index, step), node)
  }
  if (absence === null) return
  for (const left of absence.events.keys()) {
    const events = absence.events.toSpliced(left, 1)
    if (events.length > 0) yield make.sequence(steps, { ...node, absence: { ...absence, events } })
  }
  for (const events of smallerTermLists(absence.events)) {
    yield make.sequence(steps, { ...node, absence: { ...absence, events } })
  }
}

/** The terms with one of them smaller. */
function smallerTermLists(terms: readonly EventTerm[]): readonly (readonly EventTerm[])[] {
  return terms.flatMap((term, index) => smallerTerms(term).map((smaller) => terms.with(index, smaller)))
}

function smallerTerms({ event, where, property, sign }: EventTerm): readonly EventTerm[] {
  return [
    ...[...smallerFilters(where)].map((filter) => make.eventTerm(event, filter, property, sign)),
    ...(sign === -1 ? [make.eventTerm(event, where, property)] : []),
  ]
}

function* smallerWindows(window: Window): Generator<Window, void, undefined> {
  if (window.kind === 'ever') return
  yield make.ever()
  if (window.kind === 'range') {
    if (window.from !== null && window.to !== null) {
      yield make.rangeWindow(window.from, null)
      yield make.rangeWindow(null, window.to)
    }
    return
  }
  const { count, unit, includeCurrent, ago, weekStart } = window
  const isZero = includeCurrent && count === 0
  if (includeCurrent && !isZero) yield make.lastWindow(count, unit, { weekStart })
  if (ago !== 0) yield make.lastWindow(count, unit, { weekStart })
  if (weekStart !== 'monday') yield make.lastWindow(count, unit, { includeCurrent, ago })
  if (typeof count === 'number' && count > 1) yield make.lastWindow(1, unit, { includeCurrent, ago, weekStart })
}
