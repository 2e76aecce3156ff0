/**
 * The vocabulary of rules: one frozen tree of plain data. Each node is a set of living people, subsets of everyone, `U`.
 *
 * A node is made by the functions of `make-node.ts` alone, which keep what everything else relies on: nodes are frozen,
 * texts are in NFC, `and`, `or`, `xor` and `minus` have at least two parts. Two rules are the same exactly when their
 * trees are equal, part by part.
 */

/** A place in a template that a value fills in later. */
export interface Parameter {
  readonly param: string
}

/** A value, or the parameter that will give it. */
export type Slot<Value> = Value | Parameter

/**
 * A value to compare with. Text for categories; for numbers a finite double, which stands for the shortest decimal that
 * gives it (`String(x)`), or, for decimals that a double can't carry, their text (`"9007199254740993"`); for timestamps
 * the text of an instant (`"2026-11-20T09:00:00+08:00"`) or of a local date (`"2026-11-20"`).
 */
export type Constant = string | number

/** All living people: `U`. */
export interface EveryoneNode {
  readonly kind: 'everyone'
}

/** The empty set. */
export interface NobodyNode {
  readonly kind: 'nobody'
}

/** People who have the flag. */
export interface HasNode {
  readonly kind: 'has'
  readonly tag: Slot<string>
}

/** People who have a value in the column (`isSet`), or have none (`isNotSet` = `U \ isSet`). */
export interface PresenceNode {
  readonly kind: 'isSet' | 'isNotSet'
  readonly tag: Slot<string>
}

/**
 * One-value category, number or timestamp against one constant. `eq`: the value is it. `ne`: there is a value and it is
 * another (law 7: an absent value makes every comparison false). A timestamp equals a local date when it lies in that day.
 */
export interface ValueNode {
  readonly kind: 'eq' | 'ne'
  readonly tag: Slot<string>
  readonly value: Slot<Constant>
}

/**
 * Number or timestamp below, above, not above, not below a constant (law 9). Against a local date a timestamp is compared
 * by days: `lt` is before the day begins, `lte` before it ends, `gt` from its end on, `gte` from its beginning on.
 */
export interface CompareNode {
  readonly kind: 'lt' | 'lte' | 'gt' | 'gte'
  readonly tag: Slot<string>
  readonly value: Slot<Constant>
}

/** Number or timestamp from one constant to another, both included: `gte from` and `lte to`. */
export interface BetweenNode {
  readonly kind: 'between'
  readonly tag: Slot<string>
  readonly from: Slot<Constant>
  readonly to: Slot<Constant>
}

/** Timestamp inside a window. */
export interface WithinNode {
  readonly kind: 'within'
  readonly tag: Slot<string>
  readonly window: Window
}

/**
 * Category against a list of texts (law 8), and number against a list of numbers. On one-value columns: `in` (the value is in the list), `notIn` (there is a
 * value and it is not). On many-value columns: `hasAny`, `hasAll`, `hasNone` (there are values and none is in the
 * list). `in([])` and `hasAny([])` are nobody; `notIn([])`, `hasAll([])` and `hasNone([])` are `isSet`.
 */
export interface ListNode {
  readonly kind: 'in' | 'notIn' | 'hasAny' | 'hasAll' | 'hasNone'
  readonly tag: Slot<string>
  readonly values: Slot<readonly Slot<Constant>[]>
}

/** People with a value that begins with, or contains, the text: code points compared exactly. */
export interface TextNode {
  readonly kind: 'startsWith' | 'contains'
  readonly tag: Slot<string>
  readonly text: Slot<string>
}

/** People with a value in which the regular expression (RE2 syntax, linear time) finds a match anywhere. */
export interface PatternNode {
  readonly kind: 'matches'
  readonly tag: Slot<string>
  readonly pattern: Slot<string>
}

/** The people of an audience: evaluated now, or the members of its latest or of a numbered version (law 16). */
export interface AudienceNode {
  readonly kind: 'audience'
  readonly name: Slot<string>
  /** `null`: its rule or list as of now. */
  readonly version: number | 'latest' | null
}

// ─── Windows of time ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Every event that is seen: all those not after `asOf` (law 11). */
export interface EverWindow {
  readonly kind: 'ever'
}

