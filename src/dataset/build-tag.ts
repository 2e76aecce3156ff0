import { invariant } from '../base/invariant.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { Journal } from './journal.ts'
import type { Mutation, MutationReport } from './mutation.ts'

/** Puts the people of a build in the place of those that a built tag had. */
export function buildTag(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'buildTag' },
  journal: Journal | null,
): MutationReport {
  const name = mutation.column.normalize('NFC')
  const tag = parts.derived.get(name)
  const column = parts.columns.get(name)
  invariant(tag !== undefined && tag.mode === 'built', 'only a built tag is built')
  const { cases } = tag
  invariant(mutation.people.length === cases.length, 'a build has the people of each case')
  invariant(
    column?.kind === 'flag' || column?.kind === 'category',
    'a derived tag is a flag or a category of one value',
  )
  journal?.write(mutation)
  parts.revisions.wrote(column)
  if (column.kind === 'flag') column.replaceMembers(mutation.people[0]!)
  else column.replaceAll(cases.map(({ value }, index) => [value!, mutation.people[index]!] as const))
  parts.derived.set(name, { ...tag, built: mutation.built })
  return { people: column.present.size, created: 0, unknown: 0 }
}
