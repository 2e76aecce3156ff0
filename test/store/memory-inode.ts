/** Which of `choices` possibilities came true, 0 being the oldest. */
export type Choose = (choices: number) => number

/** The smallest piece that a disk writes whole. */
const sector = 512

/**
 * A file's bytes as programs see them and as the medium has them.
 *
 * A file that is only appended to may lose an end of what wasn't synced. Of one that is written at offsets every sector
 * that wasn't synced may be lost, kept or torn by itself, a later one without an earlier one too.
 */
export class MemoryInode {
  #live: Uint8Array
  #length: number
  #durable: Uint8Array
  #dirty = new Set<number>()
  readonly #atOffsets: boolean

  constructor(bytes: Uint8Array = new Uint8Array(0), atOffsets = false) {
    this.#live = bytes
    this.#length = bytes.length
    this.#durable = atOffsets ? bytes.slice() : bytes
    this.#atOffsets = atOffsets
  }

  /** What programs see; changes to it are changes to the file. */
  get live(): Uint8Array {
    return this.#live.subarray(0, this.#length)
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length
    if (end > this.#live.length) {
      const longer = new Uint8Array(Math.max(end, this.#live.length * 2))
      longer.set(this.live)
      this.#live = longer
    }
    if (end > this.#length) this.#length = end
    this.#live.set(bytes, offset)
    this.#soil(offset, end)
  }

  append(bytes: Uint8Array): void {
    this.write(this.#length, bytes)
  }

  cut(length: number): void {
    if (length > this.#length) throw new Error('a file is cut, not extended')
    this.#live.fill(0, length)
    this.#soil(length, this.#length)
    this.#length = length
  }

  sync(): void {
    if (this.#atOffsets) {
      const durable = new Uint8Array(this.#length)
      durable.set(this.#durable.subarray(0, this.#length))
      for (const place of this.#dirty) {
        const start = place * sector
        if (start < this.#length) durable.set(this.live.subarray(start, start + sector), start)
      }
      this.#durable = durable
    } else {
      this.#durable = this.live.slice()
    }
    this.#dirty.clear()
  }

  /** What Linux does when it fails to write back: the bytes are there to be read, and never get to the medium. */
  loseSync(): void {
    this.#dirty.clear()
  }

  /** Writes what is there from `from` on once more. */
  rewrite(from: number): void {
    this.#soil(from, this.#length)
  }

  /** The file as a machine finds it when the power comes back. */
  afterPowerLoss(choose: Choose): MemoryInode {
    return new MemoryInode(this.#atOffsets ? this.#tornSectors(choose) : this.#tornEnd(choose), this.#atOffsets)
  }

  /** The file as a killed process leaves it. */
  clone(): MemoryInode {
    const copy = new MemoryInode(this.live.slice(), this.#atOffsets)
    copy.#durable = this.#durable
    copy.#dirty = new Set(this.#dirty)
    return copy
  }

  /** Synced bytes are there; of the others a beginning is, perhaps with zeros or rubbish where the rest was to be. */
  #tornEnd(choose: Choose): Uint8Array {
    const { live } = this
    const synced = this.#durable.length
    const unsynced = live.length - synced
    if (unsynced === 0) return live.slice()
    const arrived = synced + [0, Math.floor(unsynced / 3), Math.max(0, unsynced - 1), unsynced][choose(4)]!
    const tail = choose(3)
    if (arrived === live.length || tail === 2) return live.slice(0, arrived)
    const torn = live.slice()
    torn.fill(tail === 0 ? 0 : 0xa5, arrived)
    return torn
  }

  #tornSectors(choose: Choose): Uint8Array {
    const { live } = this
    const block = sector * [1, 8][choose(2)]!
    const shorter = Math.min(live.length, this.#durable.length)
    const longer = Math.max(live.length, this.#durable.length)
    const between = Math.min(longer, Math.ceil((shorter + choose(longer - shorter + 1)) / block) * block)
    const found = new Uint8Array([this.#durable.length, between, live.length][choose(3)]!)
    found.set(this.#durable.subarray(0, found.length))
    let last = -1
    let fate = 0
    for (const place of [...this.#dirty].sort((a, b) => a - b)) {
      const start = place * sector
      if (start >= found.length) break
      const of = Math.floor(start / block)
      if (of !== last) fate = choose(3)
      last = of
      if (fate === 0) continue
      const end = Math.min(found.length, live.length, start + (fate === 1 ? choose(sector) : sector))
      if (end > start) found.set(live.subarray(start, end), start)
    }
    return found
  }

  #soil(start: number, end: number): void {
    if (start >= end) return
    for (let place = Math.floor(start / sector); place * sector < end; place++) this.#dirty.add(place)
  }
}
