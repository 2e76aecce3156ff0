import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalText } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import { bitmapOf } from '../bitmap/bitmap.ts'
import { holdsLeaving, type Merge, mergedSum, mergePeople } from '../columns/merge-people.ts'
import { NumberColumn } from '../columns/number-column.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { Journal } from './journal.ts'
import { planLinks } from './link-plan.ts'
import type { Mutation, MutationReport } from './mutation.ts'

/** People who became others: who was `from[i]` is `to[i]`. */
export interface Merged {
  /** Ascending. */
  readonly from: Uint32Array
  readonly to: Uint32Array
}

/** Says of pairs of ids that each is one person, merging those who were two (law 4). @throws MERGE_OUT_OF_RANGE, the ID_… codes */
export function linkIds(
  parts: DatasetParts,
  { pairs }: Mutation & { kind: 'link' },
  journal: Journal | null,
  onMerged: (merged: Merged) => void,
): MutationReport {
  parts.ids.checkMany(pairs.flat())
  const plan = planLinks(pairs, parts.ids)
  const { newIds, created, aliases, merges } = plan
  checkSums(parts, merges)
  journal?.write({ kind: 'link', pairs })
  if (newIds.length > 0 || merges.length > 0) parts.revisions.wrotePeople()
  if (newIds.length > 0) parts.ids.addMany(newIds)
  for (const person of created) parts.people.add(person)
  if (merges.length > 0) mergeAll(parts, merges, onMerged)
  for (const { alias, person } of aliases) parts.ids.link(alias, person)
  const merged = merges.reduce((sum, { leaving }) => sum + leaving.length, 0)
  return { people: created.length + merged, created: created.length, unknown: 0, linked: aliases.length, merged }
}

/**
 * Takes an id off its person.
 *
 * @throws LINK_NAMES_PERSON, LINK_HAS_DATA, the ID_… codes
 */
export function unlinkId(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'unlink' },
  journal: Journal | null,
): MutationReport {
  const { id } = mutation
  const { ids } = parts
  const number = ids.numberOf(id)
  if (number !== -1) {
    const others = ids.idsOfPerson(ids.find(id)).length - 1
    if (ids.links?.isAlias(number) !== true) {
      throw new CrowdbitError(
        'LINK_NAMES_PERSON',
        `${show(id)} is the id that its person is named by${others === 0 ? ', and the only one' : ''}: remove the person, or unlink ${others === 0 ? 'an id that was linked' : 'one of the others'}`,
        { id, others },
      )
    }
    if (ids.links.wasPerson(number)) {
      throw new CrowdbitError(
        'LINK_HAS_DATA',
        `${show(id)} was a person of its own before it was linked, whose data can't be told apart any more`,
        { id },
      )
    }
  }
  journal?.write(mutation)
  if (number === -1) return { people: 0, created: 0, unknown: 1 }
  parts.revisions.wrotePeople()
  ids.unlink(number)
  return { people: 1, created: 0, unknown: 0 }
}

/** @throws MERGE_OUT_OF_RANGE */
function checkSums({ columns, ids }: DatasetParts, merges: readonly Merge[]): void {
  for (const [name, column] of columns) {
    if (!(column instanceof NumberColumn) || column.spec.merge !== 'sum') continue
    const { min, max, scale } = column.limits
    for (const merge of merges) {
      const sum = mergedSum(column, merge)
      if (sum === null || (sum >= BigInt(min) && sum <= BigInt(max))) continue
      const range = { min: decimalText(min, scale), max: decimalText(max, scale) }
      throw new CrowdbitError(
        'MERGE_OUT_OF_RANGE',
        `${show(ids.idOf(merge.staying))} and who is linked with it would have a sum outside the range of ${name}, ${range.min} to ${range.max}: nothing was linked`,
        { column: name, ids: ids.idsOf([merge.staying, ...merge.leaving]), ...range },
      )
    }
  }
}

function mergeAll(parts: DatasetParts, merges: readonly Merge[], onMerged: (merged: Merged) => void): void {
  const merged = movesOf(merges)
  for (const [name, column] of parts.columns) {
    const isDerived = parts.derived.has(name)
    for (const merge of merges) {
      if (!holdsLeaving(column, merge)) continue
      parts.revisions.wrote(column)
      // Who has a derived tag is a matter of its rule.
      if (isDerived) for (const person of merge.leaving) column.forget(person)
      else mergePeople(column, merge)
    }
  }
  for (const column of parts.events.values()) if (column.give(merged.from, merged.to)) parts.revisions.wrote(column)
  const leaving = bitmapOf(merged.from)
  parts.people.removeAll(leaving)
  leaving.dispose()
  for (const { staying, leaving: people } of merges) for (const person of people) parts.ids.merge(person, staying)
  onMerged(merged)
}

function movesOf(merges: readonly Merge[]): Merged {
  const moves = merges.flatMap(({ staying, leaving }) => leaving.map((from) => ({ from, to: staying })))
  moves.sort((a, b) => a.from - b.from)
  return { from: Uint32Array.from(moves, ({ from }) => from), to: Uint32Array.from(moves, ({ to }) => to) }
}
