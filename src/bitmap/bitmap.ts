import roaring from 'roaring'
import { finish, type Steps } from '../base/steps.ts'

/**
 * The names under which the rest of crowdbit sees a Roaring bitmap: only what it uses, so that no other room names the
 * package, and readers can't write.
 *
 * The grammar of names is the package's: `and(a, b)` builds, `andInPlace` changes the receiver, `andCardinality` counts
 * without building, `intersects` stops at the first hit.
 */
export interface ReadonlyBitmap {
  /** How many values there are. Cost: a few nanoseconds a container. */
  readonly size: number
  readonly isEmpty: boolean
  has(value: number): boolean
  /** The highest value; 0 when empty. */
  maximum(): number
  /** How many values are lower than or equal to `value`. */
  rank(value: number): number
  /** How many values are from `start` on and below `end`. */
  rangeCardinality(start: number, end: number): number
  /** The value at a position counted from 0. */
  select(position: number): number | undefined
  /** Up to `limit` values from the position `offset` on, ascending. */
  rangeUint32Array(offset: number, limit: number): Uint32Array
  toUint32Array(): Uint32Array
  andCardinality(other: ReadonlyBitmap): number
  orCardinality(other: ReadonlyBitmap): number
  xorCardinality(other: ReadonlyBitmap): number
  andNotCardinality(other: ReadonlyBitmap): number
  intersects(other: ReadonlyBitmap): boolean
  isSubset(other: ReadonlyBitmap): boolean
  isEqual(other: ReadonlyBitmap): boolean
  [Symbol.iterator](): IterableIterator<number>
}

/** A bitmap that its holder may change. */
export interface Bitmap extends ReadonlyBitmap {
  add(value: number): this
  /** Takes a value away and says whether it was there. */
  delete(value: number): boolean
  addMany(values: ReadonlyBitmap | Uint32Array | readonly number[]): this
  removeMany(values: ReadonlyBitmap | Uint32Array | readonly number[]): this
  /** Adds the values from `start` (included) to `end` (excluded). */
  addRange(start: number, end: number): this
  andInPlace(other: ReadonlyBitmap): this
  orInPlace(other: ReadonlyBitmap): this
  xorInPlace(other: ReadonlyBitmap): this
  andNotInPlace(other: ReadonlyBitmap): this
  /** Turns containers into runs where that is smaller. */
  runOptimize(): boolean
  /** Frees the native memory at once. The bitmap is empty afterwards. */
  dispose(): void
}

/** Where a bitmap's values are: what the planner needs to know what an operation on it will cost. */
export interface BitmapShape {
  readonly size: number
  readonly containers: number
  readonly bitsetContainers: number
  readonly runContainers: number
  /** Bytes of the containers in memory. */
  readonly byteSize: number
}

const { RoaringBitmap32 } = roaring
type Native = InstanceType<typeof RoaringBitmap32>

/** A bitmap with the given values, in any order and with repeats; empty without them. */
export function bitmapOf(values?: Uint32Array | readonly number[]): Bitmap {
  return values === undefined ? new RoaringBitmap32() : new RoaringBitmap32(values as Uint32Array)
}

/** A copy. */
export function cloneBitmap(bitmap: ReadonlyBitmap): Bitmap {
  return (bitmap as Native).clone()
}

/** The values from `start` (included) to `end` (excluded). */
export function rangeBitmap(start: number, end: number): Bitmap {
  return RoaringBitmap32.fromRange(start, end)
}

/** `a ∩ b`, built. */
export function and(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
  return RoaringBitmap32.and(a as Native, b as Native)
}

/** `a ∪ b`, built. */
export function or(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
  return RoaringBitmap32.or(a as Native, b as Native)
}

/** The values in one of the two, built. */
export function xor(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
  return RoaringBitmap32.xor(a as Native, b as Native)
}

/** `a \ b`, built. */
export function andNot(a: ReadonlyBitmap, b: ReadonlyBitmap): Bitmap {
  return RoaringBitmap32.andNot(a as Native, b as Native)
}

