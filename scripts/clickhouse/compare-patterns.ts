import type { ExternalId } from '../../src/index.ts'
import type { EventTerm, SequenceNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { millisOf } from '../../test/real-data/sequence-sql.ts'
import {
  type ComparedLog,
  checkByLaw,
  clickhouseRange,
  clickhouseTerm,
  describe,
  missingFrom,
  ourPeople,
  peopleWithTies,
} from './compared-log.ts'
import type { Chain } from './random-chains.ts'
import type { Tally } from './tally.ts'

/**
 * `sequenceMatch` of a chain with gaps, or of two steps without an event between, against the sequence. It puts events at the
 * same instant into no order that is known, and takes one as later than the other: so, where there are none, it must be equal.
 *
 * @param without an event that must not come between the first two steps
 */
export async function comparePattern(
  compared: ComparedLog,
  chain: Chain,
  without: EventTerm | null,
  tally: Tally,
): Promise<void> {
  const { clickhouse, crowd, table } = compared
  const { window } = chain
  const steps = without === null ? chain.steps : chain.steps.slice(0, 2)
  const gaps = steps.map((_, index) => (without === null ? chain.gap[index]! : null))
  // Events that fit no condition are not seen, so what stands directly behind has none of the conditions' events between.
  const between = gaps.map((gap, index) =>
    index === 0 || without !== null ? '' : gap === null ? '.*' : `(?t<=${millisOf(gap)})`,
  )
  const pattern = steps.map((_, index) => `${between[index]}(?${index + 1})`).join('')
  const conditions = [...steps, ...(without === null ? [] : [without])]
  const sql = `select person from ${table} where ${clickhouseRange(window)} group by person
    having sequenceMatch('${pattern}')(at_ms, ${conditions.map(clickhouseTerm).join(', ')})`
  const theirs = new Set(clickhouse.rows(sql).map(([person]) => person as ExternalId))
  const rule: SequenceNode = make.sequence(
    steps.map((event, index) => make.step(event, gaps[index]!, index === 1 && without !== null ? [without] : [])),
    { window },
  )
  const ours = ourPeople(compared, rule)
  tally.ask()
  tally.answer(ours.size, crowd.size)
  const different = [...missingFrom(ours, theirs), ...missingFrom(theirs, ours)]
  if (different.length === 0) return
  await checkByLaw(compared, rule, ours)
  const show = (): string =>
    `${describe(compared, rule)}\ncrowdbit and the law ${ours.size}, sequenceMatch ${theirs.size}: ${sql.replace(/\s+/g, ' ')}`
  const pairs = conditions.flatMap((a, i) => conditions.slice(i).map((b) => [a, b] as const))
  const tied = await peopleWithTies(compared, pairs, window, 'another event')
  const isKnown =
    different.every((id) => tied.has(id)) && (without !== null || liesBetween(compared, rule, ours, theirs))
  if (!isKnown) throw new Error(`sequenceMatch differs for no reason that is known\n${show()}`)
  tally.differ({ [reason]: different.length }, show)
}

const reason = 'events at the same instant are taken in some order, as if one were later'

/** Whether ClickHouse has all who are in the sequence, and nobody who is not in it even if steps may be at the same time. */
function liesBetween(
  compared: ComparedLog,
  rule: SequenceNode,
  ours: ReadonlySet<ExternalId>,
  theirs: ReadonlySet<ExternalId>,
): boolean {
  const loose = ourPeople(compared, make.sequence(rule.steps, { ...rule, allowSameTime: true }))
  return missingFrom(ours, theirs).length + missingFrom(theirs, loose).length === 0
}
