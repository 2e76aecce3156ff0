/** Whether an event, by its place among those of an instant, can be a step. */
export type Fits = (event: number, step: number) => boolean

/**
 * Steps at one instant, each of which needs an event of its own: a matching between steps and the events of the instant
 * that grows by one step at a time. A step that finds all its events taken makes another step move, which may make a third
 * one move, until one finds a free event (an augmenting path, looked for in breadth).
 *
 * Source: C. Berge, "Two theorems in graph theory", 1957: a matching without augmenting path is a largest one.
 */
export class SameInstant {
  /** The step that an event is used for, or -1. */
  #owners: Int32Array = new Int32Array(16)
  /** The step from which an event was reached in the present search. */
  #reachedFrom: Int32Array = new Int32Array(16)
  /** The search in which an event was reached last. */
  #searches: Int32Array = new Int32Array(16)
  #search = 0
  /** The event of a step. */
  readonly #events = new Map<number, number>()

  /** The last of the steps `first`, `first + 1`, … that can all happen at one instant; `first - 1` if not even that can. */
  lastFrom(first: number, steps: number, events: number, fits: Fits): number {
    this.#begin(events)
    for (let step = first; step < steps; step++) if (!this.#place(step, events, fits)) return step - 1
    return steps - 1
  }

  #begin(events: number): void {
    if (events > this.#owners.length) {
      this.#owners = new Int32Array(2 * events)
      this.#reachedFrom = new Int32Array(2 * events)
      this.#searches = new Int32Array(2 * events)
      this.#search = 0
    }
    this.#owners.fill(-1, 0, events)
    this.#events.clear()
  }

  #place(step: number, events: number, fits: Fits): boolean {
    if (++this.#search === 2 ** 31) {
      this.#searches.fill(0)
      this.#search = 1
    }
    const queue = [step]
    for (const from of queue) {
      for (let event = 0; event < events; event++) {
        if (this.#searches[event] === this.#search || !fits(event, from)) continue
        this.#searches[event] = this.#search
        this.#reachedFrom[event] = from
        const owner = this.#owners[event]!
        if (owner === -1) {
          this.#move(event, step)
          return true
        }
        queue.push(owner)
      }
    }
    return false
  }

  /** Gives each event on the way back from a free one to the step from which it was reached. */
  #move(event: number, step: number): void {
    for (let free = event; ; ) {
      const owner = this.#reachedFrom[free]!
      const before = this.#events.get(owner)
      this.#owners[free] = owner
      this.#events.set(owner, free)
      if (owner === step) return
      free = before!
    }
  }
}
