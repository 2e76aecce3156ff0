import type { Millis } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { PlainData } from '../store/plain-data.ts'

/** An object of the description of a save. */
export type SavedFields = { readonly [key: string]: PlainData }

/** @throws STORE_CORRUPT */
export function fieldsOf(data: PlainData | undefined, what: string): SavedFields {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as SavedFields
  throw damaged(`${what} is ${show(data)}, where an object is expected`)
}

/** @throws STORE_CORRUPT */
export function listOf(data: PlainData | undefined, what: string): readonly PlainData[] {
  if (Array.isArray(data)) return data as readonly PlainData[]
  throw damaged(`${what} is ${show(data)}, where a list is expected`)
}

/** @throws STORE_CORRUPT */
export function textOf(data: PlainData | undefined, what: string): string {
  if (typeof data === 'string') return data
  throw damaged(`${what} is ${show(data)}, where text is expected`)
}

/** @throws STORE_CORRUPT */
export function wholeOf(data: PlainData | undefined, what: string): number {
  if (typeof data === 'number' && Number.isSafeInteger(data) && data >= 0) return data
  throw damaged(`${what} is ${show(data)}, where a whole number is expected`)
}

/** @throws STORE_CORRUPT */
export function instantOf(data: PlainData | undefined, what: string): Millis {
  if (typeof data === 'number' && Number.isSafeInteger(data)) return data as Millis
  throw damaged(`${what} is ${show(data)}, where whole milliseconds are expected`)
}

/** The error for a save whose description does not fit. */
export function damaged(statement: string, cause?: unknown): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `the saved engine does not fit together: ${statement}. Load a backup, or save again from the source of the data.`,
    {},
    cause === undefined ? undefined : { cause },
  )
}
