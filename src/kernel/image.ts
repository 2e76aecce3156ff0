import { and, type ReadonlyBitmap, rangeBitmap, writePortableBytes } from '../bitmap/bitmap.ts'
import { largestArray, type PortableContainer, portableContainers } from '../bitmap/portable-format.ts'
import { blockBytes } from './emit-program.ts'
import { type ImageContainers, listed } from './image-containers.ts'
import { ImageRoom } from './image-room.ts'
import { onesBlock } from './kernel-arena.ts'
import type { KernelSpace, KernelSpaces } from './kernel-spaces.ts'

/** Containers of more values are blocks, whatever they take: to read a block costs as much as to put so many values into one. */
export const mostListed = 512

const span = 65_536
/** So many bytes may be lost to containers that were taken anew. */
const leastWaste = 65_536

/** Portable bytes on their way. One serves all images of a thread. */
let staging = new Uint8Array(1 << 16)

/**
 * A bitmap in the memories of the kernel, container by container: nothing, a list of values, or a block. It is a copy, which is as its
 * bitmap was when it was made or refreshed.
 */
export class Image implements ImageContainers {
  readonly #spaces: KernelSpaces
  /** By space; none where it has nothing. */
  readonly #rooms: ImageRoom[] = []
  /** By key: 0 for no values, the address of a block, or that of a list and `listed`. */
  addresses: Uint32Array = new Uint32Array(0)
  /** By key: how many values a list has. */
  lengths: Uint16Array = new Uint16Array(0)
  /** Bytes of lists, and blocks, that no container has any more. */
  #wasted = 0
  /** The block that a container had which is taken anew; 0 for none. */
  #reuse = 0
  /** How many passes of other threads read it. */
  #readers = 0

  constructor(spaces: KernelSpaces) {
    this.#spaces = spaces
  }

  /** Bytes of the memories that it holds. */
  get byteSize(): number {
    return this.#rooms.reduce((sum, room) => sum + room.byteSize, 0)
  }

  /** Whether there are, or can be, the memories that the containers of a bitmap belong into. */
  canHold(bitmap: ReadonlyBitmap): boolean {
    return bitmap.isEmpty || this.#spaces.reach(Math.floor(bitmap.maximum() / span))
  }

  /** Takes a whole bitmap. `false` where there is not the memory for it: the image is empty then. Cost: a copy. */
  seal(bitmap: ReadonlyBitmap): boolean {
    this.release()
    return this.#take(bitmap)
  }

