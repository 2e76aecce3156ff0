import { CrowdbitError } from '../base/crowdbit-error.ts'
import { bitCount } from './bit-count.ts'

/** What a portable Roaring bitmap holds. */
export interface PortableBitmapFacts {
  /** How many values: 0 to 2^32. */
  readonly cardinality: number
  /** How many containers: 0 to 65,536. */
  readonly containers: number
  /** The largest value, -1 when there is none. */
  readonly maximum: number
  /** Whether two runs touch that could be one. */
  readonly runsTouch: boolean
}

/**
 * Proves that bytes are one whole 32-bit portable Roaring bitmap, nothing before or after it, so that a native reader
 * can be given them: CRoaring's own reader doesn't check the order of values, counts or offsets.
 *
 * Beyond the letter of the specification, neighbouring runs that could be one are taken (some writers leave them), and
 * so are set bits behind the last run flag. The empty bitmap is 8 bytes.
 *
 * Cost: O(bytes), some GB a second; nothing is allocated, whatever the bytes claim.
 *
 * Source: RoaringFormatSpec, "Standard 32-bit Roaring Bitmap".
 *
 * @throws BITMAP_INVALID with the facts `offset` (in bytes from the start), `found` and `expected`.
 */
export function checkPortableBitmap(bytes: Uint8Array): PortableBitmapFacts {
  const header = readHeader(bytes)
  const lanes = new Lanes(bytes)
  let at = header.end
  let cardinality = 0
  let previousKey = -1
  let maximum = -1
  let runsTouch = false
  for (let i = 0; i < header.containers; i++) {
    const descriptor = header.descriptors + 4 * i
    const key = u16(bytes, descriptor)
    if (key <= previousKey) refuse(descriptor, `container key ${key}`, `a key above ${previousKey}`)
    previousKey = key
    if (header.offsets >= 0) {
      const offset = u32(bytes, header.offsets + 4 * i)
      if (offset !== at) refuse(header.offsets + 4 * i, `container offset ${offset}`, `${at}, where the container is`)
    }
    const declared = u16(bytes, descriptor + 2) + 1
    const isRun = isRunContainer(bytes, header, i)
    const isLast = i === header.containers - 1
    if (isRun) {
      const { runs, touch } = checkRuns(lanes, at, declared, descriptor + 2)
      runsTouch ||= touch
      if (isLast) maximum = lanes.u16(at + 4 * runs - 2) + lanes.u16(at + 4 * runs)
      at += 2 + 4 * runs
    } else if (declared <= largestArray) {
      need(bytes, at, 2 * declared, `an array container of ${declared} values`)
      checkArray(lanes, at, declared)
      at += 2 * declared
      if (isLast) maximum = lanes.u16(at - 2)
    } else {
      need(bytes, at, bitsetBytes, 'a bitset container')
      const counted = lanes.popcount(at)
      if (counted !== declared) refuse(descriptor + 2, `cardinality ${declared}`, `${counted}, the bits that are set`)
      if (isLast) maximum = highestBit(bytes, at)
      at += bitsetBytes
    }
    if (isLast) maximum += key * 65536
    cardinality += declared
  }
  if (at !== bytes.length) refuse(at, `${bytes.length - at} more bytes`, 'the end of the bitmap')
  return { cardinality, containers: header.containers, maximum, runsTouch }
}

/** A container of portable bytes. */
export interface PortableContainer {
  readonly key: number
  /** How many values. */
  readonly size: number
  /** Where its bytes begin, of runs those behind their number. */
  readonly at: number
  /** How many runs; -1 where it has none. */
  readonly runs: number
}

/** The containers of bytes that are known to be a portable bitmap. Cost: a look at each header. */
export function portableContainers(bytes: Uint8Array): PortableContainer[] {
  const header = readHeader(bytes)
  const containers: PortableContainer[] = []
  let at = header.end
  for (let i = 0; i < header.containers; i++) {
    const descriptor = header.descriptors + 4 * i
    const key = u16(bytes, descriptor)
    const size = u16(bytes, descriptor + 2) + 1
    if (isRunContainer(bytes, header, i)) {
      const runs = u16(bytes, at)
      containers.push({ key, size, at: at + 2, runs })
      at += 2 + 4 * runs
    } else {
      containers.push({ key, size, at, runs: -1 })
      at += size > largestArray ? bitsetBytes : 2 * size
    }
  }
  return containers
}

