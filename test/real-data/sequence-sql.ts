import type { Duration, EventTerm, SequenceNode } from '../../src/rules/ast.ts'
import { given, named } from './sql-text.ts'
import { inWindow, termSql } from './term-sql.ts'
import type { Moment } from './window-sql.ts'

const lengths: Readonly<Record<Duration['unit'], number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 7 * 86_400_000,
}

/**
 * Law 15 as it is written: a join of the steps, one condition for each of its words. All chains there are, no greedy choice.
 * Cost: all chains, so for small data.
 */
export function sequenceSql(node: SequenceNode, moment: Moment): string {
  const { steps, absence, same, allowSameTime, window } = node
  const link = same === null ? 'null' : named(given(same))
  const tables: string[] = []
  const conditions: string[] = []
  /** The table of the events of any of the terms, in the window or anywhere. */
  const table = (name: string, terms: readonly EventTerm[], inWindowOnly: boolean): void => {
    const fits = terms.map((term) => `(${inWindowOnly ? inWindow(term, window, moment) : termSql(term, moment)})`)
    tables.push(
      `${name} as materialized (select n, person, at_ms, ${link} as link from events where ${fits.join(' or ')})`,
    )
  }
  /** No such event of the person, and of the chain's link, at such a time. */
  const none = (name: string, time: string): string => {
    const linked = same === null ? '' : ` and ${name}.link = s0.link`
    return `not exists (select 1 from ${name} where ${name}.person = s0.person and ${time}${linked})`
  }

  steps.forEach(({ event, within, without }, index) => {
    const [now, before] = [`s${index}`, `s${index - 1}`]
    table(now, [event], true)
    // An absent property never links, not even to itself.
    if (same !== null) conditions.push(index === 0 ? 's0.link is not null' : `${now}.link = s0.link`)
    if (index === 0) return
    conditions.push(`${now}.person = s0.person`, `${now}.at_ms ${allowSameTime ? '>=' : '>'} ${before}.at_ms`)
    // One event cannot be two steps.
    for (let earlier = 0; earlier < index; earlier++) conditions.push(`${now}.n <> s${earlier}.n`)
    if (within !== null) conditions.push(`${now}.at_ms - ${before}.at_ms <= ${millisOf(within)}`)
    if (without.length > 0) {
      table(`x${index}`, without, false)
      conditions.push(none(`x${index}`, `x${index}.at_ms > ${before}.at_ms and x${index}.at_ms < ${now}.at_ms`))
    }
  })
  if (absence !== null) {
    const last = `s${steps.length - 1}`
    const end = `${last}.at_ms + ${millisOf(absence.within)}`
    table('y', absence.events, false)
    conditions.push(`${end} <= ${moment.asOf}`, none('y', `y.at_ms > ${last}.at_ms and y.at_ms <= ${end}`))
  }
  const from = steps.map((_, index) => `s${index}`).join(', ')
  return `with ${tables.join(', ')} select distinct s0.person from ${from} where ${conditions.length === 0 ? 'true' : conditions.join(' and ')}`
}

export function millisOf({ count, unit }: Duration): number {
  return given(count) * lengths[unit]
}
