import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { category, createEngine, csvFile, flag } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'

describeWithData('tags of 2,379 households', 'tags/completejourney.csv.gz', (path) => {
  /** Ids by tag, read the plain way. */
  const members = new Map<string, Set<string>>()
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1)
  for (const line of lines) {
    const [, tag, id] = /^"?(.*?)"?,(\d+)$/.exec(line)!
    const name = tag!.replaceAll('""', '"')
    members.set(name, (members.get(name) ?? new Set()).add(id!))
  }

  it('become flags, one row a membership', async () => {
    const crowd = createEngine({ schema: {} })
    const report = await crowd.ingest(csvFile(path), { id: 'user_id', tag: 'tag', createTags: true })
    expect(report).toMatchObject({ rows: 30_823, applied: 30_823, rejected: 0, people: 2_379, created: 2_379 })
    expect(report.createdTags).toEqual([...members.keys()])
    expect(report.createdTags).toHaveLength(410)
    expect(crowd.size).toBe(2_379)
    for (const [tag, ids] of members) {
      const found = crowd.select({ tag, isSet: true })
      expect([tag, found.size]).toEqual([tag, ids.size])
      expect(new Set(found.ids())).toEqual(ids)
    }
  })

  it('become values of a category, of integer ids', async () => {
    const crowd = createEngine({ schema: { tags: category({ many: true }) } })
    const columns = { tag: { to: 'tags', separator: null, mode: 'add' } } as const
    const report = await crowd.ingest(csvFile(path), { id: 'user_id', idType: 'integer', columns })
    expect(report).toMatchObject({ rows: 30_823, rejected: 0, people: 2_379 })
    const sizes = new Map(crowd.tags.tags.values().map(({ value, size }) => [value, size]))
    expect(sizes).toEqual(new Map([...members].map(([tag, ids]) => [tag, ids.size])))
    expect(crowd.has(48)).toBe(true)
  })

  it('are rejected where the schema lacks them', async () => {
    const [first] = members.keys()
    const crowd = createEngine({ schema: { [first!]: flag() } })
    const report = await crowd.ingest(csvFile(path), { id: 'user_id', tag: 'tag' })
    expect(report.applied).toBe(members.get(first!)!.size)
    expect(report.rejected).toBe(30_823 - report.applied)
    expect(report.rejects).toHaveLength(100)
  })
})

describeWithData('541,909 lines of orders', 'online-retail/onlineretail.csv.gz', (path) => {
  it('give 4,372 customers of their countries, and 135,080 rows without one', async () => {
    const crowd = createEngine({ schema: { Country: category(), stock: category({ many: true }) } })
    const report = await crowd.ingest(csvFile(path), { id: 'CustomerID', columns: { Country: 'Country' } })
    expect(report).toMatchObject({ rows: 541_909, rejected: 135_080, people: 4_372 })
    expect(report.rejects[0]).toMatchObject({ column: 'CustomerID', code: 'ID_EMPTY' })
    expect(crowd.size).toBe(4_372)
  })
})
