import { type Constant, type DurationUnit, isParameter, type Slot, type WindowUnit } from '../ast.ts'
import { writeDecimal } from './number-literal.ts'
import { quote, writeName, writeParameter } from './quote.ts'
import { type RuleLanguage, vocabulary } from './vocabulary.ts'

/** A name as it stands before an operator, or behind `did`. */
export function printName(slot: Slot<string>): string {
  return isParameter(slot) ? writeParameter(slot.param) : writeName(slot)
}

/** A value: text in double quotes, a number in plain digits. */
export function printConstant(slot: Slot<Constant>): string {
  if (isParameter(slot)) return writeParameter(slot.param)
  return typeof slot === 'number' ? writeDecimal(slot) : quote(slot)
}

/** A number of units: `1 day`, `7 days`, `7 天`. */
export function printQuantity(count: Slot<number>, unit: WindowUnit | DurationUnit, language: RuleLanguage): string {
  return `${printConstant(count)} ${printUnit(count, unit, language)}`
}

/** A unit behind its number: one of it is singular in English. */
export function printUnit(
  count: Slot<Constant>,
  unit: WindowUnit | DurationUnit | 'times',
  language: RuleLanguage,
): string {
  const word = vocabulary[unit][language]
  return language === 'en' && count === 1 ? word.slice(0, -1) : word
}
