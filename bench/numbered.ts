import { hash, share } from './hash.ts'

/** A made-up population for questions about numbers: everything follows from these two. */
export interface Numbered {
  readonly people: number
  readonly seed: number
}

/** The share of the people who have the tag A. */
export const tagShare = 0.12

/** Whether the person has the tag A, by the person's own coin. */
export function hasTag({ seed }: Numbered, person: number): boolean {
  return share(person, seed) < tagShare
}

/** The person's number of 16 or 24 bits, each value as likely as any other. */
export function numberOf({ seed }: Numbered, bits: 16 | 24, person: number): number {
  return hash(person, seed + bits) >>> (32 - bits)
}
