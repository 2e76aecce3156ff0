import { membersOfVersion } from '../audiences/audience-version.ts'
import type { RuleLimits } from '../base/limits.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { writeBitmap } from '../bitmap/bitmap-section.ts'
import { columnSection, columnSectionVersion } from '../columns/column-section.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { type EventSections, eventSections, eventSectionVersion } from '../events/event-sections.ts'
import type { FileSystem } from '../store/file-system.ts'
import { saveStore } from '../store/save-store.ts'
import type { SectionSource } from '../store/section.ts'
import { writeMeta } from './saved-meta.ts'
import {
  audienceSectionName,
  audienceSectionVersion,
  columnSectionName,
  eventDaySectionName,
  eventIdSectionName,
  eventSectionName,
  idSectionName,
  idSectionVersion,
} from './section-names.ts'
import { registryOf, type Workspace } from './workspace.ts'

/** What is saved. */
export interface Savable {
  readonly dataset: Dataset
  readonly timeZone: string
  readonly limits: RuleLimits
  readonly workspaces: Iterable<Workspace>
}

/**
 * Saves an engine as it is at the moment of the call: bitmaps and days of events are lent, so that later writes copy them,
 * and ids that are added or removed meanwhile do not show.
 *
 * @throws STORE_IO
 */
export async function saveEngine(fs: FileSystem, directory: string, engine: Savable): Promise<void> {
  const { dataset } = engine
  const workspaces = [...engine.workspaces].map((workspace) => ({
    name: workspace.name,
    audiences: [...registryOf(workspace).states()].map((state) => ({ ...state })),
  }))
  const ids = dataset.ids.snapshot()
  const sections: SectionSource[] = [{ name: idSectionName, version: idSectionVersion, chunks: ids.sections() }]
  const events: EventSections[] = []
  let position = 0
  for (const name of dataset.schema.names) {
    const column = dataset.column(name)
    if (column !== undefined) {
      sections.push({ name: columnSectionName(position), version: columnSectionVersion, chunks: columnSection(column) })
    } else {
      const saved = eventSections(dataset.event(name)!)
      events.push(saved)
      sections.push(...eventSectionsOf(position, saved))
    }
    position++
  }
  workspaces.forEach(({ audiences }, workspace) => {
    const members = audiences.flatMap(({ versions }) => versions.map(membersOfVersion))
    sections.push({
      name: audienceSectionName(workspace),
      version: audienceSectionVersion,
      chunks: writeMembers(members),
    })
  })
  const meta = writeMeta({
    timeZone: engine.timeZone,
    limits: engine.limits,
    schema: dataset.schema,
    dataVersion: dataset.version,
    derived: [...dataset.derivedTags()],
    workspaces,
  })
  try {
    await saveStore(fs, directory, sections, meta)
  } finally {
    ids.release()
    for (const saved of events) saved.release()
  }
}

function eventSectionsOf(position: number, { head, ids, days }: EventSections): SectionSource[] {
  const version = eventSectionVersion
  return [
    { name: eventSectionName(position), version, chunks: head },
    ...ids.map((chunks, place) => ({ name: eventIdSectionName(position, place), version, chunks })),
    ...days.map((chunks, place) => ({ name: eventDaySectionName(position, place), version, chunks })),
  ]
}

/** Members of every version of every audience of a workspace, in the order of the description. */
function* writeMembers(bitmaps: readonly ReadonlyBitmap[]): Generator<Uint8Array, void, undefined> {
  for (const bitmap of bitmaps) yield* writeBitmap(bitmap)
}