/**
 * The last `count` units before `asOf` (law 12). Minutes and hours roll: `[asOf - n, asOf)`. Days, weeks and months are
 * whole local ones, and end where the present one begins; `includeCurrent` adds the part of the present one up to `asOf`
 * (so `count: 0` with it is today, this week, this month). `ago` moves the window back by so many units.
 */
export interface LastWindow {
  readonly kind: 'last'
  /** Whole, 0 or more; 0 only with `includeCurrent`. */
  readonly count: Slot<number>
  readonly unit: WindowUnit
  /** Only with days, weeks and months, and only with `ago: 0`. */
  readonly includeCurrent: boolean
  /** Whole, 0 or more: how many units before `asOf` the window ends. */
  readonly ago: Slot<number>
  /** The day on which weeks begin; matters for weeks only. */
  readonly weekStart: Weekday
}

/** From one point to another: `[from, to)`. Texts of instants, or of local dates, which stand for their beginnings. */
export interface RangeWindow {
  readonly kind: 'range'
  /** Included; `null`: from the first event on. */
  readonly from: Slot<string> | null
  /** Not included; `null`: to the last event that is seen. One of the two is there. */
  readonly to: Slot<string> | null
}

export type Window = EverWindow | LastWindow | RangeWindow

export type WindowUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months'
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** A length of time that does not depend on the calendar: a day is 24 hours, a week is 7 days. */
export interface Duration {
  /** Whole, 1 or more. */
  readonly count: Slot<number>
  readonly unit: DurationUnit
}

export type DurationUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks'

// ─── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Some events of a kind. The filter is a rule about one event, in which names are properties: made of tests and
 * combinations of them alone, all of it about the same event (law 13). An absent property makes a test false (law 7).
 */
export interface EventTerm {
  readonly event: Slot<string>
  readonly where: RuleNode | null
  /** For `sum`, `avg`, `min`, `max`: the number; for `distinct`: any property. `null` for the other measures. */
  readonly property: Slot<string> | null
  /** -1: a sum takes these away ("net of refunds"). 1 for all other measures. */
  readonly sign: 1 | -1
}

/**
 * What is measured of a person's events in the window. `count`: how many. `days`: on how many different local days.
 * `distinct`: how many different values of the property. `recency`: how many local days the last one is past, 0 for today.
 * `sum`, `avg`, `min`, `max` of the property, over the events that have it. Over no event `count`, `days` and `distinct` are
 * 0, the others absent, and what is absent makes every test false.
 */
export type Measure = 'count' | 'days' | 'distinct' | 'recency' | 'sum' | 'avg' | 'min' | 'max'

/** A number against constants; `between` includes both. */
export type NumberTest =
  | { readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; readonly value: Slot<number | string> }
  | { readonly op: 'between'; readonly from: Slot<number | string>; readonly to: Slot<number | string> }

/** People of whose events the measure passes the test: `count` `gte` 1 is "did" (law 13). */
export interface BehaviourNode {
  readonly kind: 'behaviour'
  readonly measure: Measure
  /**
   * At least one. The events of all of them together are measured: one that fits two terms is one event, while a sum or
   * average takes the value that each term names of it.
   */
  readonly events: readonly EventTerm[]
  readonly window: Window
  readonly test: NumberTest
}

/**
 * People whose first (last) event of those that are seen and fit its filter lies in the window and passes the test
 * (law 14). Among several at that same instant, one that passes is enough.
 */
export interface OccurrenceNode {
  readonly kind: 'first' | 'last'
  readonly event: EventTerm
  /** A rule about that one event, as a filter is. */
  readonly test: RuleNode | null
  readonly window: Window
}

/** One step of a sequence: an event, and what must hold of the gap between the step before and it. */
export interface SequenceStep {
  readonly event: EventTerm
  /** Longest gap, included; `null` for any. `null` on the first step. */
  readonly within: Duration | null
  /** Events that must not occur strictly between the two steps. Empty on the first step. */
  readonly without: readonly EventTerm[]
}

/**
 * People with events that make all of the steps, in order, all in the window (law 15). Any chain that fits is enough, and one event is never two steps.
 */
