import type { DenseId, ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { type Bitmap, bitmapFromCheckedBytes, cloneBitmap, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { checkPortableBitmap } from '../bitmap/portable-format.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { bitmapOfNumbers } from './bitmap-of-numbers.ts'
import { bitmapOfUserSet, foreignUserSet, idsOfUserSet, UserSet } from './user-set.ts'

/**
 * People, in whichever form the caller has them:
 * - an array or another iterable of ids (an array of numbers is integer ids);
 * - a `Uint32Array` of dense numbers, as `UserSet.dense()` gives them;
 * - a `Uint8Array` of a portable Roaring bitmap of dense numbers, as `UserSet.portableBytes()` gives it;
 * - a `UserSet` of the same engine.
 */
export type Members = Iterable<ExternalId> | Uint32Array | Uint8Array | UserSet

/** Members with the form told apart and copied out of the caller's hands: ids, or dense numbers as a bitmap. */
export type GivenMembers =
  | { readonly form: 'ids'; readonly ids: readonly ExternalId[] }
  | { readonly form: 'dense'; readonly people: Bitmap }

/**
 * Tells the forms apart. Whether ids are valid and numbers belong to living people is checked when they are applied.
 * The bitmap of the dense form belongs to the caller.
 *
 * @throws MEMBERS_WRONG_TYPE, BITMAP_INVALID, USER_SET_FOREIGN
 */
export function readMembers(members: Members, ids: IdDictionary): GivenMembers {
  if (members instanceof UserSet) {
    if (idsOfUserSet(members) !== ids) throw foreignUserSet()
    return { form: 'dense', people: cloneBitmap(bitmapOfUserSet(members)) }
  }
  if (members instanceof Uint32Array) return { form: 'dense', people: bitmapOfNumbers(members) }
  if (members instanceof Uint8Array) {
    const { runsTouch } = checkPortableBitmap(members)
    return { form: 'dense', people: bitmapFromCheckedBytes(members, runsTouch) }
  }
  if (Array.isArray(members)) return { form: 'ids', ids: members as readonly ExternalId[] }
  if (
    typeof members === 'object' &&
    members !== null &&
    typeof members[Symbol.iterator] === 'function' &&
    !ArrayBuffer.isView(members) &&
    !((members as unknown) instanceof String)
  ) {
    return { form: 'ids', ids: [...members] }
  }
  throw new CrowdbitError(
    'MEMBERS_WRONG_TYPE',
    `members are ${show(members)}, where an array or iterable of ids, a Uint32Array of dense numbers, a Uint8Array of portable Roaring bytes or a user set is expected`,
    { found: typeof members },
  )
}

/** Members in the order in which they were given, where each comes with something of its own. */
export type OrderedMembers =
  | { readonly form: 'ids'; readonly ids: readonly ExternalId[] }
  | { readonly form: 'dense'; readonly people: Uint32Array }

/**
 * Tells the forms apart, keeping the order: of a bitmap and a user set that is the ascending one of their numbers.
 *
 * @throws MEMBERS_WRONG_TYPE, BITMAP_INVALID, USER_SET_FOREIGN
 */
export function readOrderedMembers(members: Members, ids: IdDictionary): OrderedMembers {
  if (members instanceof Uint32Array) return { form: 'dense', people: members }
  const given = readMembers(members, ids)
  if (given.form === 'ids') return given
  const people = given.people.toUint32Array()
  given.people.dispose()
  return { form: 'dense', people }
}

/**
 * Refuses dense numbers that belong to no living person.
 *
 * @throws DENSE_UNKNOWN
 */
export function checkLiving(people: ReadonlyBitmap, living: ReadonlyBitmap): void {
  const strangers = people.andNotCardinality(living)
  if (strangers === 0) return
  const first = firstOutside(people, living)
  throw new CrowdbitError(
    'DENSE_UNKNOWN',
    `${strangers} of ${people.size} dense numbers belong to no living person of this engine, the first being ${first}. Dense numbers are valid in the engine that gave them; pass ids to add new people.`,
    { strangers, first },
  )
}

function firstOutside(people: ReadonlyBitmap, living: ReadonlyBitmap): DenseId | undefined {
  for (const person of people) {
    if (!living.has(person)) return person as DenseId
  }
  return undefined
}
