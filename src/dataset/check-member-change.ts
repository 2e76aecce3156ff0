import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { checkValue } from '../columns/check-value.ts'
import type { Column } from '../columns/column.ts'
import { NumberColumn } from '../columns/number-column.ts'
import { checkWritten } from './check-written.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { Mutation } from './mutation.ts'

/**
 * The column and the value in NFC that a change of members is about. The ids or numbers are checked when the
 * dictionary takes them, which is whole or not at all too.
 *
 * @throws SCHEMA_COLUMN_UNKNOWN, SCHEMA_COLUMN_WRONG_KIND, VALUE_WRONG_TYPE and the other VALUE_… codes
 */
export function checkMemberChange(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'members' },
): { column: Column; value: string | null } {
  const { column: name, value, action } = mutation
  const column = parts.columns.get(name.normalize('NFC'))
  if (column === undefined) throw parts.schema.unknown(name)
  checkWritten(parts, name)
  if (column.kind === 'flag') {
    if (value === null) return { column, value }
    throw new CrowdbitError(
      'SCHEMA_COLUMN_WRONG_KIND',
      `${name} is a flag: it has members, and no value ${show(value)} that could have them`,
      {
        column: name,
      },
    )
  }
  if (column instanceof NumberColumn) {
    if (action === 'clear' && value === null) return { column, value }
    throw new CrowdbitError(
      'SCHEMA_COLUMN_WRONG_KIND',
      `${name} is a ${column.kind}: it has values of people, not people of a value`,
      { column: name },
    )
  }
  if (value === null) {
    if (action === 'clear') return { column, value }
    throw new CrowdbitError('SCHEMA_COLUMN_WRONG_KIND', `${name} is a category: say which value the members get`, {
      column: name,
    })
  }
  const text = checkValue(name, column.spec, value)
  if (action !== 'clear' && column.values.find(text) === -1) column.values.reserve(1)
  return { column, value: text }
}
