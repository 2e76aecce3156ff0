import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { LogFault } from './read-log.ts'

/** Mutations that were safe are missing from the log. */
export function logDamaged({ path, offset, found, expected, sequence }: LogFault): CrowdbitError {
  return new CrowdbitError(
    'STORE_LOG_DAMAGED',
    `the log ${path} is damaged: at byte ${offset} there is ${found}, where ${expected} is expected. ` +
      `Every write before number ${sequence} can be read, none from it on. Restore the folder from a backup, or save what comes before by repairEngine`,
    { path, offset, found, expected, sequence },
  )
}
