/** Up to here sorting by insertion is faster than a call of the built-in sort. */
const few = 32
/** So many places an event may be moved on average before the built-in sort takes over. */
const fewMoves = few / 2

/**
 * Sorts the places `order[from]` to `order[to - 1]` by their time. Cost: a pass where they are nearly in order already, as the
 * events of a person are that come day by day.
 */
export function sortByTime(order: Uint32Array, from: number, to: number, times: Float64Array): void {
  let moves = fewMoves * (to - from)
  for (let i = from + 1; i < to; i++) {
    const event = order[i]!
    const time = times[event]!
    let place = i
    while (place > from && times[order[place - 1]!]! > time) {
      order[place] = order[place - 1]!
      place--
    }
    order[place] = event
    moves -= i - place
    if (moves < 0) {
      order.subarray(from, to).sort((a, b) => times[a]! - times[b]!)
      return
    }
  }
}

/** Sorts the places by their link, those with the same link by their time. Times are finite, links too. */
export function sortByLink(
  order: Uint32Array,
  from: number,
  to: number,
  times: Float64Array,
  links: Float64Array,
): void {
  if (to - from > few) {
    order.subarray(from, to).sort((a, b) => links[a]! - links[b]! || times[a]! - times[b]!)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const event = order[i]!
    const link = links[event]!
    const time = times[event]!
    let place = i
    while (place > from) {
      const before = order[place - 1]!
      if (links[before]! < link || (links[before] === link && times[before]! <= time)) break
      order[place] = before
      place--
    }
    order[place] = event
  }
}
