import type { LogCut } from '../../store/recover-log.ts'

/** What opening an engine found. */
export interface RecoveryReport {
  /** The last mutation that the checkpoint held; 0 for a new folder. */
  readonly checkpoint: number
  /** Mutations of the log that were done again. */
  readonly replayed: number
  /** The end of the log that a crash had torn, of which nobody was told that it was durable; `null` where nothing was cut. */
  readonly cut: LogCut | null
  /** How long opening took. */
  readonly milliseconds: number
}
