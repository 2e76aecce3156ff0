import { show } from '../base/show.ts'
import { type AnyIterable, InputIterator } from './input-iterator.ts'
import type { OpenBytes } from './open-bytes.ts'

/**
 * Bytes, or text that stands for its UTF-8: the whole at once, or chunk by chunk from a Node stream, a web stream, or
 * any iterable. Chunks may be cut anywhere, also inside a character.
 */
export type ByteInput = string | Uint8Array | AnyIterable<Uint8Array | string>

/** The bytes of an input that the caller made. Chunks are copied, because their maker may use the memory again. */
export class InputBytes implements OpenBytes {
  readonly totalBytes: number | null
  readonly #chunks: InputIterator<Uint8Array | string>
  /** First half of a surrogate pair that ended the last text. */
  #half = ''
  bytesRead = 0

  constructor(input: ByteInput) {
    const whole =
      typeof input === 'string' ? Buffer.byteLength(input) : input instanceof Uint8Array ? input.length : null
    this.totalBytes = whole
    this.#chunks = new InputIterator(typeof input === 'string' || input instanceof Uint8Array ? [input] : input)
  }

  async read(): Promise<Buffer | null> {
    for (;;) {
      const { done, value } = await this.#chunks.next()
      const bytes = done === true ? this.#lastHalf() : this.#bytesOf(value)
      this.bytesRead += bytes.length
      if (bytes.length > 0) return bytes
      if (done === true) return null
    }
  }

  close(): Promise<void> {
    return this.#chunks.close()
  }

  #bytesOf(chunk: unknown): Buffer {
    if (chunk instanceof Uint8Array) return Buffer.from(chunk)
    if (typeof chunk !== 'string') throw new Error(`a chunk is ${show(chunk)}, where bytes or text are expected`)
    let text = this.#half + chunk
    const last = text.charCodeAt(text.length - 1)
    this.#half = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
    if (this.#half !== '') text = text.slice(0, -1)
    return encodeText(text)
  }

  #lastHalf(): Buffer {
    const half = this.#half
    this.#half = ''
    return encodeText(half)
  }
}

/** The UTF-8 of a text. Half a surrogate pair has none: it becomes a byte that makes its row be refused. */
function encodeText(text: string): Buffer {
  const parts = text.split(/\p{Surrogate}/u)
  if (parts.length === 1) return Buffer.from(text)
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [Buffer.from(part)] : [notUtf8, Buffer.from(part)])))
}

const notUtf8 = Buffer.of(0xff)
