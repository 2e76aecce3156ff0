import { addEncodedPeople, countDistinct } from './add-people.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { type Journal, recordWithIds } from './journal.ts'
import type { MutationReport } from './mutation.ts'
import type { PutTable } from './put-table.ts'

/**
 * Writes a table of rows, column by column.
 *
 * @throws VALUES_EXHAUSTED, IDS_EXHAUSTED, and what the journal throws
 */
export function putTable(parts: DatasetParts, table: PutTable, journal: Journal | null): MutationReport {
  for (const cells of table.columns) cells.reserve()
  if (journal !== null) {
    const ids = table.externalIds()
    recordWithIds(journal, parts.ids, ids, { kind: 'put', ids, rows: table.checkedRows() })
  }
  const before = parts.ids.size
  const numbers = addEncodedPeople(parts, table.ids)
  const people = countDistinct(numbers)
  for (const cells of table.columns) {
    if (!cells.isWritten) continue
    parts.revisions.wrote(cells.column)
    cells.write(numbers, people === numbers.length)
  }
  return { people, created: parts.ids.size - before, unknown: 0, numbers }
}
