import type { DenseId, ExternalId } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import {
  and,
  andNot,
  type Bitmap,
  canonicalBytes,
  cloneBitmap,
  or,
  type ReadonlyBitmap,
  xor,
} from '../bitmap/bitmap.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { lowestByHash } from './lowest-by-hash.ts'

/** Ids copied out at a time while iterating. */
const blockSize = 1024

/** One page of ids. */
export interface Page {
  /** Ids in ascending dense order. */
  readonly ids: readonly ExternalId[]
  /** Where the next page begins; `null` after the last one. */
  readonly next: string | null
}

/** How `sample` draws. */
export interface SampleOptions {
  /** Another seed draws other people. A whole number from 0 to 4,294,967,295. @default 0 */
  readonly seed?: number
}

// The door for the rooms above: the public type shows neither constructor nor bitmap.
let make: (ids: IdDictionary, bitmap: ReadonlyBitmap, owned: Bitmap | null) => UserSet
let look: (set: UserSet) => ReadonlyBitmap
let owner: (set: UserSet) => IdDictionary

/** A user set of a bitmap that never changes. `owned` is one that nobody else holds, and that `release` frees. */
export function makeUserSet(ids: IdDictionary, bitmap: ReadonlyBitmap, owned: Bitmap | null = null): UserSet {
  return make(ids, bitmap, owned)
}

/** The dictionary whose numbers a user set holds. */
export function idsOfUserSet(set: UserSet): IdDictionary {
  return owner(set)
}

/** The error for a user set of another engine. */
export function foreignUserSet(): CrowdbitError {
  return new CrowdbitError(
    'USER_SET_FOREIGN',
    'the two user sets belong to two engines, whose dense numbers mean different people; compare or pass their ids()',
  )
}

/** The bitmap of a user set, to be read. @throws USER_SET_RELEASED */
export function bitmapOfUserSet(set: UserSet): ReadonlyBitmap {
  return look(set)
}

/**
 * A fixed set of people: the answer to a rule, or the members of an audience. It never changes, however much is written
 * to the engine meanwhile. People who are removed from the engine afterwards, or become others by a link, stay counted in
 * `size`, but name nobody any more, so that `ids()`, `page()` and `sample()` leave them out.
 *
 * Everything is in ascending dense order, which is the order of first sight (law 25).
 */
export class UserSet {
  readonly #ids: IdDictionary
  readonly #owned: Bitmap | null
  #bitmap: ReadonlyBitmap | null

  private constructor(ids: IdDictionary, bitmap: ReadonlyBitmap, owned: Bitmap | null) {
    this.#ids = ids
    this.#bitmap = bitmap
    this.#owned = owned
  }

  static {
    make = (ids, bitmap, owned) => new UserSet(ids, bitmap, owned)
    look = (set) => set.#living
    owner = (set) => set.#ids
  }

  /** How many people there are. Cost: some nanoseconds for each 65,536 people of the engine. */
  get size(): number {
    return this.#living.size
  }

  /**
   * Whether the person is in the set; an unknown id is not.
   * Cost: under a microsecond.
   *
   * @throws ID_WRONG_TYPE and the other ID_… codes for what is not an id.
   */
  has(id: ExternalId): boolean {
    const person = this.#ids.find(id)
    return person !== -1 && this.#living.has(person)
  }

  /**
   * The ids, in ascending dense order.
   * Cost: about 0.2 µs an id, nothing held beyond a block of 1,024.
   *
   * @example
   * ```ts
   * [...crowd.select('精致妈妈 and 老客').ids()].slice(0, 3) // [ 'u0', 'u20', 'u40' ]
   * ```
   */
  *ids(): IterableIterator<ExternalId> {
    const bitmap = this.#living
    for (let offset = 0, size = bitmap.size; offset < size; offset += blockSize) {
      yield* this.#idsOf(bitmap.rangeUint32Array(offset, blockSize))
    }
  }

  [Symbol.iterator](): IterableIterator<ExternalId> {
    return this.ids()
  }

