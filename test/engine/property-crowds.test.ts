import { describe, expect, test } from 'vitest'
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

const leaveOut = ['remove', 'link', 'unlink', 'audience', 'addColumn', 'dropColumn'] as const

describe('bitmaps of all shapes: each person of the reference is a crowd', () => {
  test.each([
    ['one behind the other', false, { timeZone: 'America/New_York', date: '2026-03-08' }],
    ['among each other', true, { timeZone: 'America/Sao_Paulo', date: '2018-02-18' }],
  ])('crowds %s', async (_, mixed, frame) => {
    const crowds = new CrowdEngine(mixed, frame.timeZone)
    const { engine } = crowds
    await assertOnCases(
      60,
      ({ schema, changes, rule: node, asOfs, ...settings }) => {
        const reference = new ReferencePopulation(schema, settings)
        for (let person = 0; person < 60; person++) reference.put(idAt(person), {})
        for (const change of changes) reference.apply(change)
        crowds.load(reference)
        const [asOf] = asOfs
        const view = reference.at(asOf!)
        const people = peopleOf(node, view)
        const rule = Rule.of(node)
        const set = engine.select(rule, { asOf })
        expect(Buffer.from(set.dense().buffer).equals(Buffer.from(crowds.numbersOf(people).buffer))).toBe(true)
        set.release()
        expect(engine.count(rule, { asOf })).toBe(crowds.sizeOf(people))
        expect(engine.explain(rule, { asOf }).count).toBe(crowds.sizeOf(people))
        const parts = rulePartsOf(node)
        if (parts.length > 200) return
        const sizes = engine.preview(rule, { asOf }).nodes.map(({ count, without }) => [count, without])
        const expected = parts.map((part) => [
          crowds.sizeOf(peopleOf(part.node, view)),
          part.without === null ? null : crowds.sizeOf(peopleOf(part.without, view)),
        ])
        expect(sizes).toEqual(expected)
      },
      { leaveOut, frame },
    )
  })
})

test('people far apart: 70,000 people who were removed lie between them', async () => {
  await assertOnCases(
    12,
    (tried) => {
      const system = new CrowdbitSystem(tried.schema, tried)
      const { engine } = system
      const played = playCase({ ...tried, changes: [] }, 0, system)
      for (let person = 0; person < 60; person++) {
        played.play({ kind: 'put', rows: [[idAt(person), {}]] })
        if (person % 6 !== 0) continue
        const fillers = Array.from({ length: 7_000 }, (_, index) => `filler ${person} ${index}`)
        engine.putMany(fillers.map((id) => [id, {}]))
        engine.removeMany(fillers)
      }
      expect(engine.denseOf(idAt(58))).toBeGreaterThan(70_000)
      for (const change of tried.changes) played.play(change)
      for (const asOf of tried.asOfs) {
        checkAnswers(engine, played.reference.at(asOf), tried.rule)
        checkPreview(engine, played.reference.at(asOf), tried.rule)
      }
    }, // The id of somebody who is there already can't be taken off.
    { leaveOut: ['unlink'] },
  )
})
