/**
 * Lists of values of a many-value column, from each of which a person has one. A list that contains another says nothing
 * beside it, so only the smallest are kept.
 *
 * Cost: a step for each value, and for each list whose rarest value it is.
 */
export class ValueLists {
  readonly #kept: (readonly string[])[] = []
  /** The kept lists by that value of theirs which is in the fewest lists. */
  readonly #byRarest = new Map<string | undefined, (readonly string[])[]>()

  constructor(lists: readonly (readonly string[])[]) {
    const uses = new Map<string, number>()
    for (const list of lists) for (const value of list) uses.set(value, (uses.get(value) ?? 0) + 1)
    for (const list of [...lists].sort((a, b) => a.length - b.length)) {
      if (this.someWithin(new Set(list))) continue
      this.#kept.push(list)
      let rarest = list[0]
      for (const value of list) if (uses.get(value)! < uses.get(rarest!)!) rarest = value
      const group = this.#byRarest.get(rarest)
      if (group === undefined) this.#byRarest.set(rarest, [list])
      else group.push(list)
    }
  }

  /** The smallest lists, the shortest first. */
  get all(): readonly (readonly string[])[] {
    return this.#kept
  }

  /** Whether all values of one of the lists are among these, so that who has one from each has one of these. */
  someWithin(values: ReadonlySet<string>): boolean {
    // The empty list, which nobody can fulfil, is within all.
    if (this.#byRarest.has(undefined)) return true
    for (const value of values) {
      if (this.#byRarest.get(value)?.some((list) => list.every((other) => values.has(other)))) return true
    }
    return false
  }
}
