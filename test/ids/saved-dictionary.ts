import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import type { IdDictionaryOptions } from '../../src/ids/id-dictionary-options.ts'
import { readLater, type Wanted } from '../../src/store/reading.ts'

/** What a store has of a dictionary: pieces by name, kept from save to save where their stamps are equal. */
export class SavedDictionary {
  readonly pieces: Map<string, { readonly stamp: string; readonly bytes: Uint8Array }> = new Map()
  /** Names of the pieces that the last save wrote. */
  written: string[] = []
  /** By name; what the next save may keep. */
  #stamps = new Map<string, string>()

  /**
   * Saves as a checkpoint does. `meanwhile` is called before each chunk, and may change the dictionary; `keeps` says whether a piece with an equal stamp is kept,
   * which a store is free not to do.
   */
  save(ids: IdDictionary, meanwhile: () => void = () => {}, keeps: (name: string) => boolean = () => true): void {
    const snapshot = ids.snapshot((bits, part, stamp) => this.#stamps.get(`table-${bits}-${part}`) === stamp)
    const sources = [
      ...snapshot.ranges.map((piece, place) => ({ name: `range-${place}`, ...piece })),
      ...snapshot.parts.map((piece, part) => ({ name: `table-${snapshot.bits}-${part}`, ...piece })),
      { name: 'head', stamp: '', chunks: () => snapshot.head() },
    ]
    const before = new Map(this.pieces)
    this.pieces.clear()
    this.written = []
    for (const { name, stamp, chunks } of sources) {
      const there = before.get(name)
      if (name !== 'head' && there !== undefined && this.#stamps.get(name) === stamp && keeps(name)) {
        this.pieces.set(name, there)
        continue
      }
      const bytes: Uint8Array[] = []
      meanwhile()
      for (const chunk of chunks()) {
        bytes.push(chunk.slice())
        meanwhile()
      }
      this.pieces.set(name, { stamp, bytes: Uint8Array.from(Buffer.concat(bytes)) })
      this.written.push(name)
    }
    snapshot.release()
    this.#stamps = new Map(sources.map(({ name, stamp }) => [name, stamp]))
  }

  /** The dictionary as it was saved; what is saved next is told from what is there by its stamps alone. */
  async load(options: IdDictionaryOptions = {}, makesTable = false): Promise<IdDictionary> {
    const bytesOf = (name: string): Uint8Array => this.pieces.get(name)!.bytes
    const piece = (name: string): Wanted<Uint8Array> => ({ now: () => bytesOf(name), later: async () => bytesOf(name) })
    const ids = await readLater(
      IdDictionary.restore(
        {
          head: bytesOf('head'),
          range: (place) => piece(`range-${place}`),
          part: makesTable ? null : (bits, part) => piece(`table-${bits}-${part}`),
        },
        options,
      ),
    )
    const snapshot = ids.snapshot()
    this.#stamps = new Map([
      ...snapshot.ranges.map(({ stamp }, place) => [`range-${place}`, stamp] as const),
      ...snapshot.parts.map(({ stamp }, part) => [`table-${snapshot.bits}-${part}`, stamp] as const),
    ])
    snapshot.release()
    return ids
  }
}
