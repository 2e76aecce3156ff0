/** The people of a small schema as plain objects: what an engine has to agree with, whatever happens to its process and its disk. */

/** What a program writes. */
export type ModelWrite =
  | {
      readonly kind: 'put'
      readonly id: string
      readonly vip: boolean
      readonly tier: string | null
      readonly best: number | null
    }
  | {
      readonly kind: 'track'
      readonly id: string
      readonly at: number
      readonly amount: number
      readonly eventId: string | null
    }
  | { readonly kind: 'link'; readonly a: string; readonly b: string }
  | { readonly kind: 'remove'; readonly id: string }

interface Person {
  readonly ids: Set<string>
  readonly seen: number
  vip: boolean
  /** With when it was written. */
  tier: { readonly value: string; readonly at: number } | null
  best: number | null
  events: { readonly at: number; readonly amount: number }[]
  eventIds: Set<string>
}

/** What a person is to be. */
export interface ModelPerson {
  readonly vip: true | undefined
  readonly tier: string | undefined
  readonly best: number | undefined
  readonly events: readonly (readonly [at: number, amount: number])[]
}

/** People after some writes. */
export class PlainModel {
  readonly #people = new Map<string, Person>()
  #writes = 0

  static after(writes: readonly ModelWrite[]): PlainModel {
    const model = new PlainModel()
    for (const write of writes) model.apply(write)
    return model
  }

  apply(write: ModelWrite): void {
    this.#writes++
    switch (write.kind) {
      case 'put': {
        const person = this.#person(write.id)
        person.vip = write.vip
        person.tier = write.tier === null ? null : { value: write.tier, at: this.#writes }
        person.best = write.best
        break
      }
      case 'track': {
        const person = this.#person(write.id)
        if (write.eventId !== null) {
          if ([...this.#people.values()].some(({ eventIds }) => eventIds.has(write.eventId!))) break
          person.eventIds.add(write.eventId)
        }
        person.events.push({ at: write.at, amount: write.amount })
        break
      }
      case 'link':
        this.#link(this.#person(write.a), write.b)
        break
      case 'remove': {
        const person = this.#people.get(write.id)
        for (const id of person?.ids ?? []) this.#people.delete(id)
      }
    }
  }

  get size(): number {
    return new Set(this.#people.values()).size
  }

  /** `null` for an id that nobody has. */
  person(id: string): ModelPerson | null {
    const person = this.#people.get(id)
    if (person === undefined) return null
    const events = [...person.events].sort((a, b) => a.at - b.at || a.amount - b.amount)
    return {
      vip: person.vip ? true : undefined,
      tier: person.tier?.value,
      best: person.best ?? undefined,
      events: events.map(({ at, amount }) => [at, amount] as const),
    }
  }

  /** All ids of the person who has one of them, sorted; none for an id that nobody has. */
  idsOf(id: string): readonly string[] {
    return [...(this.#people.get(id)?.ids ?? [])].sort()
  }

  /** How many people pass a test. */
  count(test: (person: ModelPerson) => boolean): number {
    const one = new Map([...this.#people].map(([id, person]) => [person, id]))
    return [...one.values()].filter((id) => test(this.person(id)!)).length
  }

  #person(id: string): Person {
    let person = this.#people.get(id)
    if (person === undefined) {
      const seen = this.#writes
      person = { ids: new Set([id]), seen, vip: false, tier: null, best: null, events: [], eventIds: new Set() }
      this.#people.set(id, person)
    }
    return person
  }

  #link(first: Person, id: string): void {
    const second = this.#people.get(id)
    if (second === undefined) {
      first.ids.add(id)
      this.#people.set(id, first)
      return
    }
    if (first === second) return
    const [stays, leaves] = first.seen <= second.seen ? [first, second] : [second, first]
    stays.vip ||= leaves.vip
    if (leaves.tier !== null && (stays.tier === null || leaves.tier.at > stays.tier.at)) stays.tier = leaves.tier
    if (leaves.best !== null) stays.best = Math.max(stays.best ?? leaves.best, leaves.best)
    stays.events.push(...leaves.events)
    for (const one of leaves.eventIds) stays.eventIds.add(one)
    for (const one of leaves.ids) {
      stays.ids.add(one)
      this.#people.set(one, stays)
    }
  }
}
