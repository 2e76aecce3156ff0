import { expect, test } from 'vitest'
import {
  CrowdbitError,
  type Engine,
  type ExternalId,
  type NumberSpec,
  type SchemaSpec,
  type UserSet,
  type View,
} from '../../src/index.ts'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { world } from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'

type Asked = Engine<SchemaSpec> | View<SchemaSpec>

/** An answer, or the code of the error. */
function answer<Answer>(ask: () => Answer): Answer | string {
  try {
    return ask()
  } catch (error) {
    if (error instanceof CrowdbitError && error.code !== 'INTERNAL') return error.code
    throw error
  }
}

/** People as numbers, and the names of those who are not gone. */
function peopleOf(set: UserSet, gone: ReadonlySet<ExternalId>): unknown {
  const people = { dense: [...set.dense()], ids: [...set].filter((id) => !gone.has(id)), size: set.size }
  set.release()
  return people
}

function rulesOf({ rule }: SegmentationCase, schema: SchemaSpec): readonly Rule[] {
  const presences = Object.entries(schema).map(([tag, { kind }]) =>
    kind === 'event' ? make.behaviour('count', [make.eventTerm(tag)]) : make.presence('isSet', tag),
  )
  return [rule, make.everyone(), ...presences].map((node) => Rule.of(node))
}

/** All that can be asked, of whom names have gone left out. */
function allAnswers(asked: Asked, tried: SegmentationCase, gone: ReadonlySet<ExternalId>): unknown {
  const { schema } = asked
  const rules = rulesOf(tried, schema)
  const kinds = Object.entries(schema).filter(([, { kind }]) => kind === 'event')
  const named = world.filter((id) => !gone.has(id))
  return {
    size: asked.size,
    schema,
    columns: Object.keys(schema),
    people: named.map((id) => [
      id,
      asked.has(id),
      asked.denseOf(id),
      asked.idsOf(id).filter((other) => !gone.has(other)),
      asked.get(id),
      kinds.map(([name]) => asked.events(id, name as never)),
    ]),
    rules: rules.map((rule) =>
      answer(() => {
        const prepared = asked.prepare(rule)
        return tried.asOfs.map((asOf) => ({
          count: asked.count(rule, { asOf }),
          people: peopleOf(asked.select(rule, { asOf }), gone),
          matches: named.map((id) => prepared.matches(id, { asOf })),
          hash: asked.hash(rule),
          explained: asked.explain(rule, { asOf }).count,
          dataVersion: asked.explain(rule, { asOf }).dataVersion,
        }))
      }),
    ),
    preview: answer(() => asked.preview(rules[0]!, { asOf: tried.asOfs[0]! }).nodes.map(({ count }) => count)),
    insight: Object.entries(schema).map(([column, spec]) => insightOf(asked, column, spec.kind, gone)),
    workspaces: asked.workspaces(),
    audiences: asked.audiences.list().map((audience) => ({
      facts: audience.toJSON(),
      rule: audience.rule?.node,
      versions: audience.versions.map((version) => {
        const { number, ruleHash, asOf, dataVersion, size } = version
        return { number, ruleHash, asOf, dataVersion, size, people: peopleOf(version.people(), gone) }
      }),
      asked: [
        answer(() => asked.count(Rule.of(make.audience(audience.name)), { asOf: tried.asOfs[0]! })),
        answer(() => asked.count(Rule.of(make.audience(audience.name, 'latest')), { asOf: tried.asOfs[0]! })),
      ],
    })),
  }
}

function insightOf(
  asked: Asked,
  column: string,
  kind: SchemaSpec[string]['kind'] | NumberSpec['kind'],
  gone: ReadonlySet<ExternalId>,
): unknown {
  const { insight } = asked
  if (kind === 'number') {
    return [
      insight.aggregate('everyone', column as never),
      insight.quantiles('everyone', column as never, [0, 0.3, 1]),
      insight.histogram('everyone', column as never, { edges: [0, 10, 100] }),
      insight.top('everyone', column as never, 1_000).filter(({ id }) => !gone.has(id)),
    ]
  }
  return kind === 'flag' || kind === 'category' ? insight.cube('everyone', { by: [column as never] }) : null
}

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
  await assertOnCases(120, check)
})

test('the same with many values in each column', async () => {
  await assertOnCases(40, check, {}, widen)
})
