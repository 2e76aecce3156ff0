import type { Millis } from '../base/brand.ts'

/**
 * The events of one kind in one local day, column by column, sorted by person and time; those of one person at one
 * instant stay in the order in which they came. Row `i` of every array belongs to one event. Arrays may be longer than
 * `size`: what lies behind it means nothing.
 *
 * A look at the column: valid until the column's next write.
 */
export interface EventDay {
  /** Days since 1970-01-01 of the local date. */
  readonly day: number
  /** The first instant of the day. */
  readonly start: Millis
  /** The first instant of the next day. */
  readonly end: Millis
  /** How many events there are; at least one. */
  readonly size: number
  /** The column's revision when this day changed last. */
  readonly version: number
  /** Dense numbers, ascending. */
  readonly people: Uint32Array
  /** Milliseconds after `start`, ascending inside one person. */
  readonly times: Uint32Array
  /** Values by property, for every property of the event. */
  readonly properties: ReadonlyMap<string, PropertyValues>
}

/** What the events of a day say of one property. Kind and width of an array may differ from day to day. */
export type PropertyValues =
  /** 0 where it is absent, else its number in the property's dictionary and 1. */
  | { readonly kind: 'category'; readonly codes: Uint8Array | Uint16Array | Uint32Array }
  /** Scaled integers; `absent` stands for no value: -2^31, or NaN, which only `Number.isNaN` finds. */
  | { readonly kind: 'number'; readonly values: Int32Array | Float64Array; readonly absent: number }
  /** 1 where it is raised, else 0. */
  | { readonly kind: 'flag'; readonly bits: Uint8Array }
