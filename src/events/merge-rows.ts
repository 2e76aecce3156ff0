/**
 * The rows of two sorted runs in one order: `[0, size)`, and the rows that `tail` names. Of equal ones those of the
 * first run come first.
 */
export function mergedOrder(people: Uint32Array, times: Uint32Array, size: number, tail: Uint32Array): Uint32Array {
  const order = new Uint32Array(size + tail.length)
  let row = 0
  let at = 0
  for (let i = 0; i < tail.length; i++) {
    const late = tail[i]!
    const person = people[late]!
    const time = times[late]!
    while (row < size && (people[row]! < person || (people[row] === person && times[row]! <= time))) order[at++] = row++
    order[at++] = late
  }
  while (row < size) order[at++] = row++
  return order
}

/**
 * For each row that `tail` names, in order, the first row of `[0, size)` that comes after it, or `size`.
 * Cost: a binary search each.
 */
export function placesOf(people: Uint32Array, times: Uint32Array, size: number, tail: Uint32Array): Uint32Array {
  const places = new Uint32Array(tail.length)
  let low = 0
  for (let i = 0; i < tail.length; i++) {
    const person = people[tail[i]!]!
    const time = times[tail[i]!]!
    let high = size
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = people[middle]!
      if (other < person || (other === person && times[middle]! <= time)) low = middle + 1
      else high = middle
    }
    places[i] = low
  }
  return places
}
