import { andNot, type Bitmap, orMany, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { MultiCategorySpec } from '../schema/column-spec.ts'
import { PostingList } from './posting-list.ts'
import { ValueDictionary } from './value-dictionary.ts'

/** What a column is made of. */
interface Parts {
  readonly values: ValueDictionary
  readonly present: Posting
  readonly postings: PostingList
}

/**
 * A many-value category: a bitmap for each value, and one of everybody who has any. Their union is `present`, always.
 */
export class MultiCategoryColumn {
  readonly kind = 'multi-category'
  readonly spec: MultiCategorySpec
  readonly values: ValueDictionary
  /** The people who have any value. */
  readonly present: Posting
  /** The version of the data that its last write led to. */
  writtenAt = 0
  readonly #postings: PostingList

  constructor(spec: MultiCategorySpec, parts: Parts = emptyParts()) {
    this.spec = spec
    this.values = parts.values
    this.present = parts.present
    this.#postings = parts.postings
  }

  /** A column from its parts, taking the bitmaps over. */
  static from(spec: MultiCategorySpec, parts: Iterable<readonly [text: string, people: Bitmap]>): MultiCategoryColumn {
    const column = new MultiCategoryColumn(spec)
    for (const [text, people] of parts) column.#postings.writable(column.values.add(text)).replace(people)
    column.present.replace(orMany(Array.from(column.#postings, (posting) => posting.bitmap)))
    return column
  }

  /** The column as it is now, for somebody who keeps it. Cost: nothing now; each write copies what it is the first to touch. Dispose of it. */
  fork(): MultiCategoryColumn {
    const fork = new MultiCategoryColumn(this.spec, {
      values: this.values.fork(),
      present: this.present.fork(),
      postings: this.#postings.fork(),
    })
    fork.writtenAt = this.writtenAt
    return fork
  }

  /** The people of a value by its number, to be read. */
  posting(value: number): Posting {
    return this.#postings.at(value)
  }

  /** The person's values in the order of first sight, or `undefined` for none. Cost: a look at each value's bitmap. */
  get(person: number): readonly string[] | undefined {
    if (!this.present.has(person)) return undefined
    return this.values.texts.filter((_, value) => this.#postings.at(value).has(person))
  }

  /** Makes these the person's values, and no others. Cost: a look at each value's bitmap for people who had any. */
  set(person: number, texts: readonly string[]): void {
    this.#withdraw(person)
    for (const text of texts) this.#postings.writable(this.values.add(text)).add(person)
    if (texts.length > 0) this.present.add(person)
    else this.present.delete(person)
  }

  /** Takes values from the person, then gives others, the rest staying. */
  edit(person: number, remove: readonly string[], add: readonly string[]): void {
    let removed = false
    for (const text of remove) {
      const value = this.values.find(text)
      if (value === -1 || !this.#postings.at(value).has(person)) continue
      this.#postings.writable(value).delete(person)
      removed = true
    }
    for (const text of add) this.#postings.writable(this.values.add(text)).add(person)
    if (add.length > 0) this.present.add(person)
    else if (removed && !this.#hasAny(person)) this.present.delete(person)
  }

  /** Gives a value to all of them. */
  addMembers(text: string, people: ReadonlyBitmap): void {
    this.#postings.writable(this.values.add(text)).addAll(people)
    this.present.addAll(people)
  }

  /** Takes a value from those of them who have it. */
  clearMembers(text: string, people: ReadonlyBitmap): void {
    const value = this.values.find(text)
    if (value === -1) return
    const leaving = this.#postings.at(value).intersection(people)
    if (!leaving.isEmpty) this.#postings.writable(value).removeAll(leaving)
    this.#dropBare(leaving)
  }

  /** Takes every value from all of them. */
  clearAll(people: ReadonlyBitmap): void {
    for (let value = 0; value < this.#postings.length; value++) {
      if (this.#postings.at(value).bitmap.intersects(people)) this.#postings.writable(value).removeAll(people)
    }
    this.present.removeAll(people)
  }

  /** Makes a value be had by exactly these; their other values stay. */
  replaceMembers(text: string, people: Bitmap): void {
    const posting = this.#postings.writable(this.values.add(text))
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

  /** The bitmaps that hold the column, to be read. */
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
    this.present.dispose()
    this.#postings.dispose()
  }

  #withdraw(person: number): void {
    if (!this.present.has(person)) return
    for (let value = 0; value < this.#postings.length; value++) {
      if (this.#postings.at(value).has(person)) this.#postings.writable(value).delete(person)
    }
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

  #hasAny(person: number): boolean {
    for (const posting of this.#postings) if (posting.has(person)) return true
    return false
  }
}

function emptyParts(): Parts {
  return { values: new ValueDictionary(), present: new Posting(), postings: new PostingList() }
}
