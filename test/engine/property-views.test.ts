import { expect, test } from 'vitest'
import type { Engine, ExternalId, SchemaSpec, View } from '../../src/index.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { world } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { allAnswers } from './all-answers.ts'

/** Whom the view knew, and the engine no longer does. */
function goneSince(then: Engine<SchemaSpec>, now: Engine<SchemaSpec>): ReadonlySet<ExternalId> {
  return new Set(world.filter((id) => then.has(id) && now.denseOf(id) !== then.denseOf(id)))
}

const check = (tried: SegmentationCase, draw: (below: number) => number): void => {
  const { engine, play } = playCase(tried, 0)
  const views: { readonly view: View<SchemaSpec>; readonly moment: number }[] = []
  tried.changes.forEach((change, moment) => {
    if (draw(6) === 0) views.push({ view: engine.read(), moment })
    play(change)
    const { view } = views[draw(Math.max(1, views.length))] ?? {}
    if (view === undefined) return
    // Reading puts events into their places, and makes what is remembered of columns.
    if (draw(3) === 0) allAnswers(view, tried, new Set())
    if (draw(3) === 0) allAnswers(engine, tried, new Set())
    if (draw(8) !== 0) return
    const index = draw(views.length)
    const { view: ended } = views.splice(index, 1)[0]!
    ended.release()
    expect(() => ended.count('everyone')).toThrow(/VIEW_RELEASED/)
  })
  for (const { view, moment } of views) {
    const { engine: then } = playCase(tried, moment)
    const gone = goneSince(then, engine)
    for (const id of gone) {
      expect([view.has(id), view.idsOf(id), view.get(id), view.denseOf(id), view.matches(id, 'everyone')]).toEqual([
        false,
        [],
        undefined,
        undefined,
        false,
      ])
    }
    // Nobody is given an id that is not known here.
    for (const id of world) for (const other of view.idsOf(id)) expect(view.denseOf(other)).toBe(view.denseOf(id))
    expect(allAnswers(view, tried, gone)).toEqual(allAnswers(then, tried, gone))
    view.release()
  }
  // The engine itself is what it is without views.
  const { engine: fresh } = playCase(tried)
  expect(allAnswers(engine, tried, new Set())).toEqual(allAnswers(fresh, tried, new Set()))
}

test('a view answers as the engine would have answered at its moment, whatever is written afterwards', async () => {
  await assertOnCases(80, check)
})

test('the same with many values in each column', async () => {
  await assertOnCases(30, check, {}, widen)
})
