/** An array that holds one thing of each event of a day. */
export type CellArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

/** The stand-in for no value among 32-bit numbers; among doubles it is NaN. */
export const absentInt: number = -(2 ** 31)

type CellsOf<Cells extends CellArray> = new (of: number | SharedArrayBuffer) => Cells

/** An array of the same kind, in memory that other threads can read where this one is. */
function cellsLike<Cells extends CellArray>(cells: Cells, length: number): Cells {
  const Kind = cells.constructor as CellsOf<Cells>
  return new Kind(isShared(cells) ? new SharedArrayBuffer(length * cells.BYTES_PER_ELEMENT) : length)
}

/** Whether other threads can read an array. */
function isShared(cells: CellArray): boolean {
  return cells.buffer instanceof SharedArrayBuffer
}

/** The array where other threads can read it: itself where they can already, else a copy of the same length. */
export function shared<Cells extends CellArray>(cells: Cells): Cells {
  if (isShared(cells)) return cells
  const copy = new (cells.constructor as CellsOf<Cells>)(new SharedArrayBuffer(cells.byteLength))
  copy.set(cells as never)
  return copy
}

/** An array of the same kind and another length, with the first `keep` cells. */
export function resized<Cells extends CellArray>(cells: Cells, length: number, keep: number): Cells {
  const copy = cellsLike(cells, length)
  copy.set(cells.subarray(0, keep) as never)
  return copy
}

/** The cells at the places that `order` names, in that order, in a new array of at least `capacity`. */
export function gathered(cells: CellArray, order: Uint32Array, capacity: number): CellArray {
  const copy = cellsLike(cells, Math.max(order.length, capacity))
  gather(copy, cells, order)
  return copy
}

/**
 * Puts `into[i] = from[order[i]]`. `into` may be `from` where no place of `order` is below its index. One function for
 * each kind of array, since a loop that has seen them all is ten times as slow.
 */
export function gather(into: CellArray, from: CellArray, order: Uint32Array): void {
  if (into instanceof Uint32Array) gatherUint32(into, from as Uint32Array, order)
  else if (into instanceof Uint16Array) gatherUint16(into, from as Uint16Array, order)
  else if (into instanceof Uint8Array) gatherUint8(into, from as Uint8Array, order)
  else if (into instanceof Int32Array) gatherInt32(into, from as Int32Array, order)
  else gatherFloat64(into, from as Float64Array, order)
}

function gatherUint32(into: Uint32Array, from: Uint32Array, order: Uint32Array): void {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
}

function gatherUint16(into: Uint16Array, from: Uint16Array, order: Uint32Array): void {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
}

function gatherUint8(into: Uint8Array, from: Uint8Array, order: Uint32Array): void {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
}

function gatherInt32(into: Int32Array, from: Int32Array, order: Uint32Array): void {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
}

function gatherFloat64(into: Float64Array, from: Float64Array, order: Uint32Array): void {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]!]!
}

/**
 * Moves cells of `[0, size)` up so that cell `order[i]` of the tail comes to stand before what is at `places[i]` now.
 * `order` and `places` are as long as the tail, which lies behind `size`; places are ascending.
 */
export function insertCells(cells: CellArray, size: number, order: Uint32Array, places: Uint32Array): void {
  const tail = gathered(cells, order, order.length)
  let end = size
  for (let i = order.length - 1; i >= 0; i--) {
    const place = places[i]!
    if (place < end) cells.copyWithin(place + i + 1, place, end)
    cells[place + i] = tail[i]!
    end = place
  }
}

/** Takes out the cells of the ranges `[ranges[2k], ranges[2k + 1])`, ascending, and wipes what is left over of `[0, size)`. */
export function cutCells(cells: CellArray, size: number, ranges: readonly number[]): void {
  let to = ranges[0]!
  for (let k = 0; k < ranges.length; k += 2) {
    const from = ranges[k + 1]!
    const end = ranges[k + 2] ?? size
    cells.copyWithin(to, from, end)
    to += end - from
  }
  cells.fill(0, to, size)
}
