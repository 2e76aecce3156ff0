import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'

/** Where something stands in a rule's text: UTF-16 offsets, `start` included, `end` excluded. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One thing wrong with a rule: what and where. */
export interface Fault {
  readonly code: ErrorCode
  /** What was found, what was expected, what to do. */
  readonly message: string
  /** Place in the rule as a JSON path from its root `$`, for example `$.and[1].in[0]`. */
  readonly path: string
  /** Place in the text; absent when the rule did not come from text. */
  readonly span?: Span
  /** The nearest known name, where a name is unknown. */
  readonly suggestion?: string
}

/**
 * A rule that is refused, with every fault found in it. `code` is that of the first fault; the message shows each with
 * its line and a caret, or with its JSON path where the rule did not come from text.
 */
export class RuleError extends CrowdbitError {
  override readonly name = 'RuleError'
  /** All faults, in the order of their places in the rule. At least one. */
  readonly faults: readonly Fault[]
  /** The text that the rule was parsed from, where there is one. */
  readonly source: string | null

  constructor(faults: readonly Fault[], source: string | null = null) {
    const first = faults[0]!
    super(first.code, formatFaults(faults, source), { faults })
    this.faults = Object.freeze([...faults])
    this.source = source
  }

  override toJSON(): { code: ErrorCode; message: string; facts: { faults: readonly Fault[] } } {
    return { code: this.code, message: this.messageAlone, facts: { faults: this.faults } }
  }
}

/** Most faults that a message spells out; all of them are in `faults`. */
const mostShown = 10

function formatFaults(faults: readonly Fault[], source: string | null): string {
  const parts = faults.slice(0, mostShown).map((fault, index) => {
    const place =
      fault.span !== undefined && source !== null
        ? `\n${pointAt(source, fault.span)}`
        : fault.path === '$'
          ? ''
          : ` (at ${fault.path})`
    return `${index === 0 ? '' : `${fault.code}: `}${fault.message}${place}`
  })
  if (faults.length > mostShown) parts.push(`… and ${faults.length - mostShown} more`)
  return parts.join('\n')
}

/** Line and column of an offset, both from 1; columns count code points. */
export function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  const line = before.split(/\r\n|\r|\n/).length
  return { line, column: [...before.slice(lineStart)].length + 1 }
}

/** Widest part of a line that is shown around the place. */
const window = 60

/**
 * The line with the place underlined by carets. Chinese, Japanese and Korean characters take two cells of a terminal,
 * so they get two.
 */
function pointAt(source: string, span: Span): string {
  const { line } = lineAndColumn(source, span.start)
  const lineStart = Math.max(source.lastIndexOf('\n', span.start - 1), source.lastIndexOf('\r', span.start - 1)) + 1
  const breakAt = source.slice(span.start).search(/[\r\n]/)
  const lineEnd = breakAt === -1 ? source.length : span.start + breakAt
  const from = Math.max(lineStart, span.start - window)
  const to = Math.min(lineEnd, Math.min(Math.max(span.end, span.start), span.start + window) + window)
  const cut = from > lineStart ? '…' : ''
  const shown = cut + source.slice(from, to) + (to < lineEnd ? '…' : '')
  const indent = cells(cut + source.slice(from, span.start))
  const width = Math.max(1, cells(source.slice(span.start, Math.min(span.end, to))))
  const gutter = String(line)
  return `  ${gutter} | ${shown}\n  ${' '.repeat(gutter.length)} | ${' '.repeat(indent)}${'^'.repeat(width)}`
}

/** Terminal cells of a text, by the East Asian wide ranges that matter for names. */
function cells(text: string): number {
  let count = 0
  for (const character of text) {
    count +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return count
}
