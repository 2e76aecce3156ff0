import type { EventDay } from '../events/event-day.ts'
import type { DoubleRange } from './number-range.ts'
import type { RowTest } from './row-test.ts'
import type { RowTestSpec } from './row-test-spec.ts'
import type { IntRange } from './select-code.ts'

/** Events by a number: it is there, and inside a range, or outside of it. */
export class NumberRangeTest implements RowTest {
  readonly #property: string
  readonly #range: DoubleRange

  constructor(property: string, range: DoubleRange) {
    this.#property = property
    this.#range = range
  }

  get spec(): RowTestSpec {
    return { kind: 'range', property: this.#property, range: this.#range }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const cells = day.properties.get(this.#property)
    if (cells?.kind !== 'number') {
      out.fill(0, 0, hi - lo)
      return
    }
    const { lo: from, hi: to, outside } = this.#range
    const { values } = cells
    if (values instanceof Int32Array) {
      const a = Math.max(from, lowestInt)
      const b = Math.min(to, highestInt)
      if (outside) maskOutside32(values, lo, hi, a, b, out)
      else if (a > b) out.fill(0, 0, hi - lo)
      else maskInside32(values, lo, hi, a, b - a, out)
    } else if (outside) maskOutside64(values, lo, hi, from, to, out)
    else maskInside64(values, lo, hi, from, to, out)
  }

  /** The numbers of a day and the range, where they are of 32 bits and some are inside; else `null`. */
  intsIn(day: EventDay): IntRange | null {
    const cells = day.properties.get(this.#property)
    const from = Math.max(this.#range.lo, lowestInt)
    const width = Math.min(this.#range.hi, highestInt) - from
    if (cells?.kind !== 'number' || !(cells.values instanceof Int32Array) || this.#range.outside || !(width >= 0))
      return null
    return { values: cells.values, from, width }
  }

  keep(day: EventDay, rows: Uint32Array, found: number): number {
    const cells = day.properties.get(this.#property)
    if (cells?.kind !== 'number') return 0
    const { lo: from, hi: to, outside } = this.#range
    const { values } = cells
    if (outside) return keepOutside(values, rows, found, from, to, cells.absent)
    if (!(values instanceof Int32Array)) return keepInside64(values, rows, found, from, to)
    const a = Math.max(from, lowestInt)
    const b = Math.min(to, highestInt)
    return a > b ? 0 : keepInside32(values, rows, found, a, b - a)
  }
}

/** Events whose number is one of a list, or is there and none of it. */
export class NumberSetTest implements RowTest {
  readonly #property: string
  readonly #values: ReadonlySet<number>
  readonly #listed: boolean

  constructor(property: string, values: ReadonlySet<number>, listed: boolean) {
    this.#property = property
    this.#values = values
    this.#listed = listed
  }

  get spec(): RowTestSpec {
    return { kind: 'set', property: this.#property, values: this.#values, listed: this.#listed }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const cells = day.properties.get(this.#property)
    if (cells?.kind !== 'number') {
      out.fill(0, 0, hi - lo)
      return
    }
    const { values, absent } = cells
    for (let i = lo; i < hi; i++) {
      const value = values[i]!
      const isThere = !Number.isNaN(value) && value !== absent
      out[i - lo] = Number(isThere && this.#values.has(value) === this.#listed)
    }
  }
}

/** The lowest 32-bit number stands for no value. */
const lowestInt = -(2 ** 31) + 1
const highestInt = 2 ** 31 - 1

/** `from <= value <= from + width`, both whole and of 32 bits: as unsigned numbers one comparison. */
function maskInside32(values: Int32Array, lo: number, hi: number, from: number, width: number, out: Uint8Array): void {
  for (let i = lo; i < hi; i++) out[i - lo] = Number((values[i]! - from) >>> 0 <= width)
}

function maskOutside32(values: Int32Array, lo: number, hi: number, from: number, to: number, out: Uint8Array): void {
  for (let i = lo; i < hi; i++) {
    const value = values[i]!
    out[i - lo] = Number(value >= lowestInt && !(value >= from && value <= to))
  }
}

// NaN, which stands for no value, is neither above nor below anything.

function maskInside64(values: Float64Array, lo: number, hi: number, from: number, to: number, out: Uint8Array): void {
  for (let i = lo; i < hi; i++) {
    const value = values[i]!
    out[i - lo] = Number(value >= from) & Number(value <= to)
  }
}

function maskOutside64(values: Float64Array, lo: number, hi: number, from: number, to: number, out: Uint8Array): void {
  for (let i = lo; i < hi; i++) {
    const value = values[i]!
    out[i - lo] = Number(!Number.isNaN(value) && !(value >= from && value <= to))
  }
}

function keepInside32(values: Int32Array, rows: Uint32Array, found: number, from: number, width: number): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    rows[n] = row
    n += Number((values[row]! - from) >>> 0 <= width)
  }
  return n
}

function keepInside64(values: Float64Array, rows: Uint32Array, found: number, from: number, to: number): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    const value = values[row]!
    rows[n] = row
    n += Number(value >= from) & Number(value <= to)
  }
  return n
}

function keepOutside(
  values: Int32Array | Float64Array,
  rows: Uint32Array,
  found: number,
  from: number,
  to: number,
  absent: number,
): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    const value = values[row]!
    rows[n] = row
    n += Number(!Number.isNaN(value) && value !== absent && !(value >= from && value <= to))
  }
  return n
}
