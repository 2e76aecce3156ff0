import type { CheckedTexts, CheckedWrite } from './check-row.ts'
import { NumberWrites } from './number-writes.ts'
import type { Revisions } from './revisions.ts'

/** Writes checked rows, in order: `rows[i]` is that of `people[i]`. */
export function writeRows(rows: readonly (readonly CheckedWrite[])[], people: Uint32Array, revisions: Revisions): void {
  const values = new NumberWrites(rows.length)
  rows.forEach((row, index) => {
    const person = people[index]!
    for (const write of row) {
      revisions.wrote(write.column)
      if ('value' in write) values.write(write.column, person, write.value)
      else writeCell(write, person)
    }
  })
  values.finish()
}

/** Writes a checked row. */
export function writeRow(row: readonly CheckedWrite[], person: number, revisions: Revisions): void {
  for (const write of row) {
    revisions.wrote(write.column)
    if ('value' in write) write.column.set(person, write.value)
    else writeCell(write, person)
  }
}

/** Writes a checked cell of a flag or category. */
export function writeCell(write: CheckedTexts, person: number): void {
  const { column } = write
  switch (column.kind) {
    case 'flag':
      column.set(person, write.add.length > 0)
      break
    case 'category':
      column.set(person, write.add[0] ?? null)
      break
    case 'multi-category':
      if (write.remove === null) column.set(person, write.add)
      else column.edit(person, write.remove, write.add)
  }
}
