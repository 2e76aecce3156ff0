import type { Timed } from './duckdb.ts'
import { median, shuffled } from './measure.ts'
import { mulberry32 } from './population.ts'

/** One way to answer a question, which says how long it took. */
export type Duellist = () => Promise<Timed> | Timed

/** Runs work of this process against the clock. */
export function timed(work: () => number): Timed {
  const start = performance.now()
  const answer = work()
  return { answer, ms: performance.now() - start }
}

/**
 * Races ways to answer a question, of which some may be in other processes. Their answers are compared before anything is
 * timed. Rounds are interleaved, each in an order of its own; each runs once without the clock before it is timed.
 *
 * @returns medians in milliseconds.
 */
export async function duel<Name extends string>(
  question: string,
  duellists: Readonly<Record<Name, Duellist>>,
  rounds = 31,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(duellists) as Name[]
  const answers: number[] = []
  for (const name of names) answers.push((await duellists[name]()).answer)
  mustAgree(question, names, answers)
  const random = mulberry32(7)
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(names, random)) {
      await duellists[name]()
      times[name].push((await duellists[name]()).ms)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>
}

/** @throws Error unless all answers are the same */
export function mustAgree(question: string, names: readonly string[], answers: readonly number[]): void {
  if (answers.every((answer) => answer === answers[0])) return
  throw new Error(`${question}: answers differ: ${names.map((name, i) => `${name} ${answers[i]}`).join(', ')}`)
}
