/** A question of the bench: the same for all who answer it. */
export interface Question {
  readonly key: string
  readonly name: string
  /** `set`: it is asked as a count and as a built set. `number`: the answer is a number about the people. */
  readonly kind: 'set' | 'number'
  /** Whether its windows slide by a day with each turn, so that no kept answer fits. */
  readonly slides: boolean
}

const set = (key: string, name: string, slides = false): Question => ({ key, name, kind: 'set', slides })
const number = (key: string, name: string): Question => ({ key, name, kind: 'number', slides: false })

/** The shapes. */
export const questions: readonly Question[] = [
  set('S1', 'S1 A ∩ B'),
  set('S2', 'S2 A ∩ B − C'),
  set('S3', 'S3 (A ∪ B) ∩ (C ∪ D) − E'),
  set('S4a', 'S4 sparse ∩ sparse'),
  set('S4b', 'S4 sparse ∩ dense'),
  set('S5a', 'S5 union of 7'),
  set('S5b', 'S5 union of 200'),
  set('S6a', 'S6 at least 3 of 8'),
  set('S6b', 'S6 at least 10 of 50'),
  set('S7a', 'S7 range over 16 slices ∩ A'),
  set('S7b', 'S7 range over 24 slices ∩ A'),
  number('S8a', 'S8 sum and average over S2'),
  number('S8b', 'S8 median over S2'),
  set('S9a', 'S9 event count ≥ 3 in 7 days', true),
  set('S9b', 'S9 event count ≥ 3 in 90 days', true),
  number('S10a', 'S10 S2 by a category of 50'),
  number('S10b', 'S10 S2 by a category of 5,000'),
  set('S11', 'S11 40 conditions of mixed kinds', true),
  set('S12', 'S12 headline, 15-day window', true),
]

/** Constants of the questions: ranges in S7 and S11. */
export const range16: readonly [number, number] = [12_345, 32_007]
export const range24: readonly [number, number] = [12_345 * 256 + 77, 32_007 * 256 + 178]
/** S11: values of the category and of views that it asks for, and its numbers. */
export const mixed: {
  readonly values: readonly number[]
  readonly least16: number
  readonly below24: number
  readonly viewDays: number
  readonly buyDays: number
  readonly any: readonly string[]
  readonly atLeast2: readonly string[]
  readonly none: readonly string[]
} = {
  values: [0, 3, 7],
  least16: 3_000,
  below24: 15_000_000,
  viewDays: 30,
  buyDays: 60,
  /** T1 to T10: any of them. */
  any: Array.from({ length: 10 }, (_, i) => `T${i + 1}`),
  /** T11 to T22: at least 2. */
  atLeast2: Array.from({ length: 12 }, (_, i) => `T${i + 11}`),
  /** T23 to T30: none. */
  none: Array.from({ length: 8 }, (_, i) => `T${i + 23}`),
}
/** S12: the category that was viewed, and how many days. */
export const headline = { category: 3, days: 15 } as const

/** S10: the category of each. */
export const profiles: readonly (readonly [key: string, category: 'c50' | 'c5000'])[] = [
  ['S10a', 'c50'],
  ['S10b', 'c5000'],
]

/** One way to answer a question; the turn says where windows stand. */
export type Way = (turn: number) => number | Promise<number>

/** How somebody answers: by key of the question, as a count (or number), and as a built set, which gives its size. */
export type Ways = Readonly<Record<string, { readonly count?: Way; readonly set?: Way }>>

/** Somebody who answers, in a process of its own. */
export interface Peer {
  readonly ways: Ways
  /** Bytes that it says it holds, by what; beside the memory of its process. */
  readonly bytes?: Readonly<Record<string, number>>
  close?(): void
}

/** The checksum of a profile: what all peers have to agree on. */
export function profileSum(rows: Iterable<readonly [value: number, people: number]>): number {
  let sum = 0
  for (const [value, people] of rows) sum += (value + 1) * people
  return sum
}
