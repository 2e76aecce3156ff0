import { type ByteChunk, chunkBytes, growFirst, newByteChunk } from './byte-chunk.ts'
import { newLines } from './cache-lines.ts'
import { batchLength, type IdBatch } from './id-batch.ts'

/** Ids whose places share one record of 64 bytes, so that finding a place touches one cache line. */
export const idsPerRecord = 28
const recordsPerChunk = 1 << 14
const firstRecords = 8
/** In a record's second word: the record is wide. */
const wideFlag = 0x8000_0000 | 0
const wideRecordsPerChunk = 64
const largestEnd = 0xffff
/** What `confirmAll` puts in the place of a number whose id is another one. */
export const otherId = -2
/** Where the ids that a batch is compared with lie; -1 bytes where there is none. Of use during one call only. */
const chunkOf = new Int32Array(batchLength)
const startOf = new Int32Array(batchLength)
const lengthOf = new Int32Array(batchLength)
/** Fewer bytes of saved ids go into the chunk that there is. */
const leastFrame = 1 << 16

/**
 * The bytes of all ids, one after another in order of their dense numbers, in chunks of 1 MB that are never moved. An
 * id lies in one chunk.
 *
 * Where an id lies is kept by the 28, in a record of 64 bytes (2.29 bytes an id):
 *
 * ```
 * narrow:  u32 chunk | u32 offset        | 28 x u16 end of the id, from `offset` on; it starts where the one before ends
 * wide:    u32 k     | u32 flag          | 28 x u16 length of the id; the k-th row of #wide holds 28 starts
 * ```
 *
 * A record is wide where its ids cross a chunk or have more than 65,535 bytes together: with short ids, that's one in
 * some 1,700.
 */
export class IdArena {
  readonly #chunks: ByteChunk[] = []
  /** Bytes used of the last chunk. */
  #tail = 0
  #count = 0
  #chunkBytes = 0
  readonly #words: Uint32Array[] = []
  readonly #ends: Uint16Array[] = []
  #recordBytes = 0
  /** Starts in wide records, as chunk * 2^20 + offset. */
  readonly #wide: Float64Array[] = []
  #wideCount = 0

  /** Where the id that was asked for last lies; see `locate`. */
  foundIn: ByteChunk = newByteChunk(0)
  foundStart = 0
  foundEnd = 0

  /** How many ids there are; the next one gets this number. */
  get count(): number {
    return this.#count
  }

  /** Bytes held, used or not. */
  get byteSize(): number {
    return this.#chunkBytes + this.#recordBytes + this.#wide.length * idsPerRecord * wideRecordsPerChunk * 8
  }

  /** Sets `foundIn`, `foundStart` and `foundEnd` to the place of an id. The number must have been given out. */
  locate(dense: number): void {
    const record = (dense / idsPerRecord) >>> 0
    const j = dense - record * idsPerRecord
    const inChunk = record & (recordsPerChunk - 1)
    const words = this.#words[record >>> 14]!
    const ends = this.#ends[record >>> 14]!
    const second = words[inChunk * 16 + 1]! | 0
    const at = inChunk * 32 + 4 + j
    if (second >= 0) {
      this.foundIn = this.#chunks[words[inChunk * 16]!]!
      this.foundStart = j === 0 ? second : second + ends[at - 1]!
      this.foundEnd = second + ends[at]!
    } else {
      const start = this.#wideStart(words[inChunk * 16]!, j)
      this.foundIn = this.#chunks[Math.floor(start / chunkBytes)]!
      this.foundStart = start % chunkBytes
      this.foundEnd = this.foundStart + ends[at]!
    }
  }

  /** Whether id `dense` has the bytes of id `i` of the batch. */
  equals(dense: number, batch: IdBatch, i: number): boolean {
    this.locate(dense)
    const from = batch.starts[i]!
    const length = this.foundEnd - this.foundStart
    return (
      batch.starts[i + 1]! - from === length &&
      areSameBytes(this.foundIn.view, this.foundStart, batch.view, from, length)
    )
  }

