import { describe, expect, test } from 'vitest'
import type { CategoryWriter, Engine, ExternalId, FlagWriter, SchemaSpec } from '../../src/index.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { playCase } from '../testing/played-case.ts'

/** Everything that can be seen of an engine. */
function snapshot(engine: Engine<SchemaSpec>): unknown {
  const people = [...engine.select('everyone')].map((id) => [id, engine.denseOf(id), engine.get(id)])
  const values = Object.keys(engine.schema).map((column) => {
    const writer = engine.tags[column] as FlagWriter | CategoryWriter<string>
    return [column, writer.size, 'values' in writer ? writer.values() : null]
  })
  const audiences = engine.audiences
    .list()
    .map(({ name, rule, versions }) => [
      name,
      rule?.node,
      versions.map((version) => [version.number, [...version.ids()]]),
    ])
  return { size: engine.size, schema: engine.schema, people, values, audiences, version: engine.stats().dataVersion }
}

/** Writes that are refused: each is right at first and wrong at the end. */
function refusals(
  engine: Engine<SchemaSpec>,
  known: readonly ExternalId[],
): readonly (readonly [string, () => unknown])[] {
  const all: (readonly [string, () => unknown])[] = [
    [
      'a bad id among rows',
      () =>
        engine.putMany([
          ['new 1', {}],
          ['', {}],
        ]),
    ],
    [
      'an unknown column',
      () =>
        engine.putMany([
          ['new 2', {}],
          ['new 3', { 'no column': true } as never],
        ]),
    ],
    ['a bad id among removals', () => engine.removeMany([...known, -1])],
    ['half a surrogate pair', () => engine.removeMany([...known, '\ud800'])],
    ['a column name that is none', () => engine.addColumn(' ', { kind: 'flag' })],
    ['an unknown column to drop', () => engine.dropColumn('no column')],
  ]
  for (const [column, spec] of Object.entries(engine.schema)) {
    all.push([`another column ${column}`, () => engine.addColumn(column, { kind: 'flag' })])
    const writer = engine.tags[column] as FlagWriter | CategoryWriter<string>
    const wrong = spec.kind === 'flag' ? 'yes' : spec.many ? ['T1', 7] : 7
    all.push([
      `a wrong value in ${column}`,
      () =>
        engine.putMany([
          ['new 4', {}],
          [known[0] ?? 'new 5', { [column]: wrong } as never],
        ]),
    ])
    const strangers = Uint32Array.of(...known.map((id) => engine.denseOf(id)!), 4_000_000_000)
    const badIds = [...known, 'new 6', 1.5]
    const bytes = Uint8Array.of(1, 2, 3)
    for (const members of [strangers, badIds, bytes]) {
      for (const action of ['add', 'clear', 'replace'] as const) {
        all.push([
          `${action} in ${column}`,
          () => ('clearAll' in writer ? writer[action]('T1', members) : writer[action](members)),
        ])
      }
    }
    if ('clearAll' in writer) all.push([`a value that is none in ${column}`, () => writer.add('\ud800', ['new 7'])])
    if (spec.kind === 'category' && spec.values !== null) {
      all.push([
        `a value that is not listed in ${column}`,
        () => (writer as CategoryWriter<string>).add('not listed', ['new 8']),
      ])
    }
  }
  for (const audience of engine.audiences.list()) {
    all.push(['an audience too small', () => audience.update({ bounds: { min: 1_000 } })])
    if (audience.source === 'list') {
      all.push([
        'a list too small',
        () => engine.audiences.createList({ name: 'X', members: ['new 9'], createUnknown: true }),
      ])
    } else all.push(['a rule too small', () => audience.update({ rule: 'nobody', bounds: { min: 1 } })])
  }
  return all
}

describe('a write that is refused leaves nothing changed', () => {
  test('ids, values, columns and audiences', async () => {
    await assertOnCases(80, (tried) => {
      const { engine, reference } = playCase(tried)
      const known = [...reference.people.keys()].slice(0, 20)
      const before = snapshot(engine)
      for (const [what, write] of refusals(engine, known)) {
        expect(write, what).toThrow(/[A-Z]+_/)
        expect(snapshot(engine), what).toEqual(before)
      }
    })
  })
})
