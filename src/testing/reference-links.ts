import type { ColumnSpec, ExternalId } from '../index.ts'
import { addDecimals, compareDecimals, type ReferenceDecimal } from './reference-numbers.ts'
import type { ReferenceValue } from './reference-view.ts'

/** Two ids of one person. */
export type ReferencePair = readonly [ExternalId, ExternalId]

/** A value of a person, and the change that wrote it, counted from the first. */
export interface WrittenAt {
  readonly value: ReferenceValue
  readonly change: number
}

/** People in the groups that pairs make of them: each in the order in which its people come in `seen`, and so are the groups. */
export function groupsOf(pairs: readonly ReferencePair[], seen: readonly ExternalId[]): readonly ExternalId[][] {
  let groups: Set<ExternalId>[] = []
  for (const pair of pairs) {
    const met = groups.filter((group) => pair.some((id) => group.has(id)))
    groups = [
      ...groups.filter((group) => !met.includes(group)),
      new Set([...met.flatMap((group) => [...group]), ...pair]),
    ]
  }
  return groups
    .map((group) => seen.filter((id) => group.has(id)))
    .sort(([a], [b]) => seen.indexOf(a!) - seen.indexOf(b!))
}

/**
 * Law 4: what the values that people have in one column come to, when they are one person; they stand in the order in which the
 * people were seen. Flags and many-value categories are united; of single values the policy decides.
 */
export function mergedValue(values: readonly WrittenAt[], spec: ColumnSpec): WrittenAt {
  const policy = 'merge' in spec ? (spec.merge ?? 'latest') : 'latest'
  return values.reduce((merged, next) => {
    if (merged.value === true) return merged
    if (merged.value instanceof Set && next.value instanceof Set) {
      return { ...next, value: new Set([...(merged.value as Set<string>), ...(next.value as Set<string>)]) }
    }
    switch (policy) {
      case 'latest': // Of two that one change wrote, that of the person who was seen later.
        return next.change >= merged.change ? next : merged
      case 'first':
        return next.change < merged.change ? next : merged
      case 'max':
        return compare(next.value, merged.value) > 0 ? next : merged
      case 'min':
        return compare(next.value, merged.value) < 0 ? next : merged
      default:
        return { ...next, value: addDecimals(merged.value as ReferenceDecimal, next.value as ReferenceDecimal) }
    }
  })
}

function compare(a: ReferenceValue, b: ReferenceValue): number {
  return typeof a === 'number' ? a - (b as number) : compareDecimals(a as ReferenceDecimal, b as ReferenceDecimal)
}
