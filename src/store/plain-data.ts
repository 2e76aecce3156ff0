import { Packr } from 'msgpackr'
import { invariant } from '../base/invariant.ts'
import { isWellFormed } from '../base/well-formed.ts'

/** Data that a store's manifest can carry: what JSON can, and NaN and the infinities. `-0` comes back as `0`. */
export type PlainData = null | boolean | number | string | readonly PlainData[] | { readonly [key: string]: PlainData }

/** Deepest nesting of plain data, its root counting 1. Bulk and depth belong into sections. */
export const deepestPlainData = 1000

/** No extension types, no records, no references: nothing but the plain MessagePack types. */
const packr = new Packr({ useRecords: false, mapsAsObjects: false, structuredClone: false, moreTypes: false })

/**
 * Plain data as MessagePack of nil, booleans, numbers, strings, arrays and maps with string keys.
 * Cost: O(size).
 *
 * @throws INTERNAL when the value isn't plain data: another type, a cycle, half a surrogate pair, a key `__proto__`.
 */
export function packPlainData(value: PlainData): Uint8Array {
  // A copy: `pack` gives a view of its own buffer, which the next call may use again.
  return Uint8Array.from(packr.pack(toMaps(value, 1)))
}

/** A deep copy of plain data, so that later changes to the original don't show. Cost and faults as `packPlainData`. */
export function copyPlainData(value: PlainData): PlainData {
  return fromMaps(toMaps(value, 1))
}

type Mapped = null | boolean | number | string | Mapped[] | Map<string, Mapped>

/** Objects as maps: msgpackr looks at `constructor` and `toJSON` of an object, which may be a user's names here. */
function toMaps(value: unknown, depth: number): Mapped {
  invariant(depth <= deepestPlainData, `plain data is at most ${deepestPlainData} levels deep and has no cycle`)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'string') {
    invariant(isWellFormed(value), 'a text of plain data has no half of a surrogate pair')
    return value
  }
  if (Array.isArray(value)) return value.map((item) => toMaps(item, depth + 1))
  invariant(isPlainObject(value), 'plain data is null, a boolean, a number, a string, an array or a plain object')
  const map = new Map<string, Mapped>()
  for (const [key, item] of Object.entries(value)) {
    invariant(key !== '__proto__' && isWellFormed(key), 'a key of plain data is well formed and not __proto__')
    map.set(key, toMaps(item, depth + 1))
  }
  return map
}

function fromMaps(value: Mapped): PlainData {
  if (Array.isArray(value)) return value.map(fromMaps)
  if (!(value instanceof Map)) return value
  return Object.fromEntries([...value].map(([key, item]) => [key, fromMaps(item)]))
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
