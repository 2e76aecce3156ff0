import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalText } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { CategoryColumn } from '../columns/category-column.ts'
import type { FlagColumn } from '../columns/flag-column.ts'
import type { MultiCategoryColumn } from '../columns/multi-category-column.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { averageOf, sumOf } from './number-sum.ts'
import { scaleOf } from './scale-of.ts'

/** What to group by, and the number to add up. */
export interface CubeOptions {
  /** One or two categories or flags. */
  readonly by: readonly string[]
  /** The number column whose values are added up in each group. @default none: people are only counted */
  readonly of?: string
}

/** One group of people, or a total over groups. */
export interface CubeRow {
  /**
   * The values that the people of the group have, by column: `null` for people without a value (for a flag: without it). A
   * column that isn't there is one over all of whose groups the row is a total.
   */
  readonly by: Readonly<Record<string, string | true | null>>
  /** People in the group. */
  readonly people: number
  /** Of them, people who have a value in `of`. 0 without `of`. */
  readonly count: number
  /** `null` where nobody has a value. */
  readonly sum: number | null
  /** The sum as decimal text, exact. */
  readonly exactSum: string | null
  readonly average: number | null
}

/** A column that people can be grouped by. */
export type GroupingColumn = FlagColumn | CategoryColumn | MultiCategoryColumn

/** A column with its name in the schema. */
export interface NamedGrouping {
  readonly name: string
  readonly column: GroupingColumn
}

/** Groups that a cube may have: what a program can still look at. */
const mostGroups = 1_000_000

/**
 * People counted, and a number added up, for each value of one category, or each pair of values of two, with the totals:
 * the grand total first, then the totals of each column, then the groups. Groups without people are left out. In a
 * category of many values a person is in the group of each of theirs, and once in the totals.
 * Cost: of one column without a number, the cheaper of a look at each person and of an intersection counted for each value. Else one
 * intersection built for each group of the first column; for each pair one counted, and one for each slice of the number.
 *
 * @throws OPTION_INVALID for more than a million possible groups
 */
export function cube(
  people: ReadonlyBitmap,
  by: readonly NamedGrouping[],
  of: NumberColumn | null,
): readonly CubeRow[] {
  const possible = by.reduce((product, { column }) => product * (valuesOf(column).length + 1), 1)
  if (possible > mostGroups) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `grouping by ${by.map(({ name }) => name).join(' and ')} could give ${possible} groups, where at most ${mostGroups} are allowed`,
      { groups: possible },
    )
  }
  const scratch = new Scratch()
  try {
    const rows: CubeRow[] = [row({}, people, of, scratch)]
    const [first, second] = by as [NamedGrouping, NamedGrouping | undefined]
    if (second === undefined) return [...rows, ...rowsOf(people, first, of)]
    const outer = groupsOf(people, first, scratch)
    rows.push(...outer.map((group) => row(group.by, group.people, of, scratch)), ...rowsOf(people, second, of))
    for (const group of outer) {
      for (const inner of rowsOf(group.people, second, of)) rows.push({ ...inner, by: { ...group.by, ...inner.by } })
    }
    return rows
  } finally {
    scratch.dispose()
  }
}

interface Group {
  readonly by: CubeRow['by']
  readonly people: ReadonlyBitmap
}

/** The groups of one column. */
function rowsOf(people: ReadonlyBitmap, grouping: NamedGrouping, of: NumberColumn | null): readonly CubeRow[] {
  if (of === null) return countsOf(people, grouping)
  const scratch = new Scratch()
  try {
    return groupsOf(people, grouping, scratch).map((group) => {
      const made = row(group.by, group.people, of, scratch)
      scratch.release(group.people)
      return made
    })
  } finally {
    scratch.dispose()
  }
}

/** The groups of one column, only counted, in the order of `groupsOf`. */
function countsOf(people: ReadonlyBitmap, { name, column }: NamedGrouping): readonly CubeRow[] {
  const rows: CubeRow[] = []
  const add = (value: string | true | null, count: number): void => {
    if (count > 0) rows.push(counted({ [name]: value }, count))
  }
  if (column.kind === 'category') {
    const counts = column.countByValue(people)
    let index = 0
    for (const value of column.values.texts) add(value, counts[index++]!)
  } else {
    for (const { value, posting } of valuesOf(column)) add(value, people.andCardinality(posting))
  }
  add(null, people.andNotCardinality(column.present.bitmap))
  return rows
}

/** The people of each value in its order of first sight, and of none, last; those that are nobody left out. */
function groupsOf(people: ReadonlyBitmap, { name, column }: NamedGrouping, scratch: Scratch): readonly Group[] {
  const groups: Group[] = []
  const take = (value: string | true | null, group: ReadonlyBitmap): void => {
    if (group.isEmpty) scratch.release(group)
    else groups.push({ by: { [name]: value }, people: group })
  }
  for (const { value, posting } of valuesOf(column)) {
    if (people.intersects(posting)) take(value, scratch.and(people, posting))
  }
  take(null, scratch.andNot(people, column.present.bitmap))
  return groups
}

function valuesOf(
  column: GroupingColumn,
): readonly { readonly value: string | true; readonly posting: ReadonlyBitmap }[] {
  if (column.kind === 'flag') return [{ value: true, posting: column.present.bitmap }]
  return column.values.texts.map((value, number) => ({ value, posting: column.posting(number).bitmap }))
}

function row(by: CubeRow['by'], people: ReadonlyBitmap, of: NumberColumn | null, scratch: Scratch): CubeRow {
  const empty = counted(by, people.size)
  if (of === null) return empty
  const having = scratch.and(people, of.present.bitmap)
  const count = having.size
  const sum = sumOf(having, of)
  scratch.release(having)
  if (count === 0) return empty
  const exactSum = decimalText(sum, scaleOf(of))
  return { ...empty, count, sum: Number(exactSum), exactSum, average: averageOf(sum, count, scaleOf(of)) }
}

function counted(by: CubeRow['by'], people: number): CubeRow {
  return { by, people, count: 0, sum: null, exactSum: null, average: null }
}

/** @throws OPTION_INVALID */
export function checkCubeOptions(options: CubeOptions): void {
  checkKeys(options, ['by', 'of'])
  const { by } = options
  if (!Array.isArray(by) || by.length < 1 || by.length > 2 || new Set(by).size !== by.length) {
    throw new CrowdbitError('OPTION_INVALID', `by is ${show(by)}, where the names of one or two columns are expected`, {
      by,
    })
  }
}
