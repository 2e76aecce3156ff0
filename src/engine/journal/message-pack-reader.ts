import type { Millis } from '../../base/brand.ts'
import { lastInstant } from '../../base/zone-offsets.ts'

/** What is wrong with bytes that should be MessagePack of a known form. */
export class MessagePackFault extends Error {
  /** Where, in bytes from the beginning. */
  readonly offset: number
  readonly found: string
  readonly expected: string

  constructor(offset: number, found: string, expected: string) {
    super(`at byte ${offset} there is ${found}, where ${expected} is expected`)
    this.offset = offset
    this.found = found
    this.expected = expected
  }
}

/** What Node's types leave out of `Buffer`: `toString('latin1')` without looking at its arguments, which takes as long again. */
interface Latin1Bytes extends Buffer {
  latin1Slice(start: number, end: number): string
}

/** How many names are remembered, unless it is said: 2^8. */
const usualNameBits = 8
/** Longer texts are not remembered. */
const longestName = 64

/**
 * Reads MessagePack whose form the caller knows, value by value, and trusts none of it: every type, length and text is
 * checked, and nothing is allocated for bytes that aren't there.
 *
 * Source: the MessagePack specification, github.com/msgpack/msgpack/blob/master/spec.md.
 */
export class MessagePackReader {
  /** What was opened, as it was given. */
  #source: Uint8Array = new Uint8Array(0)
  /** The same bytes: those to be read are from `#at` to `#end`. */
  #bytes: Buffer = Buffer.alloc(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #start = 0
  #at = 0
  #end = 0
  /** Remembered names, by a hash of their bytes. */
  readonly #names: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[]
  readonly #nameShift: number
  /** Where the text is that `textBytes` read last, in `bytes`. */
  textStart = 0
  textEnd = 0

  /** @param nameBits 2 to this power names are remembered */
  constructor(nameBits: number = usualNameBits) {
    this.#names = new Array(2 ** nameBits).fill(undefined)
    this.#nameShift = 32 - nameBits
  }

  /** Reads bytes from now on, all or those from `start` to `end`. They are read in place, and not kept beyond their end. */
  open(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    if (bytes !== this.#source) {
      const { buffer, byteOffset, byteLength } = bytes
      this.#source = bytes
      this.#view = new DataView(buffer, byteOffset, byteLength)
      this.#bytes = Buffer.from(buffer, byteOffset, byteLength)
    }
    this.#start = this.#at = start
    this.#end = end
  }

  /** @throws MessagePackFault when there are bytes left. */
  end(): void {
    const left = this.#end - this.#at
    if (left > 0) throw this.#fault(`${left} bytes more`, 'the end')
  }

