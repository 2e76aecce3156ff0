import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { invalid } from './ingest-options.ts'

const usualTruthy: readonly string[] = Object.freeze(['true', '1', 'yes', '是'])
const usualFalsy: readonly string[] = Object.freeze(['false', '0', 'no', '否'])

/** The texts that mean true and false. */
export class FlagWords {
  readonly #meaning = new Map<string, boolean>()

  /** A list that is given takes the place of the usual one. @throws OPTION_INVALID for a word in both lists */
  constructor(truthy?: readonly string[], falsy?: readonly string[]) {
    for (const word of fold('truthy', truthy ?? usualTruthy)) this.#meaning.set(word, true)
    for (const word of fold('falsy', falsy ?? usualFalsy)) {
      const isTruthy = this.#meaning.has(word)
      if (isTruthy && truthy !== undefined && falsy !== undefined) {
        throw new CrowdbitError('OPTION_INVALID', `${show(word)} is in both truthy and falsy`, { word })
      }
      // A word that was given wins over a usual one.
      if (!isTruthy || falsy !== undefined) this.#meaning.set(word, false)
    }
  }

  /** What the text means; `undefined` for no word of either list. */
  meaningOf(text: string): boolean | undefined {
    return this.#meaning.get(text) ?? this.#meaning.get(folded(text))
  }

  /** The words that mean this, for a message. */
  wordsFor(meaning: boolean): string {
    return [...this.#meaning].flatMap(([word, its]) => (its === meaning ? [show(word)] : [])).join(', ')
  }
}

function fold(option: string, words: unknown): string[] {
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    throw invalid(option, words, 'a list of texts')
  }
  return words.map(folded)
}

function folded(word: string): string {
  return word.normalize('NFC').toLowerCase()
}
