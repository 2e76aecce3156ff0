import { settleCells } from '../../events/cell-bytes.ts'

/** Numbers of little-endian bytes that own their memory; `null` where the length is no whole number of them. */
export function uint32sOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array | null {
  if (bytes.length % 4 !== 0) return null
  const numbers = new Uint32Array(bytes.buffer, 0, bytes.length / 4)
  settleCells(numbers)
  return numbers
}

/** As `uint32sOf`, of doubles. */
export function float64sOf(bytes: Uint8Array<ArrayBuffer>): Float64Array | null {
  if (bytes.length % 8 !== 0) return null
  const numbers = new Float64Array(bytes.buffer, 0, bytes.length / 8)
  settleCells(numbers)
  return numbers
}
