import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { DatasetParts } from './dataset-parts.ts'

/** The parts of a dataset that was released: whoever touches one is told. */
export const releasedParts: DatasetParts = new Proxy({} as DatasetParts, {
  get() {
    throw new CrowdbitError('VIEW_RELEASED', 'this view was released; make a new one with read()')
  },
})

/** The error for a change of data that is frozen. */
export function viewReadOnly(): CrowdbitError {
  return new CrowdbitError(
    'VIEW_READ_ONLY',
    'a view shows one moment and takes no changes; write to the engine, and make a new view with read()',
  )
}
