import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { TimeZone } from '../base/time-zone.ts'
import { type Bitmap, rangeBitmap } from '../bitmap/bitmap.ts'
import { readBitmap } from '../bitmap/bitmap-section.ts'
import { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import { columnSectionVersion, readColumnSection } from '../columns/column-section.ts'
import { Dataset } from '../dataset/dataset.ts'
import type { EventColumn } from '../events/event-column.ts'
import { eventSectionVersion } from '../events/event-sections.ts'
import { readEventSections, type SavedEvents } from '../events/read-event-sections.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { FileSystem } from '../store/file-system.ts'
import { openStore } from '../store/open-store.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { damaged } from './saved-fields.ts'
import { readMeta, type SavedAudience, type SavedMeta } from './saved-meta.ts'
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

/** A saved engine that was read, with its audiences yet to be put into workspaces. */
export interface ReadEngine {
  readonly dataset: Dataset
  /** Of the last mutation that was saved. */
  readonly sequence: number
  readonly meta: SavedMeta
  /** Puts the audiences of the workspace at a position back. @throws STORE_CORRUPT */
  restoreAudiences(position: number, workspace: Workspace): void
}

/**
 * Reads a saved engine and trusts nothing of it: every checksum, length, bitmap, id, name and rule is checked before it
 * is used.
 *
 * @throws STORE_NOT_FOUND, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO
 */
export async function readEngine(fs: FileSystem, directory: string): Promise<ReadEngine> {
  const store = await openStore(fs, directory)
  try {
    return await readStoredEngine(store)
  } finally {
    await store.close()
  }
}

/**
 * As `readEngine`, of a store that is open.
 *
 * @throws STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO
 */
export async function readStoredEngine(store: StoreReader): Promise<ReadEngine> {
  const meta = readMeta(store.meta)
  checkVersions(store)
  const ids = IdDictionary.load(await store.read(idSectionName))
  const people = livingPeople(ids)
  const zone = zoneOf(meta)
  const columns = new Map<string, Column>()
  const events = new Map<string, EventColumn>()
  let position = 0
  for (const [name, spec] of meta.schema.entries()) {
    if (spec.kind === 'event') {
      const saved = await savedEvents(store, position)
      events.set(name, await readEventSections(spec, zone, saved, (person) => ids.isLive(person)))
    } else {
      const section = columnSectionName(position)
      columns.set(name, readColumnSection(await store.read(section), section, spec, people))
    }
    position++
  }
  const members = await Promise.all(meta.workspaces.map((_, workspace) => store.read(audienceSectionName(workspace))))
  const dataset = Dataset.from(
    { schema: meta.schema, ids, people: new Posting(people), columns, events, derived: new Map(meta.derived), zone },
    meta.dataVersion,
    meta.written.people,
  )
  for (const [name, version] of meta.written.columns) (columns.get(name) ?? events.get(name))!.writtenAt = version
  return {
    dataset,
    sequence: store.sequence,
    meta,
    restoreAudiences(index, workspace) {
      const section = audienceSectionName(index)
      const reader = new ByteReader(members[index]!, section)
      for (const audience of meta.workspaces[index]!.audiences) restore(audience, reader, people, workspace)
      reader.end()
    },
  }
}

/** The zone of the save. @throws STORE_CORRUPT for one that there isn't */
function zoneOf({ timeZone }: SavedMeta): TimeZone {
  try {
    return TimeZone.of(timeZone)
  } catch (error) {
    throw error instanceof CrowdbitError ? damaged(error.message, error) : error
  }
}

/** The sections of a kind of event. */
async function savedEvents(store: StoreReader, position: number): Promise<SavedEvents> {
  const name = eventSectionName(position)
  const sizes = new Map(store.sections.map((section) => [section.name, section.bytes]))
  return {
    name,
    head: await store.read(name),
    ids: async (place) => IdDictionary.load(await store.read(eventIdSectionName(position, place))),
    day(place) {
      const section = eventDaySectionName(position, place)
      return { bytes: sizes.get(section) ?? 0, chunks: store.readChunks(section) }
    },
  }
}

/** `U` follows from the ids: whoever has one that was not removed. */
function livingPeople(ids: IdDictionary): Bitmap {
  const people = rangeBitmap(0, ids.size)
  if (ids.liveCount < ids.size) {
    for (let person = 0; person < ids.size; person++) if (!ids.isLive(person)) people.delete(person)
  }
  return people
}

function checkVersions(store: StoreReader): void {
  for (const { name, version } of store.sections) {
    const known =
      name === idSectionName
        ? idSectionVersion
        : name.startsWith('column-')
          ? columnSectionVersion
          : name.startsWith('events-')
            ? eventSectionVersion
            : audienceSectionVersion
    if (version > known) {
      throw new CrowdbitError(
        'STORE_VERSION_UNSUPPORTED',
        `section ${name} has format ${version}, and this crowdbit reads up to ${known}: upgrade crowdbit`,
        { section: name, found: version, supported: known },
      )
    }
  }
}

function restore(audience: SavedAudience, reader: ByteReader, people: Bitmap, workspace: Workspace): void {
  const versions = audience.versions.map((version) => ({
    ...version,
    members: readBitmap(reader, `version ${version.number} of an audience`, people),
  }))
  try {
    registryOf(workspace).restore(audience, versions)
  } catch (error) {
    throw error instanceof CrowdbitError ? damaged(error.message, error) : error
  }
}
