import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { FlagSpec } from '../schema/column-spec.ts'

/** A flag: one bitmap of the people who have it. */
export class FlagColumn {
  readonly kind = 'flag'
  readonly spec: FlagSpec
  /** The people who have the flag. */
  readonly present: Posting
  /** The version of the data that its last write led to. */
  writtenAt = 0

  /** Takes the bitmap or the posting over. */
  constructor(spec: FlagSpec, present?: Bitmap | Posting) {
    this.spec = spec
    this.present = present instanceof Posting ? present : new Posting(present)
  }

  /** The column as it is now, for somebody who keeps it. Cost: nothing now; the next write copies the bitmap. Dispose of it. */
  fork(): FlagColumn {
    const fork = new FlagColumn(this.spec, this.present.fork())
    fork.writtenAt = this.writtenAt
    return fork
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
