import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'

/** The longest id, in encoded bytes: a string of 65,535 bytes of UTF-8. An integer takes nine at most. */
export const maxIdBytes = 65_535

/**
 * The first byte of an encoded integer. UTF-8 never holds it, so that no string is ever taken for an integer: `"42"`
 * is `34 32`, and `42` is `ff 2a`.
 */
export const integerMark = 0xff

const largestBigint = 2n ** 64n - 1n

/**
 * Writes an id into `into` from `at` on, and gives the end (excluded). A string becomes its UTF-8; an integer becomes
 * `ff` and its little-endian bytes, as few as hold it (none for 0), so that `42` and `42n` are one id.
 *
 * `into` needs room for 65,535 bytes from `at`. Cost: bytes of the id; nothing is allocated for ASCII.
 *
 * @throws ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
 */
export function encodeId(id: unknown, into: Uint8Array, at: number): number {
  if (typeof id !== 'string') return encodeInteger(id, into, at)
  const length = id.length
  if (length === 0) throw refused('ID_EMPTY', id, 'the id is the empty string; give people without an id no row')
  if (length > maxIdBytes) throw tooLong(id)
  for (let i = 0; i < length; i++) {
    const unit = id.charCodeAt(i)
    if (unit > 0x7f) return encodeBeyondAscii(id, i, into, at + i, at + maxIdBytes)
    into[at + i] = unit
  }
  return at + length
}

function encodeBeyondAscii(id: string, from: number, into: Uint8Array, at: number, limit: number): number {
  for (let i = from; i < id.length; i++) {
    // Room for the longest character, so that nothing is written past the limit.
    if (at + 4 > limit && at + utf8Length(id, i) > limit) throw isWellFormed(id) ? tooLong(id) : loneSurrogate(id)
    const unit = id.charCodeAt(i)
    if (unit < 0x80) {
      into[at++] = unit
    } else if (unit < 0x800) {
      into[at++] = 0xc0 | (unit >> 6)
      into[at++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      into[at++] = 0xe0 | (unit >> 12)
      into[at++] = 0x80 | ((unit >> 6) & 0x3f)
      into[at++] = 0x80 | (unit & 0x3f)
    } else {
      const low = i + 1 < id.length ? id.charCodeAt(i + 1) : 0
      if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) throw loneSurrogate(id)
      const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
      into[at++] = 0xf0 | (point >> 18)
      into[at++] = 0x80 | ((point >> 12) & 0x3f)
      into[at++] = 0x80 | ((point >> 6) & 0x3f)
      into[at++] = 0x80 | (point & 0x3f)
      i++
    }
  }
  return at
}

/** Bytes of UTF-8 of the character at `i`; a surrogate counts as the pair that it should be part of. */
function utf8Length(text: string, i: number): number {
  const unit = text.charCodeAt(i)
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  return unit < 0xd800 || unit > 0xdfff ? 3 : 4
}

function encodeInteger(id: unknown, into: Uint8Array, at: number): number {
  let low: number
  let high: number
  if (typeof id === 'number') {
    if (!(Number.isSafeInteger(id) && id >= 0)) {
      throw refused(
        'ID_NOT_AN_INTEGER',
        id,
        `the id is the number ${id}, where a whole number from 0 to 9,007,199,254,740,991 is expected; give a larger one as a bigint, and any other number as a string`,
      )
    }
    low = id >>> 0
    high = (id - low) / 0x1_0000_0000
  } else if (typeof id === 'bigint') {
    if (id < 0n || id > largestBigint) {
      throw refused(
        'ID_OUT_OF_RANGE',
        // A bigint may have millions of digits, and a JSON answer can't hold one.
        id < 0n ? 'a negative bigint' : 'a bigint above 2^64 - 1',
        `the id is ${id < 0n ? 'a negative bigint' : 'a bigint above 2^64 - 1'}, where one from 0 to 18,446,744,073,709,551,615 is expected; give it as a string`,
      )
    }
    low = Number(id & 0xffff_ffffn)
    high = Number(id >> 32n)
  } else {
    const likely =
      id === null || id === undefined
        ? 'is the name of the id column right?'
        : 'convert it to a string or an unsigned integer'
    throw refused(
      'ID_WRONG_TYPE',
      show(id),
      `the id is ${show(id)}, where a non-empty string, an unsigned integer or a bigint is expected; ${likely}`,
    )
  }
  into[at++] = integerMark
  if (high > 0) {
    for (let shift = 0; shift < 32; shift += 8) into[at++] = (low >>> shift) & 0xff
    low = high
  }
  for (; low > 0; low = Math.floor(low / 256)) into[at++] = low & 0xff
  return at
}

function tooLong(id: string): CrowdbitError {
  const bytes = Buffer.byteLength(id)
  return new CrowdbitError(
    'ID_TOO_LONG',
    `the id ${show(id)} has ${bytes} bytes of UTF-8, where at most ${maxIdBytes} are allowed; is it the right column?`,
    { bytes, limit: maxIdBytes, begins: id.slice(0, 80) },
  )
}

function loneSurrogate(id: string): CrowdbitError {
  return refused(
    'ID_LONE_SURROGATE',
    show(id),
    `the id ${show(id)} holds half of a surrogate pair, which UTF-8 can't write; it was probably cut in the middle of a character`,
  )
}

function refused(code: ErrorCode, found: unknown, message: string): CrowdbitError {
  return new CrowdbitError(code, message, { id: found })
}