  /**
   * Up to `limit` ids after a cursor, in ascending dense order. A cursor names a place in that order, not in this set,
   * so that it also continues in a set that was selected anew by the same rule: nobody comes twice.
   *
   * @example
   * ```ts
   * const people = crowd.select('老客')
   * const first = people.page(null, 2)
   * people.page(first.next, 2).ids // [ 'u20', 'u30' ]
   * ```
   * @param cursor what the last page gave as `next`; `null` for the first page.
   * @param limit from 1 to 1,000,000.
   * @throws CURSOR_INVALID, OPTION_INVALID
   */
  page(cursor: string | null, limit: number): Page {
    if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
      throw new CrowdbitError('OPTION_INVALID', `a page takes a limit from 1 to 1,000,000, not ${show(limit)}`, {
        limit,
      })
    }
    const bitmap = this.#living
    let offset = cursor === null ? 0 : bitmap.rank(readCursor(cursor))
    const found: ExternalId[] = []
    let last = -1
    while (found.length < limit) {
      const block = bitmap.rangeUint32Array(offset, limit - found.length)
      if (block.length === 0) break
      offset += block.length
      last = block[block.length - 1]!
      for (const id of this.#idsOf(block)) found.push(id)
    }
    return { ids: found, next: offset < bitmap.size ? writeCursor(last) : null }
  }

