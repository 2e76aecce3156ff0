import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalText } from '../base/decimal.ts'
import { sliceValues, type ValueSlices } from '../bitmap/value-slices.ts'
import { NumberColumn } from '../columns/number-column.ts'
import { addPeople } from './add-people.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { type Journal, recordWithIds } from './journal.ts'
import { checkLiving } from './members.ts'
import type { Mutation, MutationReport } from './mutation.ts'

/**
 * Writes a value each to many people.
 *
 * @throws SCHEMA_COLUMN_UNKNOWN, SCHEMA_COLUMN_WRONG_KIND, OPTION_INVALID, VALUE_OUT_OF_RANGE, DENSE_UNKNOWN, the ID_… codes
 */
export function setNumbers(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'numbers' },
  journal: Journal | null,
): MutationReport {
  const { members, values } = mutation
  const column = checkNumbers(parts, mutation)
  let slices: ValueSlices
  let created = 0
  if (members.form === 'dense') {
    slices = sliceValues(members.people, values)
    try {
      checkLiving(slices.people, parts.people.bitmap)
      journal?.write(mutation)
    } catch (error) {
      for (const bitmap of [slices.people, slices.negative, ...slices.slices]) bitmap.dispose()
      throw error
    }
  } else {
    recordWithIds(journal, parts.ids, members.ids, mutation)
    const added = addPeople(parts, members.ids)
    slices = sliceValues(added.people, values)
    created = added.created
  }
  const people = slices.people.size
  parts.revisions.wrote(column)
  if (mutation.action === 'set') column.write(slices)
  else column.replaceWith(slices)
  return { people, created, unknown: 0 }
}

function checkNumbers(
  parts: DatasetParts,
  { column: name, members, values }: Mutation & { kind: 'numbers' },
): NumberColumn {
  const column = parts.columns.get(name.normalize('NFC'))
  if (column === undefined) throw parts.schema.unknown(name)
  if (!(column instanceof NumberColumn)) {
    throw new CrowdbitError('SCHEMA_COLUMN_WRONG_KIND', `${name} holds no numbers that could be set`, { column: name })
  }
  const count = members.form === 'dense' ? members.people.length : members.ids.length
  if (count !== values.length) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `${name} was given ${values.length} values for ${count} people: each needs one`,
      { column: name, people: count, values: values.length },
    )
  }
  const { min, max, scale } = column.limits
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (value >= min && value <= max && Number.isInteger(value)) continue
    const found = Number.isSafeInteger(value) ? decimalText(value, scale) : String(value)
    throw new CrowdbitError('VALUE_OUT_OF_RANGE', `value ${index} for ${name} is ${found}, which it doesn't take`, {
      column: name,
      index,
    })
  }
  return column
}
