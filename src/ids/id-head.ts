import { CrowdbitError } from '../base/crowdbit-error.ts'

/** What is saved of a dictionary beside its ranges of ids and the parts of its table. */
export interface IdHead {
  /** Numbers given out. */
  readonly count: number
  /** Numbers in a range; the last one may have fewer. */
  readonly idsPerRange: number
  /** Key of the hash that the table is made with. */
  readonly seed: number
  /** The table has 2^bits parts, by the first bits of the hash. */
  readonly bits: number
  /** Of each part: it holds all living ids whose number is below this one, but the missing. */
  readonly covered: readonly number[]
  /** Numbers, ascending, of ids that were removed while the table was written, and so may not be in it. */
  readonly missing: readonly number[]
}

/** Most bits of a hash that choose a part of the table. */
export const mostBits = 16
const mostSeed = 0x1f_ffff

/**
 * A head as bytes (all numbers little-endian):
 * ```
 * u32 numbers given out | u32 numbers in a range | u32 low word of the seed | u32 high word, at most 21 bits
 * u32 bits of the parts, at most 16 | 2^bits x u32 covered | u32 n | n x u32 missing
 * ```
 */
export function writeIdHead({ count, idsPerRange, seed, bits, covered, missing }: IdHead): Uint8Array {
  const words = [count, idsPerRange, seed >>> 0, Math.floor(seed / 0x1_0000_0000), bits]
  const all = [...words, ...covered, missing.length, ...missing]
  const bytes = new Uint8Array(4 * all.length)
  const view = new DataView(bytes.buffer)
  for (const [i, word] of all.entries()) view.setUint32(4 * i, word, true)
  return bytes
}

/** @throws STORE_CORRUPT */
export function readIdHead(bytes: Uint8Array): IdHead {
  const words = bytes.length >>> 2
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (i: number): number => (i < words ? view.getUint32(4 * i, true) : 0)
  const [count, idsPerRange, low, high, bits] = [word(0), word(1), word(2), word(3), word(4)]
  if (bits > mostBits) throw corruptHead(`${bits} bits for parts of the table`)
  const parts = 2 ** bits
  const missing = word(5 + parts)
  if (bytes.length !== 4 * (6 + parts + missing)) {
    throw corruptHead(`it has ${bytes.length} bytes, where ${4 * (6 + parts + missing)} are expected`)
  }
  if (idsPerRange < 1) throw corruptHead('ranges of 0 ids')
  if (high > mostSeed) throw corruptHead(`a seed of ${high} times 2^32`)
  const head = {
    count,
    idsPerRange,
    seed: high * 0x1_0000_0000 + low,
    bits,
    covered: Array.from({ length: parts }, (_, part) => word(5 + part)),
    missing: Array.from({ length: missing }, (_, i) => word(6 + parts + i)),
  }
  if (head.covered.some((end) => end > count)) throw corruptHead('a part of more ids than there are')
  if (head.missing.some((dense, i) => dense >= count || (i > 0 && dense <= head.missing[i - 1]!))) {
    throw corruptHead('missing ids that are unknown, or not in ascending order')
  }
  return head
}

function corruptHead(what: string): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `the head of the saved ids is damaged: ${what}; restore them from a backup, or load the source data again`,
    { part: 'ids', what },
  )
}
