import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { TimeZone } from '../base/time-zone.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { readBitmap } from '../bitmap/bitmap-section.ts'
import { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import { Dataset } from '../dataset/dataset.ts'
import { Late } from '../dataset/late.ts'
import { LateIds } from '../dataset/late-ids.ts'
import { LateMap } from '../dataset/late-map.ts'
import type { EventColumn } from '../events/event-column.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { type Reading, readLater } from '../store/reading.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { checkVersions } from './check-versions.ts'
import { checkPeople, livingPeople, readPeopleSection } from './people-section.ts'
import { type OnLost, type PartSource, readColumn, readEvents, readIds, writtenAt } from './read-parts.ts'
import { damaged } from './saved-fields.ts'
import { readMeta, type SavedAudience, type SavedMeta } from './saved-meta.ts'
import { audienceSectionName, peopleSectionName } from './section-names.ts'
import { registryOf, type Workspace } from './workspace.ts'

export type { SavedLoss } from './read-parts.ts'

/** A saved engine that was read, with its audiences yet to be put into workspaces. */
export interface ReadEngine {
  readonly dataset: Dataset
  /** Of the last mutation that was saved. */
  readonly sequence: number
  readonly meta: SavedMeta
  /** Puts the audiences of the workspace at a position back. @throws STORE_CORRUPT */
  restoreAudiences(position: number, workspace: Workspace): void
}

/** The columns and events of a dataset that is being made. */
interface Parts {
  readonly columns: LateMap<Column>
  readonly events: LateMap<EventColumn>
}

/**
 * Reads a saved engine from a store that is open, and trusts nothing of it: every checksum, length, bitmap, id, name and rule is
 * checked before it is used.
 *
 * @param onLost told of what is damaged, which is left out then: a column or kind of events is there without data. Without it, the
 * damage is thrown; that of the ids and the description always is, since without them nothing else means anything
 * @throws STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO
 */
export async function readStoredEngine(store: StoreReader, onLost: OnLost = null): Promise<ReadEngine> {
  const meta = readMeta(store.meta)
  checkVersions(store)
  const zone = zoneOf(meta)
  // Whoever repairs has the people from the ids: nothing is lost with the section.
  const saved =
    store.has(peopleSectionName) && onLost === null ? readPeopleSection(await store.readAlone(peopleSectionName)) : null
  const ids = await readLater(readIds(store, onLost !== null))
  const people = saved?.people ?? livingPeople(ids)
  if (saved !== null) checkPeople(people, saved.counts, ids)
  const isLive = (person: number): boolean => ids.isLive(person)
  const parts = { columns: new LateMap<Column>(), events: new LateMap<EventColumn>() }
  const source: PartSource = { store, meta, zone, people: () => people, isLive, onLost }
  let position = 0
  for (const [name, spec] of meta.schema.entries()) {
    if (spec.kind === 'event') parts.events.set(name, await readLater(readEvents(source, name, spec, position)))
    else parts.columns.set(name, await readLater(readColumn(source, name, spec, position)))
    position++
  }
  const members = await readMembers(store, meta, onLost)
  return readEngine(store, meta, datasetOf(meta, zone, ids, new Posting(people), parts), members)
}

/**
 * As `readStoredEngine`, which leaves ids, columns and events for when they are first used. A store that doesn't say who lives has its
 * ids read at once.
 *
 * @param late the same store, for when this one is closed
 */
export async function readStoredEngineLate(store: StoreReader, late: StoreReader): Promise<ReadEngine> {
  const meta = readMeta(store.meta)
  checkVersions(store)
  const zone = zoneOf(meta)
  const { ids, people, isLive } = await readPeople(store, late)
  const parts = { columns: new LateMap<Column>(), events: new LateMap<EventColumn>() }
  const source: PartSource = { store: late, meta, zone, people: () => people.bitmap, isLive, onLost: null }
  let position = 0
  for (const [name, spec] of meta.schema.entries()) {
    const at = position++
    const version = writtenAt(meta, name)
    if (spec.kind === 'event') {
      parts.events.setLate(
        name,
        Late.from<EventColumn>(version, () => readEvents(source, name, spec, at)),
      )
    } else
      parts.columns.setLate(
        name,
        Late.from<Column>(version, () => readColumn(source, name, spec, at)),
      )
  }
  const members = await readMembers(store, meta, null)
  return readEngine(store, meta, datasetOf(meta, zone, ids, people, parts), members)
}

/** Who lives, and the ids for later. */
async function readPeople(
  store: StoreReader,
  late: StoreReader,
): Promise<{
  readonly ids: IdDictionary
  readonly people: Posting
  readonly isLive: (person: number) => boolean
}> {
  if (!store.has(peopleSectionName)) {
    const ids = await readLater(readIds(store, false))
    return { ids, people: new Posting(livingPeople(ids)), isLive: (person) => ids.isLive(person) }
  }
  const { people: bitmap, counts } = readPeopleSection(await store.readAlone(peopleSectionName))
  const people = new Posting(bitmap)
  const load = function* (): Reading<IdDictionary> {
    const ids = yield* readIds(late, false)
    checkPeople(people.bitmap, counts, ids)
    return ids
  }
  const ids = new LateIds(counts, load)
  // Until the ids are there; nobody comes or goes before.
  const isLive =
    bitmap.size === counts.size
      ? (person: number): boolean => person < counts.size
      : (person: number): boolean => people.has(person)
  return { ids, people, isLive }
}

/** The bytes of the audiences of each workspace; `null` for those that were lost. */
function readMembers(
  store: StoreReader,
  { workspaces }: SavedMeta,
  onLost: OnLost,
): Promise<readonly (Uint8Array | null)[]> {
  return Promise.all(
    workspaces.map(async ({ name }, position) => {
      try {
        return await store.readAlone(audienceSectionName(position))
      } catch (error) {
        if (onLost === null || !(error instanceof CrowdbitError)) throw error
        onLost({ kind: 'audiences', name, date: null, found: error.messageAlone })
        return null
      }
    }),
  )
}

function datasetOf(meta: SavedMeta, zone: TimeZone, ids: IdDictionary, people: Posting, parts: Parts): Dataset {
  const { schema, derived, dataVersion, written } = meta
  return Dataset.from({ schema, ids, people, ...parts, derived: new Map(derived), zone }, dataVersion, written.people)
}

function readEngine(
  { sequence }: StoreReader,
  meta: SavedMeta,
  dataset: Dataset,
  members: readonly (Uint8Array | null)[],
): ReadEngine {
  return {
    dataset,
    sequence,
    meta,
    restoreAudiences(index, workspace) {
      const bytes = members[index]!
      if (bytes === null) return
      const reader = new ByteReader(bytes, audienceSectionName(index))
      const { bitmap } = dataset.people
      for (const audience of meta.workspaces[index]!.audiences) restore(audience, reader, bitmap, workspace)
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

function restore(audience: SavedAudience, reader: ByteReader, people: ReadonlyBitmap, workspace: Workspace): void {
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
