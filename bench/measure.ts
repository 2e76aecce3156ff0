import { mulberry32 } from './population.ts'

/** One way to answer a question: run once, it gives the answer. */
export type Contender = () => number

/** Median times of contenders, in microseconds. */
export type Medians = Readonly<Record<string, number>>

/**
 * Races contenders for the same question. Their answers are compared before anything is timed. Rounds are interleaved and
 * each has its own order, drawn from a seed, so that a change of the machine's mood, and what one leaves in the caches, falls
 * on all alike.
 *
 * @param milliseconds how long the race may take, at least 11 rounds.
 */
export function race(question: string, contenders: Readonly<Record<string, Contender>>, milliseconds = 1_500): Medians {
  const names = Object.keys(contenders)
  const answers = names.map((name) => contenders[name]!())
  if (answers.some((answer) => answer !== answers[0])) {
    throw new Error(`${question}: answers differ: ${names.map((name, i) => `${name} ${answers[i]}`).join(', ')}`)
  }
  const began = performance.now()
  const warmUp = began + milliseconds / 4
  for (let i = 0; i < 3 || performance.now() < warmUp; i++) for (const name of names) contenders[name]!()
  const random = mulberry32(7)
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  const end = performance.now() + milliseconds
  for (let round = 0; round < 11 || performance.now() < end; round++) {
    for (const name of shuffled(names, random)) {
      // Once without the clock: what the contender before left of the caches is not this one's cost.
      contenders[name]!()
      const start = performance.now()
      contenders[name]!()
      times[name]!.push(performance.now() - start)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name]!) * 1_000]))
}

/** The items in an order drawn by Fisher and Yates's shuffle. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const item = order[i]!
    order[i] = order[j]!
    order[j] = item
  }
  return order
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
