import type { CellArray } from './cell-array.ts'

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The bytes of an array, to be filled with little-endian cells; `settleCells` makes them the machine's own. */
export function bytesOfCells(cells: CellArray): Uint8Array {
  return new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)
}

/** The cells as little-endian bytes: those of the array itself, on nearly every machine. */
export function littleEndianBytes(cells: CellArray): Uint8Array {
  const bytes = bytesOfCells(cells)
  return isLittleEndian ? bytes : swapped(Buffer.from(bytes), cells.BYTES_PER_ELEMENT)
}

/** Told that the bytes of an array were filled. */
export function settleCells(cells: CellArray): void {
  if (isLittleEndian) return
  const bytes = bytesOfCells(cells)
  swapped(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), cells.BYTES_PER_ELEMENT)
}

function swapped(bytes: Buffer, width: number): Buffer {
  if (width === 2) return bytes.swap16()
  if (width === 4) return bytes.swap32()
  return width === 8 ? bytes.swap64() : bytes
}
