/** Chance for the made-up shop: numbers from 0 (included) to 1 (excluded) that are the same everywhere for the same seed. */

/** A number for each person: the same for the same seed, name and person. */
export type Draw = (person: number) => number

/**
 * Hashes the person's number instead of stepping a generator, so that no column depends on those made before it.
 * Source of the finalizer: MurmurHash3, `fmix32`.
 */
export function drawer(seed: number, name: string): Draw {
  let key = seed | 0
  for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x0100_0193)
  return (person) => {
    let x = Math.imul(person ^ key, 0x9e37_79b1) ^ key
    x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35)
    return ((x ^ (x >>> 16)) >>> 0) / 0x1_0000_0000
  }
}

/**
 * As many numbers for each person as are asked for, one after the other.
 * Source of the steps: the generator `mulberry32` by Tommy Ettinger.
 */
export class Dice {
  readonly #start: Draw
  #state = 0

  constructor(seed: number, name: string) {
    this.#start = drawer(seed, name)
  }

  /** Begins with the first number of a person. */
  take(person: number): void {
    this.#state = (this.#start(person) * 0x1_0000_0000) | 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    let x = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000
  }

  /** A whole number below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }
}

/** The first index at which the running sum of the shares is above `point`; the number of shares where none is. */
export function pick(shares: readonly number[], point: number): number {
  let sum = 0
  for (let index = 0; index < shares.length; index++) {
    sum += shares[index]!
    if (point < sum) return index
  }
  return shares.length
}
