import type { DenseId, ExternalId } from '../base/brand.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { IdSnapshot } from '../ids/id-snapshot.ts'
import type { Links } from '../ids/links.ts'
import { type Reading, readLaterWhile, readNow } from '../store/reading.ts'

/** What is known of ids before they are loaded. */
export interface IdCounts {
  /** Numbers that were given out. */
  readonly size: number
  /** Ids that were linked to another. */
  readonly aliases: number
}

/**
 * A dictionary that is loaded when it is first used. It stays one object, since user sets and versions of audiences know their engine by
 * its dictionary. What can't be read is thrown by each use.
 *
 * Every public method of `IdDictionary` that looks at the ids is here and goes on to the one that was loaded: a test says so.
 */
export class LateIds extends IdDictionary {
  readonly #counts: IdCounts
  /** `null` when it is loaded. */
  #load: (() => Reading<IdDictionary>) | null
  #loaded: IdDictionary | null = null
  /** Readers of the moment of the save: see `holdLinks`. */
  #holding = 0

  constructor(counts: IdCounts, load: () => Reading<IdDictionary>) {
    super()
    this.#counts = counts
    this.#load = load
  }

  get isLoaded(): boolean {
    return this.#loaded !== null
  }

  /** How many ids are linked to another. Nothing is loaded. */
  get aliasCount(): number {
    return this.#loaded === null ? this.#counts.aliases : (this.#loaded.links?.count ?? 0)
  }

  /** Loads the ids while others go on: see `Late.load`. @throws STORE_CORRUPT, STORE_IO */
  async load(): Promise<void> {
    if (this.#load === null) return
    const ids = await readLaterWhile(this.#load(), () => this.#loaded === null)
    if (ids !== undefined && this.#loaded === null) this.#settle(ids)
  }

  /** The dictionary, loaded now if need be. @throws STORE_CORRUPT, STORE_IO */
  now(): IdDictionary {
    return this.#loaded ?? this.#settle(readNow(this.#load!()))
  }

  #settle(ids: IdDictionary): IdDictionary {
    for (let reader = 0; reader < this.#holding; reader++) ids.holdLinks()
    this.#loaded = ids
    this.#load = null
    return ids
  }

  // ─── What is known before ────────────────────────────────────────────────────────────────────────────────────────────

  override get size(): number {
    return this.#loaded === null ? this.#counts.size : this.#loaded.size
  }

  /** 0 until they are loaded. */
  override get byteSize(): number {
    return this.#loaded?.byteSize ?? 0
  }

  override holdLinks(): number {
    if (this.#loaded !== null) return this.#loaded.holdLinks()
    this.#holding++
    // A moment before that of every link that will be made: those that were saved have none.
    return 0
  }

  override letGoOfLinks(): void {
    if (this.#loaded === null) this.#holding--
    else this.#loaded.letGoOfLinks()
  }

  // ─── What the loaded one knows ───────────────────────────────────────────────────────────────────────────────────────

  override get liveCount(): number {
    return this.now().liveCount
  }

  override get links(): Links | null {
    return this.now().links
  }

  override find(id: ExternalId): number {
    return this.now().find(id)
  }

  override numberOf(id: ExternalId): number {
    return this.now().numberOf(id)
  }

  override findAt(id: ExternalId, moment: number): number {
    return this.now().findAt(id, moment)
  }

  override findMany(ids: readonly ExternalId[], out?: Uint32Array): Uint32Array {
    return this.now().findMany(ids, out)
  }

  override add(id: ExternalId): DenseId {
    return this.now().add(id)
  }

  override addMany(ids: readonly ExternalId[], out?: Uint32Array): Uint32Array {
    return this.now().addMany(ids, out)
  }

  override addManyEncoded(bytes: Uint8Array, ends: Uint32Array, count: number): Uint32Array {
    return this.now().addManyEncoded(bytes, ends, count)
  }

  override checkMany(ids: readonly unknown[]): void {
    this.now().checkMany(ids)
  }

  override idOf(dense: number): ExternalId | undefined {
    return this.now().idOf(dense)
  }

  override idsOf(dense: Uint32Array | readonly number[]): ExternalId[] {
    return this.now().idsOf(dense)
  }

  override idsOfPerson(dense: number): ExternalId[] {
    return this.now().idsOfPerson(dense)
  }

  override hashOf(dense: number, seed: number): number {
    return this.now().hashOf(dense, seed)
  }

  override isLive(dense: number): boolean {
    return this.now().isLive(dense)
  }

  override nobody(): Generator<number, void, undefined> {
    return this.now().nobody()
  }

  override entries(): Generator<[DenseId, ExternalId], void, undefined> {
    return this.now().entries()
  }

  override remove(dense: number): boolean {
    return this.now().remove(dense)
  }

  override link(alias: number, person: number): void {
    this.now().link(alias, person)
  }

  override merge(leaving: number, staying: number): void {
    this.now().merge(leaving, staying)
  }

  override unlink(alias: number): void {
    this.now().unlink(alias)
  }

  override restoreLink(alias: number, person: number, wasPerson: boolean): void {
    this.now().restoreLink(alias, person, wasPerson)
  }

  override snapshot(isSaved: ((bits: number, part: number, stamp: string) => boolean) | null = null): IdSnapshot {
    return this.now().snapshot(isSaved)
  }

  override sections(): Generator<Uint8Array, void, undefined> {
    return this.now().sections()
  }
}
