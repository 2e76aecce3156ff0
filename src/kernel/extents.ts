import { invariant } from '../base/invariant.ts'

/**
 * Numbers from 0 on that are taken and given back, many in a row where that can be: what is read in order is read three times as fast
 * where it lies in order, since the processor looks up the next page ahead.
 */
export class Extents {
  /** What is free, ascending, none touching the next: beginnings and ends (excluded). */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #free = 0

  get free(): number {
    return this.#free
  }

  /** So many numbers, ascending: one row if there is one long enough, else the longest rows there are. There must be so many free. */
  take(count: number): Uint32Array {
    const taken = new Uint32Array(count)
    let filled = 0
    invariant(count <= this.#free, 'no more are taken than are free')
    const fits = this.#ends.findIndex((end, i) => end - this.#starts[i]! >= count)
    while (filled < count) {
      const place = fits >= 0 ? fits : this.#longest()
      const start = this.#starts[place]!
      const length = Math.min(count - filled, this.#ends[place]! - start)
      for (let i = 0; i < length; i++) taken[filled++] = start + i
      this.#starts[place] = start + length
      if (this.#starts[place] === this.#ends[place]) {
        this.#starts.splice(place, 1)
        this.#ends.splice(place, 1)
      }
      this.#free -= length
    }
    return taken.sort()
  }

  /** Gives numbers back, in any order. */
  give(numbers: Uint32Array): void {
    const sorted = numbers.slice().sort()
    for (let i = 0; i < sorted.length; ) {
      const start = sorted[i]!
      let end = start + 1
      while (++i < sorted.length && sorted[i] === end) end++
      this.giveRow(start, end)
    }
  }

  /** Gives a row back. */
  giveRow(start: number, end: number): void {
    this.#free += end - start
    let place = this.#lowerBound(start)
    if (place > 0 && this.#ends[place - 1] === start) {
      place--
      this.#ends[place] = end
    } else {
      this.#starts.splice(place, 0, start)
      this.#ends.splice(place, 0, end)
    }
    if (this.#starts[place + 1] === this.#ends[place]) {
      this.#ends[place] = this.#ends[place + 1]!
      this.#starts.splice(place + 1, 1)
      this.#ends.splice(place + 1, 1)
    }
  }

  /** The first row that begins at `number` or behind it. */
  #lowerBound(number: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! < number) low = middle + 1
      else high = middle
    }
    return low
  }

  #longest(): number {
    let longest = 0
    for (let i = 1; i < this.#starts.length; i++) {
      if (this.#ends[i]! - this.#starts[i]! > this.#ends[longest]! - this.#starts[longest]!) longest = i
    }
    return longest
  }
}