function isRunContainer(bytes: Uint8Array, { flags }: Header, i: number): boolean {
  return flags >= 0 && (bytes[flags + (i >>> 3)]! & (1 << (i & 7))) !== 0
}

/** Magic number of a bitmap without run containers. */
export const cookieWithoutRuns = 12346
/** Magic number, in the low 16 bits, of a bitmap with run flags. */
const cookieWithRuns = 12347
/** With run flags, fewer containers than this have no offset header. */
const noOffsetThreshold = 4
/** Most values of an array container; a container of more is a bitset. */
export const largestArray = 4096
export const bitsetBytes = 8192

/** Where the parts of the header stand; -1 where a part is absent. */
interface Header {
  readonly containers: number
  readonly flags: number
  readonly descriptors: number
  readonly offsets: number
  readonly end: number
}

function readHeader(bytes: Uint8Array): Header {
  need(bytes, 0, 4, 'a cookie')
  const cookie = u32(bytes, 0)
  if ((cookie & 0xffff) === cookieWithRuns) {
    const containers = (cookie >>> 16) + 1
    const flagBytes = (containers + 7) >>> 3
    const hasOffsets = containers >= noOffsetThreshold
    const descriptors = 4 + flagBytes
    need(bytes, 4, flagBytes + containers * (hasOffsets ? 8 : 4), `the header of ${containers} containers`)
    const offsets = hasOffsets ? descriptors + 4 * containers : -1
    return { containers, flags: 4, descriptors, offsets, end: descriptors + containers * (hasOffsets ? 8 : 4) }
  }
  if (cookie !== cookieWithoutRuns) {
    refuse(
      0,
      `cookie ${cookie}`,
      `${cookieWithoutRuns}, or ${cookieWithRuns} in the low 16 bits (32-bit portable format)`,
    )
  }
  need(bytes, 4, 4, 'the number of containers')
  const containers = u32(bytes, 4)
  if (containers > 65536) refuse(4, `${containers} containers`, 'at most 65536')
  need(bytes, 8, 8 * containers, `the header of ${containers} containers`)
  return { containers, flags: -1, descriptors: 8, offsets: 8 + 4 * containers, end: 8 + 8 * containers }
}

/** Checks an array container: strictly ascending values. */
function checkArray(lanes: Lanes, at: number, length: number): void {
  let disorder = 0
  let previous = -1
  const words = lanes.words16
  if (words !== null && lanes.isEven(at)) {
    const start = lanes.index16(at)
    for (let i = start; i < start + length; i++) {
      const value = words[i]!
      disorder |= value - previous - 1
      previous = value
    }
  } else {
    const { bytes } = lanes
    for (let i = at; i < at + 2 * length; i += 2) {
      const value = bytes[i]! | (bytes[i + 1]! << 8)
      disorder |= value - previous - 1
      previous = value
    }
  }
  if (disorder < 0) refuseDisorder(lanes, at, length)
}

/** The array is known to be out of order: says where. */
function refuseDisorder(lanes: Lanes, at: number, length: number): never {
  for (let i = 1; i < length; i++) {
    const previous = lanes.u16(at + 2 * i - 2)
    const value = lanes.u16(at + 2 * i)
    if (value <= previous) refuse(at + 2 * i, `array value ${value}`, `a value above ${previous}`)
  }
  return refuse(at, 'an array out of order', 'strictly ascending values')
}

