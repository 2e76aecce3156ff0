import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { show } from '../../base/show.ts'
import type { Decimal } from '../../schema/row.ts'
import { isParameter, type Parameter, type Slot } from '../ast.ts'

/** What a number is compared with: a decimal, or the parameter that will give it. */
export type NumberOperand = Decimal | Parameter

/**
 * What a timestamp is compared with: an instant as a `Date` or as ISO 8601 text, a local date (`'2026-11-20'`), which is
 * that whole day of the engine's zone, or the parameter that will give it.
 */
export type TimeOperand = Date | string | Parameter

/**
 * A number as rules hold it. A bigint becomes a number where that is exact, else its text.
 *
 * @throws RULE_BAD_NUMBER for NaN and Infinity, RULE_WRONG_TYPE for what is no number at all
 */
export function numberOperand(found: NumberOperand): Slot<number | string> {
  if (typeof found === 'bigint') {
    const near = Number(found)
    return Number.isSafeInteger(near) ? near : String(found)
  }
  if (typeof found === 'number') {
    if (Number.isFinite(found)) return found
    throw new CrowdbitError('RULE_BAD_NUMBER', `${show(found)} is no number that anything can be compared with`, {
      found,
    })
  }
  if (typeof found === 'string' || isParameter(found)) return found
  throw wrongType(found, 'a number is expected: 5, 5n or "129.90"')
}

/** A list of numbers as rules hold them. @throws as for one number, and RULE_WRONG_TYPE for what is no list */
export function numberList(found: readonly NumberOperand[] | Parameter): Slot<readonly Slot<number | string>[]> {
  if (isParameter(found)) return found
  if (Array.isArray(found)) return Array.from(found, numberOperand)
  throw wrongType(found, 'an array of numbers is expected')
}

/** A text as rules hold it. @throws RULE_WRONG_TYPE */
export function textOperand(found: Slot<string>): Slot<string> {
  if (typeof found === 'string' || isParameter(found)) return found
  throw wrongType(found, 'text is expected')
}

/** A list of texts as rules hold them. @throws RULE_WRONG_TYPE */
export function textList(found: readonly Slot<string>[] | Parameter): Slot<readonly Slot<string>[]> {
  if (isParameter(found)) return found
  if (Array.isArray(found)) return Array.from(found, textOperand)
  throw wrongType(found, 'an array of texts is expected')
}

/**
 * An instant or a local date as rules hold it: text.
 *
 * @throws RULE_BAD_TIME for a Date that is none, RULE_WRONG_TYPE for what can be no time at all
 */
export function timeOperand(found: TimeOperand): Slot<string> {
  if (found instanceof Date) {
    if (!Number.isNaN(found.getTime())) return found.toISOString()
    throw new CrowdbitError('RULE_BAD_TIME', 'an invalid Date is no instant')
  }
  if (typeof found === 'string' || isParameter(found)) return found
  throw wrongType(found, 'an instant or a local date is expected: a Date, "2026-11-20T09:00:00+08:00" or "2026-11-20"')
}

/**
 * How many. Whether it is whole and in its range is told by the check of the rule.
 *
 * @throws RULE_WRONG_TYPE
 */
export function countOperand(found: Slot<number>): Slot<number> {
  if (typeof found === 'number' || isParameter(found)) return found
  throw wrongType(found, 'a whole number is expected')
}

function wrongType(found: unknown, expected: string): CrowdbitError {
  return new CrowdbitError('RULE_WRONG_TYPE', `${show(found)} stands where ${expected}`, { found })
}
