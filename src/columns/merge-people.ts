import { CategoryColumn } from './category-column.ts'
import type { Column } from './column.ts'
import type { NumberColumn } from './number-column.ts'

/** A person who stays, and others who become that one: all ascending, the one who stays the lowest. */
export interface Merge {
  readonly staying: number
  readonly leaving: readonly number[]
}

/** Whether a column has anything of those who leave. */
export function holdsLeaving({ present }: Column, { leaving }: Merge): boolean {
  return leaving.some((person) => present.has(person))
}

/**
 * Makes one person of several in a column: flags and many values are united, of single values one stays, as the column's
 * policy says (law 4). Nothing may be wrong with it: see `mergedSum`.
 * Cost: that of a write for each of the people.
 */
export function mergePeople(column: Column, merge: Merge): void {
  const { staying, leaving } = merge
  switch (column.kind) {
    case 'flag':
      column.set(staying, true)
      break
    case 'multi-category':
      column.edit(
        staying,
        [],
        leaving.flatMap((person) => column.get(person) ?? []),
      )
      break
    default:
      mergeValues(column, merge)
  }
  for (const person of leaving) column.forget(person)
}

/** The sum of the values of the people of a merge, exactly; `null` where nobody has one. */
export function mergedSum(column: NumberColumn, { staying, leaving }: Merge): bigint | null {
  let sum: bigint | null = null
  for (const person of [staying, ...leaving]) {
    const value = column.valueOf(person)
    if (value !== undefined) sum = (sum ?? 0n) + BigInt(value)
  }
  return sum
}

function mergeValues(column: CategoryColumn | NumberColumn, merge: Merge): void {
  const { staying, leaving } = merge
  const having = [staying, ...leaving].filter((person) => column.present.has(person))
  const { order } = column
  if (column instanceof CategoryColumn) {
    const from = chosen(having, column)
    const at = order?.get(from) ?? 0
    if (from !== staying) column.set(staying, column.get(from)!)
    order?.set(staying, at)
    return
  }
  if (column.spec.merge === 'sum') {
    column.set(staying, Number(mergedSum(column, merge)))
    return
  }
  const from = chosen(having, column)
  const at = order?.get(from) ?? 0
  if (from !== staying) column.set(staying, column.valueOf(from)!)
  order?.set(staying, at)
}

/** The person whose value stays. Of two that one write made, it is the one of the person who was seen later, or with `first` earlier. */
function chosen(having: readonly number[], column: CategoryColumn | NumberColumn): number {
  const { order, spec } = column
  const measure = (person: number): number => {
    if (spec.merge === 'max' || spec.merge === 'min') return (column as NumberColumn).valueOf(person)!
    return order?.get(person) ?? 0
  }
  const isLower = spec.merge === 'min' || spec.merge === 'first'
  const takesEqual = spec.merge === undefined || spec.merge === 'latest'
  return having.reduce((best, person) => {
    const [a, b] = [measure(best), measure(person)]
    if (a === b) return takesEqual ? person : best
    return b < a === isLower ? person : best
  })
}
