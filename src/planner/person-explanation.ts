import type { Millis } from '../base/brand.ts'
import type { TimeZone } from '../base/time-zone.ts'
import { type PlainWindow, resolveWindow } from '../base/window.ts'
import type { Measured, WindowRole } from '../behaviour/behaviours.ts'
import { childRules, type EventNode, isEventNode, isParameter, type RuleNode } from '../rules/ast.ts'
import { printRule } from '../rules/text/print-rule.ts'
import { type ExplainedBounds, explainBounds } from './explain-windows.ts'

/**
 * What decided a condition for one person.
 *
 * - On a tag: its value.
 * - On what is measured of events: the number that was compared. It is exact: one that no double carries is its decimal
 *   text. An average was compared exactly too, as sum and count, and is shown as the double nearest to it.
 * - On the first or last event, a sequence, a life cycle: what was looked at.
 *
 * `null` is an absent value, which makes a comparison false (law 7): no tag, a sum over no event, no such event, no chain.
 * Counts of events, days and values are 0 where there is none.
 */
export type DecidingValue =
  | true
  | string
  | number
  | Date
  | readonly string[]
  | DecidingEvent
  | DecidingChain
  | DecidingCounts
  | null

/**
 * The first or last event of all that fit and are seen, in the window or not: a condition whose window it misses is false. Of
 * several at that instant it is one that passes the test, if one does.
 */
export interface DecidingEvent {
  readonly kind: 'event'
  readonly at: Date
  /** As `Engine.events` shows them; absent properties are left out. */
  readonly properties: Readonly<Record<string, true | string | number>>
}

/** The chain of events by which a sequence holds: of all chains the one with the earliest first step, then second, and so on. */
export interface DecidingChain {
  readonly kind: 'chain'
  /** The instant of each step. */
  readonly steps: readonly Date[]
}

/** How many events there are in each window that `stopped`, `resumed`, `new` or `regular` asks about. */
export interface DecidingCounts {
  readonly kind: 'counts'
  /** As the rule names them; periods from the oldest on. */
  readonly windows: readonly DecidingCount[]
}

/** How many events there are in a window. */
export interface DecidingCount extends ExplainedBounds {
  /** Which window: for `new` that `within` which, and all time `before`; for `regular` one `period` each. */
  readonly role: WindowRole
  readonly count: number
}

/** One part of a rule as it turned out for one person. */
export interface PersonStep {
  /** The part, as text. */
  readonly rule: string
  /** Whether the person is among its people. */
  readonly holds: boolean
  /** What decided a condition on a tag or on events; `null` for an absent value, `undefined` for what asks neither. */
  readonly value: DecidingValue | undefined
  /** The window of time of a condition that has one; where it has several, they are with the counts of its value. */
  readonly window: ExplainedBounds | undefined
  readonly steps: readonly PersonStep[]
}

/** A rule as it turned out for one person, and what it was asked of (law 23). */
export interface PersonExplanation extends PersonStep {
  /** The instant for which the rule was answered. */
  readonly asOf: Millis
  /** The zone in which days begin, and in which bounds of windows are written. */
  readonly timeZone: string
  /** How many living people there are: `U`. */
  readonly universe: number
  /** How many writes the data had seen. */
  readonly dataVersion: number
}

/** What is asked of the person, and when. */
export interface PersonView {
  readonly asOf: Millis
  readonly zone: TimeZone
  holds(node: RuleNode): boolean
  /** The person's value in a column. */
  value(column: string): true | string | number | Date | readonly string[] | undefined
  measured(node: EventNode): Measured
}

/** The truth of each part of a rule for one person, and the value that decided it (law 23). */
export function explainPerson(node: RuleNode, person: PersonView): PersonStep {
  return {
    rule: printRule(node),
    holds: person.holds(node),
    value: decidingValue(node, person),
    window: windowOf(node, person),
    steps: childRules(node).map((child) => explainPerson(child, person)),
  }
}

function decidingValue(node: RuleNode, person: PersonView): DecidingValue | undefined {
  if (isEventNode(node)) return shown(person.measured(node), person.zone)
  return 'tag' in node && !isParameter(node.tag) ? (person.value(node.tag) ?? null) : undefined
}

function shown(measured: Measured, zone: TimeZone): DecidingValue {
  if (typeof measured !== 'object' || measured === null) return measured
  switch (measured.kind) {
    case 'event':
      return { ...measured, at: new Date(measured.at) }
    case 'chain':
      return { kind: 'chain', steps: measured.at.map((at) => new Date(at)) }
    case 'counts':
      return {
        kind: 'counts',
        windows: measured.windows.map(({ role, bounds, count }) => ({ role, ...explainBounds(bounds, zone), count })),
      }
  }
}

function windowOf(node: RuleNode, { asOf, zone }: PersonView): ExplainedBounds | undefined {
  if (!('window' in node)) return undefined
  return explainBounds(resolveWindow(node.window as PlainWindow, asOf, zone), zone)
}