  /**
   * Exactly `count` people, or all of them when there are fewer: those with the lowest hash of seed and id. The same
   * people come after a restart or an import in another order, and a larger sample contains the smaller (law 21). Of two
   * ids with one hash the lower comes first.
   * Cost: a hash of each id of the set, some 0.1 µs each.
   *
   * @example
   * ```ts
   * crowd.select('精致妈妈').sample(3, { seed: 7 }).length // 3
   * ```
   * @returns ids in ascending dense order.
   * @throws OPTION_INVALID
   */
  sample(count: number, options: SampleOptions = {}): ExternalId[] {
    checkKeys(options, ['seed'])
    const seed = options.seed ?? 0
    if (!Number.isInteger(count) || count < 0 || count > 0xffff_ffff) {
      throw new CrowdbitError('OPTION_INVALID', `a sample takes a whole number of people from 0, not ${show(count)}`, {
        count,
      })
    }
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `the seed of a sample is a whole number from 0 to 4,294,967,295, not ${show(seed)}`,
        { seed },
      )
    }
    const ids = this.#ids
    const drawn = lowestByHash(
      this.#living,
      count,
      (person) => (ids.isLive(person) ? ids.hashOf(person, seed) : -1),
      // By id, since dense numbers would let the order of an import decide between two ids of one hash.
      (a, b) => isLowerId(ids.idOf(a)!, ids.idOf(b)!),
    )
    return this.#ids.idsOf(drawn)
  }

  /** The dense numbers, ascending. Cost: four bytes a person. */
  dense(): Uint32Array {
    return this.#living.toUint32Array()
  }

  /**
   * The dense numbers as a portable Roaring bitmap, the format that CRoaring, Java, Go and ClickHouse read. Equal sets
   * give equal bytes.
   * Cost: a copy of the set's bitmap.
   * Source: the Roaring format specification, 32-bit portable format.
   */
  portableBytes(): Uint8Array {
    return canonicalBytes(this.#living)
  }

  /**
   * People in this set and in each of the others.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.and(customers).size // 50
   * mothers.andCount(customers) // 50
   * ```
   */
  and(...others: readonly UserSet[]): UserSet {
    return this.#fold(others, and, (result, other) => result.andInPlace(other))
  }

  /**
   * People in this set or in any of the others, as a new set.
   * Cost: the containers of all of them.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.or(customers).size // 300
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  or(...others: readonly UserSet[]): UserSet {
    return this.#fold(others, or, (result, other) => result.orInPlace(other))
  }

  /**
   * People in an odd number of this set and the others, as a new set.
   * Cost: the containers of all of them.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.xor(customers).size // 250
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  xor(...others: readonly UserSet[]): UserSet {
    return this.#fold(others, xor, (result, other) => result.xorInPlace(other))
  }

  /**
   * People of this set who are in none of the others, as a new set.
   * Cost: the containers of all of them.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.minus(customers).size // 200
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  minus(...others: readonly UserSet[]): UserSet {
    return this.#fold(others, andNot, (result, other) => result.andNotInPlace(other))
  }

  /**
   * How many people are in both; 0 when either is empty.
   * Cost: the containers of both; nothing is built.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.andCount(customers) // 50
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  andCount(other: UserSet): number {
    return this.#living.andCardinality(this.#peer(other))
  }

  /**
   * How many people are in one or both.
   * Cost: the containers of both; nothing is built.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.orCount(customers) // 300
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  orCount(other: UserSet): number {
    return this.#living.orCardinality(this.#peer(other))
  }

  /**
   * How many people are in exactly one of the two.
   * Cost: the containers of both; nothing is built.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.xorCount(customers) // 250
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  xorCount(other: UserSet): number {
    return this.#living.xorCardinality(this.#peer(other))
  }

  /**
   * How many people of this set are not in the other.
   * Cost: the containers of both; nothing is built.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.minusCount(customers) // 200
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  minusCount(other: UserSet): number {
    return this.#living.andNotCardinality(this.#peer(other))
  }

  /**
   * Whether anybody is in both; false when either is empty.
   * Cost: stops at the first person found.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.intersects(customers) // true
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  intersects(other: UserSet): boolean {
    return this.#living.intersects(this.#peer(other))
  }

  /**
   * Whether everybody of this set is in the other; true when this set is empty.
   * Cost: stops at the first person who is not.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.isSubsetOf(customers) // false
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  isSubsetOf(other: UserSet): boolean {
    return this.#living.isSubset(this.#peer(other))
  }

  /**
   * Whether both have the same people; two empty sets have.
   * Cost: stops at the first difference.
   *
   * @example
   * ```ts
   * const [mothers, customers] = [crowd.select('精致妈妈'), crowd.select('老客')]
   * mothers.equals(customers) // false
   * ```
   * @throws USER_SET_FOREIGN for a set of another engine, USER_SET_RELEASED, MEMBERS_WRONG_TYPE
   */
  equals(other: UserSet): boolean {
    return this.#living.isEqual(this.#peer(other))
  }

  /**
   * Frees the native memory now instead of when the garbage collector finds the set. The set can't be used afterwards;
   * sets that were made from it can. `using people = crowd.select(rule)` calls it, where the platform has `using`.
   */
  release(): void {
    this.#owned?.dispose()
    this.#bitmap = null
  }

  /** The set as plain data: its size. Ids come from `ids()`. */
  toJSON(): { size: number } {
    return { size: this.size }
  }

  [Symbol.dispose](): void {
    this.release()
  }

  get #living(): ReadonlyBitmap {
    if (this.#bitmap === null) {
      throw new CrowdbitError('USER_SET_RELEASED', 'this user set was released; select it again')
    }
    return this.#bitmap
  }

  /**
   * The bitmap of another set of the same engine.
   *
   * @throws USER_SET_FOREIGN
   */
  #peer(other: UserSet): ReadonlyBitmap {
    if (!(other instanceof UserSet)) {
      throw new CrowdbitError('MEMBERS_WRONG_TYPE', `${show(other)} stands where a user set is expected`)
    }
    if (other.#ids !== this.#ids) {
      throw foreignUserSet()
    }
    return other.#living
  }

  /** The ids of those who have not been removed since. */
  #idsOf(people: Uint32Array): ExternalId[] {
    const ids = this.#ids
    return ids.idsOf(ids.liveCount === ids.size ? people : people.filter((person) => ids.isLive(person)))
  }

  #fold(
    others: readonly UserSet[],
    first: (a: ReadonlyBitmap, b: ReadonlyBitmap) => Bitmap,
    next: (result: Bitmap, other: ReadonlyBitmap) => Bitmap,
  ): UserSet {
    const [head, ...tail] = others.map((other) => this.#peer(other))
    const result = head === undefined ? cloneBitmap(this.#living) : first(this.#living, head)
    for (const other of tail) next(result, other)
    return make(this.#ids, result, result)
  }
}

/** Integers before texts; integers by value, texts by UTF-16 unit. */
function isLowerId(a: ExternalId, b: ExternalId): boolean {
  const isText = typeof a === 'string'
  return isText === (typeof b === 'string') ? a < b : !isText
}

const cursorPrefix = 'after-'

function writeCursor(person: number): string {
  return `${cursorPrefix}${person.toString(36)}`
}

function readCursor(cursor: string): DenseId {
  const digits = typeof cursor === 'string' && cursor.startsWith(cursorPrefix) ? cursor.slice(cursorPrefix.length) : ''
  const person = /^[0-9a-z]{1,7}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN
  if (!(person <= 0xffff_ffff)) {
    throw new CrowdbitError(
      'CURSOR_INVALID',
      `${show(cursor)} is not a cursor: pass what the last page gave as next, or null for the first page`,
      { cursor },
    )
  }
  return person as DenseId
}
