import { decimalText } from '../base/decimal.ts'
import { nearestQuotient } from '../base/nearest-quotient.ts'
import type { EventDay } from '../events/event-day.ts'
import type { Measure } from '../rules/ast.ts'
import { CommonValues } from './common-values.ts'
import { scaleOf } from './compile-filter.ts'
import type { EventsOfKind } from './event-source.ts'
import { countRows, type DayRows } from './rows-of-person.ts'

/** The events of one person that are of one term, and what is measured of them. */
export interface MeasuredTerm {
  readonly events: EventsOfKind
  /** `null` where no property is measured. */
  readonly property: string | null
  readonly sign: 1 | -1
  readonly days: readonly DayRows[]
}

/**
 * The number that a measure compares, of one person's events (law 13): 0 for counts over no event, `null` for all else that
 * is absent. Whole and exact, save for an average; a number that no double carries is its decimal text.
 *
 * @param today the local day of the instant that is asked about
 */
export function amountOf(measure: Measure, terms: readonly MeasuredTerm[], today: number): number | string | null {
  switch (measure) {
    case 'count':
      return countEvents(terms)
    case 'days':
      return dayNumbers(terms).size
    case 'recency': {
      const days = [...dayNumbers(terms)]
      return days.length === 0 ? null : today - days.reduce((a, b) => Math.max(a, b))
    }
    case 'distinct':
      return countValues(terms)
    default:
      return numberOf(measure, terms)
  }
}

/** An event that is of two terms is still one event. */
function countEvents(terms: readonly MeasuredTerm[]): number {
  if (terms.length === 1) return countRows(terms[0]!.days)
  const counted = new Map<EventDay, Set<number>>()
  for (const { days } of terms) {
    for (const { day, rows } of days) {
      const known = counted.get(day) ?? new Set()
      counted.set(day, known)
      for (const row of rows) known.add(row)
    }
  }
  return [...counted.values()].reduce((count, rows) => count + rows.size, 0)
}

function dayNumbers(terms: readonly MeasuredTerm[]): Set<number> {
  return new Set(terms.flatMap(({ days }) => days.map(({ day }) => day.day)))
}

function countValues(terms: readonly MeasuredTerm[]): number {
  const values = new CommonValues(terms.map(({ events, property }) => ({ events, property: property! })))
  const different = new Set<number>()
  terms.forEach(({ days }, part) => {
    for (const { day, rows } of days) {
      const read = new Float64Array(rows.length)
      values.read(part, day, rows, rows.length, 0, read)
      for (const value of read) if (!Number.isNaN(value)) different.add(value)
    }
  })
  return different.size
}

function numberOf(measure: 'sum' | 'avg' | 'min' | 'max', terms: readonly MeasuredTerm[]): number | string | null {
  const scale = Math.max(...terms.map(({ events, property }) => scaleOf(property!, events)!))
  const numbers = terms.flatMap((term) => scaledNumbers(term, scale))
  if (numbers.length === 0) return null
  switch (measure) {
    case 'sum':
      return exactNumber(sumOf(numbers), scale)
    case 'avg':
      return nearestQuotient(sumOf(numbers), BigInt(numbers.length) * 10n ** BigInt(scale))
    case 'min':
      return exactNumber(sorted(numbers)[0]!, scale)
    case 'max':
      return exactNumber(sorted(numbers).at(-1)!, scale)
  }
}

function sorted(numbers: readonly bigint[]): readonly bigint[] {
  return numbers.toSorted((a, b) => (a < b ? -1 : Number(a > b)))
}

function sumOf(numbers: readonly bigint[]): bigint {
  return numbers.reduce((a, b) => a + b)
}

/** The numbers of a term's events that have one, as whole numbers at a scale. */
function scaledNumbers({ events, property, sign, days }: MeasuredTerm, scale: number): bigint[] {
  const factor = BigInt(sign) * 10n ** BigInt(scale - scaleOf(property!, events)!)
  const numbers: bigint[] = []
  for (const { day, rows } of days) {
    const cells = day.properties.get(property!)
    if (cells?.kind !== 'number') continue
    for (const row of rows) {
      const value = cells.values[row]!
      if (value !== cells.absent && !Number.isNaN(value)) numbers.push(BigInt(value) * factor)
    }
  }
  return numbers
}

/** The decimal as the number of which it is the shortest decimal; as its text where there is none. */
function exactNumber(scaled: bigint, scale: number): number | string {
  const text = decimalText(scaled, scale)
  const number = Number(text)
  return String(number) === text ? number : text
}
