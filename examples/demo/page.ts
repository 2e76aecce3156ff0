/** Plain text for a terminal of 120 columns, in which Chinese characters are two cells wide. */

/** Width of the page, in cells. */
const width = 118

/** Prints the heading of a section. */
export function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(width - 4 - cells(text))}\n`)
}

/** Prints text, indented, long lines broken at blanks. */
export function say(text: string): void {
  for (const line of text.split('\n')) for (const part of broken(line)) console.log(part === '' ? '' : `  ${part}`)
}

/**
 * The lines that a line is broken into, at blanks, or behind commas where there is none, so that each fits the page. Those after the first keep its
 * indentation.
 */
function broken(line: string): string[] {
  const indent = /^ */.exec(line)![0]
  const lines: string[] = []
  let current = line
  while (cells(current) > width - 2) {
    let fits = current.length
    while (cells(current.slice(0, fits)) > width - 2) fits--
    const blank = current.lastIndexOf(' ', fits)
    const comma = current.lastIndexOf(',', fits - 1) + 1
    const end = blank > indent.length ? blank : comma > indent.length ? comma : fits
    lines.push(current.slice(0, end))
    current = indent + current.slice(end).trimStart()
  }
  return [...lines, current]
}

/** Prints rows in columns: numbers, and texts that are numbers or `none`, to the right, other texts to the left. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? whole(cell) : cell)))
  const widths = head.map((title, column) => Math.max(cells(title), ...texts.map((row) => cells(row[column] ?? ''))))
  const isNumber = head.map((_, column) => texts.every((row) => /^(-?[\d,.]+( %)?|none)$/.test(row[column] ?? '')))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - cells(cell))
        return isNumber[column] ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  say(line(head))
  for (const row of texts) say(line(row))
}

/** A whole number with its thousands apart. */
export function whole(count: number): string {
  return count.toLocaleString('en-US')
}

/** An amount of money, rounded to two digits; `none` where there is none. */
export function yuan(amount: number | null | undefined): string {
  return amount == null
    ? 'none'
    : amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** Bytes in the largest unit that fits. */
export function bytes(count: number): string {
  if (count >= 1_000_000) return `${(count / 1_000_000).toFixed(1)} MB`
  return count >= 1_000 ? `${(count / 1_000).toFixed(1)} KB` : `${count} bytes`
}

/** A time in milliseconds as people read it. */
export function time(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(1)} s`
  return milliseconds >= 1 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds * 1_000).toFixed(0)} µs`
}

/** Terminal cells of a text: Chinese characters and full-width signs take two. */
function cells(text: string): number {
  const wide = text.match(
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g,
  )
  return [...text].length + (wide?.length ?? 0)
}
