import { CrowdbitError } from './crowdbit-error.ts'

/**
 * Reads a saved section front to back and trusts nothing: a length is compared with what is left before anything is made
 * by it. Numbers are little-endian.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #section: string
  #at = 0

  constructor(bytes: Uint8Array, section: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#section = section
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.#at
  }

  uint32(what: string): number {
    const at = this.#take(4, what)
    return this.#view.getUint32(at, true)
  }

  /** A length of 64 bits, which has to be a safe integer. */
  length(what: string): number {
    const at = this.#take(8, what)
    const length = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32
    if (length > this.#bytes.length - this.#at)
      throw this.fault(`${what} would have ${length} bytes, where ${this.#bytes.length - this.#at} are left`)
    return length
  }

  /** A whole number of 1 to 8 bytes: 7 bits a byte, the lowest first, the highest bit of a byte saying that there are more. */
  varint(what: string): number {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      const byte = this.#bytes[this.#take(1, what)]!
      value += (byte & 127) * weight
      if (value > Number.MAX_SAFE_INTEGER) throw this.fault(`${what} is beyond 2^53 - 1`)
      if (byte < 128) {
        if (byte === 0 && weight > 1) throw this.fault(`${what} has more bytes than it needs`)
        return value
      }
      if (weight > 2 ** 42) throw this.fault(`${what} has more than 8 bytes`)
    }
  }

  /** A part of the section, not copied. */
  bytes(length: number, what: string): Uint8Array {
    const at = this.#take(length, what)
    return this.#bytes.subarray(at, at + length)
  }

  /** Text of a given number of bytes, which must be well-formed UTF-8. */
  text(length: number, what: string): string {
    const bytes = this.bytes(length, what)
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw this.fault(`${what} is not UTF-8`)
    }
  }

  /** @throws STORE_CORRUPT for bytes that nothing has read. */
  end(): void {
    const left = this.#bytes.length - this.#at
    if (left > 0) throw this.fault(`${left} bytes follow after its end`)
  }

  /** The error for what does not fit here. */
  fault(statement: string, cause?: unknown): CrowdbitError {
    return new CrowdbitError(
      'STORE_CORRUPT',
      `section ${this.#section} is damaged at byte ${this.#at}: ${statement}. Load a backup, or save again from the source of the data.`,
      { section: this.#section, offset: this.#at },
      cause === undefined ? undefined : { cause },
    )
  }

  #take(length: number, what: string): number {
    const at = this.#at
    if (length > this.#bytes.length - at) {
      throw this.fault(`${what} takes ${length} bytes, where ${this.#bytes.length - at} are left`)
    }
    this.#at = at + length
    return at
  }
}

/** A number of 32 bits as four bytes. */
export function uint32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** A length as eight bytes. */
export function lengthBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, value % 2 ** 32, true)
  view.setUint32(4, Math.floor(value / 2 ** 32), true)
  return bytes
}
