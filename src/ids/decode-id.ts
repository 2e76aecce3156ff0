import type { ExternalId } from '../base/brand.ts'
import { integerMark } from './encode-id.ts'

/**
 * The id that `encodeId` wrote to `[start, end)`: a string, a `number` up to 2^53 - 1, a `bigint` above. The bytes must
 * be valid, for instance by `faultInIdBytes`.
 *
 * Cost: bytes of the id.
 */
export function decodeId(bytes: Buffer, start: number, end: number): ExternalId {
  if (bytes[start] === integerMark) return decodeInteger(bytes, start + 1, end)
  for (let i = start; i < end; i++) {
    if (bytes[i]! > 0x7f) return bytes.toString('utf8', start, end)
  }
  return bytes.toString('latin1', start, end)
}

function decodeInteger(bytes: Uint8Array, start: number, end: number): number | bigint {
  let low = 0
  let high = 0
  const middle = Math.min(end, start + 4)
  for (let i = middle - 1; i >= start; i--) low = low * 256 + bytes[i]!
  for (let i = end - 1; i >= middle; i--) high = high * 256 + bytes[i]!
  if (high >= 0x20_0000) return (BigInt(high) << 32n) | BigInt(low)
  return high * 0x1_0000_0000 + low
}
