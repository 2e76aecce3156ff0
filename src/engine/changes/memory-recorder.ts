import type { AudienceJournal } from '../../audiences/audience-record.ts'
import type { ExternalId } from '../../base/brand.ts'
import type { Dataset } from '../../dataset/dataset.ts'
import { idsWipedBy, type Journal, type MutationRecord } from '../../dataset/journal.ts'
import { encodeAudienceRecord, encodeWorkspaceRemoval } from '../journal/encode-audience.ts'
import { encodeMutation } from '../journal/encode-mutation.ts'
import { MessagePackWriter } from '../journal/message-pack-writer.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Recorder } from './recorder.ts'

/**
 * Numbers the mutations of an engine in memory. Those of the data count themselves, as versions of it; they are written down
 * only once somebody listens, from when on this is the journal of the data.
 */
export class MemoryRecorder implements Recorder, Journal {
  readonly #dataset: Dataset
  readonly #feed: ChangeFeed
  readonly #record = new MessagePackWriter()
  /** What is to be added to the version of the data. */
  #ahead: number
  /** The ids that the mutation under way makes unknown. */
  #removing: readonly ExternalId[] | null = null

  /** @param sequence of the data as it is */
  constructor(dataset: Dataset, feed: ChangeFeed, sequence: number) {
    this.#dataset = dataset
    this.#feed = feed
    this.#ahead = sequence - dataset.version
  }

  get sequence(): number {
    return this.#dataset.version + this.#ahead
  }

  write(record: MutationRecord): void {
    if (!this.#feed.isOn) return
    this.#record.clear()
    encodeMutation(record, this.#record)
    this.#removing = idsWipedBy(record)
  }

  done(): void {
    this.#push(this.#removing)
  }

  audiences(workspace: string): AudienceJournal {
    return {
      write: (record) => {
        if (this.#feed.isOn) encodeAudienceRecord(workspace, record, this.#record)
        this.#count()
      },
    }
  }

  removeWorkspace(name: string): void {
    if (this.#feed.isOn) encodeWorkspaceRemoval(name, this.#record)
    this.#count()
  }

  #count(): void {
    this.#push(null)
    this.#ahead++
  }

  #push(removing: readonly ExternalId[] | null): void {
    const feed = this.#feed
    if (!feed.isOn) return
    try {
      if (removing === null) feed.push(this.#record.bytes)
      else feed.pushRemoval(removing, this.#record.bytes)
    } finally {
      // Ids and values must not stay behind when a person is removed (law 3).
      this.#record.wipe()
      this.#removing = null
    }
  }
}
