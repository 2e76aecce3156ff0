import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { DatasetParts } from './dataset-parts.ts'

/** Refuses to write to a column whose people follow from a rule. @throws TAG_DERIVED */
export function checkWritten(parts: DatasetParts, column: string): void {
  if (parts.derived.size > 0 && parts.derived.has(column.normalize('NFC'))) throw derivedTagWritten(column)
}

/** The error for a write to a derived tag. */
export function derivedTagWritten(column: string): CrowdbitError {
  return new CrowdbitError(
    'TAG_DERIVED',
    `${show(column)} is a derived tag, whose people follow from its rule, so nothing can be written to it. Write to what its rule asks about, or drop it and add a column of that name.`,
    { column },
  )
}
