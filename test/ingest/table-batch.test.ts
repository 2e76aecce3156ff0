import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { Dataset } from '../../src/dataset/dataset.ts'
import type { Journal, MutationRecord } from '../../src/dataset/journal.ts'
import { category, createEngine, csv, flag, number, timestamp } from '../../src/index.ts'
import type { Batch } from '../../src/ingest/batch.ts'
import { CellRowMaker } from '../../src/ingest/cell-row-maker.ts'
import { CellRows } from '../../src/ingest/cell-rows.ts'
import { checkIngestOptions, type IngestOptions } from '../../src/ingest/ingest-options.ts'
import { Mapping } from '../../src/ingest/mapping.ts'
import { schemaTarget } from '../../src/ingest/mapping-target.ts'
import { RowBatch } from '../../src/ingest/row-batch.ts'
import { RowFault } from '../../src/ingest/row-fault.ts'
import { RowList } from '../../src/ingest/row-list.ts'
import type { Block } from '../../src/ingest/row-reader.ts'
import { PutWriter } from '../../src/ingest/row-writer.ts'
import { TableBatch } from '../../src/ingest/table-batch.ts'
import { TableMaker } from '../../src/ingest/table-maker.ts'
import { Tally } from '../../src/ingest/tally.ts'
import { Schema } from '../../src/schema/schema.ts'
import { campaign } from '../fast-check-config.ts'

const schema = {
  vip: flag(),
  level: category({ values: ['gold', 'é'] }),
  city: category(),
  first: category({ merge: 'first' }),
  interests: category({ many: true }),
  spend: number({ scale: 2, min: -1_000 }),
  seen: timestamp(),
  counted: timestamp(),
}

const header = ['id', ...Object.keys(schema)]

/** Texts that a column mostly has, and now and then others: odd ones, and wrong ones. */
function texts(usual: fc.Arbitrary<string>, ...others: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...others) })
}

const cells: readonly fc.Arbitrary<string>[] = [
  texts(
    fc.integer({ min: 0, max: 99 }).map(String),
    ...['', '007', '9007199254740993', '99999999999999999999999', '-1', 'u', 'é', 'x'.repeat(65_536)],
  ),
  texts(fc.constantFrom('1', '0', 'yes', 'No', '是', ''), 'perhaps', ' 1'),
  texts(fc.constantFrom('gold', 'é', 'e\u0301', ''), 'silver', 'GOLD'),
  texts(fc.integer({ min: 0, max: 60 }).map(String), '', 'Zürich', '金华', ' a ', 'y'.repeat(100), 'z'.repeat(65_536)),
  fc.constantFrom('a', 'b', ''),
  fc.constantFrom('', 'a', 'a|b', '|', 'c|c'),
  texts(
    fc.oneof(
      fc.constantFrom('', '1', '-1', '1.5', '1.50', '-0', '-0.00', '0.07', '999999999999.99', '-1000'),
      fc.double({ noNaN: true, min: -1_000, max: 1e6 }).map((n) => n.toFixed(2)),
    ),
    ...['12.345', '12.340', '.5', '5.', '+7', '1e2', ' 3 ', '1,234.5', '-', '.', '--1', '1.2.3', '-1000.01', 'x'],
    ...['99999999999999', '9007199254740991', '90071992547409.91', '90071992547409.92', '0000000000000001'],
  ),
  texts(
    fc.oneof(
      fc.constantFrom('', '2026-11-20', '2026-03-29T02:30:00', '2026-10-25 02:30:00', '2024-02-29', '0000-01-01'),
      fc.date({ noInvalidDate: true, min: new Date(-4e13), max: new Date(4e12) }).chain((date) => {
        const text = date.toISOString()
        return fc.constantFrom(text, `${text.slice(0, 19)}Z`, text.slice(0, 19), text.slice(0, 10))
      }),
    ),
    ...['2026-11-20T09:00', '2026-11-20T09:00:30.2Z', '2026-11-20T09:00:30+08:00', '2026-02-29', '2026-13-01', '1.5'],
    ...['2026-11-20T24:00:00Z', '2026-11-20T09:60:00Z', '2026-11-20T09:00:60Z', '2026-11-20T09:00:30.25xZ', 'never'],
    ...['2026-11-20t09:00:30Z', '2026-11-20T09:00:30.250z', '2026-11-20T09:00:30.250', '2026-11-20T09:00:30,250Z'],
    ...[' 2026-11-20', '2026/11/20', '2026-11/20', '2026-11-00', '2026-11-20T09-00:30', '2026-11-20T09:00-30'],
    ...['+010000-01-01T00:00:00Z', '-000001-01-01T00:00Z', '2026-11-20T9:00:300', '202x-11-20'],
  ),
  texts(
    fc.constantFrom('', '1763600000', '1763600000.250', '-1', '0'),
    ...['1763600000.2501', '99999999999999', '8640000000000', '8640000000001', '2026-11-20'],
  ),
]
const rowOf: fc.Arbitrary<readonly string[]> = fc.tuple(...cells)

