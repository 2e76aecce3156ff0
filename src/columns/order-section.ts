import type { ByteReader } from '../base/byte-reader.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { WriteOrder } from './write-order.ts'

/** Version of the layout that `orderSection` writes. */
export const orderSectionVersion = 1

/** People looked at, and about so many bytes written, at a time. */
const blockSize = 65_536
/** So many people are not gone through one by one. */
const longStretch = 4096
/** Two numbers of 8 bytes. */
const mostBytesOfRun = 16

/**
 * When the values of a column were written as bytes, in pieces: what is written meanwhile is not in them.
 *
 * ```
 * for each run of people with a value, in ascending order, whose values were written at one version:
 *   varint             people, twice, and 1 where the version is lower than that of the run before
 *   varint             how much higher or lower it is; the first is compared with 0
 * ```
 *
 * A varint has 7 bits a byte, the lowest first; the highest bit of a byte says that there are more.
 *
 * @param order the caller's, which disposes of it when all is written
 */
export function* orderSection(order: WriteOrder, present: ReadonlyBitmap): Generator<Uint8Array, void, undefined> {
  const bytes = new Uint8Array(blockSize + mostBytesOfRun)
  let length = 0
  let before = 0
  let at = 0
  let people = 0
  const number = (value: number): void => {
    let left = value
    for (; left >= 128; left = Math.floor(left / 128)) bytes[length++] = (left % 128) + 128
    bytes[length++] = left
  }
  const run = (): void => {
    number(2 * people + (at < before ? 1 : 0))
    number(Math.abs(at - before))
    before = at
    people = 0
  }
  for (let offset = 0; offset < present.size; offset += blockSize) {
    for (const person of present.rangeUint32Array(offset, blockSize)) {
      const written = order.get(person)
      if (people > 0 && written !== at) run()
      at = written
      people++
      if (length < blockSize) continue
      yield bytes.slice(0, length)
      length = 0
    }
    // Also where there is nothing to say yet: who writes has other things to do between two blocks.
    yield bytes.slice(0, length)
    length = 0
  }
  if (people > 0) run()
  if (length > 0) yield bytes.slice(0, length)
}

/**
 * The order of a section.
 *
 * @param last the version of the data, which no value was written after
 * @throws STORE_CORRUPT
 */
export function readOrderSection(reader: ByteReader, present: ReadonlyBitmap, last: number): WriteOrder {
  const order = new WriteOrder()
  const { size } = present
  let at = 0
  // People are taken from the bitmap a block at a time: runs may be of one person each.
  let block: Uint32Array = new Uint32Array(0)
  let place = 0
  for (let told = 0; told < size; ) {
    const head = reader.varint('the length of a run')
    const step = reader.varint('the version of a run')
    const people = Math.floor(head / 2)
    if (people < 1 || people > size - told)
      throw reader.fault(`a run has ${people} people, where ${size - told} are left`)
    at += head % 2 === 1 ? -step : step
    if (at < 0 || at > last) throw reader.fault(`values were written at version ${at}, where the data has ${last}`)
    if (people === size) order.replace(at)
    else if (people >= longStretch) {
      order.setStretch(present.select(told)!, present.select(told + people - 1)!, at)
      place = block.length
    } else {
      for (let next = told; next < told + people; next++) {
        if (place === block.length) {
          block = present.rangeUint32Array(next, blockSize)
          place = 0
        }
        order.set(block[place++]!, at)
      }
    }
    told += people
  }
  reader.end()
  return order
}
