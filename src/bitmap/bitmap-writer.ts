import type { Bitmap } from './bitmap.ts'
import { addWords } from './container-words.ts'
import { ContainerWriter } from './container-writer.ts'

/**
 * Builds a bitmap container by container from plain words.
 *
 * Cost: a pass over the words; the bytes are copied twice.
 */
export class BitmapWriter {
  readonly #writer = new ContainerWriter()

  /** Adds the people `65,536 * key + bit` for each bit that is set. Keys come ascending. The words are set to 0. */
  add(key: number, words: Int32Array): void {
    addWords(this.#writer, key, words)
  }

  /** The bitmap of all that was added. The writer is not used any more. */
  finish(): Bitmap {
    return this.#writer.finish()
  }
}
