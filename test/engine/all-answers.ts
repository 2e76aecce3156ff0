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
import { world } from '../testing/check-answers.ts'

/** Who is asked. */
export type Asked = Engine<SchemaSpec> | View<SchemaSpec>

/** An answer, or the code of the error. */
export function answer<Answer>(ask: () => Answer): Answer | string {
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

/** The rule of a case, and one of each column that there is. */
export function rulesOf({ rule }: SegmentationCase, schema: SchemaSpec): readonly Rule[] {
  const presences = Object.entries(schema).map(([tag, { kind }]) =>
    kind === 'event' ? make.behaviour('count', [make.eventTerm(tag)]) : make.presence('isSet', tag),
  )
  return [rule, make.everyone(), ...presences].map((node) => Rule.of(node))
}

/** All that can be asked, of whom names have gone left out. */
export function allAnswers(asked: Asked, tried: SegmentationCase, gone: ReadonlySet<ExternalId>): unknown {
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

/** What there is to know of the values of a column. */
export function insightOf(
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
