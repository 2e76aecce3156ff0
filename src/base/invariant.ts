import { CrowdbitError } from './crowdbit-error.ts'

/**
 * States what must hold whatever the caller did. A failure is our bug, never the user's mistake, and says so.
 *
 * @throws INTERNAL when `condition` is false.
 */
export function invariant(condition: unknown, statement: string): asserts condition {
  if (!condition) {
    throw new CrowdbitError('INTERNAL', `${statement}. This is a bug in crowdbit: please report it with the stack.`)
  }
}
