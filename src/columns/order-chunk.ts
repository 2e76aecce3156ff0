export const chunkBits = 16
export const chunkSize: number = 1 << chunkBits
/** Above so many stretches of one order, each person has a cell. */
const mostRuns = 512
const widest = 2 ** 32

/**
 * When the values of 65,536 people were written. While they were in few stretches, as loads and imports write them, it is
 * the stretches that are held; else a cell for each person.
 *
 * ```
 * starts   0      1000   2000        people 0 to 999 at 17, to 1999 at 18, all others at 19
 * orders   17     18     19
 * ```
 *
 * Of people without a value it says anything.
 */
export class OrderChunk {
  #starts: number[]
  #orders: number[]
  /** The highest person that was told of: of all above none has a value. */
  #top: number
  #base = 0
  /** Orders less `#base`. Doubles where these need more than 32 bits. */
  #cells: Uint32Array | Float64Array | null = null

  /** @param top -1 for a chunk in which nobody has a value, 65,535 for one in which all may have been written at `order` */
  constructor(order: number, top: number) {
    this.#starts = [0]
    this.#orders = [order]
    this.#top = top
  }

  copy(): OrderChunk {
    const copy = new OrderChunk(0, this.#top)
    copy.#starts = [...this.#starts]
    copy.#orders = [...this.#orders]
    copy.#base = this.#base
    copy.#cells = this.#cells?.slice() ?? null
    return copy
  }

  /** Bytes of the cells. */
  get byteSize(): number {
    return this.#cells?.byteLength ?? 0
  }

  get(place: number): number {
    return this.#cells === null ? this.#orders[this.#runOf(place)]! : this.#base + this.#cells[place]!
  }

  set(place: number, order: number): void {
    if (this.#cells !== null) {
      this.#write(place, order)
      return
    }
    if (place > this.#top && this.#orders[this.#orders.length - 1] === order) {
      this.#top = place
      return
    }
    if (place > this.#top) this.#append(place, order)
    else this.#split(place, order)
    if (this.#starts.length > mostRuns) this.#spread()
  }

  /** As `set` for many people, ascending, by their dense numbers. Cost: that of `set` for each stretch of them without a gap. */
  setMany(people: Uint32Array, order: number): void {
    const mask = chunkSize - 1
    for (let from = 0; from < people.length; ) {
      let to = from + 1
      while (to < people.length && people[to] === people[to - 1]! + 1) to++
      const first = people[from]! & mask
      const last = people[to - 1]! & mask
      if (first === last) this.set(first, order)
      else if (first > this.#top || this.#cells !== null) this.setStretch(first, last, order)
      else this.#cover(first, last, order)
      from = to
    }
  }

  /**
   * As `set` for all between two places, both included, behind all of whom was told, or where each has a cell. Cost: constant while there are
   * few stretches, and next to nothing else.
   */
  setStretch(first: number, last: number, order: number): void {
    this.set(first, order)
    if (last === first) return
    this.set(last, order)
    if (this.#cells !== null) this.#cells.fill(this.#cells[first]!, first, last)
  }

  /** Behind all of whom was told: whoever lies between has no value. */
  #append(place: number, order: number): void {
    const last = this.#orders.length - 1
    if (this.#top === -1) this.#orders[0] = order
    else if (this.#orders[last] !== order) {
      this.#starts.push(place)
      this.#orders.push(order)
    }
    this.#top = place
  }

  #split(place: number, order: number): void {
    const run = this.#runOf(place)
    const before = this.#orders[run]!
    if (before === order) return
    const start = this.#starts[run]!
    const end = this.#starts[run + 1] ?? chunkSize
    if (start === place && run > 0 && this.#orders[run - 1] === order && place + 1 < end) {
      this.#starts[run] = place + 1
      return
    }
    const starts = [place]
    const orders = [order]
    if (start < place) {
      starts.unshift(start)
      orders.unshift(before)
    }
    if (place + 1 < end) {
      starts.push(place + 1)
      orders.push(before)
    }
    this.#starts.splice(run, 1, ...starts)
    this.#orders.splice(run, 1, ...orders)
  }

  /** Puts one stretch in the place of all between two places, both included. */
  #cover(first: number, last: number, order: number): void {
    const before = this.#runOf(first)
    const kept = this.#starts[before]! < first ? before + 1 : before
    const isEnd = last >= this.#top
    const end = isEnd ? this.#starts.length - 1 : this.#runOf(last + 1)
    const behind = this.#orders[end]!
    const starts = [first]
    const orders = [order]
    if (!isEnd && behind !== order) {
      starts.push(last + 1)
      orders.push(behind)
    }
    this.#starts.splice(kept, end + 1 - kept, ...starts)
    this.#orders.splice(kept, end + 1 - kept, ...orders)
    if (isEnd) this.#top = last
    if (this.#starts.length > mostRuns) this.#spread()
  }

  /** The stretch in which a place is. */
  #runOf(place: number): number {
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    // Mostly the last: what is written is new.
    if (starts[high]! <= place) return high
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (starts[middle]! <= place) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Gives each person a cell. */
  #spread(): void {
    const [starts, orders] = [this.#starts, this.#orders]
    this.#base = Math.min(...orders)
    const wide = Math.max(...orders) - this.#base >= widest
    const cells = wide ? new Float64Array(chunkSize) : new Uint32Array(chunkSize)
    for (let run = 0; run < starts.length; run++) cells.fill(orders[run]! - this.#base, starts[run], starts[run + 1])
    this.#cells = cells
    this.#starts = []
    this.#orders = []
  }

  #write(place: number, order: number): void {
    const cell = order - this.#base
    if ((cell < 0 || cell >= widest) && this.#cells instanceof Uint32Array) this.#cells = Float64Array.from(this.#cells)
    this.#cells![place] = cell
  }
}
