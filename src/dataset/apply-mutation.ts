import type { DenseId, ExternalId } from '../base/brand.ts'
import { invariant } from '../base/invariant.ts'
import { type Bitmap, bitmapOf, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { CategoryColumn } from '../columns/category-column.ts'
import { createColumn } from '../columns/column.ts'
import { NumberColumn } from '../columns/number-column.ts'
import { EventColumn } from '../events/event-column.ts'
import { addNumbersFrom, addPeople, countDistinct } from './add-people.ts'
import { trackEvents } from './apply-events.ts'
import { linkIds, type Merged, unlinkId } from './apply-links.ts'
import { setNumbers } from './apply-numbers.ts'
import { putTable } from './apply-table.ts'
import { bitmapOfNumbers } from './bitmap-of-numbers.ts'
import { buildTag } from './build-tag.ts'
import { checkMemberChange } from './check-member-change.ts'
import { checkRow, reserveNewValues, reserveNewValuesOfRow } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { type Journal, recordWithIds } from './journal.ts'
import { checkLiving } from './members.ts'
import type { Mutation, MutationReport } from './mutation.ts'
import type { RawRow } from './raw-row.ts'
import { RowReport } from './row-report.ts'
import { writeRow, writeRows } from './write-rows.ts'

/** Who is told of a mutation while it is applied. */
export interface MutationListeners {
  /** Told the people who are about to be removed. */
  readonly onRemoved: (people: ReadonlyBitmap) => void
  /** Told the people who became others. */
  readonly onMerged: (merged: Merged) => void
  /** Writes mutations down, between checking and changing; `null` where nobody does. */
  readonly journal: Journal | null
}

/**
 * The one place where data changes. Each case first checks everything, which may throw, then writes the mutation into the
 * journal, which may refuse it, and then changes, which may not throw.
 */
export function applyMutation(parts: DatasetParts, mutation: Mutation, listeners: MutationListeners): MutationReport {
  const { journal } = listeners
  switch (mutation.kind) {
    case 'put':
      return putRows(parts, mutation.rows, journal)
    case 'putTable':
      return putTable(parts, mutation.table, journal)
    case 'remove':
      return removePeople(parts, mutation, listeners)
    case 'link':
      return linkIds(parts, mutation, journal, listeners.onMerged)
    case 'unlink':
      return unlinkId(parts, mutation, journal)
    case 'members':
      return changeMembers(parts, mutation, journal)
    case 'numbers':
      return setNumbers(parts, mutation, journal)
    case 'track':
      return trackEvents(parts, mutation, journal)
    case 'retain': {
      journal?.write(mutation)
      const today = parts.zone.dayOf(mutation.now)
      let dropped = 0
      for (const column of parts.events.values()) {
        parts.revisions.wrote(column)
        dropped += column.retain(today)
      }
      return { ...nothing, dropped }
    }
    case 'defineTag':
    case 'addColumn': {
      const schema = parts.schema.with(mutation.column, mutation.spec)
      const name = mutation.column.normalize('NFC')
      // The schema's own, which nobody can change any more.
      const spec = schema.get(name)!
      journal?.write({ ...mutation, spec })
      parts.schema = schema
      const made = spec.kind === 'event' ? new EventColumn(spec, parts.zone) : createColumn(spec)
      parts.revisions.wrote(made)
      // Its values are never merged.
      if (mutation.kind === 'defineTag' && made instanceof CategoryColumn) made.order = null
      if (made instanceof EventColumn) parts.events.set(name, made)
      else parts.columns.set(name, made)
      if (mutation.kind === 'defineTag') parts.derived.set(name, mutation.tag)
      return nothing
    }
    case 'buildTag':
      return buildTag(parts, mutation, journal)
    case 'dropColumn': {
      const name = mutation.column.normalize('NFC')
      const schema = parts.schema.without(name)
      journal?.write(mutation)
      parts.schema = schema
      parts.columns.get(name)?.dispose()
      parts.columns.delete(name)
      parts.events.delete(name)
      parts.derived.delete(name)
      return nothing
    }
  }
}

const nothing: MutationReport = Object.freeze({ people: 0, created: 0, unknown: 0 })

function putRows(
  parts: DatasetParts,
  rows: readonly (readonly [ExternalId, RawRow])[],
  journal: Journal | null,
): MutationReport {
  if (rows.length === 1) return putRow(parts, rows[0]![0], rows[0]![1], journal)
  const writes = rows.map(([, row]) => checkRow(parts, row))
  reserveNewValues(writes)
  const ids = rows.map(([id]) => id)
  recordWithIds(journal, parts.ids, ids, { kind: 'put', ids, rows: writes })
  const { people, created } = addPeople(parts, ids)
  writeRows(writes, people, parts.revisions)
  return { people: countDistinct(people), created, unknown: 0, numbers: people }
}

/** As `putRows`, without what only many need. */
function putRow(parts: DatasetParts, id: ExternalId, row: RawRow, journal: Journal | null): MutationReport {
  const writes = checkRow(parts, row)
  reserveNewValuesOfRow(writes)
  if (journal !== null) recordWithIds(journal, parts.ids, [id], { kind: 'put', ids: [id], rows: [writes] })
  const before = parts.ids.size
  const person = parts.ids.add(id)
  const created = addNumbersFrom(parts, before)
  writeRow(writes, person, parts.revisions)
  return new RowReport(person, created)
}

function removePeople(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'remove' },
  { onRemoved, journal }: MutationListeners,
): MutationReport {
  const { ids } = mutation
  for (const id of ids) parts.ids.check(id)
  const found = ids.map((id) => parts.ids.find(id)).filter((person) => person !== -1)
  const people = bitmapOf(found)
  if (journal !== null) journal.write({ ...mutation, others: otherIdsOf(parts, people) })
  onRemoved(people)
  if (!people.isEmpty) parts.revisions.wrotePeople()
  for (const column of parts.columns.values()) {
    if (column.present.bitmap.intersects(people)) parts.revisions.wrote(column)
  }
  if (people.size < fewPeople) {
    for (const person of people) for (const column of parts.columns.values()) column.forget(person)
  } else {
    for (const column of parts.columns.values()) {
      if (column.kind === 'flag') column.clearMembers(people)
      else column.clearAll(people)
    }
  }
  for (const column of parts.events.values()) {
    const { revision } = column
    column.forget(people)
    if (column.revision !== revision) parts.revisions.wrote(column)
  }
  parts.people.removeAll(people)
  for (const person of people) parts.ids.remove(person as DenseId)
  const removed = people.size
  people.dispose()
  return { people: removed, created: 0, unknown: ids.length - found.length }
}

