import { parseScaled } from '../base/decimal.ts'
import { nearestName } from '../base/did-you-mean.ts'
import { isMomentText } from '../base/instant.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { Constant, Slot } from './ast.ts'
import { compareDecimals, digitsAfterPoint, isDecimal } from './decimal-order.ts'
import type { FaultCollector } from './fault-collector.ts'
import { isReversed } from './moment-order.ts'

/** What a constant is compared with. */
export type Comparand =
  | { readonly kind: 'text'; readonly noun: 'tag' | 'property'; readonly values: readonly string[] | null }
  | { readonly kind: 'number'; readonly name: string; readonly scale: number | null }
  | { readonly kind: 'moment' }
  /** Of a kind that is not known: a parameter, or a name that is a fault already. */
  | { readonly kind: 'unknown' }

/** What a constant beside the column, or the property, of this name is compared with. */
export function comparandOf(spec: ColumnSpec | undefined, name: string, noun: 'tag' | 'property'): Comparand {
  switch (spec?.kind) {
    case 'category':
      return { kind: 'text', noun, values: spec.values }
    case 'number':
      return { kind: 'number', name, scale: spec.scale }
    case 'timestamp':
      return { kind: 'moment' }
    default:
      return { kind: 'unknown' }
  }
}

/** Checks one constant. Whether it lies in the range of the values is no fault: that is answered (law 9). */
export function checkConstant(
  collector: FaultCollector,
  constant: Slot<Constant>,
  path: string,
  comparand: Comparand,
): void {
  if (!collector.isFilled(constant, path)) return
  switch (comparand.kind) {
    case 'text':
      checkText(collector, constant, path, comparand)
      break
    case 'number':
      checkNumber(collector, constant as Constant, path, comparand.name, comparand.scale)
      break
    case 'moment':
      checkMoment(collector, constant, path)
      break
    default:
      if (typeof constant !== 'number') checkText(collector, constant, path, null)
      else if (!Number.isFinite(constant)) notANumber(collector, constant, path)
  }
}

/** Checks an interval that includes both of its ends: each, and that they are in order. */
export function checkInterval(
  collector: FaultCollector,
  from: Slot<Constant>,
  to: Slot<Constant>,
  paths: { readonly from: string; readonly to: string; readonly both: string },
  comparand: Comparand,
): void {
  const before = collector.faults.length
  checkConstant(collector, from, paths.from, comparand)
  checkConstant(collector, to, paths.to, comparand)
  if (collector.faults.length > before || typeof from === 'object' || typeof to === 'object') return
  const reversed =
    comparand.kind === 'number'
      ? compareDecimals(from, to)! > 0
      : comparand.kind === 'moment' && isReversed(String(from), String(to), true)
  if (reversed) reportReversed(collector, from, to, paths.both)
}

export function reportReversed(collector: FaultCollector, from: Constant, to: Constant, path: string): void {
  const message = `the interval goes from ${show(from)} to ${show(to)}, which is before it: were the two swapped?`
  collector.fault('RULE_BAD_RANGE', message, path)
}

/** Checks the text of an instant or a date. */
export function checkMoment(collector: FaultCollector, constant: unknown, path: string): void {
  if (typeof constant === 'string' && isMomentText(constant)) return
  const message = `${show(constant)} is neither an instant nor a date: "2026-11-20T09:00:00+08:00", "2026-11-20T09:00" (local time) or "2026-11-20" is expected`
  collector.fault('RULE_BAD_TIME', message, path)
}

/** Checks a text, which is one of `comparand.values` where these are listed. */
export function checkText(
  collector: FaultCollector,
  value: unknown,
  path: string,
  comparand: { readonly noun: 'tag' | 'property'; readonly values: readonly string[] | null } | null,
): void {
  const allowed = comparand?.values ?? null
  const { valueLength } = collector.context.limits
  if (typeof value !== 'string') {
    const advice = typeof value === 'number' && comparand !== null ? `: write ${show(String(value))}` : ''
    collector.fault('RULE_WRONG_TYPE', `${show(value)} stands where text is expected${advice}`, path)
  } else if (!isWellFormed(value)) {
    const message = `${show(value)} has half a surrogate pair, which no stored text has`
    collector.fault('RULE_WRONG_TYPE', message, path)
  } else if (value.length > valueLength) {
    const message = `a text of ${value.length} characters is longer than the ${valueLength} allowed`
    collector.fault('RULE_TOO_LONG', message, path)
  } else if (allowed !== null && !allowed.includes(value)) {
    const message = `the ${comparand!.noun} lists its values, and ${show(value)} is none of them`
    collector.unknown('RULE_VALUE_NOT_ALLOWED', message, path, () => nearestName(value, allowed))
  }
}

function checkNumber(
  collector: FaultCollector,
  constant: Constant,
  path: string,
  name: string,
  scale: number | null,
): void {
  if (!isDecimal(constant)) notANumber(collector, constant, path)
  else if (scale !== null && parseScaled(constant, scale) === 'too-many-digits') {
    const digits = digitsAfterPoint(constant)
    const has = `${show(constant)} has ${digits} ${digits === 1 ? 'digit' : 'digits'} after the point`
    const holds = scale === 0 ? 'is a whole number' : `has at most ${scale}`
    collector.fault('RULE_BAD_NUMBER', `${has}, where ${name} ${holds}: nothing is rounded`, path)
  }
}

function notANumber(collector: FaultCollector, constant: unknown, path: string): void {
  const message = `${show(constant)} is no number: one such as 12 or -0.5, or its text "129.90", is expected`
  collector.fault('RULE_BAD_NUMBER', message, path)
}
