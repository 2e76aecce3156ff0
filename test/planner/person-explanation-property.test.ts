import { expect, test } from 'vitest'
import { isEventNode, type RuleKind, type RuleNode } from '../../src/rules/ast.ts'
import { sequenceHolds } from '../../src/testing/reference-sequences.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkExplainMatch } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { chainOf } from '../testing/reference-measured.ts'

const eventRules: readonly RuleKind[] = [
  'behaviour',
  'first',
  'last',
  'sequence',
  'stopped',
  'resumed',
  'new',
  'regular',
]

test('law 23: of any question about events, the truth is that of matches and the value that of the reference', async () => {
  const asked = new Map<string, number>()
  const options = { only: [...eventRules, 'put', 'track', 'remove'] as const, people: 4, changes: 8 }
  await assertOnCases(
    700,
    (tried) => {
      const { rule } = tried
      const { engine, reference: population } = playCase(tried)
      for (const asOf of tried.asOfs) {
        const reference = population.at(asOf)
        for (const id of reference.people.keys()) {
          const value = checkExplainMatch(engine, reference, rule, id)?.value
          if (rule.kind === 'sequence') {
            expect(chainOf(rule, id, reference) !== null).toBe(sequenceHolds(rule, id, reference))
          }
          const what = `${nameOf(rule)} ${value === null || value === 0 ? 'none' : 'some'}`
          asked.set(what, (asked.get(what) ?? 0) + 1)
        }
      }
    },
    options,
  )
  console.log([...asked].sort())
})

function nameOf(rule: RuleNode): string {
  return rule.kind === 'behaviour' ? rule.measure : isEventNode(rule) ? rule.kind : 'other'
}
