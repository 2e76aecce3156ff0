/** Where the values of each person are, once they are brought together. */
export interface Groups {
  /** Where each person's values begin, and at the end how many there are. */
  readonly starts: Uint32Array
  /** The lower half of each person's number, ascending. */
  readonly lows: Uint16Array
  /** By the lower half of a person's number the place of the next value; used up by bringing them together. */
  readonly places: Uint32Array
}

/** Finds room for the values of each person. Cost: a pass over the values, and one over 65,536 counters. */
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
  return { starts: starts.subarray(0, groups + 1), lows: lows.subarray(0, groups), places }
}

/** The values, those of the first person first; of one person in the order in which they came. */
export function valuesByPerson(
  { places }: Groups,
  people: Uint16Array,
  values: Float64Array,
  length: number,
): Float64Array {
  const grouped = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const low = people[i]!
    grouped[places[low]!] = values[i]!
    places[low] = places[low]! + 1
  }
  return grouped
}

/** The places of the values, in that order. */
export function placesByPerson({ places }: Groups, people: Uint16Array, length: number): Uint32Array {
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) {
    const low = people[i]!
    order[places[low]!] = i
    places[low] = places[low]! + 1
  }
  return order
}
