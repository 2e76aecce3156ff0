import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/index.ts'
import { Rule } from '../../src/rules/rule.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import { peopleOf } from '../../src/testing/reference-evaluator.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, checkPreview } from '../testing/check-answers.ts'
import { CrowdEngine } from '../testing/crowd-engine.ts'
import { playCase } from '../testing/played-case.ts'
import { rulePartsOf } from '../testing/rule-parts.ts'

const onlyRows = { leaveOut: ['remove', 'audience', 'addColumn', 'dropColumn'] } as const

describe('bitmaps of all shapes: each person of the reference is a crowd', () => {
  test.each([
    ['one behind the other', false],
    ['among each other', true],
  ])('crowds %s', async (_, mixed) => {
    const crowds = new CrowdEngine(mixed)
    const { engine } = crowds
    await assertOnCases(
      60,
      ({ schema, changes, rule: node }) => {
        const reference = new ReferencePopulation(schema)
        for (let person = 0; person < 60; person++) reference.put(idAt(person), {})
        for (const change of changes) reference.apply(change)
        crowds.load(reference)
        const people = peopleOf(node, reference)
        const rule = Rule.of(node)
        const set = engine.select(rule)
        expect(Buffer.from(set.dense().buffer).equals(Buffer.from(crowds.numbersOf(people).buffer))).toBe(true)
        set.release()
        expect(engine.count(rule)).toBe(crowds.sizeOf(people))
        expect(engine.explain(rule).count).toBe(crowds.sizeOf(people))
        const parts = rulePartsOf(node)
        if (parts.length > 200) return
        const sizes = engine.preview(rule).nodes.map(({ count, without }) => [count, without])
        const expected = parts.map((part) => [
          crowds.sizeOf(peopleOf(part.node, reference)),
          part.without === null ? null : crowds.sizeOf(peopleOf(part.without, reference)),
        ])
        expect(sizes).toEqual(expected)
      },
      onlyRows,
    )
  })
})

test('people far apart: 70,000 people who were removed lie between them', async () => {
  await assertOnCases(12, (tried) => {
    const engine = createEngine({ schema: tried.schema })
    const played = playCase({ ...tried, changes: [] }, 0, new CrowdbitSystem(tried.schema, engine))
    for (let person = 0; person < 60; person++) {
      played.play({ kind: 'put', rows: [[idAt(person), {}]] })
      if (person % 6 !== 0) continue
      const fillers = Array.from({ length: 7_000 }, (_, index) => `filler ${person} ${index}`)
      engine.putMany(fillers.map((id) => [id, {}]))
      engine.removeMany(fillers)
    }
    expect(engine.denseOf(idAt(58))).toBeGreaterThan(70_000)
    for (const change of tried.changes) played.play(change)
    checkAnswers(engine, played.reference, tried.rule)
    checkPreview(engine, played.reference, tried.rule)
  })
})