export interface SequenceNode {
  readonly kind: 'sequence'
  /** At least two; one is enough with `absence`. */
  readonly steps: readonly SequenceStep[]
  /**
   * Events that must not occur after the last step, up to so long after it, included. Before `asOf` has reached that
   * time it is not known, and does not hold.
   */
  readonly absence: { readonly events: readonly EventTerm[]; readonly within: Duration } | null
  /** The category property that all events of the chain, those of `without` and `absence` too, have one value of. */
  readonly same: Slot<string> | null
  /** Whether a step may come at the very time of the one before it; else strictly later. */
  readonly allowSameTime: boolean
  readonly window: Window
}

/** People who did in the earlier window and not in the later one (law 14). */
export interface StoppedNode {
  readonly kind: 'stopped'
  readonly event: EventTerm
  readonly earlier: Window
  readonly later: Window
}

/** People who did in the earlier window, not in the gap, and again in the later window. */
export interface ResumedNode {
  readonly kind: 'resumed'
  readonly event: EventTerm
  readonly earlier: Window
  readonly gap: Window
  readonly later: Window
}

/** People who did in the window and never before it. */
export interface NewNode {
  readonly kind: 'new'
  readonly event: EventTerm
  readonly window: Window
}

/** People with at least `times` events in each of at least `periods` of the last `of` whole units. */
export interface RegularNode {
  readonly kind: 'regular'
  readonly event: EventTerm
  readonly times: Slot<number>
  readonly periods: Slot<number>
  readonly of: Slot<number>
  readonly unit: WindowUnit
  readonly weekStart: Weekday
}

// ─── Logic ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `U` without the rule's people. */
export interface NotNode {
  readonly kind: 'not'
  readonly rule: RuleNode
}

/** Intersection, union, or the people in an odd number of the parts. At least two parts. */
export interface CombineNode {
  readonly kind: 'and' | 'or' | 'xor'
  readonly rules: readonly RuleNode[]
}

/** The first part without the people of any other. At least two parts. */
export interface MinusNode {
  readonly kind: 'minus'
  readonly rules: readonly RuleNode[]
}

/** People in at least `k` of the parts, a part that stands twice counting twice; `k` above their number is nobody. */
export interface AtLeastNode {
  readonly kind: 'atLeast'
  readonly k: Slot<number>
  readonly rules: readonly RuleNode[]
}

/** Any node. A closed union: visitors are records over `RuleKind`. */
export type RuleNode =
  | EveryoneNode
  | NobodyNode
  | HasNode
  | PresenceNode
  | ValueNode
  | CompareNode
  | BetweenNode
  | WithinNode
  | ListNode
  | TextNode
  | PatternNode
  | AudienceNode
  | BehaviourNode
  | OccurrenceNode
  | SequenceNode
  | StoppedNode
  | ResumedNode
  | NewNode
  | RegularNode
  | NotNode
  | CombineNode
  | MinusNode
  | AtLeastNode

/** The `kind` of every node. */
export type RuleKind = RuleNode['kind']

/** Whether a slot still waits for its value. */
export function isParameter(slot: unknown): slot is Parameter {
  return typeof slot === 'object' && slot !== null && 'param' in slot
}

/** A node that asks about events. */
export type EventNode =
  | BehaviourNode
  | OccurrenceNode
  | SequenceNode
  | StoppedNode
  | ResumedNode
  | NewNode
  | RegularNode

/** Whether a node asks about events. */
export function isEventNode(node: RuleNode): node is EventNode {
  switch (node.kind) {
    case 'behaviour':
    case 'first':
    case 'last':
    case 'sequence':
    case 'stopped':
    case 'resumed':
    case 'new':
    case 'regular':
      return true
    default:
      return false
  }
}

/** The events that a node names, in the order in which they stand in it. */
export function eventTerms(node: EventNode): readonly EventTerm[] {
  switch (node.kind) {
    case 'behaviour':
      return node.events
    case 'sequence':
      return [
        ...node.steps.flatMap((step) => [...step.without, step.event]),
        ...(node.absence === null ? [] : node.absence.events),
      ]
    default:
      return [node.event]
  }
}

/** The rules directly inside a node, in order; none for a condition. Filters of events are no rules about people. */
export function childRules(node: RuleNode): readonly RuleNode[] {
  switch (node.kind) {
    case 'not':
      return [node.rule]
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
    case 'atLeast':
      return node.rules
    default:
      return none
  }
}

const none: readonly RuleNode[] = Object.freeze([])
