import type { ExternalId } from '../base/brand.ts'

/**
 * Whose the events of arrays are: `ids`, of which unknown ones become people (an array of numbers is integer ids), or `dense`
 * numbers of known people, as `UserSet.dense()` and `denseOf` give them.
 */
export type GivenEventPeople =
  | { readonly ids: readonly ExternalId[] | Uint32Array | Float64Array; readonly dense?: undefined }
  | { readonly dense: Uint32Array; readonly ids?: undefined }
