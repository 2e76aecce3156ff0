/** What a write of rows did. */
export interface WriteReport {
  /** Different people written. */
  readonly people: number
  /** Of them, people whom the engine had not seen before. */
  readonly created: number
}

/** What a removal did. */
export interface RemovalReport {
  /** People removed. */
  readonly removed: number
  /** Ids that nobody had. */
  readonly unknown: number
}

/** What links did. */
export interface LinkReport {
  /** People whom the engine had not seen before. */
  readonly created: number
  /** New ids that people got beside the one that names them. */
  readonly linked: number
  /** People who became one with another who was seen earlier. */
  readonly merged: number
}

/** What became of events that were tracked. */
export interface TrackReport {
  /** Events stored. */
  readonly events: number
  /** Events whose `eventId` was seen before: they are not counted again (law 13). */
  readonly duplicates: number
  /** Events of days that retention has dropped: they are not stored. */
  readonly expired: number
  /** Different people of all of them, those of duplicates and expired events included: each was seen by the write (law 2). */
  readonly people: number
  /** Of them, people whom the engine had not seen before. */
  readonly created: number
}

/** What retention dropped. */
export interface RetentionReport {
  /** Events dropped. */
  readonly dropped: number
}
