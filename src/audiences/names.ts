import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'

/** Longest name, in UTF-16 units. */
const maxLength = 256

/**
 * A name as it is kept and compared: in NFC and trimmed (law 18).
 *
 * @throws AUDIENCE_NAME_INVALID or WORKSPACE_NAME_INVALID, as `code` says
 */
export function checkName(
  name: unknown,
  code: ErrorCode & ('AUDIENCE_NAME_INVALID' | 'WORKSPACE_NAME_INVALID'),
): string {
  const normal = typeof name === 'string' ? name.normalize('NFC').trim() : ''
  if (normal.length === 0 || normal.length > maxLength || /\p{Cc}/u.test(normal) || !isWellFormed(normal)) {
    throw new CrowdbitError(
      code,
      `${show(name)} is not a name: text of 1 to ${maxLength} characters without control characters is expected`,
      { name },
    )
  }
  return normal
}
