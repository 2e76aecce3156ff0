import { invariant } from '../base/invariant.ts'
import type { ValueDictionary } from '../columns/value-dictionary.ts'
import type { EventDay } from '../events/event-day.ts'
import { scaleOf } from './compile-filter.ts'
import type { EventsOfKind } from './event-source.ts'

/** A property of a kind of event. */
export interface PropertyOfKind {
  readonly events: EventsOfKind
  readonly property: string
}

/**
 * Values of a property as doubles that are equal exactly where the values are, NaN for none, also across kinds of events:
 * dictionaries number the same text differently, and the same decimal is another whole number at another scale.
 *
 *   decimals   v · 10^(finest scale - scale), a whole number; where that leaves 2^53, a number of its own and 0.75
 *   texts      a number for each text in order of first sight, and 0.5
 *   flags      0.25
 *
 * Only one kind of event: texts are their codes, decimals the scaled integers, as they stand.
 */
export class CommonValues {
  readonly #parts: readonly PropertyOfKind[]
  /** Whether all parts are one property of one kind. */
  readonly #alone: boolean
  readonly #finest: number
  readonly #texts = new Map<string, number>()
  readonly #tables = new Map<ValueDictionary, Float64Array>()
  readonly #large = new Map<bigint, number>()

  constructor(parts: readonly PropertyOfKind[]) {
    const [first] = parts
    this.#parts = parts
    this.#alone = parts.every(({ events, property }) => events === first!.events && property === first!.property)
    this.#finest = Math.max(0, ...parts.map(({ events, property }) => scaleOf(property, events) ?? 0))
  }

  /** Writes the values of a day's rows, or without rows of `[lo, hi)`, into `out`, from 0 on. */
  read(part: number, day: EventDay, rows: Uint32Array | null, found: number, lo: number, out: Float64Array): void {
    const { events, property } = this.#parts[part]!
    const cells = day.properties.get(property)
    if (cells === undefined) out.fill(Number.NaN, 0, found)
    else if (cells.kind === 'flag') {
      for (let i = 0; i < found; i++) out[i] = cells.bits[rows === null ? lo + i : rows[i]!] === 1 ? 0.25 : Number.NaN
    } else if (cells.kind === 'category') {
      const { codes } = cells
      if (codes instanceof Uint8Array) copy8(codes, rows, found, lo, out)
      else if (codes instanceof Uint16Array) copy16(codes, rows, found, lo, out)
      else copy32(codes, rows, found, lo, out)
      if (this.#alone) for (let i = 0; i < found; i++) out[i] = out[i] === 0 ? Number.NaN : out[i]!
      else {
        const table = this.#tableOf(events, property)
        for (let i = 0; i < found; i++) out[i] = table[out[i]!]!
      }
    } else {
      const { values, absent } = cells
      if (values instanceof Int32Array) copyInts(values, absent, rows, found, lo, out)
      else copyDoubles(values, rows, found, lo, out)
      const factor = 10 ** (this.#finest - scaleOf(property, events)!)
      if (factor !== 1) for (let i = 0; i < found; i++) out[i] = this.#scaled(out[i]!, factor)
    }
  }

  #scaled(value: number, factor: number): number {
    const scaled = value * factor
    if (Number.isNaN(value) || Math.abs(scaled) < 2 ** 53) return scaled
    const exact = BigInt(value) * BigInt(factor)
    const known = this.#large.get(exact)
    if (known !== undefined) return known
    const fresh = this.#large.size + 0.75
    this.#large.set(exact, fresh)
    return fresh
  }

  /** For each code of a dictionary the number of its text among all. */
  #tableOf(events: EventsOfKind, property: string): Float64Array {
    const dictionary = events.category(property)
    invariant(dictionary !== null, 'a category has a dictionary')
    const known = this.#tables.get(dictionary) ?? new Float64Array([Number.NaN])
    if (known.length > dictionary.size) return known
    const table = new Float64Array(dictionary.size + 1)
    table.set(known)
    for (let code = known.length; code < table.length; code++) {
      const text = dictionary.textOf(code - 1)
      let number = this.#texts.get(text)
      if (number === undefined) {
        number = this.#texts.size + 0.5
        this.#texts.set(text, number)
      }
      table[code] = number
    }
    this.#tables.set(dictionary, table)
    return table
  }
}

function copy8(codes: Uint8Array, rows: Uint32Array | null, found: number, lo: number, out: Float64Array): void {
  if (rows === null) for (let i = 0; i < found; i++) out[i] = codes[lo + i]!
  else for (let i = 0; i < found; i++) out[i] = codes[rows[i]!]!
}

function copy16(codes: Uint16Array, rows: Uint32Array | null, found: number, lo: number, out: Float64Array): void {
  if (rows === null) for (let i = 0; i < found; i++) out[i] = codes[lo + i]!
  else for (let i = 0; i < found; i++) out[i] = codes[rows[i]!]!
}

function copy32(codes: Uint32Array, rows: Uint32Array | null, found: number, lo: number, out: Float64Array): void {
  if (rows === null) for (let i = 0; i < found; i++) out[i] = codes[lo + i]!
  else for (let i = 0; i < found; i++) out[i] = codes[rows[i]!]!
}

function copyInts(
  values: Int32Array,
  absent: number,
  rows: Uint32Array | null,
  found: number,
  lo: number,
  out: Float64Array,
): void {
  for (let i = 0; i < found; i++) {
    const value = values[rows === null ? lo + i : rows[i]!]!
    out[i] = value === absent ? Number.NaN : value
  }
}

function copyDoubles(
  values: Float64Array,
  rows: Uint32Array | null,
  found: number,
  lo: number,
  out: Float64Array,
): void {
  for (let i = 0; i < found; i++) out[i] = values[rows === null ? lo + i : rows[i]!]!
}
