import { invariant } from '../base/invariant.ts'
import { isParameter, type Slot } from '../rules/ast.ts'

/** The value of a slot of a rule that has passed validation. */
export function bound<Value>(slot: Slot<Value>): Value {
  invariant(!isParameter(slot), 'a rule with parameters does not pass validation')
  return slot as Value
}
