import type { DenseId, ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { AppendReport } from '../events/event-column.ts'
import { addNumbersFrom, addPeople, countDistinct } from './add-people.ts'
import { atEvent } from './check-events.ts'
import type { CheckedEvents, EventPeople } from './checked-events.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { type Journal, recordWithIds } from './journal.ts'
import type { Mutation, MutationReport } from './mutation.ts'
import { unknownEvent } from './unknown-event.ts'

/** What becomes of one event. */
const outcomes: Readonly<Record<'added' | 'duplicate' | 'expired', AppendReport>> = {
  added: Object.freeze({ added: 1, duplicates: 0, expired: 0 }),
  duplicate: Object.freeze({ added: 0, duplicates: 1, expired: 0 }),
  expired: Object.freeze({ added: 0, duplicates: 0, expired: 1 }),
}

/** Stores events. Their people are seen by it, whether the events are new, seen before or expired (law 2). */
export function trackEvents(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'track' },
  journal: Journal | null,
): MutationReport {
  const { events, now } = mutation
  const column = parts.events.get(mutation.event)
  if (column === undefined) throw unknownEvent(parts, mutation.event)
  if (events.form === 'many') {
    column.checkRoom(events)
    const { people, created } = peopleOf(parts, mutation, events, journal)
    parts.revisions.wrote(column)
    const { times, eventIds, properties } = events
    const report = column.append({ people, times, eventIds, properties, now })
    return { people: distinctOf(parts, people), created, unknown: 0, numbers: people, events: report }
  }
  column.checkRoomForOne(events.event)
  if (journal !== null) recordWithIds(journal, parts.ids, [events.id], mutation)
  const before = parts.ids.size
  const person = parts.ids.add(events.id)
  const created = addNumbersFrom(parts, before)
  parts.revisions.wrote(column)
  const outcome = column.appendOne(person, events.event, now)
  return { people: 1, created, unknown: 0, events: outcomes[outcome] }
}

function peopleOf(
  parts: DatasetParts,
  mutation: Mutation & { kind: 'track' },
  { of }: CheckedEvents & { form: 'many' },
  journal: Journal | null,
): { readonly people: Uint32Array; readonly created: number } {
  if (of.form === 'dense') {
    checkLivingNumbers(parts, of)
    journal?.write(mutation)
    return { people: of.people, created: 0 }
  }
  try {
    recordWithIds(journal, parts.ids, of.ids, mutation)
    return addPeople(parts, of.ids)
  } catch (error) {
    throw withPlace(parts, of.ids, error)
  }
}

/** The error of an id, with its place. */
function withPlace(parts: DatasetParts, ids: readonly ExternalId[], error: unknown): unknown {
  for (let i = 0; i < ids.length; i++) {
    try {
      parts.ids.check(ids[i])
    } catch (fault) {
      return atEvent(i, fault)
    }
  }
  return error
}

/** @throws DENSE_UNKNOWN */
function checkLivingNumbers({ ids }: DatasetParts, { people }: EventPeople & { form: 'dense' }): void {
  for (let i = 0; i < people.length; i++) {
    if (ids.isLive(people[i]!)) continue
    throw new CrowdbitError(
      'DENSE_UNKNOWN',
      `event ${i}: the dense number ${people[i]} belongs to no living person of this engine. Dense numbers are valid in the engine that gave them; pass ids to add new people.`,
      { index: i, first: people[i] as DenseId },
    )
  }
}

/** How many different people there are: by marks where many of all are written, else by a bitmap. */
function distinctOf({ ids }: DatasetParts, people: Uint32Array): number {
  if (people.length < ids.size / 64) return countDistinct(people)
  const marks = new Uint8Array(ids.size)
  let count = 0
  for (let i = 0; i < people.length; i++) {
    count += 1 - marks[people[i]!]!
    marks[people[i]!] = 1
  }
  return count
}
