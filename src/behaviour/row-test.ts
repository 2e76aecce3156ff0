import type { EventDay } from '../events/event-day.ts'
import type { RowTestSpec } from './row-test-spec.ts'

/** Most rows that are looked at in one go: what is worked out of them stays in the cache. */
export const blockRows = 16_384

/** A test of single events, for many rows of a day at once. */
export interface RowTest {
  /** The test as plain data, as it is now. */
  readonly spec: RowTestSpec
  /** Writes for each row of `[lo, hi)`, at most `blockRows` of them, 1 into `out` if it passes and else 0, from 0 on. */
  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void
  /** Writes the rows of `[lo, hi)` that pass into `rows`, ascending, and says how many. Only where it is faster than a mask. */
  select?(day: EventDay, lo: number, hi: number, rows: Uint32Array): number
  /** Keeps of the first `found` of `rows` those that pass, and says how many. Only where it is faster than a mask. */
  keep?(day: EventDay, rows: Uint32Array, found: number): number
}

/** Every event, or none. */
export class ConstantTest implements RowTest {
  readonly #value: 0 | 1

  constructor(value: 0 | 1) {
    this.#value = value
  }

  get spec(): RowTestSpec {
    return { kind: 'constant', value: this.#value }
  }

  mask(_day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    out.fill(this.#value, 0, hi - lo)
  }
}

/** Events that pass none of the tests' opposite: `not`. */
export class NotTest implements RowTest {
  readonly #part: RowTest

  constructor(part: RowTest) {
    this.#part = part
  }

  get spec(): RowTestSpec {
    return { kind: 'not', part: this.#part.spec }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    this.#part.mask(day, lo, hi, out)
    for (let i = 0; i < hi - lo; i++) out[i] = out[i]! ^ 1
  }
}

/** Events by how many of the parts they pass. */
export class CombineTest implements RowTest {
  readonly #kind: 'or' | 'xor' | 'minus'
  readonly #parts: readonly RowTest[]
  readonly #part: Uint8Array = new Uint8Array(blockRows)

  constructor(kind: 'or' | 'xor' | 'minus', parts: readonly RowTest[]) {
    this.#kind = kind
    this.#parts = parts
  }

  get spec(): RowTestSpec {
    return { kind: this.#kind, parts: this.#parts.map(({ spec }) => spec) }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const part = this.#part
    const n = hi - lo
    this.#parts[0]!.mask(day, lo, hi, out)
    for (let p = 1; p < this.#parts.length; p++) {
      this.#parts[p]!.mask(day, lo, hi, part)
      switch (this.#kind) {
        case 'or':
          for (let i = 0; i < n; i++) out[i] = out[i]! | part[i]!
          break
        case 'xor':
          for (let i = 0; i < n; i++) out[i] = out[i]! ^ part[i]!
          break
        case 'minus':
          for (let i = 0; i < n; i++) out[i] = out[i]! & (part[i]! ^ 1)
          break
      }
    }
  }
}

/** Events that pass at least `k` of the parts. */
export class AtLeastTest implements RowTest {
  readonly #k: number
  readonly #parts: readonly RowTest[]
  readonly #part: Uint8Array = new Uint8Array(blockRows)
  readonly #met: Uint32Array = new Uint32Array(blockRows)

  constructor(k: number, parts: readonly RowTest[]) {
    this.#k = k
    this.#parts = parts
  }

  get spec(): RowTestSpec {
    return { kind: 'atLeast', k: this.#k, parts: this.#parts.map(({ spec }) => spec) }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const part = this.#part
    const met = this.#met
    const n = hi - lo
    met.fill(0, 0, n)
    for (const test of this.#parts) {
      test.mask(day, lo, hi, part)
      for (let i = 0; i < n; i++) met[i] = met[i]! + part[i]!
    }
    const k = this.#k
    for (let i = 0; i < n; i++) out[i] = Number(met[i]! >= k)
  }
}
