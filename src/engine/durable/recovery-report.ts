/** What opening an engine found. */
export interface RecoveryReport {
  /** The last mutation that the checkpoint held; 0 for a new folder. */
  readonly checkpoint: number
  /** Mutations of the log that were done again. */
  readonly replayed: number
  /** The end of the log that a crash had torn, which nobody was told was durable; `null` where nothing was cut. */
  readonly cut: {
    readonly path: string
    /** Where in the file it began, in bytes. */
    readonly offset: number
    readonly bytes: number
    /** The first mutation that is lost. */
    readonly fromSequence: number
  } | null
  /** How long opening took. */
  readonly milliseconds: number
}
