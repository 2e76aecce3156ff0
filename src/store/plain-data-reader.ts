import { show } from '../base/show.ts'
import { deepestPlainData, type PlainData } from './plain-data.ts'

/** Bytes that aren't plain data: where, what stands there and what should. */
export class PlainDataFault extends Error {
  override readonly name = 'PlainDataFault'
  /** Offset in bytes. */
  readonly offset: number
  readonly found: string
  readonly expected: string

  constructor(offset: number, found: string, expected: string) {
    super(`at byte ${offset}: ${found}, where ${expected} is expected`)
    this.offset = offset
    this.found = found
    this.expected = expected
  }
}

/**
 * Reads what `packPlainData` wrote. It is stricter than a MessagePack library, because the bytes may be anyone's: only
 * the plain types (no binary, 64-bit integer or extension, so nothing that builds a `RegExp`, a function or a cycle),
 * valid UTF-8, no key twice, no key `__proto__`, bounded depth, no byte left over.
 *
 * Cost: O(bytes); memory grows with the bytes that are there, not with the lengths that they claim.
 *
 * Source: MessagePack specification.
 *
 * @throws PlainDataFault, nothing else.
 */
export function unpackPlainData(bytes: Uint8Array): PlainData {
  const reader = new Reader(bytes)
  const value = reader.read(1)
  if (reader.at !== bytes.length)
    throw new PlainDataFault(reader.at, `${bytes.length - reader.at} more bytes`, 'the end')
  return value
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class Reader {
  at = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  read(depth: number): PlainData {
    const start = this.at
    if (depth > deepestPlainData)
      throw new PlainDataFault(start, 'a deeper value', `${deepestPlainData} levels at most`)
    const type = this.#unsigned(1)
    if (type < 0x80) return type
    if (type < 0x90) return this.#object(type & 0x0f, depth)
    if (type < 0xa0) return this.#array(type & 0x0f, depth)
    if (type < 0xc0) return this.#text(type & 0x1f)
    if (type >= 0xe0) return type - 0x100
    switch (type) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xca:
        return this.#view.getFloat32(this.#take(4))
      case 0xcb:
        return this.#view.getFloat64(this.#take(8))
      case 0xcc:
        return this.#unsigned(1)
      case 0xcd:
        return this.#unsigned(2)
      case 0xce:
        return this.#unsigned(4)
      case 0xd0:
        return this.#view.getInt8(this.#take(1))
      case 0xd1:
        return this.#view.getInt16(this.#take(2))
      case 0xd2:
        return this.#view.getInt32(this.#take(4))
      case 0xd9:
        return this.#text(this.#unsigned(1))
      case 0xda:
        return this.#text(this.#unsigned(2))
      case 0xdb:
        return this.#text(this.#unsigned(4))
      case 0xdc:
        return this.#array(this.#unsigned(2), depth)
      case 0xdd:
        return this.#array(this.#unsigned(4), depth)
      case 0xde:
        return this.#object(this.#unsigned(2), depth)
      case 0xdf:
        return this.#object(this.#unsigned(4), depth)
      default:
        throw new PlainDataFault(start, `a value of type 0x${type.toString(16)}`, 'a plain type')
    }
  }

  /** Steps over `length` bytes, which must be there, and gives where they begin. */
  #take(length: number): number {
    const start = this.at
    const left = this.#bytes.length - start
    if (length > left) throw new PlainDataFault(start, `${left} bytes`, `${length} bytes`)
    this.at = start + length
    return start
  }

  #unsigned(length: 1 | 2 | 4): number {
    const start = this.#take(length)
    if (length === 1) return this.#view.getUint8(start)
    return length === 2 ? this.#view.getUint16(start) : this.#view.getUint32(start)
  }

  #text(length: number): string {
    const start = this.#take(length)
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length))
    } catch {
      throw new PlainDataFault(start, 'other bytes', `${length} bytes of UTF-8`)
    }
  }

  #array(length: number, depth: number): PlainData[] {
    const items: PlainData[] = []
    for (let i = 0; i < length; i++) items.push(this.read(depth + 1))
    return items
  }

  #object(length: number, depth: number): { [key: string]: PlainData } {
    const object: { [key: string]: PlainData } = {}
    for (let i = 0; i < length; i++) {
      const start = this.at
      const key = this.read(depth + 1)
      if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(object, key)) {
        throw new PlainDataFault(start, `the key ${show(key)}`, 'a new text other than __proto__')
      }
      object[key] = this.read(depth + 1)
    }
    return object
  }
}