/** Checks a run container and gives its number of runs, and whether two of them touch. */
function checkRuns(
  lanes: Lanes,
  at: number,
  declared: number,
  declaredAt: number,
): { readonly runs: number; readonly touch: boolean } {
  const { bytes } = lanes
  need(bytes, at, 2, 'the number of runs')
  const runs = lanes.u16(at)
  if (runs === 0) refuse(at, 'no run', 'at least one')
  need(bytes, at + 2, 4 * runs, `${runs} runs`)
  let cardinality = 0
  let previousEnd = -1
  let touch = false
  for (let place = at + 2; place < at + 2 + 4 * runs; place += 4) {
    const start = lanes.u16(place)
    const end = start + lanes.u16(place + 2)
    if (start <= previousEnd) refuse(place, `a run from ${start}`, `a run from above ${previousEnd}`)
    if (end > 65535) refuse(place + 2, `a run from ${start} to ${end}`, 'an end of at most 65535')
    touch ||= start === previousEnd + 1 && place > at + 2
    cardinality += end - start + 1
    previousEnd = end
  }
  if (cardinality !== declared) refuse(declaredAt, `cardinality ${declared}`, `${cardinality}, the length of the runs`)
  return { runs, touch }
}

/** The largest value of a bitset container that isn't empty. */
function highestBit(bytes: Uint8Array, at: number): number {
  let i = bitsetBytes - 1
  while (bytes[at + i] === 0) i--
  return 8 * i + 31 - Math.clz32(bytes[at + i]!)
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The bytes in lanes of 16 and 32 bits where their place in memory allows it. */
class Lanes {
  readonly bytes: Uint8Array
  /** All bytes from the first even address, or `null` on a big-endian machine. */
  readonly words16: Uint16Array | null
  readonly #words32: Uint32Array
  readonly #skip16: number
  readonly #skip32: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    const { buffer, byteOffset, byteLength } = bytes
    this.#skip16 = byteOffset & 1
    this.#skip32 = -byteOffset & 3
    const after16 = byteLength - this.#skip16
    const after32 = byteLength - this.#skip32
    this.words16 =
      littleEndian && after16 >= 2 ? new Uint16Array(buffer, byteOffset + this.#skip16, after16 >>> 1) : null
    this.#words32 =
      after32 >= 4 ? new Uint32Array(buffer, byteOffset + this.#skip32, after32 >>> 2) : new Uint32Array(0)
  }

  /** Whether the byte at `at` has an even address. */
  isEven(at: number): boolean {
    return ((at - this.#skip16) & 1) === 0
  }

  /** Index in `words16` of the byte at `at`, which has an even address. */
  index16(at: number): number {
    return (at - this.#skip16) >>> 1
  }

  u16(at: number): number {
    return this.bytes[at]! | (this.bytes[at + 1]! << 8)
  }

  /** Bits set in the 8,192 bytes from `at`. The order of bytes doesn't matter. */
  popcount(at: number): number {
    // The first aligned word at or after `at`, and the bytes around the aligned middle.
    const lead = (this.#skip32 - at) & 3
    const middle = lead === 0 ? bitsetBytes : bitsetBytes - 4
    const start = (at + lead - this.#skip32) >>> 2
    return (
      popcountOfBytes(this.bytes, at, at + lead) +
      popcountOfWords(this.#words32, start, start + (middle >>> 2)) +
      popcountOfBytes(this.bytes, at + lead + middle, at + bitsetBytes)
    )
  }
}

function popcountOfWords(words: Uint32Array, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) {
    count += bitCount(words[i]!)
  }
  return count
}

function popcountOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) {
    for (let byte = bytes[i]!; byte !== 0; byte &= byte - 1) count++
  }
  return count
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0
}

function need(bytes: Uint8Array, at: number, length: number, what: string): void {
  if (at + length > bytes.length) {
    refuse(at, `${Math.max(0, bytes.length - at)} bytes`, `${length} bytes: ${what}`)
  }
}

function refuse(offset: number, found: string, expected: string): never {
  throw new CrowdbitError(
    'BITMAP_INVALID',
    `byte ${offset}: ${found}, where a portable Roaring bitmap has ${expected}. Write it with the portable format of a Roaring library, and check that it arrives whole`,
    { offset, found, expected },
  )
}
