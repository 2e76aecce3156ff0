import { bitsOf, meet, wordsFor } from './bit-words.ts'
import { SameInstant } from './same-instant.ts'
import type { SequencePlan } from './sequence-plan.ts'

/** Events that may belong to a chain. */
export interface ChainEvents {
  readonly times: Float64Array
  /** For each word of bits, that of each event: which terms it is of. */
  readonly bits: readonly Uint32Array[]
}

/** Where chains may lie. */
export interface ChainSpan {
  /** No step happens from this instant on. */
  readonly windowEnd: number
  /** The present: later absences aren't known. */
  readonly asOf: number
}

/**
 * Finds out whether a person's events hold a chain that fits (law 15): any is enough.
 *
 * The instants at which the person has events are walked in order. For each step `k` only one thing is kept: the latest
 * instant, `last[k]`, at which a chain of the steps up to `k` can end. That is enough:
 *
 * - What may follow a chain of the steps up to `k` depends on `k` and on the instant `t` at which it ends, on nothing else:
 *   events at later instants are others than those of the chain, so that no event is used twice.
 * - Step `k + 1` at a later instant `u` asks of `t`: `u - t <= within`, so `t >= u - within`; and no event of `without`
 *   strictly between, so `t >= w` for `w`, the latest instant before `u` with such an event (at `w` itself it isn't between).
 *   Both are bounds from below. So if any `t < u` fits, the latest `t < u` fits, and no other need be known.
 * - With `allowSameTime` some steps `j … k` of a chain lie at one instant `u`: they follow each other in the chain, since its
 *   times never go down. Gaps among them are 0, and nothing is strictly between. So they fit if step `j` follows on
 *   `last[j - 1]`, from before `u`, as above (or is the first step), and each of them can have an event of its own of `u`, which
 *   `SameInstant` finds out. What holds of `j … k` holds of `j … i` for `i < k`, so the longest run from `j` tells all.
 *
 * Of a chain's last instants the earliest is kept that no event has ruled out: one of `absence` at `a` rules out every
 * `t < a` with `a <= t + within`; if the earliest is too late for `a`, so are the others.
 */
export class ChainFinder {
  readonly #plan: SequencePlan
  readonly #without: readonly (Uint32Array | null)[]
  readonly #absent: Uint32Array | null
  readonly #last: Float64Array
  readonly #lastWithout: Float64Array
  readonly #reached: Uint8Array
  readonly #present: Uint32Array
  readonly #sameInstant = new SameInstant()

  constructor(plan: SequencePlan) {
    const { steps, terms, absence } = plan
    this.#plan = plan
    this.#without = steps.map(({ without }) => (without.length === 0 ? null : bitsOf(without, terms.length)))
    this.#absent = absence === null ? null : bitsOf(absence.terms, terms.length)
    this.#last = new Float64Array(steps.length)
    this.#lastWithout = new Float64Array(steps.length)
    this.#reached = new Uint8Array(steps.length)
    this.#present = new Uint32Array(wordsFor(terms.length))
  }

  /** Whether the events `order[from]` to `order[to - 1]`, which are in order of time, hold a chain. */
  find({ times, bits }: ChainEvents, order: Uint32Array, from: number, to: number, span: ChainSpan): boolean {
    const { steps, absence } = this.#plan
    const { windowEnd, asOf } = span
    const present = this.#present
    // Loops: a call of `fill` costs more than these few.
    for (let step = 0; step < steps.length; step++) {
      this.#last[step] = Number.NEGATIVE_INFINITY
      this.#lastWithout[step] = Number.NEGATIVE_INFINITY
    }
    let earliestEnd = Number.POSITIVE_INFINITY
    for (let next = from; next < to; ) {
      const begin = next
      const at = times[order[begin]!]!
      for (let word = 0; word < present.length; word++) present[word] = 0
      for (; next < to && times[order[next]!] === at; next++) {
        const event = order[next]!
        for (let word = 0; word < present.length; word++) present[word] = present[word]! | bits[word]![event]!
      }
      if (absence !== null && earliestEnd < at && meet(present, this.#absent!)) {
        if (earliestEnd + absence.within < at) return true
        earliestEnd = Number.POSITIVE_INFINITY
      }
      const isLastReached =
        at < windowEnd &&
        (this.#plan.allowSameTime && next - begin > 1
          ? this.#stepTogether(at, bits, order, begin, next)
          : this.#step(at))
      if (isLastReached) {
        if (absence === null) return true
        if (earliestEnd === Number.POSITIVE_INFINITY) earliestEnd = at
      }
      for (let step = 1; step < steps.length; step++) {
        const without = this.#without[step]!
        if (without !== null && meet(present, without)) this.#lastWithout[step] = at
      }
    }
    return absence !== null && earliestEnd + absence.within <= asOf
  }

  /** One step at most happens at an instant. From the last step down, so that none follows on one of the same instant. */
  #step(at: number): boolean {
    const { steps } = this.#plan
    let isLast = false
    for (let step = steps.length - 1; step >= 0; step--) {
      const { term } = steps[step]!
      if ((this.#present[term >>> 5]! & (1 << term)) === 0 || !this.#follows(step, at)) continue
      this.#last[step] = at
      if (step === steps.length - 1) isLast = true
    }
    return isLast
  }

  /** Several steps may happen at an instant, each by an event of its own. */
  #stepTogether(at: number, bits: readonly Uint32Array[], order: Uint32Array, begin: number, end: number): boolean {
    const { steps } = this.#plan
    const reached = this.#reached
    reached.fill(0)
    const fits = (event: number, step: number): boolean => {
      const { term } = steps[step]!
      return (bits[term >>> 5]![order[begin + event]!]! & (1 << term)) !== 0
    }
    for (let step = 0; step < steps.length; step++) {
      if (!this.#follows(step, at)) continue
      const last = this.#sameInstant.lastFrom(step, steps.length, end - begin, fits)
      reached.fill(1, step, last + 1)
    }
    for (let step = 0; step < steps.length; step++) if (reached[step] === 1) this.#last[step] = at
    return reached[steps.length - 1] === 1
  }

  /** Whether a step at an instant follows on a chain of the steps before it that ended before. */
  #follows(step: number, at: number): boolean {
    if (step === 0) return true
    const before = this.#last[step - 1]!
    return (
      before !== Number.NEGATIVE_INFINITY &&
      at - before <= this.#plan.steps[step]!.within &&
      before >= this.#lastWithout[step]!
    )
  }
}
