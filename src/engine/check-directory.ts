import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'

/** @throws OPTION_INVALID for what names no folder */
export function checkDirectory(directory: unknown): void {
  if (typeof directory === 'string' && directory.length > 0) return
  throw new CrowdbitError('OPTION_INVALID', `the folder is ${show(directory)}, where a path is expected`)
}
