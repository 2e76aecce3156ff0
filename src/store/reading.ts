/** Something that is read: at once, or while others go on. */
export interface Wanted<T> {
  /** Waits for it, and lets nobody else run meanwhile. */
  now(): T
  later(): Promise<T>
}

/**
 * Work that reads as it goes: it asks for one thing after another, and is handed each by whoever drives it, `readNow` or `readLater`. So
 * what is read at once and what is read in the background is checked by one piece of code.
 */
export type Reading<T> = Generator<Wanted<unknown>, T, unknown>

/** Asks for one thing: `const bytes = yield* want(section)`. */
export function* want<T>(wanted: Wanted<T>): Reading<T> {
  return (yield wanted) as T
}

/** Does all of the work at once. @throws what reading throws, unless the work takes care of it */
export function readNow<T>(reading: Reading<T>): T {
  let step = reading.next()
  while (step.done !== true) {
    let found: unknown
    try {
      found = step.value.now()
    } catch (error) {
      step = reading.throw(error)
      continue
    }
    step = reading.next(found)
  }
  return step.value
}

/** Does the work while others go on. @throws as `readNow` */
export async function readLater<T>(reading: Reading<T>): Promise<T> {
  // It is never given up.
  return (await readLaterWhile(reading, () => true)) as T
}

/**
 * As `readLater`, as long as somebody waits for it.
 *
 * @param isWanted asked whenever something was read, before the work goes on
 * @returns `undefined` when it was given up, whatever had gone wrong by then
 */
export async function readLaterWhile<T>(reading: Reading<T>, isWanted: () => boolean): Promise<T | undefined> {
  let step = reading.next()
  while (step.done !== true) {
    let found: unknown
    let failed = false
    try {
      found = await step.value.later()
    } catch (error) {
      found = error
      failed = true
    }
    if (!isWanted()) return undefined
    step = failed ? reading.throw(found) : reading.next(found)
  }
  return step.value
}
