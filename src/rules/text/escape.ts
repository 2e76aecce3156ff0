import { isAsciiDigit } from './characters.ts'

/** An escape of a text that was read: its character (half a pair for half an escaped pair), or what is wrong with it. */
export interface Escape {
  readonly character: string
  readonly end: number
  readonly fault: string | null
}

/** Reads the escape whose backslash stands at `at`: those of JSON, `\\u{…}`, and the Chinese quotes. */
export function readEscape(source: string, at: number): Escape {
  const letter = source[at + 1] ?? ''
  if (letter === 'u') return source[at + 2] === '{' ? readPoint(source, at) : readUnit(source, at)
  const character = simple[letter]
  if (character !== undefined) return { character, end: at + 2, fault: null }
  const point = source.codePointAt(at + 1)
  const shown = point === undefined || point < 0x20 ? '\\' : `\\${String.fromCodePoint(point)}`
  return faulty(`found ${shown}, which is no escape. A backslash itself is written \\\\`, at + shown.length)
}

const simple: Readonly<Record<string, string | undefined>> = {
  '"': '"',
  '“': '“',
  '”': '”',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** `\\u` and four digits: one UTF-16 unit. */
function readUnit(source: string, at: number): Escape {
  const end = hexEnd(source, at + 2, 4)
  if (end < at + 6) return faulty('expected four hexadecimal digits after \\u', end)
  return { character: String.fromCharCode(Number.parseInt(source.slice(at + 2, end), 16)), end, fault: null }
}

/** `\\u{…}`: one code point. */
function readPoint(source: string, at: number): Escape {
  const end = hexEnd(source, at + 3, 6)
  const point = Number.parseInt(source.slice(at + 3, end), 16)
  if (source[end] !== '}' || !(point <= 0x10ffff))
    return faulty('expected a code point from \\u{0} to \\u{10ffff}', end)
  return { character: String.fromCodePoint(point), end: end + 1, fault: null }
}

function faulty(fault: string, end: number): Escape {
  return { character: '', end, fault }
}

function hexEnd(source: string, start: number, most: number): number {
  let end = start
  while (end < start + most && isHex(source.charCodeAt(end))) end++
  return end
}

function isHex(unit: number): boolean {
  return isAsciiDigit(unit) || (unit >= 0x41 && unit <= 0x46) || (unit >= 0x61 && unit <= 0x66)
}
