import { absentInt, type CellArray } from './cell-array.ts'

/** The codes in an array that holds codes up to `highest`: itself where it does, else a wider copy of the same length. */
export function widerCodes(codes: CellArray, highest: number): CellArray {
  if (codes instanceof Uint32Array) return codes
  if (codes instanceof Uint16Array) return highest <= 0xffff ? codes : Uint32Array.from(codes)
  if (highest <= 0xff) return codes
  return highest <= 0xffff ? Uint16Array.from(codes) : Uint32Array.from(codes)
}

/** The numbers as doubles, in a copy of the same length. */
export function asDoubles(values: CellArray): Float64Array {
  if (values instanceof Float64Array) return values
  const doubles = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) doubles[i] = values[i] === absentInt ? Number.NaN : values[i]!
  return doubles
}

/** Whether a scaled integer has to be held as a double. */
export function needsDouble(value: number): boolean {
  return value > 0x7fff_ffff || value <= absentInt
}
