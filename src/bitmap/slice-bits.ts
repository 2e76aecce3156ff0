/** The bits of a whole number in two's complement, lowest first, one a byte. */
export type Bits = Uint8Array

/** What all values have at a bit: 0 or 1; `null` where they differ. */
export type FixedBits = readonly (0 | 1 | null)[]

/** The lowest `width` bits of a whole number of at most 53 bits and a sign. */
export function bitsOf(value: number, width: number): Bits {
  const low = value | 0
  const high = Math.floor(value / 2 ** 32)
  return Uint8Array.from({ length: width }, (_, i) => (i < 32 ? (low >>> i) & 1 : (high >>> (i - 32)) & 1))
}

/**
 * The least number from `bits` on that has the fixed bits, without them; `null` where there is none.
 *
 * Where everybody has the same bit it says nothing: between numbers that have it, the other bits decide. So a question is
 * first put in terms of numbers that there can be, and then of the bits that differ.
 */
export function leastFrom(bits: Bits, fixed: FixedBits): Bits | null {
  const found = bits.slice()
  for (let i = bits.length - 1; i >= 0; i--) {
    const there = fixed[i]
    if (there === null || there === bits[i]) continue
    // Above bit i all is alike. With a 1 where `bits` has a 0 the number is above already; else a higher bit has to rise.
    let risen = i
    if (there === 0) {
      risen++
      while (risen < bits.length && (fixed[risen] !== null || bits[risen] === 1)) risen++
      if (risen === bits.length) return null
      found[risen] = 1
    }
    found.fill(0, 0, risen)
    break
  }
  return found.filter((_, i) => fixed[i] === null)
}

/** The greatest number up to `bits` that has the fixed bits, without them; `null` where there is none. */
export function greatestUpTo(bits: Bits, fixed: FixedBits): Bits | null {
  const mirrored = leastFrom(
    bits.map((bit) => 1 - bit),
    fixed.map((bit) => (bit === null ? null : bit === 0 ? 1 : 0)),
  )
  return mirrored?.map((bit) => 1 - bit) ?? null
}

/** The bits of the number that comes next. There has to be one of as many bits. */
export function nextOf(bits: Bits): Bits {
  const next = bits.slice()
  const rising = next.indexOf(0)
  next[rising] = 1
  return next.fill(0, 0, rising)
}

/** The highest bit at which two numbers differ, -1 for none. */
export function highestDifference(a: Bits, b: Bits): number {
  let i = a.length - 1
  while (i >= 0 && a[i] === b[i]) i--
  return i
}
