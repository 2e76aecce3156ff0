import { invariant } from '../base/invariant.ts'
import { andNot, type Bitmap, bitmapOf, bitmapShape, orMany, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { countCost } from '../bitmap/operation-cost.ts'
import { Posting } from '../bitmap/posting.ts'
import type { CategorySpec } from '../schema/column-spec.ts'
import { ForwardIndex } from './forward-index.ts'
import { PostingList } from './posting-list.ts'
import { ValueDictionary } from './value-dictionary.ts'
import { orderFor, type WriteOrder } from './write-order.ts'

/**
 * From this many distinct values on, a person's value is looked up in a forward index instead of being asked of each
 * value's bitmap. A look into a bitmap takes some 20 ns, so at 32 values a write takes under a microsecond without the
 * index, which costs two bytes a person.
 */
const forwardIndexFrom = 32
/** Counting a person by the forward index, in microseconds as `operation-cost.ts` has them. */
const lookCost = 0.002

/** What a column is made of. */
interface Parts {
  readonly values: ValueDictionary
  readonly present: Posting
  readonly postings: PostingList
  readonly forward: ForwardIndex | null
  readonly order: WriteOrder | null
}

/**
 * A one-value category: a bitmap for each value, disjoint, and one of everybody who has a value. Their union is
 * `present`, always.
 */
export class CategoryColumn {
  readonly kind = 'category'
  readonly spec: CategorySpec
  readonly values: ValueDictionary
  /** The people who have a value. */
  readonly present: Posting
  /** The version of the data that its last write led to. */
  writtenAt = 0
  /** When each value was written: at `writtenAt` of its write. `null` where it doesn't matter. */
  order: WriteOrder | null
  readonly #postings: PostingList
  #forward: ForwardIndex | null

  constructor(spec: CategorySpec, parts: Parts = emptyParts(spec)) {
    this.spec = spec
    this.values = parts.values
    this.present = parts.present
    this.#postings = parts.postings
    this.#forward = parts.forward
    this.order = parts.order
  }

  /**
   * A column from its parts, taking the bitmaps over. Their disjointness is the caller's to check.
   */
  static from(spec: CategorySpec, parts: Iterable<readonly [text: string, people: Bitmap]>): CategoryColumn {
    const column = new CategoryColumn(spec)
    column.replaceAll(parts)
    return column
  }

  /** The column as it is now, for somebody who keeps it. Cost: nothing now; each write copies what it is the first to touch. Dispose of it. */
  fork(): CategoryColumn {
    const fork = new CategoryColumn(this.spec, {
      values: this.values.fork(),
      present: this.present.fork(),
      postings: this.#postings.fork(),
      forward: this.#forward?.fork() ?? null,
      order: this.order?.fork() ?? null,
    })
    fork.writtenAt = this.writtenAt
    return fork
  }

  /** The people of a value by its number, to be read. */
  posting(value: number): Posting {
    return this.#postings.at(value)
  }

  /** The number of the person's value, or -1. Cost: under a microsecond. */
  valueOf(person: number): number {
    if (this.#forward !== null) return this.#forward.get(person)
    if (!this.present.has(person)) return -1
    for (let value = 0; value < this.#postings.length; value++) if (this.#postings.at(value).has(person)) return value
    invariant(false, 'a person with a value is in the bitmap of one')
  }

  /**
   * How many of some people have each value, by the numbers of the values and 1; first how many have none.
   * Cost: the cheaper of a look at each person, where there is a forward index, and of an intersection counted for each value.
   */
  countByValue(people: ReadonlyBitmap): Uint32Array {
    const { length } = this.#postings
    const index = this.indexFor(people)
    if (index !== null) {
      const counts = new Uint32Array(length + 1)
      index.count(people, counts)
      return counts
    }
    return Uint32Array.from({ length: length + 1 }, (_, i) =>
      i === 0 ? people.andNotCardinality(this.present.bitmap) : people.andCardinality(this.#postings.at(i - 1).bitmap),
    )
  }

  /** From people to their values; `null` while there are few values. */
  get index(): ForwardIndex | null {
    return this.#forward
  }

  /** Puts a part of the forward index where other threads can read it; `false` where all of it is. Cost: a copy of 128 KB. */
  shareIndex(): boolean {
    return this.#forward?.shareOne() ?? false
  }

  /** The forward index, where a look at each of some people costs less than a look at each value; else `null`. */
  indexFor(people: ReadonlyBitmap): ForwardIndex | null {
    if (this.#forward === null) return null
    const everybody = bitmapShape(people)
    let intersecting = 0
    for (const { shape } of this.#postings) intersecting += countCost(everybody, shape, false)
    return people.size * lookCost < intersecting ? this.#forward : null
  }

  /** The person's value, or `undefined` for none. */
  get(person: number): string | undefined {
    const value = this.valueOf(person)
    return value === -1 ? undefined : this.values.textOf(value)
  }

  /** Moves the person to a value; `null` clears it. */
  set(person: number, text: string | null): void {
    const before = this.valueOf(person)
    const after = text === null ? -1 : this.values.add(text)
    if (after !== -1) this.order?.set(person, this.writtenAt)
    if (after === before) return
    if (before !== -1) this.#postings.writable(before).delete(person)
    if (after === -1) this.present.delete(person)
    else {
      this.#postingAt(after).add(person)
      this.present.add(person)
    }
    this.#forward?.set(person, after)
  }

  /** Moves all of them to a value. */
  addMembers(text: string, people: ReadonlyBitmap): void {
    this.#move(text, people)
    this.order?.setAll(people, this.writtenAt, this.present.bitmap)
  }

  /** Moves people, nobody in two groups, to the values of their groups; `null` clears it. */
  setMembers(groups: readonly { readonly text: string | null; readonly people: ReadonlyBitmap }[]): void {
    const given: ReadonlyBitmap[] = []
    for (const { text, people } of groups) {
      if (text === null) this.clearAll(people)
      else {
        this.#move(text, people)
        given.push(people)
      }
    }
    if (this.order === null || given.length === 0) return
    // All at once: told of one group among the others, the order would have a cell for each person.
    const everybody = orMany(given)
    this.order.setAll(everybody, this.writtenAt, this.present.bitmap)
    everybody.dispose()
  }

  /** Takes a value from those of them who have it. */
  clearMembers(text: string, people: ReadonlyBitmap): void {
    const value = this.values.find(text)
    if (value === -1) return
    const leaving = this.#postings.at(value).intersection(people)
    if (!leaving.isEmpty) {
      this.#postings.writable(value).removeAll(leaving)
      this.present.removeAll(leaving)
      this.#forward?.setAll(leaving, -1)
    }
    leaving.dispose()
  }

  /** Takes the value, whichever it is, from all of them. */
  clearAll(people: ReadonlyBitmap): void {
    this.#leaveOthers(-1, people)
    this.present.removeAll(people)
    this.#forward?.setAll(people, -1)
  }

  /** Makes a value be had by exactly these: others who had it have none now, these have no other. */
  replaceMembers(text: string, people: ReadonlyBitmap): void {
    const leaving = andNot(this.#postingAt(this.values.add(text)).bitmap, people)
    this.clearMembers(text, leaving)
    leaving.dispose()
    this.addMembers(text, people)
  }

  /** Puts people of values in the place of all that there are, taking the bitmaps over. Their disjointness is the caller's to check. */
  replaceAll(parts: Iterable<readonly [text: string, people: Bitmap]>): void {
    const emptied = new Set(Array.from(this.values.texts, (_, value) => value))
    for (const [text, people] of parts) {
      const value = this.values.add(text)
      emptied.delete(value)
      this.#postings.writable(value).replace(people)
    }
    for (const value of emptied) this.#postings.writable(value).replace(bitmapOf())
    this.present.replace(orMany(Array.from(this.#postings, (posting) => posting.bitmap)))
    this.order?.replace(this.writtenAt)
    this.#forward?.dispose()
    this.#forward = null
    this.#indexMany()
  }

  /** Forgets a person who is removed. */
  forget(person: number): void {
    this.set(person, null)
  }

  /** The bitmaps that hold the column, to be read. */
  *postings(): IterableIterator<Posting> {
    yield this.present
    yield* this.#postings
  }

  /** Bytes held beside the bitmaps and texts. */
  get indexByteSize(): number {
    return (this.#forward?.byteSize ?? 0) + (this.order?.byteSize ?? 0)
  }

  /** Frees the bitmaps. */
  dispose(): void {
    this.present.dispose()
    this.#postings.dispose()
    this.#forward?.dispose()
    this.order?.dispose()
  }

  /** Moves all of them to a value. `order` is told by the caller. */
  #move(text: string, people: ReadonlyBitmap): void {
    const value = this.values.add(text)
    const posting = this.#postingAt(value)
    this.#leaveOthers(value, people)
    posting.addAll(people)
    this.present.addAll(people)
    this.#forward?.setAll(people, value)
  }

  /** Takes the people out of every value but one. */
  #leaveOthers(value: number, people: ReadonlyBitmap): void {
    if (!this.present.bitmap.intersects(people)) return
    if (this.#forward === null || people.size > this.#postings.length * 64) {
      for (let other = 0; other < this.#postings.length; other++) {
        if (other === value || !this.#postings.at(other).bitmap.intersects(people)) continue
        this.#postings.writable(other).removeAll(people)
      }
      return
    }
    const leaving = new Map<number, number[]>()
    for (const person of people) {
      const before = this.#forward.get(person)
      if (before === -1 || before === value) continue
      const group = leaving.get(before)
      if (group === undefined) leaving.set(before, [person])
      else group.push(person)
    }
    for (const [before, group] of leaving) this.#postings.writable(before).removeMany(group)
  }

  /** The posting of a value, to be written. */
  #postingAt(value: number): Posting {
    const posting = this.#postings.writable(value)
    this.#indexMany()
    return posting
  }

  /** Makes the forward index, where there is none and there are so many values that there should be one. */
  #indexMany(): void {
    if (this.#forward !== null || this.#postings.length < forwardIndexFrom) return
    const forward = new ForwardIndex()
    let value = 0
    for (const posting of this.#postings) forward.setAll(posting.bitmap, value++)
    this.#forward = forward
  }
}

function emptyParts({ merge }: CategorySpec): Parts {
  return {
    values: new ValueDictionary(),
    present: new Posting(),
    postings: new PostingList(),
    forward: null,
    order: orderFor(merge),
  }
}
