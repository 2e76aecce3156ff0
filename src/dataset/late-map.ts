import { type Forkable, Late } from './late.ts'

/** Parts of the data by name, as a `Map` in the order in which they were put there; each may be loaded when it is first used. */
export class LateMap<T extends Forkable<T>> implements Iterable<[string, T]> {
  readonly #parts = new Map<string, Late<T>>()

  has(name: string): boolean {
    return this.#parts.has(name)
  }

  /** Loads it if need be. @throws STORE_CORRUPT, STORE_IO */
  get(name: string): T | undefined {
    return this.#parts.get(name)?.value
  }

  set(name: string, value: T): void {
    this.#parts.set(name, Late.of(value))
  }

  delete(name: string): boolean {
    return this.#parts.delete(name)
  }

  keys(): IterableIterator<string> {
    return this.#parts.keys()
  }

  /** Loads each that isn't, when it is its turn. @throws STORE_CORRUPT, STORE_IO */
  *values(): Generator<T, void, undefined> {
    for (const part of this.#parts.values()) yield part.value
  }

  /** As `values`, with names. @throws STORE_CORRUPT, STORE_IO */
  *entries(): Generator<[string, T], void, undefined> {
    for (const [name, part] of this.#parts) yield [name, part.value]
  }

  [Symbol.iterator](): Generator<[string, T], void, undefined> {
    return this.entries()
  }

  /** What is there of a name, loaded or not. */
  late(name: string): Late<T> | undefined {
    return this.#parts.get(name)
  }

  setLate(name: string, part: Late<T>): void {
    this.#parts.set(name, part)
  }

  /** As it is now, to be read alone. Cost: the number of parts; none is loaded. */
  fork(): LateMap<T> {
    const fork = new LateMap<T>()
    for (const [name, part] of this.#parts) fork.#parts.set(name, part.fork())
    return fork
  }

  /** Ends a fork. */
  dispose(): void {
    for (const part of this.#parts.values()) part.dispose()
  }
}
