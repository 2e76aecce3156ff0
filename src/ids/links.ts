import { MarkedBits } from './marked-bits.ts'
import { NumberChunks } from './number-chunks.ts'

/** The links of one moment: of aliases that were new when they were linked, or of those that had been people. */
export interface LinkSnapshot {
  count(wasPerson: boolean): number
  /** Aliases and their people, ascending. */
  pairs(wasPerson: boolean): Iterable<readonly [alias: number, person: number]>
}

/**
 * Which ids are of one person (law 4), by their dense numbers. A person is named by the lowest of them; each other one is an
 * alias, whose number is nobody's:
 *
 * ```
 * number   0     1     2     3     4
 * leads    -     0     -     2     0         0, 1 and 4 are one person, 2 and 3 another
 * ring     1     4     3     2     0         round all numbers of a person, in any order
 * ```
 *
 * Both are kept only where there are links: 4 bytes each for every number of the 65,536 among which one is.
 */
export class Links {
  /** The number of the person and 1; 0 for a number that is no alias. */
  readonly #leads = new NumberChunks()
  /** The next number of the same person and 1; 0 for a number that is alone. */
  readonly #ring = new NumberChunks()
  /** Aliases that had been people of their own. */
  readonly #merged = new MarkedBits()
  #count = 0
  #moment = 0
  #readers = 0
  /** While there are readers of earlier moments: at which moment a number came to lead where it leads. */
  readonly #since = new Map<number, number>()

  /** How many numbers are aliases. */
  get count(): number {
    return this.#count
  }

  /** Grows with every change. */
  get moment(): number {
    return this.#moment
  }

  /** Bytes of the arrays. */
  get byteSize(): number {
    return this.#leads.byteSize + this.#ring.byteSize + this.#merged.byteSize
  }

  /** The number of the person whose number, or alias, this is. Cost: an array look. */
  personOf(dense: number): number {
    const lead = this.#leads.get(dense)
    return lead === 0 ? dense : lead - 1
  }

  isAlias(dense: number): boolean {
    return this.#leads.get(dense) !== 0
  }

  /** Whether a person has aliases. */
  isLinked(person: number): boolean {
    return this.#ring.get(person) !== 0
  }

  /** Whether an alias was a person of its own before it was linked. */
  wasPerson(alias: number): boolean {
    return this.#merged.has(alias)
  }

  /** All numbers of a person, ascending: its own first. */
  membersOf(person: number): number[] {
    const members = [person]
    for (let next = this.#next(person); next !== person; next = this.#next(next)) members.push(next)
    return members.sort((a, b) => a - b)
  }

  /** All aliases, ascending. */
  aliases(): Iterable<number> {
    return this.#leads.places()
  }

  /** Makes a number that was never a person's an alias of one. */
  link(alias: number, person: number): void {
    this.#moment++
    this.#lead(alias, person)
    this.#join(alias, person)
  }

  /** Makes a person an alias of another, who stays; so become its aliases. */
  merge(leaving: number, staying: number): void {
    this.#moment++
    for (const member of this.membersOf(leaving)) this.#lead(member, staying)
    this.#merged.add(leaving)
    this.#join(leaving, staying)
  }

  /** Takes an alias off its person. */
  unlink(alias: number): void {
    this.#moment++
    let before = this.personOf(alias)
    while (this.#next(before) !== alias) before = this.#next(before)
    const next = this.#next(alias)
    this.#ring.set(before, next === before ? 0 : next + 1)
    this.#forget(alias)
  }

  /** Takes a person apart who is removed. Gives all of its numbers. */
  remove(person: number): number[] {
    const members = this.membersOf(person)
    if (members.length === 1) return members
    this.#moment++
    for (const member of members) this.#forget(member)
    return members
  }

  /** The links as they are now, to be written while they change. Cost: a bit an alias, and copies of what is linked meanwhile. */
  snapshot(): LinkSnapshot {
    const count = this.#count
    const leads = this.#leads.copy()
    const merged = this.#merged.copy()
    return {
      count: (wasPerson) => (wasPerson ? merged.count : count - merged.count),
      *pairs(wasPerson) {
        for (const alias of leads.places()) if (merged.has(alias) === wasPerson) yield [alias, leads.get(alias) - 1]
      },
    }
  }

  /** Takes a link back that was saved. */
  restore(alias: number, person: number, wasPerson: boolean): void {
    this.link(alias, person)
    if (wasPerson) this.#merged.add(alias)
  }

  /** Begins a reader of the present moment, which it gives. */
  hold(): number {
    this.#readers++
    return this.#moment
  }

  /** Ends a reader. */
  letGo(): void {
    if (--this.#readers === 0) this.#since.clear()
  }

  /** Whether an alias led where it leads at a moment for which there is a reader. */
  ledAt(alias: number, moment: number): boolean {
    return (this.#since.get(alias) ?? 0) <= moment
  }

  #next(dense: number): number {
    const next = this.#ring.get(dense)
    return next === 0 ? dense : next - 1
  }

  #lead(alias: number, person: number): void {
    if (!this.isAlias(alias)) this.#count++
    this.#leads.set(alias, person + 1)
    if (this.#readers > 0) this.#since.set(alias, this.#moment)
  }

  /** Makes one ring of two: each goes on where the other did. */
  #join(a: number, b: number): void {
    const afterA = this.#next(a)
    this.#ring.set(a, this.#next(b) + 1)
    this.#ring.set(b, afterA + 1)
  }

  #forget(member: number): void {
    if (this.isAlias(member)) this.#count--
    this.#leads.set(member, 0)
    this.#ring.set(member, 0)
    this.#since.delete(member)
    if (this.#merged.has(member)) this.#merged.delete(member)
  }
}
