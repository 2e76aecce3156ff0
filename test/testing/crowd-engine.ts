import { type CategoryWriter, createEngine, type Engine, type FlagWriter, type SchemaSpec } from '../../src/index.ts'
import type { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'

/** How many people stand for one person of the reference, by that person's position: from one to several containers. */
const weights = [9_000, 1, 2_000, 40, 300, 2, 7, 30_000, 600, 1] as const
const people = 60

/**
 * An engine in which each person of the small world is a crowd of people with the same values, so that answers of the
 * reference say what an engine of some 250,000 people answers: bitsets, runs, arrays and several containers.
 */
export class CrowdEngine {
  readonly engine: Engine<SchemaSpec> = createEngine({ schema: {} as SchemaSpec })
  readonly #crowds: readonly Uint32Array[]

  /** @param mixed whether crowds lie among each other, or one behind the other. */
  constructor(mixed: boolean) {
    const owners = Array.from({ length: people }, (_, person) =>
      Array<number>(weights[person % weights.length]!).fill(person),
    ).flat()
    if (mixed) shuffle(owners)
    this.engine.putMany(owners.map((_, number) => [number, {}]))
    const crowds = Array.from({ length: people }, (): number[] => [])
    for (const [number, person] of owners.entries()) crowds[person]!.push(number)
    this.#crowds = crowds.map((crowd) => Uint32Array.from(crowd))
  }

  /** Gives everybody the values of the reference, and nothing else. */
  load(reference: ReferencePopulation): void {
    for (const column of Object.keys(this.engine.schema)) this.engine.dropColumn(column)
    for (const [column, spec] of reference.schema) {
      this.engine.addColumn(column, spec)
      const byValue = new Map<string | true, number[]>()
      for (let person = 0; person < people; person++) {
        const value = reference.people.get(idAt(person))?.get(column)
        const texts = value === undefined ? [] : value === true || typeof value === 'string' ? [value] : [...value]
        for (const text of texts) byValue.set(text, [...(byValue.get(text) ?? []), person])
      }
      for (const [value, having] of byValue) {
        const members = this.#union(having)
        const writer = this.engine.tags[column] as FlagWriter | CategoryWriter<string>
        if ('clearAll' in writer) writer.add(String(value), members)
        else writer.replace(members)
      }
    }
  }

  /** The dense numbers, ascending, of the people for whom a set of the reference stands. */
  numbersOf(ids: ReadonlySet<unknown>): Uint32Array {
    return this.#union(
      Array.from({ length: people }, (_, person) => person).filter((person) => ids.has(idAt(person))),
    ).sort()
  }

  /** How many people a set of the reference stands for. */
  sizeOf(ids: ReadonlySet<unknown>): number {
    return this.#crowds.reduce((sum, crowd, person) => sum + (ids.has(idAt(person)) ? crowd.length : 0), 0)
  }

  #union(persons: readonly number[]): Uint32Array {
    const crowds = persons.map((person) => this.#crowds[person]!)
    const all = new Uint32Array(crowds.reduce((sum, crowd) => sum + crowd.length, 0))
    let at = 0
    for (const crowd of crowds) {
      all.set(crowd, at)
      at += crowd.length
    }
    return all
  }
}

/** Fisher and Yates, with a fixed sequence (Numerical Recipes' generator). */
function shuffle(items: number[]): void {
  let state = 1
  for (let last = items.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    const item = items[last]!
    items[last] = items[other]!
    items[other] = item
  }
}
