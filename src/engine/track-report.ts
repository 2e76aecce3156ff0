import type { MutationReport } from '../dataset/mutation.ts'
import type { TrackReport } from './write-report.ts'

/** The report of a mutation that tracked events. */
export function trackReport({ events, people, created }: MutationReport): TrackReport {
  const { added = 0, duplicates = 0, expired = 0 } = events ?? {}
  return { events: added, duplicates, expired, people, created }
}
