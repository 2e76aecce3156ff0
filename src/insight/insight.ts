import { CrowdbitError } from '../base/crowdbit-error.ts'
import { ShortTurns } from '../base/short-turns.ts'
import { show } from '../base/show.ts'
import { and, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { CategoryColumn } from '../columns/category-column.ts'
import { countOnThreads } from '../columns/count-on-threads.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { bitmapOfUserSet, foreignUserSet, idsOfUserSet, UserSet } from '../dataset/user-set.ts'
import { type AskOptions, type AwaitOptions, checkSignal } from '../planner/ask-options.ts'
import type { Planner } from '../planner/planner.ts'
import type { RuleInput } from '../rules/rule.ts'
import type { CategorySpec, FlagSpec, MultiCategorySpec, NumberSpec, SchemaSpec } from '../schema/column-spec.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'
import { type Aggregate, aggregate, aggregateLater } from './aggregate.ts'
import {
  type CubeOptions,
  type CubeRow,
  checkCubeOptions,
  cube,
  cubeLater,
  cubeOfCounts,
  type GroupingColumn,
  type NamedGrouping,
} from './cube.ts'
import { type Histogram, type HistogramOptions, histogram } from './histogram.ts'
import { momentaryColumn } from './momentary-column.ts'
import { type QuantileOptions, quantiles } from './quantiles.ts'
import { type RankedPerson, type TopOptions, top } from './top.ts'

/** The columns of a schema that have a kind. */
type NamesOf<S extends SchemaSpec, Kind> = string extends keyof S
  ? string
  : { [Name in keyof S]: S[Name] extends Kind ? Name : never }[keyof S] & string

/** Names of number columns. */
export type NumberNames<S extends SchemaSpec> = NamesOf<S, NumberSpec>
/** Names of columns that people can be grouped by: flags and categories. */
export type GroupingNames<S extends SchemaSpec> = NamesOf<S, FlagSpec | CategorySpec | MultiCategorySpec>

/**
 * Questions about the people of a rule, or of a user set: what their numbers come to, how they are spread, who is at the top, and how they
 * divide into groups. All answers are exact, and of the moment of the call; a user set is taken without the people who have been
 * removed since.
 */
export interface Insight<S extends SchemaSpec> {
  /**
   * Count, sum, average, lowest and highest value of a number column over some people (law 10).
   * Cost: the rule, then four passes over its people for each bit of the column.
   *
   * @example
   * ```ts
   * crowd.insight.aggregate('精致妈妈', 'spend') // { people: 250, count: 250, sum: 124625, exactSum: '124625', average: 498.5, min: 0.5, max: 996.5 }
   * crowd.insight.aggregate('nobody', 'spend').sum // null
   * ```
   * @throws SCHEMA_COLUMN_UNKNOWN, SCHEMA_COLUMN_WRONG_KIND, USER_SET_FOREIGN, USER_SET_RELEASED, the RULE_… codes
   */
  aggregate(of: RuleInput | UserSet, column: NumberNames<S>, options?: AskOptions): Aggregate
  /**
   * As `aggregate`, awaited: the rule as by `Workspace.countAsync`, the number one stretch of the people after another, so that others have their turn.
   * All of the answer is of one moment between the call and the answer.
   *
   * @example
   * ```ts
   * (await crowd.insight.aggregateAsync('精致妈妈', 'spend')).sum // 124625
   * ```
   * @throws as `aggregate`; OPTION_INVALID, THREADS_FAILED, THREADS_CLOSED, and what the signal gives
   */
  aggregateAsync(of: RuleInput | UserSet, column: NumberNames<S>, options?: AwaitOptions): Promise<Aggregate>
  /**
   * Quantiles of a number column over some people, in the order in which they are asked for; `null` each where nobody has a value.
   * Cost: the rule, then a pass over its people for each bit of the column and quantile.
   *
   * @example
   * ```ts
   * crowd.insight.quantiles('everyone', 'spend', [0.25, 0.5, 0.75]) // [ 250.25, 500, 749.75 ]
   * crowd.insight.quantiles('everyone', 'spend', [0.5], { method: 'discrete' }) // [ 499.5 ]
   * ```
   * @throws OPTION_INVALID, and as `aggregate`
   */
  quantiles(
    of: RuleInput | UserSet,
    column: NumberNames<S>,
    shares: readonly number[],
    options?: QuantileOptions & AskOptions,
  ): readonly (number | null)[]
  /**
   * The `k` people with the highest, or lowest, values; equal values by lower dense number.
   * Cost: the rule, two passes over its people for each bit of the column, and a sort of `k`.
   *
   * @example
   * ```ts
   * crowd.insight.top('everyone', 'spend', 2) // [ { id: 'u999', value: 999.5 }, { id: 'u998', value: 998.5 } ]
   * ```
   * @throws OPTION_INVALID, and as `aggregate`
   */
  top(
    of: RuleInput | UserSet,
    column: NumberNames<S>,
    k: number,
    options?: TopOptions & AskOptions,
  ): readonly RankedPerson[]
  /**
   * How many people have values between given edges, or in bins of as many people each.
   * Cost: the rule, then a pass over its people for each bit of the column and edge.
   *
   * @example
   * ```ts
   * crowd.insight.histogram('everyone', 'spend', { edges: [0, 500, 800] }) // { bins: [ { from: 0, to: 500, count: 500 }, { from: 500, to: 800, count: 300 } ], below: 0, above: 200, missing: 0 }
   * ```
   * @throws OPTION_INVALID, and as `aggregate`
   */
  histogram(of: RuleInput | UserSet, column: NumberNames<S>, options: HistogramOptions & AskOptions): Histogram
  /**
   * People counted, and a number added up, for each value of one category or flag, or each pair of values of two, with the
   * totals before them.
   * Cost: the rule, then one intersection for each group, and one more for each bit of the number.
   *
   * @example
   * ```ts
   * crowd.insight.cube('everyone', { by: ['cityTier'], of: 'spend' }).map(({ by, people, sum }) => [by.cityTier, people, sum]) // [ [ undefined, 1000, 500000 ], [ 'T1', 334, 167000 ], [ 'T2', 333, 166333.5 ], [ 'T3', 333, 166666.5 ] ]
   * ```
   * @throws OPTION_INVALID, and as `aggregate`
   */
  cube(
    of: RuleInput | UserSet,
    options: { readonly by: readonly GroupingNames<S>[]; readonly of?: NumberNames<S> } & AskOptions,
  ): readonly CubeRow[]
  /**
   * As `cube`, awaited: see `aggregateAsync`. People are counted by one category of many values, and no number, by the worker threads of the engine.
   *
   * @example
   * ```ts
   * const rows = await crowd.insight.cubeAsync('everyone', { by: ['cityTier'] })
   * rows.map(({ by, people }) => [by.cityTier, people]) // [ [ undefined, 1000 ], [ 'T1', 334 ], [ 'T2', 333 ], [ 'T3', 333 ] ]
   * ```
   * @throws as `cube`, and as `aggregateAsync`
   */
  cubeAsync(
    of: RuleInput | UserSet,
    options: { readonly by: readonly GroupingNames<S>[]; readonly of?: NumberNames<S> } & AwaitOptions,
  ): Promise<readonly CubeRow[]>
}

/**
 * Insight into the data of one workspace. The planner is asked for at each call, since a workspace can be removed.
 *
 * @param threads for what is awaited; `null` for none
 */
export function createInsight(
  dataset: Dataset,
  planner: () => Planner,
  threads: ThreadPool | null,
): Insight<SchemaSpec> {
  /** Gives the work the living people of a rule or set, and frees them. */
  const over = <Answer>(
    of: RuleInput | UserSet,
    options: AskOptions,
    work: (people: ReadonlyBitmap) => Answer,
  ): Answer => {
    const { asOf } = options
    const set = of instanceof UserSet ? of : planner().select(of, { asOf })
    try {
      const { ids } = dataset
      if (idsOfUserSet(set) !== ids) throw foreignUserSet()
      // The people of a rule are living; those of a set may have been removed since.
      if (set !== of) return work(bitmapOfUserSet(set))
      const living = and(bitmapOfUserSet(set), dataset.people.bitmap)
      try {
        return work(living)
      } finally {
        living.dispose()
      }
    } finally {
      if (set !== of) set.release()
    }
  }
  /** As `over`, awaited: people and data are of one moment, also while the work lasts. */
  const overLater = async <Answer>(
    of: RuleInput | UserSet,
    { asOf, signal }: AwaitOptions,
    work: (people: ReadonlyBitmap, data: Dataset) => Promise<Answer>,
  ): Promise<Answer> => {
    checkSignal(signal)?.throwIfAborted()
    let moment: Dataset | null = null
    let set: UserSet | null = null
    try {
      const freeze = (): void => {
        moment = dataset.freeze()
      }
      if (of instanceof UserSet) {
        if (idsOfUserSet(of) !== dataset.ids) throw foreignUserSet()
        freeze()
      } else set = await planner().selectAsync(of, { asOf, signal }, freeze)
      const data = moment! as Dataset
      if (set !== null) return await work(bitmapOfUserSet(set), data)
      const living = and(bitmapOfUserSet(of as UserSet), data.people.bitmap)
      try {
        return await work(living, data)
      } finally {
        living.dispose()
      }
    } finally {
      set?.release()
      ;(moment as Dataset | null)?.release()
    }
  }
  /** The cube of the people of a rule by one category, where threads find the people and count them in one go; else `null`. */
  const profiled = async (
    of: RuleInput | UserSet,
    options: AwaitOptions,
    { by, of: number }: CubeOptions,
  ): Promise<readonly CubeRow[] | null> => {
    if (of instanceof UserSet || by.length !== 1 || number !== undefined) return null
    const [name] = by as [string]
    let moment: Dataset | null = null
    let only: (NamedGrouping & { readonly column: CategoryColumn }) | null = null
    try {
      const counts = await planner().profileAsync(of, options, () => {
        const column = dataset.column(name)
        if (column?.kind !== 'category' || column.index === null) return null
        moment = dataset.freeze()
        only = { name, column: moment.column(name) as CategoryColumn }
        return { index: only.column.index!, values: only.column.values.size }
      })
      return counts === null ? null : cubeOfCounts(only!, counts)
    } finally {
      ;(moment as Dataset | null)?.release()
    }
  }
  /** Threads that take work. */
  const openThreads = (): ThreadPool | null => (threads === null || threads.isClosed ? null : threads)
  const numbers = (name: string, data: Dataset = dataset): NumberColumn => {
    const column = data.column(name)
    if (column?.kind === 'number') return column
    throw wrongColumn(dataset, name, 'a number')
  }
  const grouping = (name: string, data: Dataset = dataset): GroupingColumn => {
    const column = data.column(name)
    if (column?.kind === 'flag' || column?.kind === 'category' || column?.kind === 'multi-category') return column
    throw wrongColumn(dataset, name, 'a flag or a category')
  }
  return Object.freeze({
    aggregate(of, name, options = {}) {
      const column = numbers(name)
      return over(of, options, (people) => aggregate(people, column))
    },
    async aggregateAsync(of, name, options = {}) {
      numbers(name)
      return overLater(of, options, (people, data) => aggregateLater(people, numbers(name, data), options.signal))
    },
    quantiles(of, name, shares, { asOf, ...options } = {}) {
      const column = numbers(name)
      return over(of, { asOf }, (people) => quantiles(people, column, shares, options))
    },
    top(of, name, k, { asOf, ...options } = {}) {
      const column = numbers(name)
      const idOf = (person: number) => dataset.ids.idOf(person)!
      return over(of, { asOf }, (people) => {
        if (dataset.named === null) return top(people, column, k, options, idOf)
        const named = and(people, dataset.named)
        try {
          return top(named, column, k, options, idOf)
        } finally {
          named.dispose()
        }
      })
    },
    histogram(of, name, { asOf, ...options }) {
      const column = numbers(name)
      return over(of, { asOf }, (people) => histogram(people, column, options))
    },
    cube(of, { asOf, ...options }) {
      checkCubeOptions(options as CubeOptions)
      const number = options.of === undefined ? null : numbers(options.of)
      // One instant for the people and for all that they are grouped by.
      const isLive = (name: string): boolean => dataset.derivedTag(name)?.mode === 'live'
      const moment = { asOf: options.by.some(isLive) ? planner().momentOf({ asOf }) : asOf }
      const made: GroupingColumn[] = []
      const by = options.by.map((name) => {
        const column = grouping(name)
        if (!isLive(name)) return { name, column }
        const momentary = momentaryColumn(name, column, planner(), moment)
        made.push(momentary)
        return { name, column: momentary }
      })
      try {
        return over(of, moment, (people) => cube(people, by, number))
      } finally {
        for (const column of made) column.dispose()
      }
    },
    async cubeAsync(of, { asOf, signal, ...options }) {
      checkCubeOptions(options as CubeOptions)
      if (options.of !== undefined) numbers(options.of)
      const isLive = (name: string): boolean => dataset.derivedTag(name)?.mode === 'live'
      for (const name of options.by) grouping(name)
      // A live tag has no people of its own to be counted later.
      if (options.by.some(isLive)) return this.cube(of, { asOf, ...options })
      if (openThreads() !== null) {
        await shareIndexes(
          options.by.map((name) => grouping(name)),
          signal,
        )
        const counted = await profiled(of, { asOf, signal }, options as CubeOptions)
        if (counted !== null) return counted
      }
      return overLater(of, { asOf, signal }, async (people, data) => {
        const by = options.by.map((name) => ({ name, column: grouping(name, data) }))
        const [only] = by
        const pool = openThreads()
        if (pool !== null && by.length === 1 && options.of === undefined && isCategory(only!)) {
          const index = only.column.indexFor(people)
          if (index !== null) {
            const counts = await countOnThreads(people, index, only.column.values.size, pool, signal)
            return cubeOfCounts(only, counts)
          }
        }
        return cubeLater(people, by, options.of === undefined ? null : numbers(options.of, data), signal)
      })
    },
  } satisfies Insight<SchemaSpec>)
}

function isCategory(grouping: NamedGrouping): grouping is NamedGrouping & { readonly column: CategoryColumn } {
  return grouping.column.kind === 'category'
}

/** Puts the indexes of columns where other threads can read them, in short turns. */
async function shareIndexes(columns: readonly GroupingColumn[], signal: AbortSignal | undefined): Promise<void> {
  const turns = new ShortTurns()
  for (const column of columns) {
    while (column.kind === 'category' && column.shareIndex()) {
      await turns.mayEnd()
      signal?.throwIfAborted()
    }
  }
}

function wrongColumn(dataset: Dataset, name: string, expected: string): CrowdbitError {
  const spec = dataset.schema.get(name)
  if (spec === undefined) return dataset.schema.unknown(name)
  return new CrowdbitError(
    'SCHEMA_COLUMN_WRONG_KIND',
    `column ${show(name)} is a column of kind ${spec.kind}, where ${expected} is expected`,
    { name, kind: spec.kind },
  )
}
