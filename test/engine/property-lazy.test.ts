import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { loadEngineOn } from '../../src/engine/load-engine.ts'
import { saveEngine } from '../../src/engine/save-engine.ts'
import type { Engine, Millis, SchemaSpec, View } from '../../src/index.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { MemoryFileSystem } from '../store/memory-file-system.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { world } from '../testing/check-answers.ts'
import { applyToCrowdbit, playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { type Asked, allAnswers, answer, insightOf, rulesOf } from './all-answers.ts'

/** Single questions, each of which needs something else of the data. */
function questionsOf(tried: SegmentationCase, schema: SchemaSpec): readonly ((asked: Asked) => unknown)[] {
  const asOf = tried.asOfs[0]!
  const rules = rulesOf(tried, schema)
  return [
    (asked) => [asked.size, Object.keys(asked.schema), asked.workspaces()],
    (asked) => asked.audiences.list().map((audience) => [audience.toJSON(), audience.versions.map(({ size }) => size)]),
    ...world.slice(0, 8).map((id) => (asked: Asked) => [asked.denseOf(id), asked.idsOf(id)]),
    ...world.slice(0, 4).map((id) => (asked: Asked) => asked.get(id)),
    ...Object.entries(schema).map(
      ([name, { kind }]) =>
        (asked: Asked) =>
          kind === 'event'
            ? world.map((id) => asked.events(id, name as never))
            : insightOf(asked, name, kind, new Set()),
    ),
    ...rules.flatMap((rule) => [
      (asked: Asked) => asked.count(rule, { asOf }),
      (asked: Asked) => asked.hash(rule),
      (asked: Asked) => asked.select(rule, { asOf }).size,
      (asked: Asked) => [...asked.select(rule, { asOf })],
      (asked: Asked) => asked.explain(rule, { asOf }).count,
      (asked: Asked) => asked.matches(world[0]!, rule, { asOf }),
    ]),
  ]
}

interface Pair<T> {
  readonly lazy: T
  readonly eager: T
}

const check = async (tried: SegmentationCase, draw: (below: number) => number): Promise<void> => {
  const half = draw(tried.changes.length + 1)
  const { engine: origin } = playCase(tried, half)
  const fs = new MemoryFileSystem()
  await saveEngine(fs, '/data', insideOf(origin).savable())
  const clock = { now: () => tried.now as Millis }
  const crowd: Pair<Engine<SchemaSpec>> = {
    lazy: await loadEngineOn(fs, '/data', { clock, lazy: true }),
    eager: await loadEngineOn(fs, '/data', { clock }),
  }
  const systems = [crowd.lazy, crowd.eager].map((engine) => new CrowdbitSystem({}, {}, engine))
  const views: Pair<View<SchemaSpec>>[] = []
  const loading: Promise<void>[] = []
  let changes = tried.changes.slice(half)
  const ask = ({ lazy, eager }: Pair<Asked>): void => {
    const questions = questionsOf(tried, eager.schema)
    const question = questions[draw(questions.length)]!
    expect(answer(() => question(lazy))).toEqual(answer(() => question(eager)))
  }
  for (let step = 0; step < 24; step++) {
    switch (draw(9)) {
      case 0:
        views.push({ lazy: crowd.lazy.read(), eager: crowd.eager.read() })
        break
      case 1: {
        const [ended] = views.splice(draw(Math.max(1, views.length)), 1)
        ended?.lazy.release()
        ended?.eager.release()
        break
      }
      case 2:
        loading.push(crowd.lazy.loaded())
        if (draw(2) === 0) await loading.at(-1)
        break
      case 3:
        await setImmediate()
        break
      case 4: {
        // Seldom: the first write loads everything.
        const [change] = changes
        if (change === undefined || draw(3) !== 0) break
        changes = changes.slice(1)
        for (const system of systems) applyToCrowdbit(change, system)
        break
      }
      case 5:
      case 6:
        if (views.length > 0) ask(views[draw(views.length)]!)
        break
      default:
        ask(crowd)
    }
  }
  for (const view of views)
    expect(allAnswers(view.lazy, tried, new Set())).toEqual(allAnswers(view.eager, tried, new Set()))
  expect(allAnswers(crowd.lazy, tried, new Set())).toEqual(allAnswers(crowd.eager, tried, new Set()))
  await Promise.all([...loading, crowd.lazy.loaded()])
  for (const change of changes) for (const system of systems) applyToCrowdbit(change, system)
  expect(allAnswers(crowd.lazy, tried, new Set())).toEqual(allAnswers(crowd.eager, tried, new Set()))
  for (const view of views)
    expect(allAnswers(view.lazy, tried, new Set())).toEqual(allAnswers(view.eager, tried, new Set()))
}

test('an engine that is loaded when it is used answers as one that was loaded at once, whatever is asked, written and viewed in which order', async () => {
  await assertOnCases(60, check)
})

test('the same with many values in each column', async () => {
  await assertOnCases(20, check, {}, widen)
})