/** All ids of people who have several. */
function otherIdsOf({ ids }: DatasetParts, people: ReadonlyBitmap): readonly ExternalId[] {
  const { links } = ids
  if (links === null) return []
  return [...people].filter((person) => links.isLinked(person)).flatMap((person) => ids.idsOfPerson(person))
}

/** Below this, people are forgotten one by one; from it on, column by column. */
const fewPeople = 16

function changeMembers(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'members' },
  journal: Journal | null,
): MutationReport {
  const { action } = mutation
  const { column, value, people, created } = takeMembers(parts, mutation, journal)
  const count = people.size
  parts.revisions.wrote(column)
  if (action === 'clear') {
    if (column.kind === 'flag') column.clearMembers(people)
    else if (value === null || column instanceof NumberColumn) column.clearAll(people)
    else column.clearMembers(value, people)
  } else if (column.kind === 'flag') {
    if (action === 'add') column.addMembers(people)
    else column.replaceMembers(people)
  } else if (column instanceof NumberColumn) {
    invariant(false, 'people are given numbers one by one')
  } else if (action === 'add') {
    column.addMembers(value!, people)
  } else {
    column.replaceMembers(value!, people)
  }
  const takenOver = action === 'replace' && column.kind !== 'category'
  if (!takenOver) people.dispose()
  return { people: count, created, unknown: 0 }
}

/** The checked column and value, and the people as a bitmap; one that was given is freed when the change is refused. */
function takeMembers(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'members' },
  journal: Journal | null,
): ReturnType<typeof checkMemberChange> & { people: Bitmap; created: number } {
  const { members } = mutation
  try {
    const checked = checkMemberChange(parts, mutation)
    if (members.form === 'dense') {
      checkLiving(members.people, parts.people.bitmap)
      journal?.write(mutation)
      return { ...checked, people: members.people, created: 0 }
    }
    recordWithIds(journal, parts.ids, members.ids, mutation)
    const { people, created } = addPeople(parts, members.ids)
    return { ...checked, people: bitmapOfNumbers(people), created }
  } catch (error) {
    if (members.form === 'dense') members.people.dispose()
    throw error
  }
}
