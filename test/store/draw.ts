import type { Choose } from './memory-inode.ts'

/** Whole numbers below what is asked for, that look random and depend on the seed only. */
export function draw(seed: number): Choose {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) | 1
  return (choices) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 8) % choices
  }
}
