import { isAscii } from 'node:buffer'
import type { DenseId, ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { show } from '../base/show.ts'
import { xxhash32 } from '../base/xxhash32.ts'
import { type Reading, want } from '../store/reading.ts'
import { decodeId } from './decode-id.ts'
import { EnteredIds } from './entered-ids.ts'
import { faultInIdBytes } from './fault-in-id-bytes.ts'
import { IdArena } from './id-arena.ts'
import { IdBatch } from './id-batch.ts'
import { checkWhole, type IdDictionaryOptions, randomSeed } from './id-dictionary-options.ts'
import { IdHasher } from './id-hasher.ts'
import { type IdHead, readIdHead } from './id-head.ts'
import { idKey } from './id-key.ts'
import { IdSnapshot } from './id-snapshot.ts'
import { deepestOf, IdTable } from './id-table.ts'
import { Links } from './links.ts'
import { MarkedBits } from './marked-bits.ts'
import { corrupt, corruptTable, type IdFrame, readIdRange, readIdSections } from './read-id-sections.ts'
import { SaveMarks, usualLayout } from './save-marks.ts'
import type { SavedIds } from './saved-ids.ts'
import { readTablePart } from './table-part.ts'

/** What `findMany` gives for an id that isn't known. It is never a dense number. */
export const unknownDense = 0xffff_ffff

/** All dictionaries of a thread share one: no call suspends or calls out while it is in use. */
const batch = new IdBatch()

/**
 * A bijection between external ids and dense unsigned 32-bit numbers, which are given out 0, 1, 2… in order of first
 * sight (law 1). Ids are compared exactly: `"é"` composed and decomposed are two, and so are `"42"` and `42`; `42` and
 * `42n` are one.
 *
 * Ids can be linked (law 4): each keeps the number that it was given, and is found as the lowest one of its person. Without links
 * that costs nothing.
 *
 * Memory: the bytes of the ids (UTF-8, or 1 to 9 for an integer) and 10.8 to 11.6 bytes for each (measured from 8 to 20 million). It grows in steps of at
 * most 1 MB, so that no call waits for the whole to be moved.
 *
 * Every method either does all it says or throws and changes nothing.
 *
 * @example
 * ```ts
 * const ids = new IdDictionary()
 * ids.add('oXy1') // 0
 * ids.add(42) // 1
 * ids.find('42') // -1
 * ids.idOf(1) // 42
 * ```
 */
export class IdDictionary {
  readonly #capacity: number
  readonly #seed: number
  readonly #hasher: IdHasher
  readonly #arena = new IdArena()
  readonly #table: IdTable
  readonly #removed = new MarkedBits()
  readonly #snapshots = new Set<IdSnapshot>()
  readonly #marks: SaveMarks
  /** `null` until ids are linked, or somebody reads what may be. */
  #links: Links | null = null

  /** @throws OPTION_INVALID */
  constructor(options: IdDictionaryOptions = {}) {
    const { seed = randomSeed(), capacity = unknownDense, hashMask = -1, layout = usualLayout } = options
    checkWhole('seed', seed, Number.MAX_SAFE_INTEGER)
    checkWhole('capacity', capacity, unknownDense)
    this.#capacity = capacity
    this.#seed = seed
    this.#marks = new SaveMarks(layout)
    this.#hasher = new IdHasher(seed, hashMask)
    this.#table = new IdTable(this.#arena, this.#hasher)
  }

  /**
   * Makes a dictionary of what `sections` wrote, in pieces cut anywhere. Dense numbers are those of the saved one. The
   * bytes are not trusted: each fault is found, and memory is taken for bytes that are there, never for those announced.
   *
   * Cost: bytes read; no id becomes a string.
   *
   * @throws STORE_CORRUPT with what is wrong and where, STORE_VERSION_UNSUPPORTED, IDS_EXHAUSTED, OPTION_INVALID
   */
  static load(source: Uint8Array | Iterable<Uint8Array>, options: IdDictionaryOptions = {}): IdDictionary {
    const dictionary = new IdDictionary(options)
    for (const frame of readIdSections(source)) dictionary.#loadFrame(frame)
    return dictionary
  }

  /**
   * Makes a dictionary of what a snapshot wrote as head, ranges and parts. All that `load` finds out is, but an id that
   * is there twice; and the table is taken over as it is where its parts are given. The pieces are asked for one by one.
   *
   * Cost: the bytes, read and copied: some 20 to 30 million ids a second.
   *
   * @throws STORE_CORRUPT with what is wrong and where, and what `saved` throws
   */
  static *restore(saved: SavedIds, options: IdDictionaryOptions = {}): Reading<IdDictionary> {
    const head = readIdHead(saved.head)
    const { count, seed, bits, covered } = head
    const { idsPerRange } = head
    const layout = { ...(options.layout ?? usualLayout), idsPerRange }
    const dictionary = new IdDictionary({ ...options, seed, layout })
    for (let range = 0; range * idsPerRange < count; range++) {
      const bytes = yield* want(saved.range(range))
      const end = Math.min(count, (range + 1) * idsPerRange)
      for (const frame of readIdRange(bytes, range * idsPerRange, end)) {
        if (saved.part === null) dictionary.#loadFrame(frame)
        else dictionary.#takeFrame(frame)
      }
    }
    if (saved.part !== null) {
      const deepest = deepestOf(dictionary.#arena.count)
      const entered = new EnteredIds(dictionary.#arena.count, dictionary.#removed)
      for (let part = 0; part < covered.length; part++) {
        const bytes = yield* want(saved.part(bits, part))
        readTablePart(bytes, dictionary.#table, { bits, part, deepest }, entered)
      }
      dictionary.#table.restored()
      dictionary.#marks.loaded(bits, covered, dictionary.#complete(head, entered))
    }
    return dictionary
  }

  /** Numbers given out so far, those of removed ids and of aliases included: the next new id gets this one. */
  get size(): number {
    return this.#arena.count
  }

  /** How many ids are known now, those that are linked to a lower one not counted: so many people. */
  get liveCount(): number {
    return this.#arena.count - this.#removed.count - (this.#links?.count ?? 0)
  }

  /** Bytes held in typed arrays, used or not. Cost: constant. */
  get byteSize(): number {
    return this.#arena.byteSize + this.#table.byteSize + this.#removed.byteSize + (this.#links?.byteSize ?? 0)
  }

  /**
   * The dense number of an id, of a linked one that of its person, or -1 where it isn't known. Cost: bytes of the id, and some
   * three cache misses.
   *
   * @throws ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
   */
  find(id: ExternalId): number {
    const dense = this.numberOf(id)
    return this.#links === null || dense < 0 ? dense : this.#links.personOf(dense)
  }

  /** The dense number that an id was given itself, or -1 where it isn't known. Cost: as `find`. @throws as `find` */
  numberOf(id: ExternalId): number {
    batch.setOne(id)
    batch.hash(this.#hasher)
    return this.#table.find(batch, 0)
  }

  /**
   * The dense number of an id, a new one where it isn't known. Cost: as `find`; constant on average beyond that.
   *
   * @throws IDS_EXHAUSTED, ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
   */
  add(id: ExternalId): DenseId {
    const found = this.find(id)
    return (found >= 0 ? found : this.#giveOut(0)) as DenseId
  }

  /**
   * Refuses what is not an id, and changes nothing. Cost: bytes of the id.
   *
   * @throws ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
   */
  check(id: unknown): void {
    batch.setOne(id)
  }

  /**
   * Refuses ids that `addMany` would refuse, and changes nothing: after it, `addMany` of the same ids can't fail. Cost: bytes of
   * the ids.
   *
   * @throws as `addMany`
   */
  checkMany(ids: readonly unknown[]): void {
    if (ids.length === 1) batch.setOne(ids[0])
    else for (let from = 0; from < ids.length; ) from = batch.fill(ids, from)
    if (this.#arena.count + ids.length <= this.#capacity) return
    const strangers = new Set((ids as readonly ExternalId[]).filter((id) => this.find(id) === -1).map(idKey))
    if (this.#arena.count + strangers.size > this.#capacity) throw this.#exhausted()
  }

  /**
   * The dense numbers of many ids, new ones in order of first sight for those that aren't known; all or, if one is
   * refused, none of them is added. `out[i]` belongs to `ids[i]`; what `out` holds after an error means nothing.
   *
   * Cost: bytes of the ids; at 20 million ids some 0.4 µs each.
   *
   * @throws OPTION_INVALID when `out` is too short, and what `add` throws
   */
  addMany(ids: readonly ExternalId[], out: Uint32Array = new Uint32Array(ids.length)): Uint32Array {
    checkRoom(ids, out)
    return this.#addAll((from) => batch.fill(ids, from), ids.length, out)
  }

  /**
   * As `addMany`, of the first `count` of ids that are encoded: `ends[i - 1]` to `ends[i]` are the bytes of id `i`, without faults
   * (`faultInIdBytes`). Cost: less by the making of strings and of bytes from them.
   *
   * @throws IDS_EXHAUSTED
   */
  addManyEncoded(bytes: Uint8Array, ends: Uint32Array, count: number): Uint32Array {
    return this.#addAll((from) => batch.fillEncoded(bytes, ends, count, from), count, new Uint32Array(count))
  }

  /** Adds `count` ids, with which `fill` fills the batch from each on. */
  #addAll(fill: (from: number) => number, count: number, out: Uint32Array): Uint32Array {
    const before = this.#arena.count
    try {
      for (let from = 0; from < count; ) {
        const next = fill(from)
        batch.hash(this.#hasher)
        this.#table.findAll(batch)
        for (let i = 0; from < next; i++, from++) {
          let dense = batch.found[i]!
          // An id that was unknown may have been added since, for it may be in the batch twice.
          if (dense < 0 && batch.mayBeRepeated(i)) dense = this.#table.find(batch, i)
          out[from] = dense < 0 ? this.#giveOut(i) : dense
        }
      }
    } catch (error) {
      // Checking all ids before adding any would encode each of them twice.
      while (this.#arena.count > before) this.#takeBack()
      throw error
    }
    this.#toPeople(out, count)
    return out
  }

  /**
   * The dense numbers of many ids; `unknownDense` (0xffffffff) for those that aren't known. `out[i]` belongs to `ids[i]`.
   *
   * Cost: bytes of the ids; at 20 million ids some 0.3 µs each, where as many calls of `find` take 0.75.
   *
   * @throws OPTION_INVALID when `out` is too short, and what `find` throws
   */
  findMany(ids: readonly ExternalId[], out: Uint32Array = new Uint32Array(ids.length)): Uint32Array {
    checkRoom(ids, out)
    for (let from = 0; from < ids.length; ) {
      const next = batch.fill(ids, from)
      batch.hash(this.#hasher)
      this.#table.findAll(batch)
      // -1 becomes 0xffffffff.
      for (let i = 0; from < next; i++, from++) out[from] = batch.found[i]!
    }
    this.#toPeople(out, ids.length)
    return out
  }

  /** The id of a person's dense number, `undefined` for any other number. Cost: bytes of the id. */
  idOf(dense: number): ExternalId | undefined {
    return this.isLive(dense) ? this.#decode(dense) : undefined
  }

  /**
   * The ids of many dense numbers, in the same order. Cost: bytes of the ids.
   *
   * @throws DENSE_UNKNOWN when one was never given out, its id was removed, or it is an alias
   */
  idsOf(dense: Uint32Array | readonly number[]): ExternalId[] {
    const ids: ExternalId[] = []
    for (let i = 0; i < dense.length; i++) ids.push(this.#decode(this.#living(dense[i]!)))
    return ids
  }

  /**
   * The XXH32 of an id's encoded bytes: what chance is drawn from (law 21). It depends on the id and the seed alone, not on
   * the dense number, so that a restart or another order of import changes nothing. Cost: bytes of the id.
   *
   * @throws DENSE_UNKNOWN when the number was never given out, its id was removed, or it is an alias
   */
  hashOf(dense: number, seed: number): number {
    this.#arena.locate(this.#living(dense))
    const { foundIn, foundStart, foundEnd } = this.#arena
    return xxhash32(foundIn.bytes, foundStart, foundEnd - foundStart, seed)
  }

  /**
   * Forgets a person (law 3): none of its ids is found any more, their bytes are overwritten with zeros, and their numbers are not
   * given to others; the same id gets a new number when it is added again. `false` where there is no such person.
   *
   * Cost: bytes of the ids. The bytes and 2.3 more are not given back; the places in the table are.
   */
  remove(dense: number): boolean {
    if (!this.isLive(dense)) return false
    if (this.#links === null) this.#forget(dense)
    else for (const member of this.#links.remove(dense)) this.#forget(member)
    return true
  }

  /** Whether a dense number is a person's: given out, its id not removed, and no alias. Cost: constant. */
  isLive(dense: number): boolean {
    if (!(dense >= 0 && dense < this.#arena.count) || !Number.isInteger(dense) || this.#removed.has(dense)) return false
    return this.#links === null || !this.#links.isAlias(dense)
  }

  /** The numbers that were given out and are nobody's: of removed ids, then of aliases. Cost: their number. */
  *nobody(): Generator<number, void, undefined> {
    yield* this.#removed.values()
    if (this.#links !== null) yield* this.#links.aliases()
  }

  // ─── Links ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Which ids are linked; `null` where none ever was. To be read. */
  get links(): Links | null {
    return this.#links
  }

  /** All ids of a person, by their numbers ascending: first the one that names it. Cost: bytes of the ids. */
  idsOfPerson(dense: number): ExternalId[] {
    const person = this.#living(dense)
    return (this.#links?.membersOf(person) ?? [person]).map((member) => this.#decode(member))
  }

  /** Makes an id that was added for it, and is nobody's yet, an alias of a person. */
  link(alias: number, person: number): void {
    this.#linked().link(alias, person)
  }

  /** Makes a person and its aliases those of another, whose number is lower. */
  merge(leaving: number, staying: number): void {
    this.#linked().merge(leaving, staying)
  }

  /** Takes an alias off its person, and forgets it as `remove` does. */
  unlink(alias: number): void {
    this.#linked().unlink(alias)
    this.#forget(alias)
  }

  /** Takes a link back that was saved, and checked. */
  restoreLink(alias: number, person: number, wasPerson: boolean): void {
    this.#linked().restore(alias, person, wasPerson)
  }

  /** Begins a reader of the present moment: see `findAt`. End it. */
  holdLinks(): number {
    return this.#linked().hold()
  }

  /** Ends a reader. */
  letGoOfLinks(): void {
    this.#linked().letGo()
  }

  /**
   * As `find`, for a reader of an earlier moment: an id that was linked, or came to another person, since then is unknown to it.
   *
   * @throws as `find`
   */
  findAt(id: ExternalId, moment: number): number {
    const dense = this.numberOf(id)
    const links = this.#links
    if (links === null || dense < 0 || !links.isAlias(dense)) return dense
    return links.ledAt(dense, moment) ? links.personOf(dense) : -1
  }

  #linked(): Links {
    this.#links ??= new Links()
    return this.#links
  }

  /** Puts people in the places of aliases. */
  #toPeople(numbers: Uint32Array, length: number): void {
    const links = this.#links
    if (links === null || links.count === 0) return
    for (let i = 0; i < length; i++) if (numbers[i] !== unknownDense) numbers[i] = links.personOf(numbers[i]!)
  }

  #forget(dense: number): void {
    for (const snapshot of this.#snapshots) snapshot.keep(dense)
    this.#marks.takenOut(this.#takeOut(dense))
    this.#removed.add(dense)
    this.#marks.wiped(dense)
    this.#arena.wipe(dense)
  }

  /** All known ids with the dense numbers that they were given, in ascending order of these. Cost: bytes of the ids that are read. */
  *entries(): Generator<[DenseId, ExternalId], void, undefined> {
    for (let dense = 0; dense < this.#arena.count; dense++) {
      if (!this.#removed.has(dense)) yield [dense as DenseId, this.#decode(dense)]
    }
  }

  /**
   * The dictionary as it is now, to be written while it changes. Release it when it is written, or given up.
   * Cost: nothing now, and a copy of each id that is removed before the release.
   *
   * @param isSaved for a save that keeps what it has with an equal stamp: whether it has it of a part of the table
   */
  snapshot(isSaved: ((bits: number, part: number, stamp: string) => boolean) | null = null): IdSnapshot {
    if (isSaved !== null) this.#marks.renew(this.#table, this.#arena.count, isSaved)
    const source = {
      arena: this.#arena,
      table: this.#table,
      removed: this.#removed,
      marks: this.#marks,
      seed: this.#seed,
      onRelease: (released: IdSnapshot): void => void this.#snapshots.delete(released),
    }
    const snapshot = new IdSnapshot(source, isSaved !== null)
    this.#snapshots.add(snapshot)
    return snapshot
  }

  /**
   * The dictionary as bytes, in pieces of at most 1.1 MB, for `load`: a snapshot from the first piece on. The seed of the
   * hash is not part of it.
   *
   * Cost: bytes of the ids; one piece is held at a time.
   */
  *sections(): Generator<Uint8Array, void, undefined> {
    const snapshot = this.snapshot()
    try {
      yield* snapshot.sections()
    } finally {
      snapshot.release()
    }
  }

  /** A new number for id `i` of the batch, which must not be known. */
  #giveOut(i: number): number {
    const dense = this.#arena.count
    if (dense >= this.#capacity) throw this.#exhausted()
    // What may run out of memory comes first.
    const place = this.#table.reserve(batch, i)
    this.#arena.appendOf(batch, i)
    this.#table.insert(batch, i, place, dense)
    return dense
  }

  #exhausted(): CrowdbitError {
    return new CrowdbitError(
      'IDS_EXHAUSTED',
      `all ${this.#capacity} dense numbers are given out, ${this.#removed.count} of them to ids removed since; split the population over several engines`,
      { capacity: this.#capacity, removed: this.#removed.count },
    )
  }

  /** Undoes the giving out of the last number. */
  #takeBack(): void {
    this.#takeOut(this.#arena.count - 1)
    this.#arena.dropLast()
  }

  /** Takes an id out of the table; the first word of its hash. */
  #takeOut(dense: number): number {
    this.#arena.locate(dense)
    const { foundIn, foundStart, foundEnd } = this.#arena
    batch.clear()
    batch.pushEncoded(foundIn.bytes, foundStart, foundEnd)
    batch.hash(this.#hasher)
    invariant(this.#table.remove(batch, 0, dense), `the id of dense number ${dense} is in the table`)
    const high = batch.high[0]!
    batch.wipe()
    return high
  }

  #decode(dense: number): ExternalId {
    this.#arena.locate(dense)
    return decodeId(this.#arena.foundIn.text, this.#arena.foundStart, this.#arena.foundEnd)
  }

  #living(dense: number): number {
    if (this.isLive(dense)) return dense
    throw new CrowdbitError(
      'DENSE_UNKNOWN',
      `the dense number ${show(dense)} belongs to no known id (${this.size} are given out, ${this.#removed.count} of them removed); was it kept from before a removal?`,
      { dense, givenOut: this.size },
    )
  }

  #loadFrame(frame: IdFrame): void {
    let start = 0
    batch.clear()
    for (let i = 0; i < frame.lengths.length; i++) {
      const end = start + frame.lengths[i]!
      if (end > start) {
        checkIdBytes(frame, i, start, end)
        if (batch.isFull) this.#loadBatch(frame)
        batch.pushEncoded(frame.bytes, start, end)
      } else {
        this.#loadBatch(frame)
        this.#loadRemoved()
      }
      start = end
    }
    this.#loadBatch(frame)
  }

  /** Enters the ids of the batch, which must all be new, and empties it. */
  #loadBatch(frame: IdFrame): void {
    batch.hash(this.#hasher)
    this.#table.findAll(batch)
    for (let i = 0; i < batch.length; i++) {
      let known = batch.found[i]!
      if (known < 0 && batch.mayBeRepeated(i)) known = this.#table.find(batch, i)
      if (known >= 0) throw corrupt('an id is there twice', frame.position, { dense: this.size, same: known })
      this.#giveOut(i)
    }
    batch.clear()
  }

  /** Gives out a number whose id is gone. */
  #loadRemoved(): void {
    const dense = this.#arena.count
    this.#arena.append(batch.bytes, 0, 0)
    this.#removed.add(dense)
    this.#marks.wiped(dense)
  }

  /** Takes the ids of a frame over, without entering them in the table. */
  #takeFrame(frame: IdFrame): void {
    const { bytes, lengths } = frame
    // Plain text can't be wrong, wherever it is cut: an integer begins with a byte that isn't.
    const isPlain = isAscii(bytes)
    const first = this.#arena.count
    let start = 0
    for (let i = 0; i < lengths.length; i++) {
      const end = start + lengths[i]!
      if (end === start) {
        this.#removed.add(first + i)
        this.#marks.wiped(first + i)
      } else if (!isPlain) checkIdBytes(frame, i, start, end)
      start = end
    }
    this.#arena.appendFrame(bytes, lengths)
  }

  /** Enters the ids in the table that a saved one lacks by what its head says. Gives those that it should have had. */
  #complete({ covered, bits, missing }: IdHead, entered: EnteredIds): number[] {
    const lacking: number[] = []
    let next = 0
    for (const dense of entered.others()) {
      while (next < missing.length && missing[next]! < dense) next++
      this.#arena.locate(dense)
      const { foundIn, foundStart, foundEnd } = this.#arena
      batch.clear()
      batch.pushEncoded(foundIn.bytes, foundStart, foundEnd)
      batch.hash(this.#hasher)
      const part = bits === 0 ? 0 : batch.high[0]! >>> (32 - bits)
      if (dense < covered[part]!) {
        if (missing[next] !== dense) throw corruptTable(`the number ${dense} isn't in it`, part, 0)
        lacking.push(dense)
      }
      const known = this.#table.find(batch, 0)
      if (known >= 0) throw corruptTable(`the id of number ${dense} is that of ${known}, too`, part, 0)
      this.#table.insert(batch, 0, this.#table.reserve(batch, 0), dense)
    }
    batch.wipe()
    return lacking
  }
}

function checkIdBytes({ first, position, bytes }: IdFrame, i: number, start: number, end: number): void {
  const fault = faultInIdBytes(bytes, start, end)
  if (fault !== undefined) throw corrupt(fault, position, { dense: first + i })
}

function checkRoom(ids: readonly unknown[], out: Uint32Array): void {
  if (out.length >= ids.length) return
  throw new CrowdbitError(
    'OPTION_INVALID',
    `out has ${out.length} places for ${ids.length} ids; give one at least as long`,
    {
      option: 'out',
      found: out.length,
      expected: ids.length,
    },
  )
}
