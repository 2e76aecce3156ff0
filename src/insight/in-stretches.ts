import { ShortTurns } from '../base/short-turns.ts'
import { and, type ReadonlyBitmap, rangeBitmap } from '../bitmap/bitmap.ts'

const container = 65_536
/** Milliseconds that a stretch should take at most, and at the least: several make up a turn. */
const [longest, shortest] = [2, 0.5]

/**
 * Does work on one stretch of people after another, between which others have their turn: work whose results for parts of the people make up that for
 * all. Stretches are made so long that each takes about a millisecond.
 *
 * @throws what the signal gives
 */
export async function inStretches(
  people: ReadonlyBitmap,
  signal: AbortSignal | undefined,
  work: (part: ReadonlyBitmap) => void,
): Promise<void> {
  if (people.isEmpty) {
    work(people)
    return
  }
  const end = Math.floor(people.maximum() / container) + 1
  const turns = new ShortTurns()
  let length = 4
  for (let from = 0; from < end; ) {
    signal?.throwIfAborted()
    const began = performance.now()
    const to = Math.min(end, from + length)
    const stretch = rangeBitmap(from * container, to * container)
    const part = and(people, stretch)
    stretch.dispose()
    try {
      if (from === 0 || !part.isEmpty) work(part)
    } finally {
      part.dispose()
    }
    from = to
    const took = performance.now() - began
    if (took > longest) length = Math.max(1, length >>> 1)
    else if (took < shortest) length *= 2
    await turns.mayEnd()
  }
}
