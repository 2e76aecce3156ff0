import { xxhash32 } from '../base/xxhash32.ts'

/**
 * A dictionary saved in one piece, as those of event ids are (all numbers little-endian):
 * ```
 * header   u32 "CBID" | u32 version 1 | u32 numbers given out | u32 XXH32 of the 12 bytes before
 * frame    u32 ids (1 to 16,384) | u32 n, their bytes (at most 2^20) | u32 XXH32 of what follows, its seed the dense
 *          number of the first id | ids x u16 length, 0 for a removed one | n bytes
 * …        frames until all numbers are there; nothing after
 * ```
 */
export const headerBytes = 16
/** Of a frame without its checksum, as those in ranges are. */
export const frameHeaderBytes = 8
export const magic = 0x44494243
export const formatVersion = 1
export const maxIdsPerFrame = 16_384
export const maxBytesPerFrame: number = 1 << 20

/** The header of a dictionary of `count` numbers. */
export function writeHeader(count: number): Uint8Array {
  const header = new Uint8Array(headerBytes)
  const view = new DataView(header.buffer)
  view.setUint32(0, magic, true)
  view.setUint32(4, formatVersion, true)
  view.setUint32(8, count, true)
  view.setUint32(12, xxhash32(header, 0, 12, 0), true)
  return header
}
