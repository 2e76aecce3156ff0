import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { compilePattern } from '../base/linear-pattern.ts'

/** Most distinct values of one column: below the 16,777,216 keys at which a JavaScript `Map` ends. */
const maxValues = 16_000_000

/** Most results of text searches that are remembered, per column. */
const maxRemembered = 64

/** How a text is looked for among a column's values. */
export type TextSearch =
  | { readonly kind: 'startsWith' | 'contains'; readonly text: string }
  | { readonly kind: 'matches'; readonly pattern: string }

/**
 * The distinct values of a category column, numbered 0, 1, 2… in order of first sight. Questions about texts are
 * answered here, on the distinct values, and then by one union of their bitmaps (law 8).
 */
export class ValueDictionary {
  readonly #texts: string[]
  readonly #numbers: Map<string, number>
  readonly #searches = new Map<string, readonly number[]>()
  /** Of a fork, how many texts it has: those behind them came later. */
  readonly #limit: number
  /** The texts of a fork, where there are more by now. */
  #own: readonly string[] | null = null

  constructor(
    of: { texts: string[]; numbers: Map<string, number> } = { texts: [], numbers: new Map() },
    limit?: number,
  ) {
    this.#texts = of.texts
    this.#numbers = of.numbers
    this.#limit = limit ?? Number.POSITIVE_INFINITY
  }

  /** The values seen so far, for somebody who keeps them: to be read. Cost: nothing now. */
  fork(): ValueDictionary {
    const fork = new ValueDictionary({ texts: this.#texts, numbers: this.#numbers }, this.size)
    for (const [key, found] of this.#searches) fork.#searches.set(key, found)
    return fork
  }

  /** How many values have been seen; also the version of the dictionary, since values are never taken away. */
  get size(): number {
    return Math.min(this.#limit, this.#texts.length)
  }

  /** How many more values fit. */
  get room(): number {
    return maxValues - this.#texts.length
  }

  /** The number of a text in NFC, or -1. */
  find(text: string): number {
    const number = this.#numbers.get(text)
    return number !== undefined && number < this.#limit ? number : -1
  }

  /** The text of a number. */
  textOf(number: number): string {
    return this.#texts[number]!
  }

  /** All texts in the order of their numbers. */
  get texts(): readonly string[] {
    if (this.#texts.length <= this.#limit) return this.#texts
    this.#own ??= this.#texts.slice(0, this.#limit)
    return this.#own
  }

  /**
   * The number of a text in NFC, which gets the next one if it is new.
   *
   * @throws VALUES_EXHAUSTED
   */
  add(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    invariant(this.#limit === Number.POSITIVE_INFINITY, 'a fork of a dictionary is only read')
    if (this.#texts.length >= maxValues) throw exhausted()
    const number = this.#texts.length
    this.#texts.push(text)
    this.#numbers.set(text, number)
    this.#searches.clear()
    return number
  }

  /**
   * Refuses, before anything is written, values that would not fit.
   *
   * @throws VALUES_EXHAUSTED
   */
  reserve(newValues: number): void {
    if (this.#texts.length + newValues > maxValues) throw exhausted()
  }

  /**
   * Numbers of the values that a search finds, ascending.
   * Cost: a look at each distinct value the first time, then remembered until a new value comes.
   */
  search(search: TextSearch): readonly number[] {
    const constant = search.kind === 'matches' ? search.pattern : search.text
    const key = `${search.kind}\0${constant}`
    const remembered = this.#searches.get(key)
    if (remembered !== undefined) return remembered
    const found: number[] = []
    const test = searchTest(search)
    for (let number = 0; number < this.size; number++) {
      if (test(this.#texts[number]!)) found.push(number)
    }
    if (this.#searches.size >= maxRemembered) this.#searches.clear()
    this.#searches.set(key, found)
    return found
  }
}

/** A search as a test of one text. */
function searchTest(search: TextSearch): (text: string) => boolean {
  if (search.kind !== 'matches') {
    const { kind, text: constant } = search
    return kind === 'startsWith' ? (text) => text.startsWith(constant) : (text) => text.includes(constant)
  }
  const pattern = compilePattern(search.pattern)
  if (typeof pattern === 'string') {
    throw new CrowdbitError('RULE_BAD_PATTERN', `the pattern ${JSON.stringify(search.pattern)} is refused: ${pattern}`)
  }
  return (text) => pattern.test(text)
}

function exhausted(): CrowdbitError {
  return new CrowdbitError(
    'VALUES_EXHAUSTED',
    `a category column holds at most ${maxValues.toLocaleString('en')} distinct values. Free text and ids don't belong in a category.`,
    { maxValues },
  )
}
