import type { Wanted } from '../store/reading.ts'

/** Where the pieces of a saved dictionary are read from. Each piece is asked for once, its checksum was found right. */
export interface SavedIds {
  readonly head: Uint8Array
  range(place: number): Wanted<Uint8Array>
  /** One of the 2^bits parts of the table; `null` to have the table made anew from the ids. */
  readonly part: ((bits: number, place: number) => Wanted<Uint8Array>) | null
}