/**
 * The union of any number of bitmaps, built; empty for none.
 *
 * One after another goes into the largest: the package's own way of many makes bitsets of small containers first, which takes up to four times
 * as long where many are sparse, and about as long where they aren't.
 */
export function orMany(bitmaps: readonly ReadonlyBitmap[]): Bitmap {
  return finish(orManySteps(bitmaps))
}

/** As `orMany`: each bitmap behind the first two is a step. */
export function* orManySteps(bitmaps: readonly ReadonlyBitmap[]): Steps<Bitmap> {
  const [first, second, ...others] = largestFirst(bitmaps)
  if (first === undefined) return bitmapOf()
  if (second === undefined) return cloneBitmap(first)
  const union = or(first, second)
  for (const bitmap of others) {
    yield
    union.orInPlace(bitmap)
  }
  return union
}

/** In the order of their sizes, each of which is asked for once: that takes a look at every container. */
export function largestFirst(bitmaps: readonly ReadonlyBitmap[]): ReadonlyBitmap[] {
  return bitmaps
    .map((bitmap) => ({ bitmap, size: bitmap.size }))
    .sort((a, b) => b.size - a.size)
    .map(({ bitmap }) => bitmap)
}

/** Where the values are. Cost: a pass over the container headers, 2 µs for 150 of them. */
export function bitmapShape(bitmap: ReadonlyBitmap): BitmapShape {
  const statistics = (bitmap as Native).statistics()
  return {
    size: statistics.size,
    containers: statistics.containers,
    bitsetContainers: statistics.bitsetContainers,
    runContainers: statistics.runContainers,
    byteSize: statistics.bytesInArrayContainers + statistics.bytesInBitsetContainers + statistics.bytesInRunContainers,
  }
}

/** The bitmap as portable Roaring bytes, which CRoaring, Java, Go and ClickHouse read. */
export function portableBytes(bitmap: ReadonlyBitmap): Uint8Array {
  return (bitmap as Native).serialize('portable')
}

/** Writes the portable bytes of a bitmap to the beginning of `into`, if there is room. Gives how many there are. */
export function writePortableBytes(bitmap: ReadonlyBitmap, into: Uint8Array): number {
  const size = (bitmap as Native).getSerializationSizeInBytes('portable')
  if (size <= into.length) (bitmap as Native).serialize('portable', into.subarray(0, size))
  return size
}

/**
 * Portable bytes that depend on the values alone, not on the writes through which they came: containers are runs exactly
 * where runs are smaller (law 25).
 * Cost: a copy of the bitmap.
 */
export function canonicalBytes(bitmap: ReadonlyBitmap): Uint8Array {
  const copy = (bitmap as Native).clone()
  try {
    // A run that is as small as the array would stay a run: so all runs are unpacked first.
    copy.removeRunCompression()
    copy.runOptimize()
    return copy.serialize('portable')
  } finally {
    copy.dispose()
  }
}

/**
 * The bitmap of portable bytes that `checkPortableBitmap` has passed: the reader itself trusts them.
 *
 * @param runsTouch whether there are runs that touch, as `checkPortableBitmap` says
 */
export function bitmapFromCheckedBytes(bytes: Uint8Array, runsTouch: boolean): Bitmap {
  const bitmap = RoaringBitmap32.deserialize(bytes, 'portable')
  // The format lets runs touch that could be one; comparing two bitmaps takes for granted that they don't.
  if (runsTouch) {
    bitmap.removeRunCompression()
    bitmap.runOptimize()
  }
  return bitmap
}

/** Bytes that the Roaring library holds outside the JavaScript heap, and bitmaps alive in this process. */
export function nativeBitmapMemory(): { readonly bytes: number; readonly instances: number } {
  return { bytes: RoaringBitmap32.getRoaringUsedMemory(), instances: RoaringBitmap32.getInstancesCount() }
}
