/** Lines around a change that are shown with it. */
const context = 2

/** What has to be done to `before` to get `after`: lines with `-`, `+` or a blank in front; empty when both are equal. */
export function lineDiff(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  // common[i][j]: the length of the longest common subsequence of old[i…] and now[j…].
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i]![j] = old[i] === now[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
    }
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(`  ${old[i++]}`)
      j++
    } else if (j >= now.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(`- ${old[i++]}`)
    } else {
      lines.push(`+ ${now[j++]}`)
    }
  }
  return lines.filter((_, index) => lines.slice(Math.max(0, index - context), index + context + 1).some(isChange))
}

function isChange(line: string): boolean {
  return !line.startsWith(' ')
}
