import { invariant } from '../base/invariant.ts'
import type { ContainerTaker } from './container-words.ts'
import { bitsetBytes, cookieWithoutRuns, largestArray } from './portable-format.ts'

/** Containers that one header has room for. */
export const mostContainers = 2048
/** Bytes before the containers, in which their header is written. */
export const headRoom: number = 8 + 8 * mostContainers

/** Takes containers as they are in portable Roaring bytes, in ascending order of their keys. */
export interface ContainerSink {
  /** Where in its room there are so many bytes for the next containers. They stay there until `placed` says what they are. */
  reserve(bytes: number): number
  /** Takes the container whose bytes were put behind those before, where `reserve` said. */
  placed(key: number, size: number): void
}

/** Writes the header of containers that lie from `headRoom` on, right before them. Gives where it begins. */
export function writeHeader(bytes: Uint8Array, keys: readonly number[], sizes: readonly number[]): number {
  const count = keys.length
  const start = headRoom - 8 - 8 * count
  const view = new DataView(bytes.buffer, bytes.byteOffset + start)
  view.setUint32(0, cookieWithoutRuns, true)
  view.setUint32(4, count, true)
  let offset = headRoom - start
  for (let i = 0; i < count; i++) {
    const size = sizes[i]!
    view.setUint16(8 + 4 * i, keys[i]!, true)
    view.setUint16(10 + 4 * i, size - 1, true)
    view.setUint32(8 + 4 * count + 4 * i, offset, true)
    offset += size > largestArray ? bitsetBytes : 2 * size
  }
  return start
}

/** Portable Roaring bytes that are put together in a room, up to `mostContainers` of them. */
export class ContainerStage implements ContainerSink, ContainerTaker {
  readonly #room: Uint8Array
  /** Added to each key. */
  readonly #firstKey: number
  readonly #keys: number[] = []
  readonly #sizes: number[] = []
  #end: number = headRoom

  constructor(room: Uint8Array, firstKey: number) {
    this.#room = room
    this.#firstKey = firstKey
  }

  reserve(bytes: number): number {
    invariant(this.#end + bytes <= this.#room.length, 'a stage is given as many containers as it has room for')
    return this.#end
  }

  placed(key: number, size: number): void {
    this.#keys.push(this.#firstKey + key)
    this.#sizes.push(size)
    this.#end += size > largestArray ? bitsetBytes : 2 * size
  }

  add(key: number, size: number, bytes: Uint8Array): void {
    this.#room.set(bytes, this.reserve(bytes.length))
    this.placed(key, size)
  }

  /** Where in the room the bytes are; `null` for nobody. */
  finish(): { readonly start: number; readonly end: number } | null {
    if (this.#keys.length === 0) return null
    return { start: writeHeader(this.#room, this.#keys, this.#sizes), end: this.#end }
  }
}