  /**
   * Puts one value in, or takes it out, where its container is a block that nobody else reads. `false` where it isn't: the container is to be taken anew.
   */
  put(value: number, isIn: boolean): boolean {
    const key = value >>> 16
    const address = key < this.addresses.length ? this.addresses[key]! : 0
    if (address === 0 || (address & listed) !== 0 || address === onesBlock || this.#readers > 0) return false
    const { bytes } = this.#spaceOf(key).memory
    const place = address + ((value & 0xffff) >>> 3)
    const bit = 1 << (value & 7)
    if (isIn) bytes[place]! |= bit
    else bytes[place]! &= ~bit
    return true
  }

  /**
   * Takes the containers of these keys anew, or all of it where much would be lost of what they had. `false` as for `seal`.
   * Cost: a copy of each.
   */
  refresh(bitmap: ReadonlyBitmap, keys: Iterable<number>): boolean {
    if (this.#wasted > Math.max(leastWaste, this.byteSize / 4)) return this.seal(bitmap)
    for (const key of keys) {
      const address = key < this.addresses.length ? this.addresses[key]! : 0
      const isBlock = address !== 0 && (address & listed) === 0 && address !== onesBlock
      // What others read stays as it is.
      this.#reuse = isBlock && this.#readers === 0 ? address : 0
      if ((address & listed) !== 0) this.#wasted += 2 * this.lengths[key]!
      if (address !== 0) this.addresses[key] = 0
      const range = rangeBitmap(key * span, (key + 1) * span)
      const part = and(bitmap, range)
      range.dispose()
      const isTaken = this.#take(part)
      part.dispose()
      // A block that has become a list, or nothing.
      if (isBlock && this.addresses[key] !== address) this.#wasted += blockBytes
      this.#reuse = 0
      if (!isTaken) return false
    }
    return true
  }

  /**
   * Keeps all that is there now as it is, for another thread that reads it, until `unlend`: what is written, or given back, meanwhile is
   * written elsewhere, or given back then. Where its containers are now is the caller's to copy.
   */
  lend(): void {
    this.#readers++
  }

  unlend(): void {
    if (--this.#readers > 0) return
    for (const room of this.#rooms) room.endReading()
  }

  /** Gives all memory back. */
  release(): void {
    for (const room of this.#rooms) room.release(this.#readers > 0)
    this.#wasted = 0
    this.addresses = new Uint32Array(0)
    this.lengths = new Uint16Array(0)
  }

  #take(bitmap: ReadonlyBitmap): boolean {
    if (bitmap.isEmpty) return true
    const size = writePortableBytes(bitmap, staging)
    if (size > staging.length) {
      staging = new Uint8Array(Math.max(size, 2 * staging.length))
      writePortableBytes(bitmap, staging)
    }
    this.#reserve(Math.floor(bitmap.maximum() / span) + 1)
    const containers = portableContainers(staging.subarray(0, size))
    const view = new DataView(staging.buffer)
    const spaces = this.#spaces
    if (!this.canHold(bitmap)) return this.#giveUp()
    for (let from = 0, to = 0; from < containers.length; from = to) {
      const space = spaces.indexOf(containers[from]!.key)
      while (to < containers.length && spaces.indexOf(containers[to]!.key) === space) to++
      const some = containers.slice(from, to)
      if (!this.#provide(space, some)) return this.#giveUp()
      for (const container of some) this.#takeContainer(container, view)
    }
    return true
  }

  #giveUp(): false {
    this.release()
    return false
  }

  #takeContainer({ key, size, at, runs }: PortableContainer, view: DataView): void {
    if (size === span) this.addresses[key] = onesBlock
    else if (runs >= 0) this.#takeRuns(key, view, at, runs, size)
    else if (size > largestArray) this.#takeBlock(key, staging.subarray(at, at + blockBytes))
    else this.#takeArray(key, staging.subarray(at, at + 2 * size))
  }

  /** Takes the blocks that the containers will need, in one row. */
  #provide(space: number, containers: readonly PortableContainer[]): boolean {
    let blocks = this.#reuse === 0 ? 0 : -1
    let listBytes = 0
    for (const { size: values } of containers) {
      if (values === span) continue
      if (values > mostListed) blocks++
      else listBytes += 2 * values
    }
    while (this.#rooms.length <= space) this.#rooms.push(new ImageRoom(this.#spaces.all[this.#rooms.length]!.memory))
    return this.#rooms[space]!.provide(Math.max(0, blocks), listBytes, 2 * mostListed)
  }

  #takeBlock(key: number, bytes: Uint8Array): void {
    const block = this.#block(key)
    this.#spaceOf(key).memory.bytes.set(bytes, block)
  }

  #takeArray(key: number, bytes: Uint8Array): void {
    const values = bytes.length / 2
    const { memory: of, tools } = this.#spaceOf(key)
    const { bytes: memory } = of
    const { values: list } = of.arena
    if (values <= mostListed) {
      const address = this.#roomOf(key).list(bytes.length)
      memory.set(bytes, address)
      this.addresses[key] = address | listed
      this.lengths[key] = values
      return
    }
    const block = this.#block(key)
    memory.fill(0, block, block + blockBytes)
    memory.set(bytes, list)
    tools.set(list, values, block)
  }

  #takeRuns(key: number, view: DataView, at: number, runs: number, values: number): void {
    if (values <= mostListed) {
      const list = new Uint16Array(values)
      let length = 0
      for (let run = 0; run < runs; run++) {
        const from = view.getUint16(at + 4 * run, true)
        const more = view.getUint16(at + 4 * run + 2, true)
        for (let value = from; value <= from + more; value++) list[length++] = value
      }
      this.#takeArray(key, new Uint8Array(list.buffer))
      return
    }
    const { u32 } = this.#spaceOf(key).memory
    const first = this.#block(key) >>> 2
    u32.fill(0, first, first + blockBytes / 4)
    for (let run = 0; run < runs; run++) {
      const from = view.getUint16(at + 4 * run, true)
      const to = from + view.getUint16(at + 4 * run + 2, true)
      const [low, high] = [from >>> 5, to >>> 5]
      const lowMask = -1 << (from & 31)
      const highMask = -1 >>> (31 - (to & 31))
      if (low === high) u32[first + low]! |= lowMask & highMask
      else {
        u32[first + low]! |= lowMask
        u32.fill(0xffff_ffff, first + low + 1, first + high)
        u32[first + high]! |= highMask
      }
    }
  }

  /** The next block, or the one that the key had. */
  #block(key: number): number {
    const block = this.#reuse === 0 ? this.#roomOf(key).block() : this.#reuse
    this.addresses[key] = block
    return block
  }

  #spaceOf(key: number): KernelSpace {
    return this.#spaces.all[this.#spaces.indexOf(key)]!
  }

  #roomOf(key: number): ImageRoom {
    return this.#rooms[this.#spaces.indexOf(key)]!
  }

  #reserve(keys: number): void {
    if (keys <= this.addresses.length) return
    const addresses = new Uint32Array(keys)
    addresses.set(this.addresses)
    this.addresses = addresses
    const lengths = new Uint16Array(keys)
    lengths.set(this.lengths)
    this.lengths = lengths
  }
}
