import type { LastWindow, RegularNode, Weekday, Window } from '../../src/rules/ast.ts'
import { given, quoted } from './sql-text.ts'

/** When a question is asked: an instant in milliseconds, and the zone of local days. */
export interface Moment {
  readonly asOf: number
  readonly zone: string
}

/** Conditions on `at_ms` (milliseconds) and `day` (the local date) of an event. */
export interface WindowSql {
  /** The event lies in the window. */
  readonly inside: string
  /** The event lies before the window begins. */
  readonly before: string
}

const isoWeekday: Readonly<Record<Weekday, number>> = {
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
}

/** Law 12, by the dates that DuckDB's ICU gives, not by instants at which days begin. */
export function windowSql(window: Window, moment: Moment): WindowSql {
  switch (window.kind) {
    case 'ever':
      return { inside: 'true', before: 'false' }
    case 'last':
      return lastSql(window, moment)
    case 'range': {
      const { from, to } = window
      const before = from === null ? 'false' : beforeSql(given(from), moment.zone)
      return {
        inside: to === null ? `not (${before})` : `not (${before}) and ${beforeSql(given(to), moment.zone)}`,
        before,
      }
    }
  }
}

/** The event is before an instant, or before a local date begins. */
function beforeSql(text: string, zone: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `day < date ${quoted(text)}`
  const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/.test(text)
  const instant = hasOffset ? `timestamptz ${quoted(text)}` : `timezone(${quoted(zone)}, timestamp ${quoted(text)})`
  return `at_ms < epoch_ms(${instant})`
}

function lastSql({ count, unit, includeCurrent, ago, weekStart }: LastWindow, { asOf, zone }: Moment): WindowSql {
  const [most, least] = [given(count) + given(ago), given(ago)]
  if (unit === 'minutes' || unit === 'hours') {
    const length = unit === 'minutes' ? 60_000 : 3_600_000
    const before = `at_ms < ${asOf - most * length}`
    return { inside: `not (${before}) and at_ms < ${asOf - least * length}`, before }
  }
  const place = placeOf(unit, weekStart)
  const today = place(localDate(asOf, zone))
  const before = `${place('day')} < ${shifted(today, unit, most)}`
  const end = includeCurrent ? `at_ms < ${asOf}` : `${place('day')} < ${shifted(today, unit, least)}`
  return { inside: `not (${before}) and ${end}`, before }
}

/** How many whole units ago, from 1 on, the event was; 0 or less for the present one. Null for none. */
export function unitsAgoSql(
  { unit, weekStart }: Pick<RegularNode, 'unit' | 'weekStart'>,
  { asOf, zone }: Moment,
): string {
  const place = placeOf(unit, weekStart)
  const today = place(localDate(asOf, zone))
  switch (unit) {
    case 'minutes':
      return `ceil((${asOf} - at_ms) / 60000.0)::bigint`
    case 'hours':
      return `ceil((${asOf} - at_ms) / 3600000.0)::bigint`
    case 'days':
      return `(${today} - day)`
    case 'weeks':
      return `((${today} - ${place('day')}) // 7)`
    case 'months':
      return `((year(${today}) - year(day)) * 12 + month(${today}) - month(day))`
  }
}

/** The local date of an instant. */
export function localDate(at: number | string, zone: string): string {
  return `timezone(${quoted(zone)}, make_timestamptz(${typeof at === 'number' ? String(at * 1000) : `${at} * 1000`}))::date`
}

/** The first day of the unit that a date lies in. */
function placeOf(unit: RegularNode['unit'], weekStart: Weekday): (date: string) => string {
  if (unit === 'months') return (date) => `date_trunc('month', ${date})::date`
  if (unit !== 'weeks') return (date) => `(${date})`
  // SQL's weeks begin on Monday: so the days are moved there and back.
  const shift = (8 - isoWeekday[weekStart]) % 7
  return (date) => `(date_trunc('week', (${date} + ${shift})::date)::date - ${shift})`
}

function shifted(date: string, unit: RegularNode['unit'], count: number): string {
  if (unit === 'months') return `(${date} - interval ${count} month)::date`
  return `(${date} - ${unit === 'weeks' ? 7 * count : count})`
}
