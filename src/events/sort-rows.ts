/** Up to so many rows are sorted by insertion. */
const few = 32
/** Bits of a digit, at most: as many counters as the first-level cache holds. */
const mostDigitBits = 12

/**
 * The rows `[from, to)` in the order of person and time, those with both equal in the order in which they are; `null`
 * where they are in that order already.
 *
 * Cost: a radix sort by person, some 10 ns a row; rows of one person that aren't in order of time are sorted by themselves.
 */
export function sortedOrder(people: Uint32Array, times: Uint32Array, from: number, to: number): Uint32Array | null {
  if (isSorted(people, times, from, to)) return null
  const order = new Uint32Array(to - from)
  for (let i = 0; i < order.length; i++) order[i] = from + i
  if (order.length <= few) {
    insertionSort(order, 0, order.length, people, times)
    return order
  }
  const keys = people.slice(from, to)
  const sorted = radixSort(keys, order)
  sortRuns(sorted.keys, sorted.order, people, times)
  return sorted.order
}

/** The rows `[from, to)` as they are. */
export function plainOrder(from: number, to: number): Uint32Array {
  const order = new Uint32Array(to - from)
  for (let i = 0; i < order.length; i++) order[i] = from + i
  return order
}

function isSorted(people: Uint32Array, times: Uint32Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) {
    const person = people[i]!
    const before = people[i - 1]!
    if (person < before || (person === before && times[i]! < times[i - 1]!)) return false
  }
  return true
}

function insertionSort(order: Uint32Array, begin: number, end: number, people: Uint32Array, times: Uint32Array): void {
  for (let i = begin + 1; i < end; i++) {
    const row = order[i]!
    const person = people[row]!
    const time = times[row]!
    let at = i - 1
    for (; at >= begin; at--) {
      const other = order[at]!
      const otherPerson = people[other]!
      if (otherPerson < person || (otherPerson === person && times[other]! <= time)) break
      order[at + 1] = other
    }
    order[at + 1] = row
  }
}

interface Sorted {
  readonly keys: Uint32Array
  readonly order: Uint32Array
}

/** Sorts rows by their keys, from the lowest digit up; equal keys stay as they are. The arrays given are used up. */
function radixSort(givenKeys: Uint32Array, givenOrder: Uint32Array): Sorted {
  let keys = givenKeys
  let order = givenOrder
  const { length } = keys
  let low = 0xffff_ffff
  let high = 0
  for (let i = 0; i < length; i++) {
    const key = keys[i]!
    if (key < low) low = key
    if (key > high) high = key
  }
  const bits = 32 - Math.clz32(high - low)
  if (bits === 0) return { keys, order }
  // No more counters than rows.
  const most = Math.max(4, Math.min(mostDigitBits, 32 - Math.clz32(length)))
  const passes = Math.ceil(bits / most)
  const digitBits = Math.ceil(bits / passes)
  const starts = new Uint32Array(1 << digitBits)
  let otherKeys: Uint32Array = new Uint32Array(length)
  let otherOrder: Uint32Array = new Uint32Array(length)
  for (let pass = 0; pass < passes; pass++) {
    scatter(keys, order, otherKeys, otherOrder, low, pass * digitBits, starts)
    ;[keys, otherKeys] = [otherKeys, keys]
    ;[order, otherOrder] = [otherOrder, order]
  }
  return { keys, order }
}

/** One pass: by the digit of `key - low` that begins at bit `shift`. */
function scatter(
  keys: Uint32Array,
  order: Uint32Array,
  toKeys: Uint32Array,
  toOrder: Uint32Array,
  low: number,
  shift: number,
  starts: Uint32Array,
): void {
  const { length } = keys
  const mask = starts.length - 1
  starts.fill(0)
  for (let i = 0; i < length; i++) starts[((keys[i]! - low) >>> shift) & mask]!++
  let sum = 0
  for (let digit = 0; digit < starts.length; digit++) {
    const count = starts[digit]!
    starts[digit] = sum
    sum += count
  }
  for (let i = 0; i < length; i++) {
    const key = keys[i]!
    const at = starts[((key - low) >>> shift) & mask]!++
    toKeys[at] = key
    toOrder[at] = order[i]!
  }
}

/** Sorts the rows of each person by time. Mostly they are: events come in about the order in which they were. */
function sortRuns(keys: Uint32Array, order: Uint32Array, people: Uint32Array, times: Uint32Array): void {
  const { length } = keys
  for (let begin = 0; begin < length; ) {
    const person = keys[begin]!
    let end = begin + 1
    let inOrder = true
    for (; end < length && keys[end] === person; end++) {
      if (times[order[end]!]! < times[order[end - 1]!]!) inOrder = false
    }
    if (!inOrder) {
      if (end - begin <= few) insertionSort(order, begin, end, people, times)
      else {
        const rows = order.slice(begin, end)
        const runTimes = new Uint32Array(rows.length)
        for (let i = 0; i < rows.length; i++) runTimes[i] = times[rows[i]!]!
        order.set(radixSort(runTimes, rows).order, begin)
      }
    }
    begin = end
  }
}
