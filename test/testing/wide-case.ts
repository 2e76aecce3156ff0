import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'

/** The case with forty people at its beginning who have forty different values in each open category. */
export function widen(tried: SegmentationCase): SegmentationCase {
  const open = Object.entries(tried.schema).filter(([, spec]) => spec.kind === 'category' && spec.values === null)
  const rows = Array.from({ length: 40 }, (_, at) => {
    const row = open.map(([column, spec]) => [column, spec.kind === 'category' && spec.many ? [`v${at}`] : `v${at}`])
    return [idAt((7 * at) % 60), Object.fromEntries(row)] as const
  })
  if (open.length === 0) return tried
  // Ids that were new when they were linked belong to people now, and can't be taken off.
  const changes = tried.changes.filter(({ kind }) => kind !== 'unlink')
  return { ...tried, changes: [{ kind: 'put', rows }, ...changes] }
}
