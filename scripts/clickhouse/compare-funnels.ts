import type { ExternalId } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
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

/** Longer than any log. */
const forever = 10_000_000_000_000

/**
 * `windowFunnel` of a chain against a sequence for each of its levels: `strict_increase` is each step later than the one
 * before, the default mode allows the same time. A funnel's window goes from its first step to its last, where the law has a
 * limit for each gap, so two steps are compared with one, and longer chains without.
 */
export async function compareFunnel(
  compared: ComparedLog,
  chain: Chain,
  allowSameTime: boolean,
  tally: Tally,
): Promise<void> {
  const { clickhouse, crowd, table } = compared
  const { steps, window } = chain
  const length = steps.length === 2 ? chain.length : null
  const mode = allowSameTime ? '' : `, 'strict_increase'`
  const sql = `select person, windowFunnel(${length === null ? forever : millisOf(length)}${mode})(at_ms, ${steps.map(clickhouseTerm).join(', ')})
    from ${table} where ${clickhouseRange(window)} group by person`
  const levels = clickhouse.rows(sql) as [ExternalId, number][]
  tally.ask()
  for (let level = 1; level <= steps.length; level++) {
    const rule: RuleNode =
      level === 1
        ? make.behaviour('count', [steps[0]!], window)
        : make.sequence(
            steps.slice(0, level).map((event, index) => make.step(event, index === 0 ? null : length)),
            { allowSameTime, window },
          )
    const ours = ourPeople(compared, rule)
    const theirs = new Set(levels.filter(([, highest]) => highest >= level).map(([person]) => person))
    tally.answer(ours.size, crowd.size)
    const [missed, added] = [missingFrom(ours, theirs), missingFrom(theirs, ours)]
    if (missed.length + added.length === 0) continue
    await checkByLaw(compared, rule, ours)
    const show = (): string =>
      `${describe(compared, rule)}\ncrowdbit and the law ${ours.size}, windowFunnel ${theirs.size}: ${sql.replace(/\s+/g, ' ')}`
    const reached = steps.slice(0, level)
    const next = reached.slice(1).map((step, index) => [reached[index]!, step] as const)
    // At one instant the same event can also come back two steps later.
    const pairs = allowSameTime ? reached.flatMap((a, i) => reached.slice(i + 1).map((b) => [a, b] as const)) : next
    const bound = (which: 'one event' | 'another event') => peopleWithTies(compared, pairs, window, which)
    const [both, tied] = [await bound('one event'), await bound('another event')]
    const differing = allowSameTime ? added : missed
    const [fitting, others] = [differing.filter((id) => both.has(id)), differing.filter((id) => !both.has(id))]
    if ((allowSameTime ? missed : added).length > 0 || !others.every((id) => !allowSameTime && tied.has(id))) {
      throw new Error(
        `windowFunnel differs for no reason that is known: missing ${missed.length}, added ${added.length}\n${show()}`,
      )
    }
    const itself = reasons[allowSameTime ? 'taken twice' : 'replaced by itself']
    tally.differ({ [itself]: fitting.length, [reasons['replaced by another']]: others.length }, show)
  }
}

const reasons = {
  'taken twice': 'one event that fits two steps is taken for both',
  'replaced by itself':
    'strict_increase: an event that fits two steps is the earlier one first, which makes it forget the chain that it would have gone on',
  'replaced by another':
    'strict_increase: an event of the earlier step at the instant of the next one makes it forget the chain that this would have gone on',
}
