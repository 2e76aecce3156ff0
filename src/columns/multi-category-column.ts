import { andNot, type Bitmap, orMany, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { MultiCategorySpec } from '../schema/column-spec.ts'
import { ValueDictionary } from './value-dictionary.ts'

/**
 * A many-value category: a bitmap for each value, and one of everybody who has any. Their union is `present`, always.
 */
export class MultiCategoryColumn {
  readonly kind = 'multi-category'
  readonly spec: MultiCategorySpec
  readonly values: ValueDictionary = new ValueDictionary()
  /** The people who have any value. */
  readonly present: Posting = new Posting()
  readonly #postings: Posting[] = []

  constructor(spec: MultiCategorySpec) {
    this.spec = spec
  }

  /** A column from its parts, taking the bitmaps over. */
  static from(spec: MultiCategorySpec, parts: Iterable<readonly [text: string, people: Bitmap]>): MultiCategoryColumn {
    const column = new MultiCategoryColumn(spec)
    for (const [text, people] of parts) column.#postingAt(column.values.add(text)).replace(people)
    column.present.replace(orMany(column.#postings.map((posting) => posting.bitmap)))
    return column
  }

  /** The people of a value by its number. */
  posting(value: number): Posting {
    return this.#postings[value]!
  }

  /** The person's values in the order of first sight, or `undefined` for none. Cost: a look at each value's bitmap. */
  get(person: number): readonly string[] | undefined {
    if (!this.present.has(person)) return undefined
    return this.values.texts.filter((_, value) => this.#postings[value]!.has(person))
  }

  /** Makes these the person's values, and no others. Cost: a look at each value's bitmap for people who had any. */
  set(person: number, texts: readonly string[]): void {
    this.#withdraw(person)
    for (const text of texts) this.#postingAt(this.values.add(text)).add(person)
    if (texts.length > 0) this.present.add(person)
    else this.present.delete(person)
  }

  /** Takes values from the person, then gives others, the rest staying. */
  edit(person: number, remove: readonly string[], add: readonly string[]): void {
    let removed = false
    for (const text of remove) {
      const value = this.values.find(text)
      if (value !== -1) removed = this.#postings[value]!.delete(person) || removed
    }
    for (const text of add) this.#postingAt(this.values.add(text)).add(person)
    if (add.length > 0) this.present.add(person)
    else if (removed && !this.#postings.some((posting) => posting.has(person))) this.present.delete(person)
  }

  /** Gives a value to all of them. */
  addMembers(text: string, people: ReadonlyBitmap): void {
    this.#postingAt(this.values.add(text)).addAll(people)
    this.present.addAll(people)
  }

  /** Takes a value from those of them who have it. */
  clearMembers(text: string, people: ReadonlyBitmap): void {
    const value = this.values.find(text)
    if (value === -1) return
    const leaving = this.#postings[value]!.intersection(people)
    this.#postings[value]!.removeAll(leaving)
    this.#dropBare(leaving)
  }

  /** Takes every value from all of them. */
  clearAll(people: ReadonlyBitmap): void {
    for (const posting of this.#postings) posting.removeAll(people)
    this.present.removeAll(people)
  }

  /** Makes a value be had by exactly these; their other values stay. */
  replaceMembers(text: string, people: Bitmap): void {
    const posting = this.#postingAt(this.values.add(text))
    const left = andNot(posting.bitmap, people)
    this.present.addAll(people)
    posting.replace(people)
    this.#dropBare(left)
  }

  /** Forgets a person who is removed. */
  forget(person: number): void {
    this.#withdraw(person)
    this.present.delete(person)
  }

  /** The bitmaps that hold the column. */
  *postings(): IterableIterator<Posting> {
    yield this.present
    yield* this.#postings
  }

  /** Bytes held beside the bitmaps and texts. */
  get indexByteSize(): number {
    return 0
  }

  /** Frees the bitmaps. */
  dispose(): void {
    for (const posting of this.postings()) posting.dispose()
  }

  #withdraw(person: number): void {
    if (!this.present.has(person)) return
    for (const posting of this.#postings) posting.delete(person)
  }

  /** Takes those who have no value left out of `present`; frees the bitmap. */
  #dropBare(people: Bitmap): void {
    for (const posting of this.#postings) {
      if (people.isEmpty) break
      people.andNotInPlace(posting.bitmap)
    }
    this.present.removeAll(people)
    people.dispose()
  }

  #postingAt(value: number): Posting {
    while (this.#postings.length <= value) this.#postings.push(new Posting())
    return this.#postings[value]!
  }
}
