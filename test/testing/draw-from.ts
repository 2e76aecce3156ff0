/** Numbers from 0 to below a bound, a fixed sequence for each salt: Knuth's MMIX generator, its upper bits. */
export function drawFrom(salt: number): (below: number) => number {
  let state = BigInt(salt)
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn
    return Number(state >> 33n) % below
  }
}
