import type { IdDictionary } from '../ids/id-dictionary.ts'
import { damagedEvents } from './damaged-events.ts'

/** Sees to it that each saved event id belongs to one event, and each event has an id of its own. */
export class SavedEventIds {
  readonly #section: string
  readonly #dictionaries: { readonly ids: IdDictionary; readonly used: Uint8Array; count: number }[] = []

  constructor(section: string) {
    this.#section = section
  }

  /** Takes a dictionary of ids that no other has. @throws STORE_CORRUPT */
  add(ids: IdDictionary): void {
    if (this.#dictionaries.length > 0) {
      for (const [, id] of ids.entries()) {
        if (this.#dictionaries.some((other) => other.ids.find(id) !== -1)) {
          throw damagedEvents(this.#section, 'an event id stands in two dictionaries')
        }
      }
    }
    this.#dictionaries.push({ ids, used: new Uint8Array(ids.size), count: 0 })
  }

  /** Whether an event may have this id: it is there, and no other event has it. From now on this one has. */
  use(place: number, number: number): boolean {
    const dictionary = this.#dictionaries[place]!
    if (!dictionary.ids.isLive(number) || dictionary.used[number] !== 0) return false
    dictionary.used[number] = 1
    dictionary.count++
    return true
  }

  /** Takes back what `use` gave: the event is not to be kept. */
  giveBack(place: number, number: number): void {
    const dictionary = this.#dictionaries[place]!
    dictionary.used[number] = 0
    dictionary.count--
  }

  /** Forgets ids that no event has, where events are lost. */
  dropUnused(): void {
    for (const { ids, used } of this.#dictionaries) {
      for (let number = 0; number < ids.size; number++) if (used[number] === 0) ids.remove(number)
    }
  }

  /** @throws STORE_CORRUPT for ids that no event has */
  end(): void {
    for (const { ids, count } of this.#dictionaries) {
      if (count < ids.liveCount) throw damagedEvents(this.#section, 'an event id belongs to no event')
    }
  }
}
