const container = 65_536

/** Where the values of each person are, once they are brought together. */
export interface Groups {
  /** Where each person's values begin, and at the end how many there are. */
  readonly starts: Uint32Array
  /** The lower half of each person's number, ascending. */
  readonly lows: Uint16Array
}

/**
 * Brings the values of each person of a container together. What one container needs is used again for the next.
 *
 * Cost: a pass over the values, and one over 2,048 words, so that few values are grouped in microseconds.
 */
export class PersonGroups {
  /** By the lower half of a person's number how many values there are, then the place of the next one; 0 for nobody. */
  readonly #places: Uint32Array = new Uint32Array(container)
  readonly #words: Int32Array = new Int32Array(container / 32)

  /** Finds room for the values of each person; then come `values` or `places`. */
  group(people: Uint16Array, length: number): Groups {
    const places = this.#places
    const words = this.#words
    for (let i = 0; i < length; i++) {
      const low = people[i]!
      places[low] = places[low]! + 1
      words[low >>> 5] = words[low >>> 5]! | (1 << low)
    }
    const lows = new Uint16Array(Math.min(length, container))
    const starts = new Uint32Array(lows.length + 1)
    let groups = 0
    let sum = 0
    for (let word = 0; word < words.length; word++) {
      for (let rest = words[word]!; rest !== 0; rest &= rest - 1) {
        const low = (word << 5) + 31 - Math.clz32(rest & -rest)
        const count = places[low]!
        places[low] = sum
        lows[groups] = low
        starts[groups] = sum
        groups++
        sum += count
      }
      words[word] = 0
    }
    starts[groups] = sum
    return { starts: starts.subarray(0, groups + 1), lows: lows.subarray(0, groups) }
  }

  /** The values, those of the first person first; of one person in the order in which they came. Once after `group`. */
  values(people: Uint16Array, values: Float64Array, length: number, { lows }: Groups): Float64Array {
    const places = this.#places
    const grouped = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const low = people[i]!
      grouped[places[low]!] = values[i]!
      places[low] = places[low]! + 1
    }
    this.#forget(lows)
    return grouped
  }

  /** The places of the values, in that order. Once after `group`. */
  places(people: Uint16Array, length: number, { lows }: Groups): Uint32Array {
    const places = this.#places
    const order = new Uint32Array(length)
    for (let i = 0; i < length; i++) {
      const low = people[i]!
      order[places[low]!] = i
      places[low] = places[low]! + 1
    }
    this.#forget(lows)
    return order
  }

  #forget(lows: Uint16Array): void {
    for (let group = 0; group < lows.length; group++) this.#places[lows[group]!] = 0
  }
}
