import { decimalNumber } from '../base/decimal.ts'
import { NumberColumn } from '../columns/number-column.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { type Members, readOrderedMembers } from '../dataset/members.ts'
import { numberValues } from '../dataset/number-values.ts'
import type { Decimal, Instant } from '../schema/row.ts'
import type { BulkReport } from './bulk-report.ts'
import { telling } from './diagnostics/told-rejection.ts'

/** Bulk writes of a number. Each call is applied whole or not at all. */
export interface NumberWriter {
  /** How many people have a value. */
  readonly size: number
  /** The lowest value that anybody has, `null` where nobody has one. Cost: after a write up to two operations a bit. */
  readonly min: number | null
  /** The highest value that anybody has, `null` where nobody has one. */
  readonly max: number | null
  /**
   * Gives people a value each, in their order; the later of two for one person counts. Who is new is seen by it. A bitmap
   * and a user set are in ascending order of their dense numbers.
   * Cost: some 30 ns a value for ascending dense numbers, and a look-up for each id.
   *
   * @example
   * ```ts
   * crowd.tags.spend.set(['u1', 'u2', 'new'], [19.9, '1290.90', 5]) // { people: 3, created: 1 }
   * crowd.tags.spend.set(Uint32Array.of(7, 8), Float64Array.of(0.5, 12)) // { people: 2, created: 0 }
   * crowd.tags.spend.max // 1290.9
   * ```
   * @throws OPTION_INVALID where there are not as many values as people; VALUE_WRONG_TYPE, VALUE_TOO_MANY_DIGITS,
   * VALUE_OUT_OF_RANGE, which say at which place; MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the
   * ID_… codes; nothing is written then
   */
  set(members: Members, values: Float64Array | Int32Array | readonly Decimal[]): BulkReport
  /**
   * Makes exactly these people have a value, each its own: nobody else has one afterwards.
   * Cost: as `set`.
   *
   * @example
   * ```ts
   * const shop = crowd.addColumn('points', number())
   * shop.tags.points.replace(crowd.select('老客'), new Int32Array(100).fill(10)).people // 100
   * ```
   * @throws as `set`
   */
  replace(members: Members, values: Float64Array | Int32Array | readonly Decimal[]): BulkReport
  /**
   * Takes the value from these people; who is new is seen by it all the same (law 2).
   * Cost: a look-up for each id, and a difference for each bit.
   *
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then
   */
  clear(members: Members): BulkReport
}

/** Bulk writes of a timestamp. Each call is applied whole or not at all. */
export interface TimestampWriter {
  /** How many people have a value. */
  readonly size: number
  /** The earliest instant that anybody has, `null` where nobody has one. Cost: after a write up to two operations a bit. */
  readonly min: Date | null
  /** The latest instant that anybody has, `null` where nobody has one. */
  readonly max: Date | null
  /**
   * Gives people an instant each, in their order: milliseconds since 1970, or what `put` takes.
   * Cost: some 40 ns a value for ascending dense numbers, and a look-up for each id.
   *
   * @example
   * ```ts
   * crowd.tags.joinedAt.set(['u1', 'u2'], ['2026-11-20T09:00:00+08:00', '2026-11-21']) // { people: 2, created: 0 }
   * crowd.tags.joinedAt.set(Uint32Array.of(3), Float64Array.of(1_790_000_000_000)).people // 1
   * ```
   * @throws TIME_INVALID, which says at which place, and else as `NumberWriter.set`
   */
  set(members: Members, values: Float64Array | readonly Instant[]): BulkReport
  /** Makes exactly these people have an instant, each its own. @throws as `set` */
  replace(members: Members, values: Float64Array | readonly Instant[]): BulkReport
  /** Takes the value from these people: as `NumberWriter.clear`. */
  clear(members: Members): BulkReport
}

/** The writer of a number or timestamp column, which is looked up at each call. */
export function numberWriter(
  dataset: Dataset,
  name: string,
  clear: (members: Members) => BulkReport,
): NumberWriter | TimestampWriter {
  const current = (): NumberColumn => {
    const column = dataset.column(name)
    if (column instanceof NumberColumn) return column
    throw dataset.schema.unknown(name)
  }
  const bound = (which: 'min' | 'max'): number | Date | null => {
    const column = current()
    const bounds = column.bounds()
    if (bounds === null) return null
    return column.kind === 'timestamp' ? new Date(bounds[which]) : decimalNumber(bounds[which], column.limits.scale)
  }
  const write = (action: 'set' | 'replace', members: Members, given: unknown): BulkReport => {
    return telling('numbers', () => {
      const { people, created } = dataset.apply({
        kind: 'numbers',
        column: name,
        action,
        members: readOrderedMembers(members, dataset.ids),
        values: numberValues(name, current(), given, dataset.zone),
      })
      return { people, created }
    })
  }
  const writer = {
    get size(): number {
      return current().present.size
    },
    get min(): number | Date | null {
      return bound('min')
    },
    get max(): number | Date | null {
      return bound('max')
    },
    set: (members: Members, values: unknown): BulkReport => write('set', members, values),
    replace: (members: Members, values: unknown): BulkReport => write('replace', members, values),
    clear,
  }
  return writer as NumberWriter | TimestampWriter
}
