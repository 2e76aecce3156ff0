import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { TimeZone } from '../base/time-zone.ts'
import { checkValue } from '../columns/check-value.ts'
import type { ValueDictionary } from '../columns/value-dictionary.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { CategorySpec, EventSpec } from '../schema/column-spec.ts'
import { type Reading, type Wanted, want } from '../store/reading.ts'
import { DayPartition } from './day-partition.ts'
import { EventColumn } from './event-column.ts'
import type { IdEpoch } from './event-ids.ts'
import { maxEventsOfDay } from './event-room.ts'
import { LocalDays } from './local-days.ts'
import { type DayHead, readSavedDay, type SavedDay } from './read-saved-day.ts'
import { SavedEventIds } from './saved-event-ids.ts'

/** The sections of one kind of event, as they are read. */
export interface SavedEvents {
  /** What errors call the sections. */
  readonly name: string
  readonly head: Wanted<Uint8Array>
  /** The dictionary of event ids at a place. */
  ids(place: number): Wanted<Uint8Array>
  /** The section of the day at a place. */
  day(place: number): SavedDay
}

/**
 * The events of sections that `eventSections` wrote. Nothing is trusted: order, people, instants, codes, numbers and ids
 * are checked, and memory is taken for bytes that are there.
 *
 * Cost: some 30 ns an event, and the dictionaries of event ids.
 *
 * @param isLive whether a dense number belongs to a living person
 * @param onLost told of a day that is damaged, by its local date: its events are left out then. Without it, it is thrown
 * @throws STORE_CORRUPT
 */
export function* readEventSections(
  spec: EventSpec,
  zone: TimeZone,
  saved: SavedEvents,
  isLive: (person: number) => boolean,
  onLost: ((date: string, events: number, error: CrowdbitError) => void) | null = null,
): Reading<EventColumn> {
  const column = new EventColumn(spec, zone)
  const reader = new ByteReader(yield* want(saved.head), saved.name)
  const wasTold = reader.uint32('the mark of the clock')
  const today = reader.uint32('the day of the clock') | 0
  if (wasTold > 1 || Math.abs(today) > furthestDay) throw reader.fault('the clock showed no day')
  for (const [name, property] of Object.entries(spec.properties)) {
    if (property.kind === 'category') readTexts(reader, name, property, column.category(name)!)
  }
  const keys = readKeys(reader, spec)
  const heads = readDayHeads(reader, spec, keys.length)
  reader.end()
  const epochs: IdEpoch[] = []
  const eventIds = new SavedEventIds(saved.name)
  for (const [place, key] of keys.entries()) {
    const epoch = column.eventIds.restore(key, IdDictionary.load(yield* want(saved.ids(place))))
    eventIds.add(epoch.ids)
    epochs.push(epoch)
  }
  const localDays = new LocalDays(zone)
  const specs = Object.entries(spec.properties)
  const partitions: DayPartition[] = []
  for (const [place, head] of heads.entries()) {
    const span = localDays.span(head.day)
    const used: number[] = []
    try {
      const { arrays, eventIds: numbers } = yield* readSavedDay(head, span, column, saved.day(place), {
        section: `${saved.name}-day-${place}`,
        isLive,
        useEventId: (number) => {
          const free = eventIds.use(head.epoch - 1, number)
          if (free && onLost !== null) used.push(number)
          return free
        },
      })
      const epoch = head.epoch === 0 ? null : epochs[head.epoch - 1]!
      partitions.push(DayPartition.from(span, specs, arrays, numbers, epoch))
    } catch (error) {
      if (onLost === null || !(error instanceof CrowdbitError)) throw error
      for (const number of used) eventIds.giveBack(head.epoch - 1, number)
      onLost(zone.dateOf(head.day), head.size, error)
    }
  }
  if (onLost === null) eventIds.end()
  else eventIds.dropUnused()
  column.restore(partitions, wasTold === 1 ? today : null)
  if (onLost !== null) for (const epoch of epochs) column.eventIds.dropIfUnused(epoch)
  else if (epochs.some(({ partitions: days }) => days === 0)) throw reader.fault('event ids belong to no day')
  return column
}

/** Days beyond the instants that a `Date` can be. */
const furthestDay = 100_000_001

function readTexts(reader: ByteReader, name: string, spec: CategorySpec, dictionary: ValueDictionary): void {
  const count = reader.uint32(`the number of texts of ${name}`)
  for (let i = 0; i < count; i++) {
    const what = `text ${i} of ${name}`
    const text = reader.text(reader.uint32(`the length of ${what}`), what)
    if (!isAllowed(text, name, spec)) throw reader.fault(`${what} is not one that ${name} can have`)
    if (dictionary.add(text) !== i) throw reader.fault(`${what} stands there twice`)
  }
}

function readKeys(reader: ByteReader, { retentionDays }: EventSpec): number[] {
  const count = reader.uint32('the number of dictionaries of event ids')
  const keys: number[] = []
  for (let i = 0; i < count; i++) {
    const key = reader.uint32('the key of a dictionary') | 0
    if (i > 0 && key <= keys[i - 1]!) throw reader.fault('the dictionaries of event ids are not in order')
    keys.push(key)
  }
  if (retentionDays === null && keys.some((key) => key !== 0)) throw reader.fault('there is one dictionary too many')
  return keys
}

function readDayHeads(reader: ByteReader, spec: EventSpec, epochs: number): DayHead[] {
  const kinds = Object.values(spec.properties).map(({ kind }) => kind)
  const allowed = { flag: [1], category: [1, 2, 4], number: [4, 8] }
  const count = reader.uint32('the number of days')
  const heads: DayHead[] = []
  for (let i = 0; i < count; i++) {
    const day = reader.uint32('a day') | 0
    const size = reader.uint32('the number of events of a day')
    const epoch = reader.uint32('the dictionary of a day')
    const widths = kinds.map(() => reader.uint32('the bytes of a value'))
    if (Math.abs(day) > furthestDay || (i > 0 && day <= heads[i - 1]!.day))
      throw reader.fault(`day ${i} is not in order`)
    if (size < 1 || size > maxEventsOfDay) throw reader.fault(`day ${i} has ${size} events`)
    if (epoch > epochs) throw reader.fault(`day ${i} has event ids in a dictionary that is not there`)
    if (widths.some((width, p) => !allowed[kinds[p]!].includes(width)))
      throw reader.fault(`day ${i} has values of a wrong size`)
    heads.push({ day, size, epoch, widths })
  }
  return heads
}

/** Whether a property can have this text, which has to be in NFC. */
function isAllowed(text: string, name: string, spec: CategorySpec): boolean {
  try {
    return checkValue(name, spec, text) === text
  } catch (error) {
    if (error instanceof CrowdbitError) return false
    throw error
  }
}
