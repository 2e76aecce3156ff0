import type { DurationUnit, Measure, Weekday, WindowUnit } from './ast.ts'

/** The words of windows, durations and measures, in the order in which messages list them. */

export const windowUnits: readonly WindowUnit[] = ['minutes', 'hours', 'days', 'weeks', 'months']

/** The units that are whole local ones, of which the present one can be included. */
export const calendarUnits: readonly WindowUnit[] = ['days', 'weeks', 'months']

export const durationUnits: readonly DurationUnit[] = ['seconds', 'minutes', 'hours', 'days', 'weeks']

export const weekdays: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
]

export const measures: readonly Measure[] = ['count', 'days', 'distinct', 'recency', 'sum', 'avg', 'min', 'max']
