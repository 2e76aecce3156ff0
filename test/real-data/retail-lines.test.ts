import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/index.ts'
import type { SequenceNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import type { EventLog } from './event-log.ts'
import { behaviourIn, measuredIn } from './random-behaviours.ts'
import { windowIn } from './random-windows.ts'
import { type lineSchema, linesEngine, openLines, readLines } from './retail-log.ts'
import { combined, compareMany } from './same-people.ts'

/** The file's times are those of a clock in London, which is an hour ahead of UTC in summer. */
const zone = 'Europe/London'

describeWithData('541,909 lines of Online Retail', 'online-retail/onlineretail.csv.gz', (path) => {
  let crowd: Engine<typeof lineSchema>
  let log: EventLog

  beforeAll(async () => {
    log = await openLines(path, zone)
    const lines = [...readLines(path)]
    expect(lines).toHaveLength(541_909)
    expect(lines.filter(({ customer }) => customer === '')).toHaveLength(135_080)
    expect(lines.filter(({ invoice }) => invoice.startsWith('C'))).toHaveLength(9_288)
    crowd = await linesEngine(lines, log)
  })

  afterAll(() => {
    log?.database.close()
  })

  test('4,338 customers bought 397,884 lines for 8,911,407.904 pounds, 1,589 gave 8,905 back', async () => {
    const asOf = '2011-12-10'
    expect(crowd.count('did purchase', { asOf })).toBe(4_338)
    expect(crowd.count('did refund', { asOf })).toBe(1_589)
    const totals = { purchase: [397_884, 8_911_407_904], refund: [8_905, 611_342_090] } as const
    for (const kind of ['purchase', 'refund'] as const) {
      const lines = Array.from({ length: crowd.size }, (_, dense) => crowd.events(crowd.idOf(dense)!, kind)).flat()
      expect([lines.length, lines.reduce((milli, { amount }) => milli + Math.round(amount! * 1000), 0)]).toEqual(
        totals[kind],
      )
    }
    expect(
      await log.database.rows(`select event, count(*), (sum(amount) * 1000)::bigint from events group by 1 order by 1`),
    ).toEqual([
      ['purchase', ...totals.purchase],
      ['refund', ...totals.refund],
    ])
  })

  test('random behaviours have the people that SQL has', async () => {
    const telling = await compareMany({ crowd, log }, combined(behaviourIn(log)), { seed: 20_111_209, ...campaign(60) })
    expect(telling).toBeGreaterThan(0.4)
  })

  test('sums and distinct values, many of them net of refunds, have the people that SQL has', async () => {
    const telling = await compareMany({ crowd, log }, measuredIn(log), { seed: 20_101_201, ...campaign(60) })
    expect(telling).toBeGreaterThan(0.4)
  })

  test('what was bought and given back, the same product, has the people that SQL has', async () => {
    const telling = await compareMany({ crowd, log }, sameProduct(log), { seed: 20_110_327, ...campaign(40) })
    expect(telling).toBeGreaterThan(0.4)
  })
})

/** Two or three lines of one product, bought or given back: so many lines have a person in common that another link is needed. */
function sameProduct(log: EventLog): fc.Arbitrary<SequenceNode> {
  const term = fc.constantFrom('purchase', 'refund').map((kind) => make.eventTerm(kind))
  const length = fc
    .tuple(fc.constantFrom('hours' as const, 'days' as const, 'weeks' as const), fc.integer({ min: 1, max: 40 }))
    .map(([unit, count]) => make.duration(count, unit))
  const step = fc
    .tuple(term, fc.option(length), fc.oneof(fc.constant([]), fc.tuple(term)))
    .map(([event, within, without]) => make.step(event, within, without))
  const absence = fc.tuple(term, length).map(([event, within]) => ({ events: [event], within }))
  return fc
    .tuple(
      term,
      fc.array(step, { minLength: 1, maxLength: 2 }),
      fc.option(absence, { freq: 3 }),
      fc.boolean(),
      windowIn(log),
    )
    .map(
      ([first, others, ends, allowSameTime, window]) =>
        make.sequence([make.step(first), ...others], {
          absence: ends,
          same: 'product',
          allowSameTime,
          window,
        }) as SequenceNode,
    )
}
