/**
 * The rows of some people, as ranges `[a, b)` one behind the other: `[a0, b0, a1, b1, …]`. Both lists are ascending.
 * Cost: a search for each person, short where they are near each other.
 */
export function rowsOfPeople(rows: Uint32Array, size: number, people: Uint32Array): number[] {
  const ranges: number[] = []
  let row = 0
  for (let i = 0; i < people.length && row < size; i++) {
    const person = people[i]!
    const begin = firstRowOf(rows, row, size, person)
    row = begin
    while (row < size && rows[row] === person) row++
    if (row === begin) continue
    if (ranges[ranges.length - 1] === begin) ranges[ranges.length - 1] = row
    else ranges.push(begin, row)
  }
  return ranges
}

/** The first row from `from` on whose person is not below `person`, or `size`. */
export function firstRowOf(people: Uint32Array, from: number, size: number, person: number): number {
  // Gallops, since the rows looked for are often near.
  let step = 1
  let low = from
  let high = from
  while (high < size && people[high]! < person) {
    low = high + 1
    high += step
    step *= 2
  }
  high = Math.min(high, size)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (people[middle]! < person) low = middle + 1
    else high = middle
  }
  return low
}
