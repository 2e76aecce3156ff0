import fc from 'fast-check'
import type { ExternalId } from '../../src/index.ts'
import type { EventTerm, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from '../../test/real-data/event-log.ts'
import { type ComparedLog, clickhouseRange, clickhouseTerm, describe, missingFrom, ourPeople } from './compared-log.ts'
import { rangeAround, simpleTerm } from './random-chains.ts'
import type { Tally } from './tally.ts'

/** Something done in a window. */
export type Deed = readonly [EventTerm, Window]

/** Two to four deeds of which the later ones are asked of those who did the first. */
export function deedsIn(log: EventLog): fc.Arbitrary<readonly Deed[]> {
  const deed = fc
    .tuple(fc.constantFrom(...log.events), fc.constantFrom(...log.instants))
    .chain(([event, at]) => fc.tuple(simpleTerm(log, event), rangeAround(log, at, at + 30 * 86_400_000)))
  return fc.array(deed, { minLength: 2, maxLength: 4 })
}

/** `retention` against did and did. */
export function compareRetention(compared: ComparedLog, deeds: readonly Deed[], tally: Tally): void {
  const { clickhouse, crowd, table } = compared
  const conditions = deeds.map(([term, window]) => `(${clickhouseTerm(term)} and ${clickhouseRange(window)})`)
  const rows = clickhouse.rows(`select person, retention(${conditions.join(', ')}) from ${table} group by person`) as [
    ExternalId,
    number[],
  ][]
  tally.ask()
  const did = deeds.map(([term, window]) => make.behaviour('count', [term], window))
  did.forEach((later, index) => {
    const rule = index === 0 ? later : make.and([did[0]!, later])
    const ours = ourPeople(compared, rule)
    const theirs = new Set(rows.filter(([, kept]) => kept[index] === 1).map(([person]) => person))
    tally.answer(ours.size, crowd.size)
    if (missingFrom(ours, theirs).length + missingFrom(theirs, ours).length === 0) return
    throw new Error(`retention differs: crowdbit ${ours.size}, ClickHouse ${theirs.size}: ${describe(compared, rule)}`)
  })
}