  /** Whether the next value is nil, which is then behind us. */
  nil(): boolean {
    if (this.#peek !== 0xc0) return false
    this.#at++
    return true
  }

  bool(): boolean {
    const type = this.#type('a boolean')
    if (type !== 0xc2 && type !== 0xc3) throw this.#wrong(type, 'a boolean')
    this.#at++
    return type === 0xc3
  }

  /** How many values the array has whose head comes next. Never more than there are bytes. */
  array(expected = 'an array'): number {
    const type = this.#type(expected)
    let length: number
    if (type >= 0x90 && type <= 0x9f) {
      length = type & 15
      this.#at++
    } else if (type === 0xdc) length = this.#unsigned(2)
    else if (type === 0xdd) length = this.#unsigned(4)
    else throw this.#wrong(type, expected)
    if (length > this.#end - this.#at) throw this.#fault(`an array of ${length}`, 'no more values than bytes')
    return length
  }

  /** @throws MessagePackFault for an array of another length. */
  arrayOf(length: number, expected: string): void {
    const found = this.array(expected)
    if (found !== length) throw this.#fault(`an array of ${found}`, expected)
  }

  /** Whether an array comes next. */
  get isArray(): boolean {
    const type = this.#peek
    return (type >= 0x90 && type <= 0x9f) || type === 0xdc || type === 0xdd
  }

  /** Whether a text comes next. */
  get isText(): boolean {
    const type = this.#peek
    return (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb)
  }

  /** Whether a boolean comes next. */
  get isBool(): boolean {
    const type = this.#peek
    return type === 0xc2 || type === 0xc3
  }

  number(expected = 'a number'): number {
    const type = this.#type(expected)
    if (type < 0x80) {
      this.#at++
      return type
    }
    switch (type) {
      case 0xcc:
        return this.#unsigned(1)
      case 0xcd:
        return this.#unsigned(2)
      case 0xce:
        return this.#unsigned(4)
      case 0xcb: {
        this.#have(9)
        const value = this.#view.getFloat64(this.#at + 1)
        this.#at += 9
        return value
      }
      default:
        throw this.#wrong(type, expected)
    }
  }

  /** A whole number from 0 to 2^53 - 1. */
  whole(expected = 'a whole number'): number {
    const value = this.number(expected)
    if (!Number.isSafeInteger(value) || value < 0) throw this.#fault(String(value), expected)
    return value
  }

  /** Whole milliseconds since 1970, as far as a `Date` goes. */
  instant(expected = 'an instant'): Millis {
    const value = this.number(expected)
    if (!Number.isInteger(value) || Math.abs(value) > lastInstant) throw this.#fault(String(value), expected)
    return value as Millis
  }

  /** An external id: a text, or an unsigned integer. */
  id(): string | number | bigint {
    if (this.isText) return this.text('an id')
    if (this.#peek === 0xcf) {
      this.#have(9)
      const value = this.#view.getBigUint64(this.#at + 1)
      this.#at += 9
      return value
    }
    return this.whole('an id')
  }

  text(expected = 'a text'): string {
    const length = this.#textLength(expected)
    const start = this.#at
    this.#at += length
    return this.#decode(start, length)
  }

  /** What was opened. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Steps over a text, whose bytes are those from `textStart` to `textEnd`. Nobody has looked whether they are UTF-8. */
  textBytes(expected = 'a text'): void {
    const length = this.#textLength(expected)
    this.textStart = this.#at
    this.textEnd = this.#at += length
  }

  /** A text that comes again and again, such as the name of a column: remembered, so that it is decoded once. */
  name(expected = 'a name'): string {
    const length = this.#textLength(expected)
    const start = this.#at
    const bytes = this.#bytes
    this.#at += length
    if (length > longestName) return this.#decode(start, length)
    const place = this.#hash(start, length) >>> this.#nameShift
    const known = this.#names[place]
    if (known !== undefined && known.bytes.length === length) {
      let same = 0
      while (same < length && known.bytes[same] === bytes[start + same]) same++
      if (same === length) return known.text
    }
    const text = this.#decode(start, length)
    this.#names[place] = { bytes: Uint8Array.from(bytes.subarray(start, start + length)), text }
    return text
  }

  /** A copy of bytes. */
  binary(expected = 'bytes'): Uint8Array<ArrayBuffer> {
    const type = this.#type(expected)
    if (type !== 0xc6) throw this.#wrong(type, expected)
    const length = this.#unsigned(4)
    this.#have(length)
    const start = this.#at
    this.#at += length
    return Uint8Array.from(this.#bytes.subarray(start, start + length))
  }

  /** A fault at the place where the reader is. */
  fault(found: string, expected: string): MessagePackFault {
    return this.#fault(found, expected)
  }

  #textLength(expected: string): number {
    const type = this.#type(expected)
    let length: number
    if (type >= 0xa0 && type <= 0xbf) {
      length = type & 31
      this.#at++
    } else if (type === 0xd9) length = this.#unsigned(1)
    else if (type === 0xda) length = this.#unsigned(2)
    else if (type === 0xdb) length = this.#unsigned(4)
    else throw this.#wrong(type, expected)
    this.#have(length)
    return length
  }

  /** By words of four bytes, the last of which may overlap the one before. Its highest bits are the best ones. */
  #hash(start: number, length: number): number {
    if (length < 4) {
      let word = length
      for (let i = start; i < start + length; i++) word = (word << 8) | this.#bytes[i]!
      return Math.imul(word, 0x9e3779b1)
    }
    const view = this.#view
    const last = start + length - 4
    let hash = length
    for (let i = start; i < last; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1)
    return Math.imul(hash ^ view.getInt32(last, true), 0x9e3779b1)
  }

  #decode(start: number, length: number): string {
    const bytes = this.#bytes
    for (let i = start; i < start + length; i++) {
      if (bytes[i]! >= 0x80) return this.#decodeUtf8(start, length)
    }
    return (bytes as Latin1Bytes).latin1Slice(start, start + length)
  }

  #decodeUtf8(start: number, length: number): string {
    try {
      return strict.decode(this.#bytes.subarray(start, start + length))
    } catch {
      throw this.#fault('bytes that are no UTF-8', 'a text')
    }
  }

  #unsigned(size: 1 | 2 | 4): number {
    this.#have(1 + size)
    const at = this.#at + 1
    const view = this.#view
    this.#at += 1 + size
    return size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : view.getUint32(at)
  }

  /** The type that comes next; 0xc1, which is none, at the end. */
  get #peek(): number {
    return this.#at < this.#end ? this.#bytes[this.#at]! : 0xc1
  }

  #type(expected: string): number {
    if (this.#at >= this.#end) throw this.#fault('the end', expected)
    return this.#bytes[this.#at]!
  }

  #have(count: number): void {
    const left = this.#end - this.#at
    if (count > left) throw this.#fault(`the end after ${left} bytes`, `${count} bytes`)
  }

  #wrong(type: number, expected: string): MessagePackFault {
    return this.#fault(`the type 0x${type.toString(16)}`, expected)
  }

  #fault(found: string, expected: string): MessagePackFault {
    return new MessagePackFault(this.#at - this.#start, found, expected)
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
