import type { ExternalId } from '../base/brand.ts'
import type { Merge } from '../columns/merge-people.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { idKey } from '../ids/id-key.ts'
import type { LinkPair } from './mutation.ts'

/** What pairs of ids come to. */
export interface LinkPlan {
  /** Ids that nobody has, in order of first sight: they get the next numbers. */
  readonly newIds: readonly ExternalId[]
  /** Of the new numbers, those of new people. */
  readonly created: readonly number[]
  /** New numbers that are others' aliases. */
  readonly aliases: readonly { readonly alias: number; readonly person: number }[]
  /** People who become one, each group by itself. */
  readonly merges: readonly Merge[]
}

/**
 * What pairs of ids that are one person come to, changing nothing. Who was seen first names the person, whatever the order of the
 * pairs.
 * Cost: two look-ups a pair.
 */
export function planLinks(pairs: readonly LinkPair[], ids: IdDictionary): LinkPlan {
  const fresh = new Map<string, number>()
  const newIds: ExternalId[] = []
  const numberOf = (id: ExternalId): number => {
    const known = ids.find(id)
    if (known !== -1) return known
    const key = idKey(id)
    const given = fresh.get(key)
    if (given !== undefined) return given
    const number = ids.size + newIds.length
    fresh.set(key, number)
    newIds.push(id)
    return number
  }
  const groups = new Groups()
  for (const [a, b] of pairs) {
    // One after the other: new ids get their numbers in this order.
    const first = numberOf(a)
    groups.unite(first, numberOf(b))
  }
  const created: number[] = []
  const aliases: { alias: number; person: number }[] = []
  const merges: Merge[] = []
  for (const [person, ...others] of groups.all()) {
    const leaving: number[] = []
    if (person! >= ids.size) created.push(person!)
    for (const other of others) {
      if (other >= ids.size) aliases.push({ alias: other, person: person! })
      else leaving.push(other)
    }
    if (leaving.length > 0) merges.push({ staying: person!, leaving })
  }
  return { newIds, created, aliases, merges }
}

/** Numbers in groups, each of which has the lowest of them as its root. */
class Groups {
  readonly #parents = new Map<number, number>()

  unite(a: number, b: number): void {
    const [low, high] = [this.#rootOf(a), this.#rootOf(b)].sort((x, y) => x - y) as [number, number]
    this.#parents.set(high, low)
  }

  /** The groups, each ascending, by their lowest number. */
  all(): number[][] {
    const byRoot = new Map<number, number[]>()
    for (const number of [...this.#parents.keys()].sort((a, b) => a - b)) {
      const root = this.#rootOf(number)
      const group = byRoot.get(root)
      if (group === undefined) byRoot.set(root, [number])
      else group.push(number)
    }
    return [...byRoot.values()]
  }

  #rootOf(number: number): number {
    let root = number
    for (let next = this.#parents.get(root) ?? root; next !== root; next = this.#parents.get(root)!) root = next
    // Whoever asks again finds it at once.
    for (let at = number; at !== root; ) {
      const next = this.#parents.get(at)!
      this.#parents.set(at, root)
      at = next
    }
    this.#parents.set(root, root)
    return root
  }
}
