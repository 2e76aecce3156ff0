import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../../base/did-you-mean.ts'
import { show } from '../../base/show.ts'
import type { Duration, DurationUnit, Slot } from '../ast.ts'
import * as make from '../make-node.ts'
import { durationUnits } from '../units.ts'
import { countOperand } from './operand.ts'

/**
 * A length of time in one unit: `{ hours: 24 }`. It does not depend on the calendar: a day is 24 hours, a week is 7 days.
 */
export type DurationOption = {
  readonly [Unit in DurationUnit]: { readonly [Key in Unit]: Slot<number> } & {
    readonly [Other in Exclude<DurationUnit, Unit>]?: never
  }
}[DurationUnit]

/** @throws RULE_BAD_SEQUENCE for what is no length of time, RULE_WRONG_TYPE for what is no number */
export function durationOperand(found: DurationOption): Duration {
  const entries = typeof found === 'object' && found !== null ? Object.entries(found) : []
  const [unit, count] = entries[0] ?? []
  const known = durationUnits.find((one) => one === unit)
  if (entries.length === 1 && known !== undefined) return make.duration(countOperand(count!), known)
  const suggestion = entries.length === 1 ? nearestName(unit!, durationUnits) : undefined
  throw new CrowdbitError(
    'RULE_BAD_SEQUENCE',
    `${show(found)} stands where a length of time in one unit is expected, such as { hours: 24 }: ${durationUnits.join(', ')}.${didYouMean(suggestion)}`,
    { found },
  )
}
