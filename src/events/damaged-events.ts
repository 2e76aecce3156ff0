import { CrowdbitError } from '../base/crowdbit-error.ts'

/** The error for saved events that don't fit together. */
export function damagedEvents(section: string, statement: string): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `section ${section} is damaged: ${statement}. Load a backup, or save again from the source of the data.`,
    { section },
  )
}
