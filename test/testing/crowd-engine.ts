import {
  type CategoryWriter,
  createEngine,
  type Engine,
  type FlagWriter,
  type Millis,
  type NumberWriter,
  type PropertySpec,
  type SchemaSpec,
} from '../../src/index.ts'
import { decimalText, type ReferenceDecimal } from '../../src/testing/reference-numbers.ts'
import type { ReferencePopulation } from '../../src/testing/reference-population.ts'
import type { ReferenceEvent, ReferenceValue } from '../../src/testing/reference-view.ts'
import { defaultFrame } from '../../src/testing/time-arbitrary.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'

/** How many people stand for one person of the reference, by that person's position: from one to several containers. */
const weights = [9_000, 1, 2_000, 40, 300, 2, 7, 30_000, 600, 1] as const
const people = 60

/**
 * An engine in which each person of the small world is a crowd of people with the same values, so that answers of the
 * reference say what an engine of some 250,000 people answers: bitsets, runs, arrays and several containers.
 */
export class CrowdEngine {
  readonly engine: Engine<SchemaSpec>
  readonly #crowds: readonly Uint32Array[]
  #now = 0

  /** @param mixed whether crowds lie among each other, or one behind the other. */
  constructor(mixed: boolean, timeZone: string = defaultFrame.timeZone) {
    const clock = { now: () => this.#now as Millis }
    this.engine = createEngine({ schema: {} as SchemaSpec, timeZone, clock })
    const owners = Array.from({ length: people }, (_, person) =>
      Array<number>(weights[person % weights.length]!).fill(person),
    ).flat()
    if (mixed) shuffle(owners)
    this.engine.putMany(owners.map((_, number) => [number, {}]))
    const crowds = Array.from({ length: people }, (): number[] => [])
    for (const [number, person] of owners.entries()) crowds[person]!.push(number)
    this.#crowds = crowds.map((crowd) => Uint32Array.from(crowd))
  }

  /** Gives everybody the values and the events of the reference, and nothing else. Its zone has to be that of the engine. */
  load(reference: ReferencePopulation): void {
    this.#now = reference.asOf
    for (const column of Object.keys(this.engine.schema)) this.engine.dropColumn(column)
    for (const [column, spec] of reference.schema) {
      this.engine.addColumn(column, spec)
      if (spec.kind === 'event') this.#loadEvents(column, spec.properties, reference)
      else if (spec.kind === 'number' || spec.kind === 'timestamp') this.#loadNumbers(column, reference)
      else this.#loadTexts(column, reference)
    }
  }

  #loadTexts(column: string, reference: ReferencePopulation): void {
    const byValue = new Map<string | true, number[]>()
    for (let person = 0; person < people; person++) {
      for (const text of textsOf(reference.people.get(idAt(person))?.get(column))) {
        byValue.set(text, [...(byValue.get(text) ?? []), person])
      }
    }
    for (const [value, having] of byValue) {
      const members = this.#union(having)
      const writer = this.engine.tags[column] as unknown as FlagWriter | CategoryWriter<string>
      if ('clearAll' in writer) writer.add(String(value), members)
      else writer.replace(members)
    }
  }

  #loadNumbers(column: string, reference: ReferencePopulation): void {
    const having = Array.from({ length: people }, (_, person) => {
      const value = reference.people.get(idAt(person))?.get(column)
      return value === undefined ? [] : [{ person, value: numberIn(value) }]
    }).flat()
    const members = this.#union(having.map(({ person }) => person))
    const values = having.flatMap(({ person, value }) =>
      Array<number | string>(this.#crowds[person]!.length).fill(value),
    )
    const writer = this.engine.tags[column] as unknown as NumberWriter
    writer.replace(members, values)
  }

  /** Everybody of a crowd does what its person did. Ids of events would make all but one of them duplicates. */
  #loadEvents(event: string, properties: Readonly<Record<string, PropertySpec>>, reference: ReferencePopulation): void {
    const done = Array.from({ length: people }, (_, person) =>
      (reference.events.get(idAt(person)) ?? [])
        .filter((one) => one.event === event)
        .map((one) => ({ one, crowd: this.#crowds[person]! })),
    ).flat()
    const columnOf = <Value>(read: (one: ReferenceEvent) => Value): Value[] =>
      done.flatMap(({ one, crowd }) => Array<Value>(crowd.length).fill(read(one)))
    const dense = new Uint32Array(done.reduce((sum, { crowd }) => sum + crowd.length, 0))
    let place = 0
    for (const { crowd } of done) {
      dense.set(crowd, place)
      place += crowd.length
    }
    const columns = Object.keys(properties).map((property) => [
      property,
      columnOf(({ properties: values }) => written(values.get(property))),
    ])
    const at = Float64Array.from(columnOf((one) => one.at))
    this.engine.trackColumns(event as never, { dense, at, ...Object.fromEntries(columns) } as never)
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

function textsOf(value: ReferenceValue | undefined): readonly (string | true)[] {
  if (value === true || typeof value === 'string') return [value]
  return value instanceof Set ? [...(value as ReadonlySet<string>)] : []
}

/** A decimal or an instant as it is written: decimals as text, which carries all of them. */
function numberIn(value: ReferenceValue): number | string {
  return typeof value === 'number' ? value : String(written(value))
}

/** A property as it is written: decimals as text, which carries all of them. */
function written(value: ReferenceValue | undefined): string | boolean | null {
  if (value === undefined) return null
  return value === true || typeof value === 'string' ? value : decimalText(value as ReferenceDecimal)
}
