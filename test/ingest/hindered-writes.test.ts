import { expect, it } from 'vitest'
import type { Millis } from '../../src/base/brand.ts'
import { systemClock } from '../../src/base/clock.ts'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { Dataset } from '../../src/dataset/dataset.ts'
import type { Mutation, MutationReport } from '../../src/dataset/mutation.ts'
import { createEngine, csv, flag } from '../../src/index.ts'
import { ingestRows } from '../../src/ingest/ingest-rows.ts'
import { Schema } from '../../src/schema/schema.ts'

/** A dataset that refuses some writes of rows. */
function hindered(hinder: (ids: readonly unknown[]) => void): Dataset {
  const dataset = Dataset.empty(Schema.from({ vip: flag() }))
  const apply = dataset.apply.bind(dataset)
  dataset.apply = (mutation: Mutation): MutationReport => {
    if (mutation.kind === 'put') hinder(mutation.rows.map(([id]) => id))
    if (mutation.kind === 'putTable') hinder(mutation.table.externalIds())
    return apply(mutation)
  }
  return dataset
}

const rows = Array.from({ length: 10 }, (_, i) => ({ id: `u${i}`, vip: true }))
const sources = [
  ['objects', rows],
  ['CSV', csv(`id,vip\n${rows.map(({ id }) => `${id},1\n`).join('')}`)],
] as const

it.each(sources)(
  'rows that are good one by one, but too many together, are written until no more fit: %s',
  async (_, source) => {
    let room = 3
    const dataset = hindered((ids) => {
      if (ids.length > room) throw new CrowdbitError('VALUES_EXHAUSTED', 'no room')
      room -= ids.length
    })
    const report = await ingestRows(dataset, source, { id: 'id', batchRows: 5 }, () => systemClock.now() as Millis)
    expect(report).toMatchObject({ rows: 10, applied: 3, rejected: 7, people: 3, created: 3 })
    expect(report.rejects.map(({ row, code, reason }) => [row, code, reason])).toEqual(
      [4, 5, 6, 7, 8, 9, 10].map((row) => [row, 'VALUES_EXHAUSTED', 'no room']),
    )
    expect(dataset.people.size).toBe(3)
  },
)

it.each(sources)('a fault of our own is no fault of the rows: %s', async (_, source) => {
  for (const error of [new CrowdbitError('INTERNAL', 'ours'), new TypeError('ours too')]) {
    const dataset = hindered(() => {
      throw error
    })
    await expect(ingestRows(dataset, source, { id: 'id' }, () => systemClock.now() as Millis)).rejects.toBe(error)
  }
})

it.each(sources)('a column that is dropped meanwhile rejects the rows that follow: %s', async (_, source) => {
  const crowd = createEngine({ schema: { vip: flag() } })
  const report = await crowd.ingest(source, {
    id: 'id',
    batchRows: 4,
    progressEvery: 0,
    onProgress: ({ rows }) => {
      if (rows === 4) crowd.dropColumn('vip')
    },
  })
  expect(report).toMatchObject({ applied: 4, rejected: 6 })
  expect(report.rejects[0]).toMatchObject({ row: 5, column: 'vip', code: 'SCHEMA_COLUMN_UNKNOWN', value: 'true' })
})
