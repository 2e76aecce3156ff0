import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { type Column, createColumn } from '../columns/column.ts'
import { readColumnSection } from '../columns/column-section.ts'
import { readOrderSection } from '../columns/order-section.ts'
import { WriteOrder } from '../columns/write-order.ts'
import { EventColumn } from '../events/event-column.ts'
import { readEventSections, type SavedEvents } from '../events/read-event-sections.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import { readLinkSection } from '../ids/link-section.ts'
import type { EventSpec, ValueColumnSpec } from '../schema/column-spec.ts'
import { type Reading, want } from '../store/reading.ts'
import type { StoreReader } from '../store/store-reader.ts'
import type { SavedMeta } from './saved-meta.ts'
import {
  columnSectionName,
  eventDaySectionName,
  eventIdSectionName,
  eventSectionName,
  idRangeSectionName,
  idSectionName,
  linkSectionName,
  orderSectionName,
  tablePartSectionName,
} from './section-names.ts'

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

/** Told of what is damaged, which is left out then; `null` where it is thrown. */
export type OnLost = ((loss: SavedLoss) => void) | null

/** What the parts of a saved engine are read from, and checked against. */
export interface PartSource {
  readonly store: StoreReader
  readonly meta: SavedMeta
  readonly zone: TimeZone
  /** `U`. */
  readonly people: () => ReadonlyBitmap
  readonly isLive: (person: number) => boolean
  readonly onLost: OnLost
}

/** Reads something, or has something else in its place where it is damaged and `onLost` takes that. */
export function* salvage<T>(
  onLost: OnLost,
  loss: Omit<SavedLoss, 'found'>,
  read: () => Reading<T>,
  instead: () => T,
): Reading<T> {
  try {
    return yield* read()
  } catch (error) {
    if (onLost === null || !(error instanceof CrowdbitError)) throw error
    onLost({ ...loss, found: error.messageAlone })
    return instead()
  }
}

/**
 * The ids, with their links.
 *
 * @param makesTable whether the table is made anew where a part of it can't be read
 * @throws STORE_CORRUPT
 */
export function* readIds(store: StoreReader, makesTable: boolean): Reading<IdDictionary> {
  const ids = yield* readDictionary(store, makesTable)
  if (store.has(linkSectionName)) {
    readLinkSection(new ByteReader(yield* want(store.wanted(linkSectionName)), linkSectionName), ids)
  }
  return ids
}

function* readDictionary(store: StoreReader, makesTable: boolean): Reading<IdDictionary> {
  const head = yield* want(store.wanted(idSectionName))
  const { version } = store.sections.find(({ name }) => name === idSectionName)!
  if (version === 1) return IdDictionary.load(head)
  const range = (place: number) => store.wanted(idRangeSectionName(place))
  const part = (bits: number, place: number) => store.wanted(tablePartSectionName(bits, place))
  try {
    return yield* IdDictionary.restore({ head, range, part })
  } catch (error) {
    // If it isn't the table, reading the ids again ends in the same way.
    if (!makesTable || !(error instanceof CrowdbitError)) throw error
    return yield* IdDictionary.restore({ head, range, part: null })
  }
}

/** The column at a position of the schema, with when its values were written. @throws STORE_CORRUPT */
export function* readColumn(
  { store, meta, people, onLost }: PartSource,
  name: string,
  spec: ValueColumnSpec,
  position: number,
): Reading<Column> {
  const section = columnSectionName(position)
  const read = function* (): Reading<Column> {
    const bytes = yield* want(store.wanted(section))
    return readColumnSection(bytes, section, spec, people())
  }
  const column = yield* salvage(onLost, { kind: 'column', name, date: null }, read, () => createColumn(spec))
  column.writtenAt = writtenAt(meta, name)
  if (!('order' in column) || column.order === null) return column
  const order = orderSectionName(position)
  // Saves of format 1 don't say when values were written.
  const unknown = (): WriteOrder => new WriteOrder(meta.dataVersion)
  const { bitmap } = column.present
  const readOrder = function* (): Reading<WriteOrder> {
    const bytes = yield* want(store.wanted(order))
    return readOrderSection(new ByteReader(bytes, order), bitmap, meta.dataVersion)
  }
  if (meta.derived.some(([derived]) => derived === name)) column.order = null
  // Nobody has a value where it was lost.
  else if (!store.has(order) || bitmap.isEmpty) column.order = unknown()
  else column.order = yield* salvage(onLost, { kind: 'order', name, date: null }, readOrder, unknown)
  return column
}

/** The events of the kind at a position of the schema. @throws STORE_CORRUPT */
export function* readEvents(
  { store, meta, zone, isLive, onLost }: PartSource,
  name: string,
  spec: EventSpec,
  position: number,
): Reading<EventColumn> {
  const lostDay = (date: string, count: number, { messageAlone }: CrowdbitError): void =>
    onLost?.({ kind: 'events', name, date, found: `${count} events: ${messageAlone}` })
  const read = (): Reading<EventColumn> =>
    readEventSections(spec, zone, savedEvents(store, position), isLive, onLost === null ? null : lostDay)
  const loss = { kind: 'events', name, date: null } as const
  const column = yield* salvage(onLost, loss, read, () => new EventColumn(spec, zone))
  column.writtenAt = writtenAt(meta, name)
  return column
}

/** The sections of a kind of event. */
function savedEvents(store: StoreReader, position: number): SavedEvents {
  const name = eventSectionName(position)
  return {
    name,
    head: store.wanted(name),
    ids: (place) => store.wanted(eventIdSectionName(position, place)),
    day(place) {
      const section = eventDaySectionName(position, place)
      return { bytes: store.bytesOf(section), chunks: store.wantedChunks(section) }
    },
  }
}

/** The version of the data that the last write to a column, or kind of events, led to. */
export function writtenAt({ written, dataVersion }: SavedMeta, name: string): number {
  return written.columns.get(name) ?? dataVersion
}
