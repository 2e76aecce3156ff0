/** Rows of some people, brought together person by person. */
export interface Groups {
  /** The places of the rows: those of the first person, of the next, and so on; of one person in the order they came. */
  readonly order: Uint32Array
  /** Where each person's places begin in `order`, and at the end how many there are. */
  readonly starts: Uint32Array
  /** The lower half of each person's number, ascending. */
  readonly lows: Uint16Array
}

/** Groups the first `length` rows by their person. Cost: two passes over the rows, and one over 65,536 counters. */
export function groupByPerson(people: Uint16Array, length: number): Groups {
  const places = new Uint32Array(65_536)
  for (let i = 0; i < length; i++) places[people[i]!] = places[people[i]!]! + 1
  const lows = new Uint16Array(Math.min(length, 65_536))
  const starts = new Uint32Array(lows.length + 1)
  let groups = 0
  let sum = 0
  for (let low = 0; low < 65_536; low++) {
    const count = places[low]!
    if (count === 0) continue
    places[low] = sum
    lows[groups] = low
    starts[groups] = sum
    groups++
    sum += count
  }
  starts[groups] = sum
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) {
    const low = people[i]!
    order[places[low]!] = i
    places[low] = places[low]! + 1
  }
  return { order, starts: starts.subarray(0, groups + 1), lows: lows.subarray(0, groups) }
}
