import type { ExternalId } from '../base/brand.ts'

/** A key of an id for a `Map` or `Set`: an integer is told from its text, and `7` and `7n` are one. */
export function idKey(id: ExternalId): string {
  return typeof id === 'string' ? `s${id}` : `n${id}`
}