  /**
   * `equals` for each id of the batch that was found: those that are others get `otherId`. In stages, so that the processor waits for many
   * cache misses at once.
   */
  confirmAll(batch: IdBatch): void {
    const { found, length, starts, view } = batch
    const allWords = this.#words
    const allEnds = this.#ends
    const chunks = this.#chunks
    let touched = 0
    for (let i = 0; i < length; i++) {
      const dense = found[i]!
      if (dense < 0) continue
      const record = (dense / idsPerRecord) >>> 0
      touched += allWords[record >>> 14]![(record & (recordsPerChunk - 1)) * 16]!
    }
    for (let i = 0; i < length; i++) {
      const dense = found[i]!
      lengthOf[i] = -1
      if (dense < 0) continue
      const record = (dense / idsPerRecord) >>> 0
      const j = dense - record * idsPerRecord
      const inChunk = record & (recordsPerChunk - 1)
      const words = allWords[record >>> 14]!
      const ends = allEnds[record >>> 14]!
      const first = words[inChunk * 16]!
      const second = words[inChunk * 16 + 1]! | 0
      const at = inChunk * 32 + 4 + j
      if (second >= 0) {
        const start = j === 0 ? 0 : ends[at - 1]!
        chunkOf[i] = first
        startOf[i] = second + start
        lengthOf[i] = ends[at]! - start
      } else {
        const start = this.#wideStart(first, j)
        chunkOf[i] = Math.floor(start / chunkBytes)
        startOf[i] = start % chunkBytes
        lengthOf[i] = ends[at]!
      }
    }
    for (let i = 0; i < length; i++) {
      const size = lengthOf[i]!
      if (size <= 0) continue
      const { bytes } = chunks[chunkOf[i]!]!
      touched += bytes[startOf[i]!]! | bytes[startOf[i]! + size - 1]!
    }
    for (let i = 0; i < length; i++) {
      const size = lengthOf[i]!
      if (size < 0) continue
      const from = starts[i]!
      const isSame =
        size === starts[i + 1]! - from && areSameBytes(chunks[chunkOf[i]!]!.view, startOf[i]!, view, from, size)
      if (!isSame) found[i] = otherId
    }
    batch.touched = touched | 0
  }

  /**
   * Adds an id (of 0 bytes for one that was removed before a save). Nothing has changed when memory runs out.
   * Cost: bytes of the id; now and then a new chunk of 1 MB, or the first one, still smaller, twice as large.
   */
  append(source: Uint8Array, start: number, end: number): void {
    const last = this.#reserve(end - start)
    this.#chunks[last]!.bytes.set(source.subarray(start, end), this.#tail)
    this.#place(last, end - start)
  }

  /** As `append`, of id `i` of a batch. */
  appendOf(batch: IdBatch, i: number): void {
    const start = batch.starts[i]!
    const length = batch.starts[i + 1]! - start
    if (length < 4 || length > 200) {
      this.append(batch.bytes, start, start + length)
      return
    }
    const last = this.#reserve(length)
    const { view } = this.#chunks[last]!
    const tail = this.#tail
    for (let k = 0; k < length - 4; k += 4) view.setInt32(tail + k, batch.view.getInt32(start + k, true), true)
    view.setInt32(tail + length - 4, batch.view.getInt32(start + length - 4, true), true)
    this.#place(last, length)
  }

