import { wordsOfContainer } from '../bitmap/container-words.ts'
import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import type { Term } from './event-term.ts'
import { allRows, RowSelector } from './row-selector.ts'

/** Measures whether a person has an event at all: a bit for each. */
export class DidAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #terms: readonly Term[]
  readonly #selector = new RowSelector()
  readonly #bits: Int32Array = new Int32Array(wordsOfContainer)

  constructor(terms: readonly Term[]) {
    this.#terms = terms
  }

  take(piece: Piece, lo: number, hi: number): void {
    const found = this.#selector.select(piece, this.#terms[piece.term]!.test, lo, hi)
    if (found === allRows) setRun(this.#bits, piece.day.people, lo, hi)
    else setRows(this.#bits, piece.day.people, this.#selector.rows, found)
  }

  emit(words: Int32Array): boolean {
    const bits = this.#bits
    for (let i = 0; i < wordsOfContainer; i++) words[i] = words[i]! | bits[i]!
    bits.fill(0)
    return true
  }

  one(low: number): boolean {
    const did = this.#bits[low >>> 5] !== 0
    this.#bits[low >>> 5] = 0
    return did
  }
}

function setRun(bits: Int32Array, people: Uint32Array, lo: number, hi: number): void {
  for (let i = lo; i < hi; i++) {
    const person = people[i]!
    const word = (person >>> 5) & (wordsOfContainer - 1)
    bits[word] = bits[word]! | (1 << person)
  }
}

function setRows(bits: Int32Array, people: Uint32Array, rows: Uint32Array, found: number): void {
  for (let i = 0; i < found; i++) {
    const person = people[rows[i]!]!
    const word = (person >>> 5) & (wordsOfContainer - 1)
    bits[word] = bits[word]! | (1 << person)
  }
}