/** Rows that the reader couldn't read among them. */
const anyRow = fc.oneof({ weight: 20, arbitrary: rowOf }, { weight: 1, arbitrary: fc.constant(null) })

interface Given {
  readonly rows: readonly (readonly string[] | null)[]
  /** How often they come again, for others. */
  readonly times: number
  /** Whether they come as bytes. */
  readonly asBytes: boolean
}

/** What happens to the schema before the batch is written. */
type Change = 'none' | 'drop' | 'other kind' | 'other scale' | 'derived'

interface Step {
  readonly blocks: readonly Given[]
  readonly change: Change
}

const step: fc.Arbitrary<Step> = fc.record({
  blocks: fc.array(
    fc.record({
      rows: fc.array(anyRow, { maxLength: 12 }),
      times: fc.constantFrom(1, 1, 1, 40),
      asBytes: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  change: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Change>('none') },
    { weight: 1, arbitrary: fc.constantFrom<Change>('drop', 'other kind', 'other scale', 'derived') },
  ),
})

function blocksOf(steps: Step): Block<readonly string[]>[] {
  const fault = new RowFault('INGEST_ROW_MALFORMED', 'a row that is none')
  return steps.blocks.flatMap(({ rows, times, asBytes }) => {
    const all = Array.from({ length: times }, (_, time) =>
      rows.map((row) => (row === null || time === 0 ? row : [`${time}${row[0]}`, ...row.slice(1)])),
    ).flat()
    const lines = all.map((_, i) => 3 * i)
    const sound = all.filter((row) => row !== null)
    return asBytes && sound.length > 0
      ? CellRows.of(sound, lines.slice(0, sound.length))
      : new RowList(
          all.map((row) => row ?? fault),
          lines,
        )
  })
}

interface Run {
  readonly dataset: Dataset
  readonly tally: Tally
  readonly batch: Batch<readonly string[]>
  readonly records: unknown[]
}

function runOf(options: IngestOptions, asTable: boolean, journals: boolean): Run {
  const dataset = Dataset.empty(Schema.from(schema), TimeZone.of('Europe/Berlin'))
  const records: unknown[] = []
  const journal: Journal = { write: (record) => records.push(shown(record)), done: () => {} }
  if (journals) dataset.journal = journal
  const settings = checkIngestOptions(options)
  const tally = new Tally(settings.keepRejects, false)
  const mapping = new Mapping(dataset, schemaTarget(dataset.schema), settings, 'skip')
  const maker = new CellRowMaker(header, mapping)
  const writer = new PutWriter(dataset, tally)
  const rows = new RowBatch(writer, tally, 'id', maker, (label) => label)
  const batch = asTable ? new TableBatch(writer, new TableMaker(dataset, mapping.id, maker), rows) : rows
  return { dataset, tally, batch, records }
}

/** A record without the columns that it points to. */
function shown(record: MutationRecord): unknown {
  if (record.kind !== 'put') return record.kind
  return { ids: record.ids, rows: record.rows.map((row) => row.map(({ column, ...rest }) => rest)) }
}

function apply({ dataset, tally, batch }: Run, one: Step, maxRejects: number): boolean {
  for (const block of blocksOf(one)) {
    const from = Math.min(1, block.length)
    batch.add(block, 0, from, tally.rows)
    batch.add(block, from, block.length, tally.rows + from)
    tally.rows += block.length
  }
  changeSchema(dataset, one.change)
  return batch.write(() => tally.rejected <= maxRejects)
}

function changeSchema(dataset: Dataset, change: Change): void {
  if (change === 'none') return
  const column = change === 'drop' ? 'city' : change === 'derived' ? 'vip' : 'spend'
  if (dataset.column(column) === undefined || dataset.derivedTag(column) !== null) return
  dataset.apply({ kind: 'dropColumn', column })
  if (change === 'other kind') dataset.apply({ kind: 'addColumn', column, spec: timestamp() })
  if (change === 'other scale') dataset.apply({ kind: 'addColumn', column, spec: number({ scale: 1 }) })
  if (change === 'derived') {
    dataset.apply({ kind: 'defineTag', column, spec: flag(), tag: { cases: [], mode: 'manual' } as never })
  }
}

/** All that an engine, and who asked for the ingest, can see of it. */
function resultOf({ dataset, tally, records }: Run): unknown {
  const { milliseconds, ...report } = tally.report(true)
  const people = Array.from({ length: dataset.ids.size }, (_, person) => [
    dataset.idOf(person),
    ...[...dataset.columns()].map(([name, column]) => [
      name,
      column.get(person),
      'order' in column && column.get(person) !== undefined ? column.order?.get(person) : null,
    ]),
  ])
  const columns = [...dataset.columns()].map(([name, column]) => [name, column.writtenAt, column.present.size])
  return { report, people, columns, records, version: dataset.version, living: dataset.people.size }
}

describe('a batch that is written as a table', () => {
  it('does what a batch of rows does', async () => {
    const options = fc.record({
      id: fc.constant('id'),
      idType: fc.constantFrom('string' as const, 'integer' as const),
      empty: fc.constantFrom('skip' as const, 'clear' as const, 'value' as const),
      keepRejects: fc.constantFrom(100, 2),
      maxRejects: fc.constantFrom(1_000_000, 1_000_000, 3),
      columns: fc.constant({
        ...Object.fromEntries(header.slice(1).map((name) => [name, name])),
        spend: { to: 'spend', thousands: ',' },
        counted: { to: 'counted', unit: 's' },
      }),
    })
    fc.assert(
      fc.property(options, fc.array(step, { minLength: 1, maxLength: 4 }), fc.boolean(), (given, steps, journals) => {
        const [table, rows] = [true, false].map((asTable) => runOf(given as IngestOptions, asTable, journals))
        for (const one of steps) {
          const wentOn = apply(rows!, one, given.maxRejects)
          expect(apply(table!, one, given.maxRejects)).toBe(wentOn)
          expect(resultOf(table!)).toEqual(resultOf(rows!))
          if (!wentOn) break
        }
      }),
      campaign(120),
    )
  })

  it('keeps the order of writes in stretches, not in cells, also where people come again', () => {
    const { dataset, tally, batch } = runOf({ id: 'id' }, true, false)
    for (const before of [0, 3_000, 6_000, 0, 3_000, 1_500]) {
      const rows = Array.from({ length: 3_000 }, (_, i) => {
        return [`u${before + i}`, '1', 'gold', `${i % 7}`, 'ab'[i % 2]!, '', `${i}`, '', '']
      })
      batch.add(CellRows.of(rows, Array(3_000).fill(1)), 0, 3_000, 0)
      expect(batch.write(() => true)).toBe(true)
    }
    expect(tally).toMatchObject({ applied: 18_000, created: 9_000 })
    expect([...dataset.columns()].map(([, column]) => column.indexByteSize)).toEqual(Array(8).fill(0))
  })

  it('takes the names of columns that every object has', async () => {
    const schema = { toString: category(), constructor: number() }
    const crowd = createEngine({ schema })
    const report = await crowd.ingest(csv('id,toString,constructor\nu1,,\nu2,a,2\n'), { id: 'id' })
    expect(report).toMatchObject({ applied: 2, rejected: 0 })
    expect(crowd.get('u2')).toEqual({ toString: 'a', constructor: 2 })
  })
})
