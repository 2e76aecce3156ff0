import { absentInt, type CellArray } from './cell-array.ts'

/** A part of a batch: the events `order[begin]` to `order[end - 1]`, which go to one day, from row `at` on. */
export interface Slice {
  readonly order: Uint32Array
  readonly begin: number
  readonly end: number
  readonly at: number
}

/** Appends numbers of 32 bits as they are. */
export function appendUint32(into: Uint32Array, from: Uint32Array, { order, begin, end, at }: Slice): void {
  for (let i = begin; i < end; i++) into[at++] = from[order[i]!]!
}

/** Appends flags as they are. */
export function appendBits(into: Uint8Array, from: Uint8Array, { order, begin, end, at }: Slice): void {
  for (let i = begin; i < end; i++) into[at++] = from[order[i]!]!
}

/** Appends instants as milliseconds after `start`. */
export function appendTimes(into: Uint32Array, from: Float64Array, start: number, slice: Slice): void {
  const { order, begin, end } = slice
  for (let i = begin, at = slice.at; i < end; i++) into[at++] = from[order[i]!]! - start
}

/** Appends `meaning[code]` for each code. The array must be wide enough. */
export function appendCodes(into: CellArray, from: Uint32Array, meaning: Uint32Array, slice: Slice): void {
  if (into instanceof Uint8Array) appendCodes8(into, from, meaning, slice)
  else if (into instanceof Uint16Array) appendCodes16(into, from, meaning, slice)
  else appendCodes32(into as Uint32Array, from, meaning, slice)
}

function appendCodes8(into: Uint8Array, from: Uint32Array, meaning: Uint32Array, slice: Slice): void {
  const { order, begin, end } = slice
  for (let i = begin, at = slice.at; i < end; i++) into[at++] = meaning[from[order[i]!]!]!
}

function appendCodes16(into: Uint16Array, from: Uint32Array, meaning: Uint32Array, slice: Slice): void {
  const { order, begin, end } = slice
  for (let i = begin, at = slice.at; i < end; i++) into[at++] = meaning[from[order[i]!]!]!
}

function appendCodes32(into: Uint32Array, from: Uint32Array, meaning: Uint32Array, slice: Slice): void {
  const { order, begin, end } = slice
  for (let i = begin, at = slice.at; i < end; i++) into[at++] = meaning[from[order[i]!]!]!
}

/** The highest `meaning[code]` of a slice; 0 without any. */
export function highestCode(from: Uint32Array, meaning: Uint32Array, { order, begin, end }: Slice): number {
  let highest = 0
  for (let i = begin; i < end; i++) highest = Math.max(highest, meaning[from[order[i]!]!]!)
  return highest
}

/** Whether all numbers of a slice fit 32 bits, NaN included. */
export function fitInt32(from: Float64Array, { order, begin, end }: Slice): boolean {
  for (let i = begin; i < end; i++) {
    const value = from[order[i]!]!
    if (value > 0x7fff_ffff || value <= absentInt) return false
  }
  return true
}

/** Appends scaled integers, NaN for none. The array must be wide enough. */
export function appendNumbers(into: CellArray, from: Float64Array, slice: Slice): void {
  const { order, begin, end } = slice
  if (into instanceof Int32Array) {
    for (let i = begin, at = slice.at; i < end; i++) {
      const value = from[order[i]!]!
      into[at++] = Number.isNaN(value) ? absentInt : value
    }
  } else appendDoubles(into as Float64Array, from, slice)
}

function appendDoubles(into: Float64Array, from: Float64Array, { order, begin, end, at }: Slice): void {
  for (let i = begin; i < end; i++) into[at++] = from[order[i]!]!
}
