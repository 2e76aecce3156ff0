import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { show } from '../../base/show.ts'

/** Shorter logs than this don't make a checkpoint: replaying them takes about a second. */
const leastLogBytes = 64 * 1024 * 1024
/** A log may grow to this part of what a checkpoint last wrote, so that checkpoints don't write many times what the log does. */
const partOfCheckpoint = 1 / 4
/** After a checkpoint that failed, the next isn't tried sooner, in milliseconds. */
const pauseAfterFailure = 30_000

/** When a checkpoint is made by itself. */
export class CheckpointPolicy {
  readonly #logBytes: number | null
  #lastBytes = 0
  #failedAt = Number.NEGATIVE_INFINITY

  /**
   * @param logBytes how long a log makes one; `null` for 64 MiB, or a quarter of what the last checkpoint wrote where that is more.
   * @throws OPTION_INVALID
   */
  constructor(logBytes: number | null) {
    if (logBytes !== null && !(Number.isSafeInteger(logBytes) && logBytes > 0)) {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `checkpointLogBytes is ${show(logBytes)}, where a whole number of bytes from 1 is expected`,
        { option: 'checkpointLogBytes', found: logBytes },
      )
    }
    this.#logBytes = logBytes
  }

  /** Told what a checkpoint wrote. */
  succeeded(bytesWritten: number): void {
    this.#lastBytes = bytesWritten
    this.#failedAt = Number.NEGATIVE_INFINITY
  }

  /** Told that a checkpoint failed. */
  failed(now: number): void {
    this.#failedAt = now
  }

  /** Whether a log of so many bytes is due for one. The clock is looked at only where it matters. */
  isDue(logBytes: number, now: () => number): boolean {
    const due = this.#logBytes ?? Math.max(leastLogBytes, this.#lastBytes * partOfCheckpoint)
    return logBytes >= due && now() - this.#failedAt >= pauseAfterFailure
  }
}
