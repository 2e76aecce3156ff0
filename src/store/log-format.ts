import { xxhash32, xxhash32View } from '../base/xxhash32.ts'

/** Version of the log's format that this code writes, and the newest that it reads. */
export const logVersion = 1
/** Bytes before the first frame of a segment. */
export const segmentHeaderBytes = 48
/** Bytes before the payload of a frame. */
export const frameHeaderBytes = 24
/** Longest payload of a record: 1 GiB. */
export const longestPayload: number = 2 ** 30

const magic = new TextEncoder().encode('CROWDLOG')
const wordSize = 2 ** 32

/** What the header of a segment says. */
export interface SegmentHeader {
  readonly version: number
  readonly storeId: string
  readonly ordinal: number
}

/** Bytes of a header that aren't one: where, what stands there and what should. */
export interface HeaderFault {
  readonly offset: number
  readonly found: string
  readonly expected: string
}

/**
 * ```
 * "CROWDLOG" | u32 version | u32 0 | 16 bytes store id | u64 ordinal | u32 0 | u32 XXH32 of the 44 bytes before
 * ```
 */
export function encodeSegmentHeader(storeId: string, ordinal: number): Uint8Array {
  const bytes = new Uint8Array(segmentHeaderBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(8, logVersion, true)
  bytes.set(Buffer.from(storeId, 'hex'), 16)
  view.setUint32(32, ordinal >>> 0, true)
  view.setUint32(36, Math.floor(ordinal / wordSize), true)
  view.setUint32(44, xxhash32(bytes, 0, 44, 0), true)
  return bytes
}

/** The header that the bytes begin with, or what is wrong with them. The frame is the same in every version. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | HeaderFault {
  if (bytes.length < segmentHeaderBytes) {
    return { offset: bytes.length, found: `the end after ${bytes.length} bytes`, expected: 'a header of 48 bytes' }
  }
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    return { offset: 0, found: 'other bytes', expected: 'the letters CROWDLOG' }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stated = view.getUint32(44, true)
  const actual = xxhash32(bytes, 0, 44, 0)
  if (stated !== actual)
    return { offset: 44, found: `the checksum ${stated}`, expected: `${actual}, that of the bytes` }
  return {
    version: view.getUint32(8, true),
    storeId: Buffer.from(bytes.subarray(16, 32)).toString('hex'),
    ordinal: view.getUint32(32, true) + view.getUint32(36, true) * wordSize,
  }
}

/** Seed of the checksums of a store's frames, so that those of another store don't fit. */
export function frameSeed(storeId: string): number {
  return Buffer.from(storeId.slice(0, 8), 'hex').readUInt32LE(0)
}

/**
 * Puts the header of a frame before its payload, which stands in `view` from 24 on already.
 *
 * ```
 * u32 n, bytes of the payload; 0 for a mark
 * u32 XXH32 of what follows, seeded
 * u64 sequence: of the record; of a mark, that of the last record before it
 * u64 durable: the highest sequence that was known to be on the medium when the frame was written
 * n bytes
 * ```
 */
export function encodeFrame(view: DataView, n: number, sequence: number, durable: number, seed: number): void {
  view.setUint32(0, n, true)
  view.setUint32(8, sequence, true)
  view.setUint32(12, Math.floor(sequence / wordSize), true)
  view.setUint32(16, durable, true)
  view.setUint32(20, Math.floor(durable / wordSize), true)
  view.setUint32(4, frameChecksum(view, 0, n, seed), true)
}

/** The checksum of a frame at an offset, whose payload has `n` bytes. */
export function frameChecksum(view: DataView, at: number, n: number, seed: number): number {
  return xxhash32View(view, at + 8, n + 16, seed)
}

/** Unsigned 32-bit number at an offset. */
export function wordAt(view: DataView, at: number): number {
  return view.getUint32(at, true)
}

/** Unsigned 64-bit number at an offset; above 2^53 - 1 where it isn't exact. */
export function longAt(view: DataView, at: number): number {
  return wordAt(view, at) + wordAt(view, at + 4) * wordSize
}

/** Whether the numbers of a frame can be those of one: a record is above what was durable before it, a mark not below. */
export function isFrameOrder(n: number, sequence: number, durable: number): boolean {
  return sequence <= Number.MAX_SAFE_INTEGER && (n === 0 ? durable <= sequence : durable < sequence)
}
