/** Long work in steps: between two of them others may have their turn. Who leaves it undone ends it by `return`. */
export type Steps<T> = Generator<void, T, void>

/** Does all of the work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
