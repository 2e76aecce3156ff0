/**
 * Nearest known name for a misspelt one: optimal string alignment distance (insert, delete, replace, swap of
 * neighbours), by code point. Ties go to the first in the list, so the same input gives the same hint.
 */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  const target = [...wrong.normalize('NFC').toLowerCase()].slice(0, maxLength)
  const allowed = Math.max(1, Math.floor(target.length * 0.4))
  let best: string | undefined
  let bestDistance = allowed + 1
  let looked = 0
  for (const name of known) {
    if (++looked > maxCandidates) break
    const candidate = [...name.toLowerCase()].slice(0, maxLength)
    if (Math.abs(candidate.length - target.length) >= bestDistance) continue
    const distance = editDistance(target, candidate)
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** ` Did you mean X?` with a leading space, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean ${suggestion}?`
}

/** Names longer than this are compared by their beginnings, so that a hostile name costs little. */
const maxLength = 64
/** A hint is a courtesy: past this many names it isn't worth the time. */
const maxCandidates = 10_000

function editDistance(a: readonly string[], b: readonly string[]): number {
  let beforePrevious: number[] = []
  let previous = b.map((_, j) => j)
  previous.push(b.length)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforePrevious[j - 2]! + 1)
      }
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}
