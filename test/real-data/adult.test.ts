import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CategorySpec, category, createEngine, type Engine } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'
import { type Duck, openDuck } from './duck.ts'
import { readMemberships } from './memberships.ts'

describeWithData('UCI Adult as categories', 'tags/adult.csv.gz', (path) => {
  let crowd: Engine<Readonly<Record<string, CategorySpec>>>
  let duck: Duck
  let columns: readonly string[]

  beforeAll(async () => {
    const members = readMemberships(path)
    columns = [...new Set([...members.keys()].map((tag) => tag.slice(0, tag.indexOf(':'))))]
    crowd = createEngine({ schema: Object.fromEntries(columns.map((column) => [column, category()])) })
    const { rows, rejected } = await crowd.ingest(cells(members), { id: 'user_id', idType: 'integer' })
    expect([rows, rejected]).toEqual([288_787, 0])
    duck = await openDuck(path)
  })

  afterAll(() => {
    duck?.close()
  })

  test('the file is the one that the README describes', () => {
    expect(crowd.size).toBe(32_561)
    expect(columns.reduce((sum, column) => sum + crowd.tags[column]!.size, 0)).toBe(288_787)
    expect(columns.reduce((sum, column) => sum + crowd.tags[column]!.values().length, 0)).toBe(101)
    expect(crowd.count('income = ">50K"')).toBe(7_841)
    expect(crowd.count('income != ">50K"')).toBe(32_561 - 7_841)
  })

  test('every value has the people that SQL counts', async () => {
    const counted = await duck.rows('select tag, count(distinct user_id) from members group by tag')
    expect(counted).toHaveLength(101)
    for (const [tag, people] of counted as [string, number][]) {
      const [column, value] = split(tag)
      expect(crowd.count(crowd.rules.tag(column).eq(value)), tag).toBe(people)
    }
  })

  test('every pair of values has the people that SQL counts', async () => {
    const counted = await duck.rows(
      `select a.tag, b.tag, count(*) from members a join members b on a.user_id = b.user_id and a.tag < b.tag
       group by 1, 2 order by 1, 2`,
    )
    expect(counted.length).toBeGreaterThan(2_000)
    for (const [first, second, people] of counted as [string, string, number][]) {
      const [column, value] = split(first)
      const [otherColumn, otherValue] = split(second)
      const { tag } = crowd.rules
      expect(crowd.count(tag(column).eq(value).and(tag(otherColumn).eq(otherValue))), `${first} and ${second}`).toBe(
        people,
      )
    }
  })

  test('absent values: comparisons leave them out, not takes them in', async () => {
    const counted = await duck.rows(
      `select split_part(tag, ':', 1), count(distinct user_id) from members group by 1 having count(distinct user_id) < 32561`,
    )
    expect(counted.map(([column]) => column).sort()).toEqual(
      columns.filter((column) => crowd.count(crowd.rules.tag(column).isNotSet()) > 0).sort(),
    )
    for (const [column, present] of counted as [string, number][]) {
      const { value, size } = crowd.tags[column]!.values()[0]!
      const { tag } = crowd.rules
      expect(crowd.count(tag(column).isSet())).toBe(present)
      expect(crowd.count(tag(column).ne(value))).toBe(present - size)
      expect(crowd.count(tag(column).eq(value).not())).toBe(32_561 - size)
    }
  })
})

/** One row for each membership: an id and one value. */
function* cells(members: ReadonlyMap<string, readonly number[]>): Generator<object> {
  for (const [tag, ids] of members) {
    const [column, value] = split(tag)
    for (const id of ids) yield { user_id: id, [column]: value }
  }
}

function split(tag: string): readonly [column: string, value: string] {
  const colon = tag.indexOf(':')
  return [tag.slice(0, colon), tag.slice(colon + 1)]
}
