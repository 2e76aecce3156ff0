import type { ExternalId } from '../base/brand.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'

/** Ids of the events of some days in a row, and how many partitions have events whose ids are here. */
export interface IdEpoch {
  readonly key: number
  readonly ids: IdDictionary
  partitions: number
  /** How many forks read the ids. */
  readers: number
  /** Ids that retention took out of `ids` since there are readers, by their numbers. */
  readonly kept: Map<number, ExternalId>
}

/**
 * The ids of events seen, exactly: an event with one of them is not counted again (law 13). The dictionary of ids keeps
 * them, its number of an id standing in the event's row; so the id goes when its event goes, which the removal of a
 * person and retention need. Since a dictionary keeps the place of a removed id, ids of a column with retention are spread
 * over dictionaries for stretches of days, which retention drops whole; an id is then looked for in three or four.
 */
export class EventIds {
  readonly #epochs = new Map<number, IdEpoch>()
  /** Days of one epoch; `null` where all days are one. */
  readonly #span: number | null
  /** Of a fork, how many ids it knows. */
  #forkSize: number | null = null

  constructor(retentionDays: number | null) {
    this.#span = retentionDays === null ? null : Math.max(1, Math.ceil(retentionDays / 2))
  }

  /** The ids as they are now, for somebody who reads the id of an event that he keeps. Cost: the epochs. Dispose of it. */
  fork(): EventIds {
    const fork = new EventIds(null)
    fork.#forkSize = this.size
    for (const epoch of this.#epochs.values()) {
      epoch.readers++
      fork.#epochs.set(epoch.key, epoch)
    }
    return fork
  }

  /** Ends a fork. */
  dispose(): void {
    for (const epoch of this.#epochs.values()) if (--epoch.readers === 0) epoch.kept.clear()
    this.#epochs.clear()
  }

  /** The epochs there are. */
  get epochs(): IterableIterator<IdEpoch> {
    return this.#epochs.values()
  }

  /** How many ids are known. */
  get size(): number {
    if (this.#forkSize !== null) return this.#forkSize
    let sum = 0
    for (const { ids } of this.#epochs.values()) sum += ids.liveCount
    return sum
  }

  /** Bytes of the dictionaries. */
  get byteSize(): number {
    let sum = 0
    for (const { ids } of this.#epochs.values()) sum += ids.byteSize
    return sum
  }

  /** The epoch for a partition that gets its first event with an id. Days far ahead share one, so that there are few. */
  take(day: number, today: number): IdEpoch {
    const span = this.#span
    const key = span === null ? 0 : Math.min(Math.floor(day / span), Math.floor(today / span) + 1)
    let epoch = this.#epochs.get(key)
    if (epoch === undefined) {
      epoch = makeEpoch(key, new IdDictionary())
      this.#epochs.set(key, epoch)
    }
    epoch.partitions++
    return epoch
  }

  /** Takes an epoch back that was saved. */
  restore(key: number, ids: IdDictionary): IdEpoch {
    const epoch = makeEpoch(key, ids)
    this.#epochs.set(key, epoch)
    return epoch
  }

  /** Lets go of an epoch that no partition has. */
  dropIfUnused(epoch: IdEpoch): void {
    if (epoch.partitions === 0) this.#epochs.delete(epoch.key)
  }

  /** Told that a partition is gone. The ids go with the last one. */
  release(epoch: IdEpoch): void {
    if (--epoch.partitions === 0) this.#epochs.delete(epoch.key)
  }

  /** The id of a number, `null` for one whose event went with its person: of such, nothing stays. */
  idOf({ ids, kept }: IdEpoch, number: number): ExternalId | null {
    return ids.idOf(number) ?? kept.get(number) ?? null
  }

  /** Forgets an id. Readers of the epoch know it still, where they may. */
  forget({ ids, kept, readers }: IdEpoch, number: number, readersMay: boolean): void {
    const id = readersMay && readers > 0 ? ids.idOf(number) : undefined
    if (id !== undefined) kept.set(number, id)
    ids.remove(number)
  }

  /**
   * The number of an id that wasn't seen before, which is seen from now on; -1 for one that was.
   *
   * @throws IDS_EXHAUSTED
   */
  add(id: ExternalId, epoch: IdEpoch): number {
    for (const other of this.#epochs.values()) if (other !== epoch && other.ids.find(id) !== -1) return -1
    const next = epoch.ids.size
    const number = epoch.ids.add(id)
    return number === next ? number : -1
  }

  /**
   * As `add` for many ids, in order; `seen` in the place of -1.
   *
   * Cost: half a microsecond an id where there is one epoch, else about that for each.
   *
   * @param epochOf the epoch of the id at a place
   * @throws IDS_EXHAUSTED, and none is entered
   */
  addMany(ids: readonly ExternalId[], epochOf: (place: number) => IdEpoch): Uint32Array {
    return this.#epochs.size === 1 ? addTogether(ids, epochOf(0)) : this.#addEach(ids, epochOf)
  }

  #addEach(ids: readonly ExternalId[], epochOf: (place: number) => IdEpoch): Uint32Array {
    const numbers = new Uint32Array(ids.length).fill(seen)
    try {
      // -1 becomes `seen`.
      for (let i = 0; i < ids.length; i++) numbers[i] = this.add(ids[i]!, epochOf(i))
    } catch (error) {
      for (let i = 0; i < ids.length; i++) if (numbers[i] !== seen) epochOf(i).ids.remove(numbers[i]!)
      throw error
    }
    return numbers
  }
}

function makeEpoch(key: number, ids: IdDictionary): IdEpoch {
  return { key, ids, partitions: 0, readers: 0, kept: new Map() }
}

function addTogether(ids: readonly ExternalId[], epoch: IdEpoch): Uint32Array {
  let next = epoch.ids.size
  const numbers = epoch.ids.addMany(ids)
  // New numbers come in order of first sight; any other is of an id that was seen.
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] === next) next++
    else numbers[i] = seen
  }
  return numbers
}

/** What `addMany` gives for an id that was seen before. It is never the number of an id. */
export const seen = 0xffff_ffff
