import { rowsOfSlice } from './day-slice.ts'
import type { Resolved } from './resolved.ts'

/** How many people a question has at most, and how many events there are in the days that it is about. */
export function estimateOf(resolved: Resolved): { size: number; events: number } {
  switch (resolved.kind) {
    case 'nobody':
      return { size: 0, events: 0 }
    case 'difference': {
      const of = estimateOf(resolved.of)
      return { size: of.size, events: of.events + estimateOf(resolved.without).events }
    }
    case 'leaf': {
      const { ask, slices } = resolved
      const rows = slices.map(rowsOfSlice)
      const events = rows.reduce((sum, count) => sum + count, 0)
      return { size: Math.floor(events / ask.least), events }
    }
  }
}
