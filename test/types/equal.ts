/** Whether two types are the same, and not just assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where `Claim` is true. */
export function holds<Claim extends true>(): Claim {
  return true as Claim
}
