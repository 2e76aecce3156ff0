import { membersOfVersion } from '../audiences/audience-version.ts'
import type { RuleLimits } from '../base/limits.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { writeBitmap } from '../bitmap/bitmap-section.ts'
import { columnSection, columnSectionVersion } from '../columns/column-section.ts'
import { orderSection, orderSectionVersion } from '../columns/order-section.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { type EventSections, eventSections, eventSectionVersion } from '../events/event-sections.ts'
import { linkSection, linkSectionVersion } from '../ids/link-section.ts'
import type { PlainData } from '../store/plain-data.ts'
import type { SectionSource } from '../store/section.ts'
import { peopleSection } from './people-section.ts'
import { writeMeta } from './saved-meta.ts'
import {
  audienceSectionName,
  audienceSectionVersion,
  columnSectionName,
  eventDaySectionName,
  eventIdSectionName,
  eventSectionName,
  idPieceSectionVersion,
  idRangeSectionName,
  idSectionName,
  idSectionVersion,
  linkSectionName,
  orderSectionName,
  peopleSectionName,
  peopleSectionVersion,
  tablePartSectionName,
} from './section-names.ts'
import { registryOf, type Workspace } from './workspace.ts'

/** What is saved. */
export interface Savable {
  readonly dataset: Dataset
  readonly timeZone: string
  readonly limits: RuleLimits
  readonly workspaces: Iterable<Workspace>
  /** Of the last mutation. */
  readonly sequence: number
}

/** An engine of one moment as bytes. */
export interface EngineSections {
  readonly sections: readonly SectionSource[]
  readonly meta: PlainData
  /** What each section holds, by its name: two saves in which it is the same have the same bytes there. */
  readonly stamps: ReadonlyMap<string, string>
  /** Called when all is written, or given up. */
  release(): void
}

/**
 * An engine as it is at the moment of the call, whatever is written until `release`.
 * Loads all that isn't yet.
 * Cost: the columns and days that there are; bytes are made when they are asked for, and of what is written meanwhile the
 * bitmaps and days that are touched are copied.
 *
 * @param saved the stamps of the save that this one will take the place of: sections with the same are marked as unchanged. `null` where
 * it will not take the place of any
 * @throws STORE_CORRUPT, STORE_IO for what can't be loaded
 */
export function engineSections(
  { dataset: living, timeZone, limits, workspaces }: Savable,
  saved: ReadonlyMap<string, string> | null = null,
): EngineSections {
  // Each part is looked at below: what is damaged is found before anything is frozen.
  living.loadNow()
  const dataset = living.freeze()
  const sections: SectionSource[] = []
  const stamps = new Map<string, string>()
  const add = (name: string, version: number, stamp: string, chunks: SectionSource['chunks']): void => {
    stamps.set(name, stamp)
    sections.push({ name, version, unchanged: saved?.get(name) === stamp, chunks })
  }
  const counts = { size: dataset.ids.size, aliases: dataset.linkedIds }
  const { bitmap: people } = dataset.people
  const peopleStamp = `people@${dataset.peopleWrittenAt}`
  stamps.set(peopleSectionName, peopleStamp)
  sections.push({
    name: peopleSectionName,
    version: peopleSectionVersion,
    unchanged: saved?.get(peopleSectionName) === peopleStamp,
    // It is new in most checkpoints.
    alone: true,
    chunks: () => peopleSection(people, counts),
  })
  const ids = dataset.ids.snapshot(
    saved === null ? null : (bits, part, stamp) => saved.get(tablePartSectionName(bits, part)) === stamp,
  )
  ids.ranges.forEach(({ stamp, chunks }, place) => {
    add(idRangeSectionName(place), idPieceSectionVersion, stamp, chunks)
  })
  ids.parts.forEach(({ stamp, chunks }, part) => {
    add(tablePartSectionName(ids.bits, part), idPieceSectionVersion, stamp, chunks)
  })
  const links = dataset.ids.links?.snapshot() ?? null
  if (links !== null && links.count(false) + links.count(true) > 0) {
    add(linkSectionName, linkSectionVersion, `links@${dataset.peopleWrittenAt}`, () => linkSection(links))
  }
  const events: EventSections[] = []
  let position = 0
  for (const name of dataset.schema.names) {
    const column = dataset.column(name)
    if (column === undefined) {
      const saving = eventSections(dataset.event(name)!)
      events.push(saving)
      addEvents(position, saving, add)
    } else {
      const stamp = `${name}@${column.writtenAt}`
      add(columnSectionName(position), columnSectionVersion, stamp, () => columnSection(column))
      if ('order' in column && column.order !== null) {
        const { order, present } = column
        add(orderSectionName(position), orderSectionVersion, stamp, () => orderSection(order, present.bitmap))
      }
    }
    position++
  }
  const states = [...workspaces].map((workspace) => {
    const registry = registryOf(workspace)
    return {
      name: workspace.name,
      stamp: registry.stamp,
      audiences: [...registry.states()].map((state) => ({ ...state })),
    }
  })
  states.forEach(({ stamp, audiences }, place) => {
    const members = audiences.flatMap(({ versions }) => versions.map(membersOfVersion))
    add(audienceSectionName(place), audienceSectionVersion, stamp, () => writeMembers(members))
  })
  // Last, behind what it speaks of, and new each time: it says which parts there are, and what was removed while they were written.
  sections.push({ name: idSectionName, version: idSectionVersion, alone: true, chunks: () => ids.head() })
  return {
    sections,
    stamps,
    // For who saves: an opening asks for the stamps alone.
    get meta(): PlainData {
      return writeMeta({
        timeZone,
        limits,
        schema: dataset.schema,
        dataVersion: dataset.version,
        written: {
          columns: new Map(Array.from(dataset.schema.names, (name) => [name, dataset.writtenAt(name)] as const)),
          people: dataset.peopleWrittenAt,
        },
        derived: [...dataset.derivedTags()],
        workspaces: states,
      })
    },
    release() {
      ids.release()
      for (const saving of events) saving.release()
      dataset.release()
    },
  }
}

function addEvents(
  position: number,
  { head, ids, days }: EventSections,
  add: (name: string, version: number, stamp: string, chunks: SectionSource['chunks']) => void,
): void {
  const version = eventSectionVersion
  add(eventSectionName(position), version, head.stamp, () => head.chunks)
  ids.forEach(({ stamp, chunks }, place) => {
    add(eventIdSectionName(position, place), version, stamp, () => chunks)
  })
  days.forEach(({ stamp, chunks }, place) => {
    add(eventDaySectionName(position, place), version, stamp, () => chunks)
  })
}

/** Members of every version of every audience of a workspace, in the order of the description. */
function* writeMembers(bitmaps: readonly ReadonlyBitmap[]): Generator<Uint8Array, void, undefined> {
  for (const bitmap of bitmaps) yield* writeBitmap(bitmap)
}
