import { isParameter, type Slot } from '../../src/rules/ast.ts'

/** A text as a literal of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as an identifier of SQL. */
export function named(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A decimal as a literal: exact, since SQL reads digits with a point as a decimal, not as a double. */
export function decimalSql(constant: number | string): string {
  const text = String(constant)
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`no plain decimal: ${text}`)
  return text
}

/** The value in a slot. @throws Error for a parameter */
export function given<Value>(slot: Slot<Value>): Value {
  if (isParameter(slot)) throw new Error(`the parameter ${slot.param} has no value`)
  return slot
}
