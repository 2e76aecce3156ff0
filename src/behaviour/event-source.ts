import type { TimeZone } from '../base/time-zone.ts'
import type { ValueDictionary } from '../columns/value-dictionary.ts'
import type { EventDay } from '../events/event-day.ts'
import type { EventSpec } from '../schema/column-spec.ts'

/** The events of one kind, as far as questions look at them. */
export interface EventsOfKind {
  readonly spec: EventSpec
  /** Grows with every change. */
  readonly revision: number
  /** Ascending by day; what a day says is good until the next change. */
  days(): readonly EventDay[]
  /** Sorts one of the days that have to be before `days` answers; `false` where none has. Cost: some 30 ns an event. */
  sortOne(): boolean
  /** Puts one more of the days `[day, end)` where other threads can read it; `false` where all are. Cost: a copy of the day. */
  shareOne(day: number, end: number): boolean
  /** The distinct texts of a category property; `null` for other properties. */
  category(property: string): ValueDictionary | null
}

/** Where the events are. */
export interface EventSource {
  event(name: string): EventsOfKind | undefined
  /** The zone of the local days into which the events are divided. */
  readonly zone: TimeZone
}
