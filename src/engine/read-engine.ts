import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { TimeZone } from '../base/time-zone.ts'
import { type Bitmap, rangeBitmap } from '../bitmap/bitmap.ts'
import { readBitmap } from '../bitmap/bitmap-section.ts'
import { Posting } from '../bitmap/posting.ts'
import { type Column, createColumn } from '../columns/column.ts'
import { columnSectionVersion, readColumnSection } from '../columns/column-section.ts'
import { orderSectionVersion, readOrderSection } from '../columns/order-section.ts'
import { WriteOrder } from '../columns/write-order.ts'
import { Dataset } from '../dataset/dataset.ts'
import { EventColumn } from '../events/event-column.ts'
import { eventSectionVersion } from '../events/event-sections.ts'
import { readEventSections, type SavedEvents } from '../events/read-event-sections.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import { linkSectionVersion, readLinkSection } from '../ids/link-section.ts'
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
  idPieceSectionVersion,
  idRangeSectionName,
  idSectionName,
  idSectionVersion,
  linkSectionName,
  orderSectionName,
  tablePartSectionName,
} from './section-names.ts'
import { registryOf, type Workspace } from './workspace.ts'

/** Something of a saved engine that is damaged, and left out. */
export interface SavedLoss {
  /**
   * `column`: its values; `order`: when they were written, all of them counting as written at the save; `events`: those of one local
   * day, or all; `audiences`: those of a workspace.
   */
  readonly kind: 'column' | 'order' | 'events' | 'audiences'
  /** Of the column, the kind of events or the workspace. */
  readonly name: string
  /** Of events: the local date of their day; `null` for all of the kind. */
  readonly date: string | null
  /** What is wrong. */
  readonly found: string
}

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
 * Reads a saved engine from a store that is open, and trusts nothing of it: every checksum, length, bitmap, id, name and rule is
 * checked before it is used.
 *
 * @param onLost told of what is damaged, which is left out then: a column or kind of events is there without data. Without it, the
 * damage is thrown; that of the ids and the description always is, since without them nothing else means anything
 * @throws STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO
 */
export async function readStoredEngine(
  store: StoreReader,
  onLost: ((loss: SavedLoss) => void) | null = null,
): Promise<ReadEngine> {
  const salvage = async <T>(loss: Omit<SavedLoss, 'found'>, read: () => Promise<T>, instead: () => T): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      if (onLost === null || !(error instanceof CrowdbitError)) throw error
      onLost({ ...loss, found: error.messageAlone })
      return instead()
    }
  }
  const meta = readMeta(store.meta)
  checkVersions(store)
  const ids = await readIds(store, onLost !== null)
  const names = new Set(store.sections.map(({ name }) => name))
  if (names.has(linkSectionName)) {
    readLinkSection(new ByteReader(await store.read(linkSectionName), linkSectionName), ids)
  }
  const people = livingPeople(ids)
  const zone = zoneOf(meta)
  const derived = new Map(meta.derived)
  const columns = new Map<string, Column>()
  const events = new Map<string, EventColumn>()
  let position = 0
  for (const [name, spec] of meta.schema.entries()) {
    if (spec.kind === 'event') {
      const at = position
      const lostDay = (date: string, count: number, { messageAlone }: CrowdbitError): void =>
        onLost?.({ kind: 'events', name, date, found: `${count} events: ${messageAlone}` })
      const read = async (): Promise<EventColumn> => {
        const saved = await savedEvents(store, at)
        return readEventSections(spec, zone, saved, (person) => ids.isLive(person), onLost === null ? null : lostDay)
      }
      const loss = { kind: 'events', name, date: null } as const
      events.set(name, await salvage(loss, read, () => new EventColumn(spec, zone)))
    } else {
      const section = columnSectionName(position)
      const read = async (): Promise<Column> => readColumnSection(await store.read(section), section, spec, people)
      const loss = { kind: 'column', name, date: null } as const
      const column = await salvage(loss, read, () => createColumn(spec))
      columns.set(name, column)
      if ('order' in column && column.order !== null) {
        const order = orderSectionName(position)
        // Saves of format 1 don't say when values were written.
        const unknown = (): WriteOrder => new WriteOrder(meta.dataVersion)
        const { bitmap } = column.present
        const readOrder = async (): Promise<WriteOrder> =>
          readOrderSection(new ByteReader(await store.read(order), order), bitmap, meta.dataVersion)
        if (derived.has(name)) column.order = null
        // Nobody has a value where it was lost.
        else if (!names.has(order) || bitmap.isEmpty) column.order = unknown()
        else column.order = await salvage({ kind: 'order', name, date: null }, readOrder, unknown)
      }
    }
    position++
  }
  const members = await Promise.all(
    meta.workspaces.map(({ name }, workspace) =>
      salvage<Uint8Array | null>(
        { kind: 'audiences', name, date: null },
        () => store.read(audienceSectionName(workspace)),
        () => null,
      ),
    ),
  )
  const dataset = Dataset.from(
    { schema: meta.schema, ids, people: new Posting(people), columns, events, derived, zone },
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
      const bytes = members[index]!
      if (bytes === null) return
      const reader = new ByteReader(bytes, section)
      for (const audience of meta.workspaces[index]!.audiences) restore(audience, reader, people, workspace)
      reader.end()
    },
  }
}

/** @param makesTable whether the table is made anew where a part of it can't be read */
async function readIds(store: StoreReader, makesTable: boolean): Promise<IdDictionary> {
  const head = await store.read(idSectionName)
  const { version } = store.sections.find(({ name }) => name === idSectionName)!
  if (version === 1) return IdDictionary.load(head)
  const range = (place: number): Promise<Uint8Array> => store.read(idRangeSectionName(place))
  const part = (bits: number, place: number): Promise<Uint8Array> => store.read(tablePartSectionName(bits, place))
  try {
    return await IdDictionary.restore({ head, range, part })
  } catch (error) {
    // If it isn't the table, reading the ids again ends in the same way.
    if (!makesTable || !(error instanceof CrowdbitError)) throw error
    return IdDictionary.restore({ head, range, part: null })
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

/** `U` follows from the ids: whoever has one that was not removed, and is no alias. */
function livingPeople(ids: IdDictionary): Bitmap {
  const people = rangeBitmap(0, ids.size)
  for (const nobody of ids.nobody()) people.delete(nobody)
  return people
}

function checkVersions(store: StoreReader): void {
  for (const { name, version } of store.sections) {
    const known =
      name === idSectionName
        ? idSectionVersion
        : name.startsWith('ids-')
          ? idPieceSectionVersion
          : name.startsWith('column-')
            ? name.endsWith('-order')
              ? orderSectionVersion
              : columnSectionVersion
            : name.startsWith('events-')
              ? eventSectionVersion
              : name === linkSectionName
                ? linkSectionVersion
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