  /**
   * Adds as many ids as there are lengths (of 0 for one that was removed before a save), which lie one after another in `source`: at most
   * a chunk of bytes. They get a chunk of their own, unless they are few. Cost: the bytes, copied in one go.
   */
  appendFrame(source: Uint8Array, lengths: Uint16Array): void {
    if (source.length < leastFrame) {
      for (let i = 0, start = 0; i < lengths.length; i++) {
        this.append(source, start, start + lengths[i]!)
        start += lengths[i]!
      }
      return
    }
    const chunk = newByteChunk(source.length)
    chunk.bytes.set(source)
    this.#chunks.push(chunk)
    this.#chunkBytes += source.length
    this.#tail = 0
    const last = this.#chunks.length - 1
    for (let i = 0; i < lengths.length; i++) {
      const record = (this.#count / idsPerRecord) >>> 0
      if (this.#count === record * idsPerRecord) this.#reserveRecord(record)
      this.#place(last, lengths[i]!)
    }
  }

  /**
   * Copies the ids of the record that begins with `dense`, none of which may have been removed: their bytes to `into` from `at` on, their
   * lengths to `lengths` from `place` on. Gives how many bytes, or -1 where they have to be read one by one, or there is no room.
   */
  copyRecord(dense: number, into: Uint8Array, at: number, lengths: Uint16Array, place: number): number {
    const record = dense / idsPerRecord
    const inChunk = record & (recordsPerChunk - 1)
    const words = this.#words[record >>> 14]!
    const offset = words[inChunk * 16 + 1]! | 0
    if (offset < 0) return -1
    const ends = this.#ends[record >>> 14]!
    const first = inChunk * 32 + 4
    const length = ends[first + idsPerRecord - 1]!
    if (at + length > into.length) return -1
    for (let j = 0, start = 0; j < idsPerRecord; j++) {
      const end = ends[first + j]!
      lengths[place + j] = end - start
      start = end
    }
    into.set(this.#chunks[words[inChunk * 16]!]!.bytes.subarray(offset, offset + length), at)
    return length
  }

  /** Notes that the next id lies at the tail of the last chunk. Its record is there. */
  #place(last: number, length: number): void {
    const dense = this.#count
    const record = (dense / idsPerRecord) >>> 0
    const j = dense - record * idsPerRecord
    const inChunk = record & (recordsPerChunk - 1)
    const words = this.#words[record >>> 14]!
    const ends = this.#ends[record >>> 14]!
    const tail = this.#tail
    if (j === 0) {
      words[inChunk * 16] = last
      words[inChunk * 16 + 1] = tail
    }
    const at = inChunk * 32 + 4 + j
    let offset = words[inChunk * 16 + 1]! | 0
    if (offset >= 0 && (words[inChunk * 16] !== last || tail + length - offset > largestEnd)) {
      this.#widen(words, ends, inChunk, j)
      offset = -1
    }
    if (offset >= 0) {
      ends[at] = tail + length - offset
    } else {
      const k = words[inChunk * 16]!
      this.#wide[(k / wideRecordsPerChunk) | 0]![(k % wideRecordsPerChunk) * idsPerRecord + j] =
        last * chunkBytes + tail
      ends[at] = length
    }
    this.#tail = tail + length
    this.#count = dense + 1
  }

  /** Overwrites the bytes of an id with zeros. Its place remains. */
  wipe(dense: number): void {
    this.locate(dense)
    this.foundIn.bytes.fill(0, this.foundStart, this.foundEnd)
  }

  /** Drops the last id and wipes its bytes. Wiped chunks at the end are given back. */
  dropLast(): void {
    const dense = this.#count - 1
    this.wipe(dense)
    const chunk = this.#chunks.indexOf(this.foundIn, Math.max(0, this.#chunks.length - 2))
    while (this.#chunks.length - 1 > chunk) this.#chunkBytes -= this.#chunks.pop()!.bytes.length
    this.#tail = this.foundStart
    this.#count = dense
    const record = (dense / idsPerRecord) >>> 0
    const words = this.#words[record >>> 14]!
    const first = (record & (recordsPerChunk - 1)) * 16
    // The wide record that was made last is given back with its first id.
    if (dense === record * idsPerRecord && (words[first + 1]! | 0) < 0 && words[first] === this.#wideCount - 1) {
      this.#wideCount--
    }
  }

  /** Makes room for the next id. Gives the chunk that its bytes go to, at the tail. */
  #reserve(length: number): number {
    const record = (this.#count / idsPerRecord) >>> 0
    if (this.#count === record * idsPerRecord) this.#reserveRecord(record)
    this.#reserveBytes(length)
    return this.#chunks.length - 1
  }

  #reserveRecord(record: number): void {
    const chunk = record >>> 14
    const inChunk = record & (recordsPerChunk - 1)
    const words = this.#words[chunk]
    if (words === undefined) {
      this.#setRecords(chunk, newLines((chunk === 0 ? firstRecords : recordsPerChunk) * 64))
    } else if (inChunk * 16 >= words.length) {
      // Only the first chunk starts small.
      const larger = newLines(words.byteLength * 2)
      larger.set(words)
      this.#recordBytes -= words.byteLength
      this.#setRecords(chunk, larger)
    }
  }

  #setRecords(chunk: number, words: Uint32Array): void {
    this.#words[chunk] = words
    this.#ends[chunk] = new Uint16Array(words.buffer, words.byteOffset, words.length * 2)
    this.#recordBytes += words.byteLength
  }

  #reserveBytes(length: number): void {
    const last = this.#chunks.length - 1
    const chunk = this.#chunks[last]
    if (chunk !== undefined && this.#tail + length <= chunk.bytes.length) return
    if (last === 0 && chunk !== undefined && this.#tail + length <= chunkBytes) {
      this.#chunkBytes += growFirst(chunk, this.#tail + length)
      return
    }
    const fresh = newByteChunk(chunk === undefined ? Math.max(1024, length) : chunkBytes)
    this.#chunks.push(fresh)
    this.#chunkBytes += fresh.bytes.length
    this.#tail = 0
  }

  /** Makes a narrow record of `filled` ids wide. */
  #widen(words: Uint32Array, ends: Uint16Array, inChunk: number, filled: number): void {
    const k = this.#wideCount
    const row = (k / wideRecordsPerChunk) | 0
    if (row === this.#wide.length) this.#wide.push(new Float64Array(idsPerRecord * wideRecordsPerChunk))
    this.#wideCount++
    const starts = this.#wide[row]!
    const base = words[inChunk * 16]! * chunkBytes + words[inChunk * 16 + 1]!
    let start = 0
    for (let j = 0; j < filled; j++) {
      const end = ends[inChunk * 32 + 4 + j]!
      starts[(k % wideRecordsPerChunk) * idsPerRecord + j] = base + start
      ends[inChunk * 32 + 4 + j] = end - start
      start = end
    }
    words[inChunk * 16] = k
    words[inChunk * 16 + 1] = wideFlag
  }

  #wideStart(k: number, j: number): number {
    return this.#wide[(k / wideRecordsPerChunk) | 0]![(k % wideRecordsPerChunk) * idsPerRecord + j]!
  }
}

/** Whether so many bytes are the same in both, four at a time. */
function areSameBytes(a: DataView, at: number, b: DataView, from: number, length: number): boolean {
  if (length < 4) {
    for (let k = 0; k < length; k++) if (a.getUint8(at + k) !== b.getUint8(from + k)) return false
    return true
  }
  const last = length - 4
  for (let k = 0; k < last; k += 4) if (a.getInt32(at + k, true) !== b.getInt32(from + k, true)) return false
  return a.getInt32(at + last, true) === b.getInt32(from + last, true)
}
