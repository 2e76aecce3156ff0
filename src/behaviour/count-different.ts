/** Up to here sorting by insertion is faster than a call of the built-in sort. */
const few = 32

/** How many different values there are in `[from, to)`, at least one, none of them NaN. They are sorted on the way. */
export function countDifferent(values: Float64Array, from: number, to: number): number {
  if (to - from > few) values.subarray(from, to).sort()
  else {
    for (let i = from + 1; i < to; i++) {
      const value = values[i]!
      let place = i
      while (place > from && values[place - 1]! > value) {
        values[place] = values[place - 1]!
        place--
      }
      values[place] = value
    }
  }
  let different = 1
  for (let i = from + 1; i < to; i++) if (values[i] !== values[i - 1]) different++
  return different
}
