/** A stretch of records, one behind the other. */
interface Slab {
  /** The sequence number of its first record, wiped or not. */
  readonly first: number
  readonly bytes: Buffer
  /** Where each record ends. */
  readonly ends: number[]
  /** How many records at its beginning were wiped. */
  wiped: number
}

/** Bytes that the end of a record takes. */
const endBytes = 8
const smallestSlab = 1024
const largestSlab = 256 * 1024

/**
 * The newest records of an engine, in order and without a gap, within a budget: the oldest leave when it is full. What leaves
 * is overwritten with zeros.
 *
 * Cost: a copy of each record; room is taken and given back by slabs of a 64th of the budget.
 */
export class ChangeRing {
  readonly #budget: number
  readonly #slabBytes: number
  #slabs: Slab[] = []
  #bytes = 0
  /** The sequence number of the next record. */
  #next: number

  /** @param next the sequence number of the first record that will come */
  constructor(budget: number, next: number) {
    this.#budget = budget
    this.#slabBytes = Math.min(largestSlab, Math.max(smallestSlab, Math.floor(budget / 64)))
    this.#next = next
  }

  /** Bytes that are taken, unused room of slabs included. Never more than the budget. */
  get bytes(): number {
    return this.#bytes
  }

  /** The sequence number of the oldest record that is there; of the next that will come, where there is none. */
  get oldest(): number {
    const slab = this.#slabs[0]
    return slab === undefined ? this.#next : slab.first + slab.wiped
  }

  /** The sequence number of the next record that will come. */
  get next(): number {
    return this.#next
  }

  /**
   * Takes a copy of the next record. One that is longer than the budget, or for which there isn't the memory, isn't kept, and so
   * nothing before it is either.
   */
  push(record: Uint8Array): void {
    const sequence = this.#next
    const { length } = record
    const size = Math.max(this.#slabBytes, length)
    this.#next = sequence + 1
    let slab = this.#slabs.at(-1)
    if (slab !== undefined && slab.bytes.length - usedOf(slab) < length) slab = undefined
    while (this.#slabs.length > 0 && this.#bytes + endBytes + (slab === undefined ? size : 0) > this.#budget) {
      if (this.#slabs[0] === slab) slab = undefined
      this.#dropFirst()
    }
    if (slab === undefined) {
      const bytes = size + endBytes > this.#budget ? null : allocate(size)
      if (bytes === null) {
        this.dropThrough(sequence)
        return
      }
      slab = { first: sequence, bytes, ends: [], wiped: 0 }
      this.#slabs.push(slab)
      this.#bytes += size
    }
    const start = usedOf(slab)
    slab.bytes.set(record, start)
    slab.ends.push(start + length)
    this.#bytes += endBytes
  }

  /** A copy of a record that is there. */
  copy(sequence: number): Uint8Array {
    const slab = this.#slabs[this.#placeOf(sequence)]!
    const index = sequence - slab.first
    return new Uint8Array(slab.bytes.subarray(startOf(slab, index), slab.ends[index]!))
  }

  /** The sequence number of a record behind which none has these bytes in it; 0 where none has. */
  lastWith(bytes: Uint8Array): number {
    for (let s = this.#slabs.length - 1; s >= 0; s--) {
      const slab = this.#slabs[s]!
      const from = startOf(slab, slab.wiped)
      const at = slab.bytes.subarray(from, usedOf(slab)).lastIndexOf(bytes)
      if (at !== -1) return slab.first + firstAbove(slab.ends, from + at)
    }
    return 0
  }

  /** Wipes every record up to one. */
  dropThrough(sequence: number): void {
    while (this.#slabs.length > 0 && lastOf(this.#slabs[0]!) <= sequence) this.#dropFirst()
    const slab = this.#slabs[0]
    if (slab === undefined || sequence < slab.first) return
    const count = sequence - slab.first + 1
    slab.bytes.fill(0, 0, slab.ends[count - 1]!)
    slab.wiped = Math.max(slab.wiped, count)
  }

  #dropFirst(): void {
    const slab = this.#slabs.shift()!
    slab.bytes.fill(0)
    this.#bytes -= slab.bytes.length + endBytes * slab.ends.length
  }

  #placeOf(sequence: number): number {
    let low = 0
    let high = this.#slabs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#slabs[middle]!.first <= sequence) low = middle
      else high = middle - 1
    }
    return low
  }
}

function allocate(bytes: number): Buffer | null {
  try {
    return Buffer.allocUnsafeSlow(bytes)
  } catch {
    return null
  }
}

function startOf(slab: Slab, index: number): number {
  return index === 0 ? 0 : slab.ends[index - 1]!
}

function usedOf(slab: Slab): number {
  return startOf(slab, slab.ends.length)
}

function lastOf(slab: Slab): number {
  return slab.first + slab.ends.length - 1
}

/** The place of the first number of an ascending list that is above another. */
function firstAbove(ascending: readonly number[], than: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! > than) high = middle
    else low = middle + 1
  }
  return low
}
