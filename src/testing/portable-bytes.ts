const cookie = 12346
const valuesPerContainer = 65536

/**
 * Numbers as a portable Roaring bitmap, written by hand so that reading it is a test: array containers only, so at most
 * 4,096 numbers in each range of 65,536.
 *
 * Source: the Roaring format specification, 32-bit portable format.
 */
export function portableBytesOf(numbers: Iterable<number>): Uint8Array {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b)
  const containers = new Map<number, number[]>()
  for (const number of sorted) {
    const key = Math.floor(number / valuesPerContainer)
    const low = number % valuesPerContainer
    const container = containers.get(key)
    if (container === undefined) containers.set(key, [low])
    else container.push(low)
  }
  const header = 8 + 8 * containers.size
  const view = new DataView(new ArrayBuffer(header + 2 * sorted.length))
  view.setUint32(0, cookie, true)
  view.setUint32(4, containers.size, true)
  let index = 0
  let at = header
  for (const [key, lows] of containers) {
    view.setUint16(8 + 4 * index, key, true)
    view.setUint16(10 + 4 * index, lows.length - 1, true)
    view.setUint32(8 + 4 * containers.size + 4 * index, at, true)
    for (const low of lows) {
      view.setUint16(at, low, true)
      at += 2
    }
    index++
  }
  return new Uint8Array(view.buffer)
}
