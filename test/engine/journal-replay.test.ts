import { expect, test } from 'vitest'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, world } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { stateOf } from './engine-state.ts'
import { recordsOf, replayed } from './recorded.ts'

test('what a journal wrote down, done again, gives the same engine', async () => {
  const check = async (tried: SegmentationCase): Promise<void> => {
    const { engine, play, reference } = playCase(tried, 0)
    const records = recordsOf(engine)
    for (const change of tried.changes) play(change)
    const again = replayed(tried, records)
    expect(stateOf(again, world)).toEqual(stateOf(engine, world))
    for (const asOf of tried.asOfs) checkAnswers(again, reference.at(asOf), tried.rule)
  }
  await assertOnCases(60, check)
  await assertOnCases(40, check, {}, widen)
})
