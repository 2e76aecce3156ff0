import type { ErrorCode } from '../../base/error-codes.ts'
import { RuleError } from '../fault.ts'

/** Refuses a text for the one thing wrong at `[start, end)`. Parsing ends at the first. */
export function refuse(source: string, code: ErrorCode, message: string, start: number, end: number): never {
  throw new RuleError([{ code, message, path: '$', span: { start, end } }], source)
}

/** A piece of the source as a message shows it: never huge. */
export function excerpt(text: string): string {
  if (text.length <= longestExcerpt) return text
  const last = text.charCodeAt(longestExcerpt - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? longestExcerpt - 1 : longestExcerpt)}…`
}

const longestExcerpt = 40
