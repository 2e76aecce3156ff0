import { test } from 'vitest'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkExplainMatch } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'

test('law 23: of any question about events, the truth is that of matches and the value that of the reference', async () => {
  await assertOnCases(
    60,
    (tried) => {
      const { engine, reference: population } = playCase(tried)
      for (const asOf of tried.asOfs) {
        const reference = population.at(asOf)
        for (const id of reference.people.keys()) checkExplainMatch(engine, reference, tried.rule, id)
      }
    },
    { columns: ['event'], leaveOut: ['audience'], people: 3, changes: 10 },
  )
})
