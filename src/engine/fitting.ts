import { CrowdbitError } from '../base/crowdbit-error.ts'
import { damaged } from './saved-fields.ts'

/**
 * Does what only a damaged save would make fail.
 *
 * @throws STORE_CORRUPT; a RULE_TOO_… code as it is, since it says that the limits given are below those of the save; what reading throws
 */
export function fitting<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CrowdbitError) || /^(RULE_(TOO|LIST)_|STORE_)/.test(error.code)) throw error
    throw damaged(error.message, error)
  }
}
