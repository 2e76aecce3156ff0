import { invariant } from '../base/invariant.ts'
import { andNot, type Bitmap, orMany, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { CategorySpec } from '../schema/column-spec.ts'
import { ForwardIndex } from './forward-index.ts'
import { ValueDictionary } from './value-dictionary.ts'

/**
 * From this many distinct values on, a person's value is looked up in a forward index instead of being asked of each
 * value's bitmap. A look into a bitmap takes some 20 ns, so at 32 values a write takes under a microsecond without the
 * index, which costs two bytes a person.
 */
const forwardIndexFrom = 32

/**
 * A one-value category: a bitmap for each value, disjoint, and one of everybody who has a value. Their union is
 * `present`, always.
 */
export class CategoryColumn {
  readonly kind = 'category'
  readonly spec: CategorySpec
  readonly values: ValueDictionary = new ValueDictionary()
  /** The people who have a value. */
  readonly present: Posting = new Posting()
  readonly #postings: Posting[] = []
  #forward: ForwardIndex | null = null

  constructor(spec: CategorySpec) {
    this.spec = spec
  }

  /**
   * A column from its parts, taking the bitmaps over. Their disjointness is the caller's to check.
   */
  static from(spec: CategorySpec, parts: Iterable<readonly [text: string, people: Bitmap]>): CategoryColumn {
    const column = new CategoryColumn(spec)
    for (const [text, people] of parts) {
      const value = column.values.add(text)
      column.#postingAt(value).replace(people)
      // The index, once there are so many values that there is one, has those of before only.
      column.#forward?.setAll(people, value)
    }
    column.present.replace(orMany(column.#postings.map((posting) => posting.bitmap)))
    return column
  }

  /** The people of a value by its number. */
  posting(value: number): Posting {
    return this.#postings[value]!
  }

  /** The number of the person's value, or -1. Cost: under a microsecond. */
  valueOf(person: number): number {
    if (this.#forward !== null) return this.#forward.get(person)
    if (!this.present.has(person)) return -1
    const value = this.#postings.findIndex((posting) => posting.has(person))
    invariant(value !== -1, 'a person with a value is in the bitmap of one')
    return value
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
    if (after === before) return
    if (before !== -1) this.#postings[before]!.delete(person)
    if (after === -1) this.present.delete(person)
    else {
      this.#postingAt(after).add(person)
      this.present.add(person)
    }
    this.#forward?.set(person, after)
  }

  /** Moves all of them to a value. */
  addMembers(text: string, people: ReadonlyBitmap): void {
    const value = this.values.add(text)
    const posting = this.#postingAt(value)
    this.#leaveOthers(value, people)
    posting.addAll(people)
    this.present.addAll(people)
    this.#forward?.setAll(people, value)
  }

  /** Takes a value from those of them who have it. */
  clearMembers(text: string, people: ReadonlyBitmap): void {
    const value = this.values.find(text)
    if (value === -1) return
    const posting = this.#postings[value]!
    const leaving = posting.intersection(people)
    posting.removeAll(leaving)
    this.present.removeAll(leaving)
    this.#forward?.setAll(leaving, -1)
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

  /** Forgets a person who is removed. */
  forget(person: number): void {
    this.set(person, null)
  }

  /** The bitmaps that hold the column. */
  *postings(): IterableIterator<Posting> {
    yield this.present
    yield* this.#postings
  }

  /** Bytes held beside the bitmaps and texts. */
  get indexByteSize(): number {
    return this.#forward?.byteSize ?? 0
  }

  /** Frees the bitmaps. */
  dispose(): void {
    for (const posting of this.postings()) posting.dispose()
  }

  /** Takes the people out of every value but one. */
  #leaveOthers(value: number, people: ReadonlyBitmap): void {
    if (this.#forward === null || people.size > this.#postings.length * 64) {
      this.#postings.forEach((posting, other) => {
        if (other !== value) posting.removeAll(people)
      })
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
    for (const [before, group] of leaving) this.#postings[before]!.removeMany(group)
  }

  #postingAt(value: number): Posting {
    while (this.#postings.length <= value) this.#postings.push(new Posting())
    if (this.#forward === null && this.#postings.length >= forwardIndexFrom) {
      const forward = new ForwardIndex()
      this.#postings.forEach((posting, number) => {
        forward.setAll(posting.bitmap, number)
      })
      this.#forward = forward
    }
    return this.#postings[value]!
  }
}
