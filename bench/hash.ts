/**
 * The `index`-th number of a sequence, as 32 random bits: the same on every machine for a seed, in any order and in any
 * process, without what came before. The finaliser of MurmurHash3.
 */
export function hash(index: number, seed: number): number {
  let mixed = (index + Math.imul(seed, 0x9e3779b9)) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** As `hash`, from 0 up to 1, which is not included. */
export function share(index: number, seed: number): number {
  return hash(index, seed) / 2 ** 32
}

/** As `hash`, normally distributed about 0 with a deviation of 1. Takes the sequences of two seeds, `seed` and the next. */
export function normal(index: number, seed: number): number {
  return Math.sqrt(-2 * Math.log(1 - share(index, seed))) * Math.cos(2 * Math.PI * share(index, seed + 1))
}
