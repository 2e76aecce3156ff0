import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { FlagSpec } from '../schema/column-spec.ts'

/** A flag: one bitmap of the people who have it. */
export class FlagColumn {
  readonly kind = 'flag'
  readonly spec: FlagSpec
  /** The people who have the flag. */
  readonly present: Posting

  /** Takes the bitmap over. */
  constructor(spec: FlagSpec, present?: Bitmap) {
    this.spec = spec
    this.present = new Posting(present)
  }

  /** The person's value: `true`, or `undefined` for none. */
  get(person: number): true | undefined {
    return this.present.has(person) ? true : undefined
  }

  /** Gives or takes the flag. */
  set(person: number, value: boolean): void {
    if (value) this.present.add(person)
    else this.present.delete(person)
  }

  /** Gives the flag to all of them. */
  addMembers(people: ReadonlyBitmap): void {
    this.present.addAll(people)
  }

  /** Takes the flag from all of them. */
  clearMembers(people: ReadonlyBitmap): void {
    this.present.removeAll(people)
  }

  /** Gives the flag to exactly these, taking the bitmap over. */
  replaceMembers(people: Bitmap): void {
    this.present.replace(people)
  }

  /** Forgets a person who is removed. */
  forget(person: number): void {
    this.present.delete(person)
  }

  /** The bitmaps that hold the column. */
  *postings(): IterableIterator<Posting> {
    yield this.present
  }

  /** Bytes held beside the bitmaps. */
  get indexByteSize(): number {
    return 0
  }

  /** Frees the bitmaps. */
  dispose(): void {
    this.present.dispose()
  }
}
