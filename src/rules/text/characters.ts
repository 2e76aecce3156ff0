/**
 * What the characters of a rule's text are. ASCII goes by a table and the common scripts of Chinese, Japanese and Korean
 * by ranges, so that only rare characters cost a regular expression.
 */

const other = 0
const blank = 1
const digit = 2
const letter = 3

const ascii: Uint8Array = new Uint8Array(128).map((_, unit) => {
  const character = String.fromCharCode(unit)
  if (/[A-Za-z_]/.test(character)) return letter
  if (/[0-9]/.test(character)) return digit
  return /\s/.test(character) ? blank : other
})

/** White space between tokens: any that JavaScript knows, the full-width space of Chinese keyboards included. */
export function isBlank(unit: number): boolean {
  return unit < 128 ? ascii[unit] === blank : unit === 0x3000 || (unit < 0x3000 && rareBlank(unit)) || unit === 0xfeff
}

export function isAsciiDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

/**
 * The end of the longest word that begins at `start`, or `start` when none does. A word is a run of letters, marks,
 * digits of any script, `_` and `·`; it doesn't begin with a mark or `·`. Characters that can't be seen are no part of it.
 *
 * Cost: linear in the word's length.
 */
export function wordEnd(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit < 128) {
      if (ascii[unit]! < digit) break
      at++
    } else if (isCommonLetter(unit)) {
      at++
    } else {
      const point = text.codePointAt(at)!
      if (!(at === start ? wordStart : wordPart).test(String.fromCodePoint(point))) break
      at += point > 0xffff ? 2 : 1
    }
  }
  return at
}

/** Whether the word in `text[start, end)` is a whole number rather than a name: decimal digits only, of any script. */
export function isDigits(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start)
  if (first < 128 ? ascii[first] !== digit : isCommonLetter(first)) return false
  return /^\p{Nd}+$/u.test(text.slice(start, end))
}

/** Whether a name can stand without quotes as far as its characters go. */
export function isWord(name: string): boolean {
  return name !== '' && wordEnd(name, 0) === name.length && !isDigits(name, 0, name.length)
}

/** Unified ideographs, kana and Hangul syllables, whose code points are letters throughout. */
function isCommonLetter(unit: number): boolean {
  return (
    (unit >= 0x4e00 && unit <= 0x9fff) ||
    (unit >= 0x3400 && unit <= 0x4dbf) ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0x3041 && unit <= 0x3096) ||
    (unit >= 0x30a1 && unit <= 0x30fa)
  )
}

const wordStart = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]$/u
const wordPart = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\u00b7]$/u

function rareBlank(unit: number): boolean {
  return /\s/.test(String.fromCharCode(unit))
}
