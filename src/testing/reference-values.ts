import type { Constant, RuleNode, Slot } from '../rules/index.ts'
import { compareDecimals, decimalOf } from './reference-numbers.ts'
import { boundsOf, given, momentOf } from './reference-time.ts'
import type { ReferencePerson, ReferenceValue, ReferenceView } from './reference-view.ts'

/** The kinds of node that test one value: of a person's column, or of an event's property. */
export type ValueTestNode = Extract<RuleNode, { readonly tag: unknown }>

/**
 * What a test of a value means. Nothing but the value decides, so a filter of events means the same of a property as a rule
 * of a column.
 */
export function valueHolds(
  node: ValueTestNode,
  values: ReferencePerson,
  { timeZone, asOf }: Pick<ReferenceView, 'timeZone' | 'asOf'>,
): boolean {
  const value = values.get(given(node.tag))
  switch (node.kind) {
    case 'has': // A flag is there or not; false cleared it (law 7).
    case 'isSet': // Law 7: says that a value is there, whichever.
      return value !== undefined
    case 'isNotSet': // Law 7: U \ isSet.
      return value === undefined
    default:
  }
  if (value === undefined) return false // Law 7: an absent value makes every comparison false.
  const equals = (constant: Slot<Constant>): boolean => isEqual(value, given(constant), timeZone)
  const texts = textsOf(value)
  switch (node.kind) {
    case 'eq': // Law 8: texts are compared exactly, after NFC. Law 9: numbers as decimals.
      return equals(node.value)
    case 'ne': // Law 7: there is a value, so not the same as not(eq).
      return !equals(node.value)
    case 'in': // Law 8: in([]) is nobody.
    case 'hasAny':
      return given(node.values).some(equals)
    case 'notIn': // Laws 7 and 8: notIn([]) and hasNone([]) are isSet.
    case 'hasNone':
      return !given(node.values).some(equals)
    case 'hasAll': // Laws 7 and 8: hasAll([]) is isSet.
      return given(node.values).every(equals)

    case 'startsWith': // Law 8, these three: of a value, any of them.
      return texts.some((text) => text.startsWith(nfc(given(node.text))))
    case 'contains':
      return texts.some((text) => text.includes(nfc(given(node.text))))
    case 'matches': // JavaScript's own engine, which agrees with RE2 on the patterns that the generators make.
      return texts.some((text) => new RegExp(nfc(given(node.pattern)), 'u').test(text))

    case 'lt':
      return isBelow(value, given(node.value), timeZone)
    case 'gte':
      return !isBelow(value, given(node.value), timeZone)
    case 'gt':
      return isAbove(value, given(node.value), timeZone)
    case 'lte':
      return !isAbove(value, given(node.value), timeZone)
    case 'between': // Law 9: both ends included, gte and lte.
      return !isBelow(value, given(node.from), timeZone) && !isAbove(value, given(node.to), timeZone)
    case 'within': {
      // Law 12: half-open. A timestamp is no event: it lies in a window whether or not its time has come (law 11).
      const { from, to } = boundsOf(node.window, asOf, timeZone)
      return typeof value === 'number' && from <= value && value < to
    }
  }
}

/** Equal as decimals; as instants, a local date being equal to all of its day; as texts, of which one is enough. */
function isEqual(value: ReferenceValue, constant: Constant, timeZone: string): boolean {
  if (isOrdered(value)) return !isBelow(value, constant, timeZone) && !isAbove(value, constant, timeZone)
  return textsOf(value).includes(nfc(String(constant)))
}

/** Law 9: below the decimal. A timestamp: before the instant, or before the local day begins. */
function isBelow(value: ReferenceValue, constant: Constant, timeZone: string): boolean {
  if (typeof value === 'number') return value < momentOf(String(constant), timeZone).from
  return isDecimal(value) && compareDecimals(value, decimalOf(constant)) < 0
}

/** Law 9: above the decimal. A timestamp: after the instant, or not before the local day has ended. */
function isAbove(value: ReferenceValue, constant: Constant, timeZone: string): boolean {
  if (typeof value !== 'number') return isDecimal(value) && compareDecimals(value, decimalOf(constant)) > 0
  const { to, isDay } = momentOf(String(constant), timeZone)
  return isDay ? value >= to : value > to
}

type Ordered = Exclude<ReferenceValue, true | string | ReadonlySet<string>>

/** Whether a value is a decimal or an instant. */
function isOrdered(value: ReferenceValue): value is Ordered {
  return typeof value === 'number' || isDecimal(value)
}

function isDecimal(value: ReferenceValue): value is Extract<ReferenceValue, { readonly units: bigint }> {
  return typeof value === 'object' && 'units' in value
}

/** The texts in a value: none, one or many. */
function textsOf(value: ReferenceValue): readonly string[] {
  if (typeof value === 'string') return [value]
  return value instanceof Set ? [...(value as ReadonlySet<string>)] : []
}

/** Law 8: text is brought to NFC when it is asked, as it was when it was written. */
function nfc(text: string): string {
  return text.normalize('NFC')
}
