import type { EventTerm, Window } from '../../src/rules/ast.ts'
import { rowSql } from './row-sql.ts'
import { given, quoted } from './sql-text.ts'
import { type Moment, windowSql } from './window-sql.ts'

/** The event is seen (law 11), of the kind of the term, and fits its filter. */
export function termSql({ event, where }: EventTerm, { asOf }: Moment): string {
  const filter = where === null ? '' : ` and (${rowSql(where)})`
  return `event = ${quoted(given(event))} and at_ms <= ${asOf}${filter}`
}

/** The same, and it lies in the window. */
export function inWindow(term: EventTerm, window: Window, moment: Moment): string {
  return `${termSql(term, moment)} and ${windowSql(window, moment).inside}`
}
