import { describe, expect, test } from 'vitest'
import type {
  CategoryWriter,
  ColumnSpec,
  Engine,
  ExternalId,
  FlagWriter,
  NumberSpec,
  NumberWriter,
  SchemaSpec,
} from '../../src/index.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { playCase } from '../testing/played-case.ts'

type Writer = FlagWriter | CategoryWriter<string> | NumberWriter

/** Everything that can be seen of an engine. */
function snapshot(engine: Engine<SchemaSpec>): unknown {
  const ids = [...engine.select('everyone')]
  const people = ids.map((id) => [id, engine.denseOf(id), engine.get(id)])
  const values = Object.entries(engine.schema).map(([column, { kind }]) => {
    if (kind === 'event') return [column, ids.map((id) => engine.events(id, column as never))]
    const writer = engine.tags[column] as unknown as Writer
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
  const dense = known.map((id) => engine.denseOf(id)!)
  for (const [column, spec] of Object.entries(engine.schema)) {
    all.push([`another column ${column}`, () => engine.addColumn(column, { kind: 'flag' })])
    if (spec.kind === 'event') {
      all.push(...badEvents(engine, column, known))
      continue
    }
    const writer = engine.tags[column] as unknown as Writer
    for (const wrong of wrongValues(spec)) {
      all.push([
        `the wrong value ${String(wrong)} in ${column}`,
        () =>
          engine.putMany([
            ['new 4', {}],
            [known[0] ?? 'new 5', { [column]: wrong } as never],
          ]),
      ])
    }
    const strangers = Uint32Array.of(...dense, 4_000_000_000)
    const badIds = [...known, 'new 6', 1.5]
    const bytes = Uint8Array.of(1, 2, 3)
    for (const members of [strangers, badIds, bytes]) {
      if ('set' in writer) {
        const values = Array.from(members, () => (spec.kind === 'timestamp' ? 0 : takenBy(spec as NumberSpec)))
        all.push([`set in ${column}`, () => writer.set(members, values)])
        all.push([`replace in ${column}`, () => writer.replace(members, values)])
        all.push([`clear in ${column}`, () => writer.clear(members)])
        continue
      }
      for (const action of ['add', 'clear', 'replace'] as const) {
        all.push([
          `${action} in ${column}`,
          () => ('clearAll' in writer ? writer[action]('T1', members) : writer[action](members)),
        ])
      }
    }
    if ('set' in writer) {
      all.push([`more people than values in ${column}`, () => writer.set([...known, 'new 7'], [])])
      for (const wrong of wrongValues(spec)) {
        const right = spec.kind === 'timestamp' ? 0 : takenBy(spec as NumberSpec)
        all.push([
          `a wrong one of the values for ${column}`,
          () => writer.set(['new 7', 'new 8'], [right, wrong as never]),
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

/** What no column of the kind takes: of another type, with too many digits, out of range. */
function wrongValues(spec: ColumnSpec): readonly unknown[] {
  switch (spec.kind) {
    case 'flag':
      return ['yes']
    case 'category':
      return [spec.many ? ['T1', 7] : 7]
    case 'number':
      return [true, 'many', `0.${'0'.repeat(spec.scale)}1`, '9007199254740992', Number.NaN]
    default:
      return ['yesterday', '2026-02-30', 0.5, Number.NaN, new Date(Number.NaN)]
  }
}

/** A number that the column takes. */
function takenBy({ min, max }: NumberSpec): string {
  return min ?? max ?? '0'
}

/** Events of which the last is wrong. */
function badEvents(
  engine: Engine<SchemaSpec>,
  name: string,
  known: readonly ExternalId[],
): readonly (readonly [string, () => unknown])[] {
  const event = name as never
  const bad: readonly (readonly [string, ExternalId, object])[] = [
    ['no time', 'new 10', {}],
    ['a time that is none', 'new 10', { at: 'noon' }],
    ['an unknown property', 'new 10', { at: 0, 'no property': 1 }],
    ['an id of an event that is none', 'new 10', { at: 0, eventId: '' }],
    ['an id of a person that is none', 1.5, { at: 0 }],
  ]
  return [
    ...bad.flatMap(([what, id, values]) => {
      const people = [...known, id]
      const rows = people.map((person) => [person, person === id ? values : { at: 1 }] as never)
      const wrong = Object.fromEntries(
        Object.entries({ at: 0, ...values }).map(([key, value]) => [
          key,
          people.map((one) => (one === id ? value : null)),
        ]),
      )
      const columns = {
        ...wrong,
        at: people.map((one) => (one === id ? (values as { at?: unknown }).at : 1)),
        ids: people,
      }
      return [
        [`${what}: one event ${name}`, () => engine.track(id, event, values as never)],
        [`${what}: events ${name}`, () => engine.trackMany(event, rows)],
        [`${what}: columns of ${name}`, () => engine.trackColumns(event, columns as never)],
      ] as const
    }),
    [
      `lengths that differ, of ${name}`,
      () => engine.trackColumns(event, { ids: ['new 11', 'new 12'], at: [0] } as never),
    ],
    [`strangers who did ${name}`, () => engine.trackColumns(event, { dense: Uint32Array.of(4e9), at: [0] } as never)],
  ]
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
