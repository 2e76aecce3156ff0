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
import { inStretches } from './in-stretches.ts'
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

/** A group on its way: that of people is made of those of parts of them. */
interface Group {
  readonly by: CubeRow['by']
  people: number
  count: number
  sum: bigint
}

/** Groups by their places in the order in which they are told: the grand total has the first. */
type Groups = Map<number, Group>

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
  const groups: Groups = new Map()
  addCube(groups, people, by, of)
  return rowsOf(groups, of)
}

/** As `cube`, one stretch of the people after another. @throws as `cube`, and what the signal gives */
export async function cubeLater(
  people: ReadonlyBitmap,
  by: readonly NamedGrouping[],
  of: NumberColumn | null,
  signal: AbortSignal | undefined,
): Promise<readonly CubeRow[]> {
  const groups: Groups = new Map()
  await inStretches(people, signal, (part) => addCube(groups, part, by, of))
  return rowsOf(groups, of)
}

/** The cube of one category, without a number, whose people are already counted by the numbers of their values and 1, first those without one. */
export function cubeOfCounts(
  { name, column }: NamedGrouping & { readonly column: CategoryColumn },
  counts: Uint32Array,
): readonly CubeRow[] {
  const groups: Groups = new Map()
  addGroup(
    groups,
    0,
    {},
    counts.reduce((sum, count) => sum + count, 0),
  )
  addCounts(groups, 1, name, column, counts.subarray(1), counts[0]!)
  return rowsOf(groups, null)
}

function addCube(groups: Groups, people: ReadonlyBitmap, by: readonly NamedGrouping[], of: NumberColumn | null): void {
  const sizes = by.map(({ column }) => valuesOf(column).length + 1)
  const possible = sizes.reduce((product, size) => product * size, 1)
  if (possible > mostGroups) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `grouping by ${by.map(({ name }) => name).join(' and ')} could give ${possible} groups, where at most ${mostGroups} are allowed`,
      { groups: possible },
    )
  }
  const scratch = new Scratch()
  try {
    addPeople(groups, 0, {}, people, of, scratch)
    const [first, second] = by as [NamedGrouping, NamedGrouping | undefined]
    if (second === undefined) {
      addValues(groups, 1, {}, people, first, of)
      return
    }
    const [outerSize, innerSize] = sizes as [number, number]
    addValues(groups, 1 + outerSize, {}, people, second, of)
    for (const { value, posting, index } of [...valuesOf(first.column), nobodyOf(first)]) {
      if (posting !== null && !people.intersects(posting)) continue
      const inside =
        posting === null ? scratch.andNot(people, first.column.present.bitmap) : scratch.and(people, posting)
      if (!inside.isEmpty) {
        const outer = { [first.name]: value }
        addPeople(groups, 1 + index, outer, inside, of, scratch)
        addValues(groups, 1 + outerSize + innerSize * (1 + index), outer, inside, second, of)
      }
      scratch.release(inside)
    }
  } finally {
    scratch.dispose()
  }
}

/** Adds the groups of one column, from place `first` on, those without a value last. */
function addValues(
  groups: Groups,
  first: number,
  outer: CubeRow['by'],
  people: ReadonlyBitmap,
  { name, column }: NamedGrouping,
  of: NumberColumn | null,
): void {
  if (of === null && column.kind === 'category') {
    const counts = column.countByValue(people)
    addCounts(groups, first, name, column, counts.subarray(1), counts[0]!, outer)
    return
  }
  const scratch = new Scratch()
  try {
    for (const { value, posting, index } of [...valuesOf(column), nobodyOf({ name, column })]) {
      const by = { ...outer, [name]: value }
      if (of === null) {
        const size = posting === null ? people.andNotCardinality(column.present.bitmap) : people.andCardinality(posting)
        if (size > 0) addGroup(groups, first + index, by, size)
        continue
      }
      if (posting !== null && !people.intersects(posting)) continue
      const inside = posting === null ? scratch.andNot(people, column.present.bitmap) : scratch.and(people, posting)
      if (!inside.isEmpty) addPeople(groups, first + index, by, inside, of, scratch)
      scratch.release(inside)
    }
  } finally {
    scratch.dispose()
  }
}

/** Adds the groups of a category whose people are counted. @param without people who have no value */
function addCounts(
  groups: Groups,
  first: number,
  name: string,
  column: CategoryColumn,
  counts: Uint32Array,
  without: number,
  outer: CubeRow['by'] = {},
): void {
  let index = 0
  for (const value of column.values.texts) {
    const count = counts[index]!
    if (count > 0) addGroup(groups, first + index, { ...outer, [name]: value }, count)
    index++
  }
  if (without > 0) addGroup(groups, first + index, { ...outer, [name]: null }, without)
}

function addPeople(
  groups: Groups,
  place: number,
  by: CubeRow['by'],
  people: ReadonlyBitmap,
  of: NumberColumn | null,
  scratch: Scratch,
): void {
  const group = addGroup(groups, place, by, people.size)
  if (of === null) return
  const having = scratch.and(people, of.present.bitmap)
  if (!having.isEmpty) {
    group.count += having.size
    group.sum += sumOf(having, of)
  }
  scratch.release(having)
}

function addGroup(groups: Groups, place: number, by: CubeRow['by'], people: number): Group {
  let group = groups.get(place)
  if (group === undefined) {
    group = { by, people: 0, count: 0, sum: 0n }
    groups.set(place, group)
  }
  group.people += people
  return group
}

interface ValueOf {
  readonly value: string | true | null
  /** `null`: people without a value. */
  readonly posting: ReadonlyBitmap | null
  readonly index: number
}

function valuesOf(column: GroupingColumn): readonly ValueOf[] {
  if (column.kind === 'flag') return [{ value: true, posting: column.present.bitmap, index: 0 }]
  return column.values.texts.map((value, index) => ({ value, posting: column.posting(index).bitmap, index }))
}

/** People without a value come last. */
function nobodyOf({ column }: NamedGrouping): ValueOf {
  return { value: null, posting: null, index: column.kind === 'flag' ? 1 : column.values.size }
}

function rowsOf(groups: Groups, of: NumberColumn | null): readonly CubeRow[] {
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([, { by, people, count, sum }]) => {
      if (of === null || count === 0) return { by, people, count: 0, sum: null, exactSum: null, average: null }
      const exactSum = decimalText(sum, scaleOf(of))
      return { by, people, count, sum: Number(exactSum), exactSum, average: averageOf(sum, count, scaleOf(of)) }
    })
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
