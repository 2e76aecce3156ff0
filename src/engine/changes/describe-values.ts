import { decimalNumber } from '../../base/decimal.ts'
import { HeldNumber } from '../../dataset/held-number.ts'
import type { ColumnSpec } from '../../schema/column-spec.ts'
import { readBitmapBytes, readCell, readMembers, readOrdered } from '../journal/decode-values.ts'
import type { MessagePackReader } from '../journal/message-pack-reader.ts'
import type { DescribedPeople, DescribedValue } from './described-change.ts'

/** A cell of a row, as it was meant. */
export function describeCell(reader: MessagePackReader, spec: ColumnSpec | undefined): DescribedValue {
  const cell = readCell(reader)
  return cell instanceof HeldNumber ? describeNumber(cell.value, spec) : (cell as DescribedValue)
}

/** A number as its column holds it, as it was meant. */
export function describeNumber(held: number, spec: ColumnSpec | undefined): number | Date {
  if (spec?.kind === 'timestamp') return new Date(held)
  return spec?.kind === 'number' ? decimalNumber(held, spec.scale) : held
}

/** Whom a change of members is about. */
export function describeMembers(reader: MessagePackReader): DescribedPeople {
  const given = readMembers(reader)
  if (given.form === 'ids') return { ids: given.ids, dense: null }
  const dense = given.people.toUint32Array()
  given.people.dispose()
  return { ids: null, dense }
}

/** Whom a value each is for. */
export function describeOrdered(reader: MessagePackReader): DescribedPeople {
  const given = readOrdered(reader)
  return given.form === 'ids' ? { ids: given.ids, dense: null } : { ids: null, dense: given.people }
}

/** The numbers of a bitmap, ascending. */
export function describeBitmap(reader: MessagePackReader): Uint32Array {
  const bitmap = readBitmapBytes(reader)
  const numbers = bitmap.toUint32Array()
  bitmap.dispose()
  return numbers
}
