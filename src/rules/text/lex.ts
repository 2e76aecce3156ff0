import type { RuleLimits } from '../../base/limits.ts'
import { isWellFormed } from '../../base/well-formed.ts'
import { isAsciiDigit, isBlank, isDigits, wordEnd } from './characters.ts'
import { readEscape } from './escape.ts'
import { type Keyword, keywordOf } from './keywords.ts'
import { explainCharacter } from './mistakes.ts'
import { excerpt, refuse } from './syntax-error.ts'

/** The signs that compare, as they are printed. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/**
 * The kinds of token. `word`: a name or keyword. `text`: in double quotes. `number`: digits, with `-` and `.5` where they
 * are. `parameter`: `$name`.
 */
export type TokenKind = 'word' | 'text' | 'number' | 'parameter' | '(' | ')' | ',' | Comparison | 'end'

/** Where a lexer is in its text: what `restore` needs to go back there. */
export interface LexerState {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  readonly previousEnd: number
  readonly value: string
  readonly keyword: Keyword | null
}

/**
 * The tokens of a text, one at a time: `next()` puts one into the fields. One pass by UTF-16 unit, nothing kept.
 *
 * Cost: linear in the text.
 */
export class Lexer {
  /** The kind of the present token. */
  kind: TokenKind = 'end'
  /** Where it stands: UTF-16 offsets, `end` excluded. */
  start = 0
  end = 0
  /** Where the token before it ended. */
  previousEnd = 0
  /** The word in NFC or the number as written, the text without quotes and escapes, the parameter's name; else empty. */
  value = ''
  /** What a `word` means to the grammar, `null` for a mere name. */
  keyword: Keyword | null = null

  readonly source: string
  readonly limits: RuleLimits

  constructor(source: string, limits: RuleLimits) {
    this.source = source
    this.limits = limits
  }

  /** @throws RULE_SYNTAX where no token can be read, RULE_TOO_LONG for a name or text above the limit. */
  next(): void {
    const { source } = this
    this.previousEnd = this.end
    this.value = ''
    this.keyword = null
    const start = this.#skipBlanks(this.end)
    this.start = start
    if (start >= source.length) {
      this.#simple('end', start)
      return
    }
    const unit = source.charCodeAt(start)
    switch (unit) {
      case 0x28: // (
      case 0xff08: // （
        this.#simple('(', start + 1)
        return
      case 0x29: // )
      case 0xff09: // ）
        this.#simple(')', start + 1)
        return
      case 0x2c: // ,
      case 0xff0c: // ，
        this.#simple(',', start + 1)
        return
      case 0x3d: // =
      case 0xff1d: // ＝
        this.#readEquals(start)
        return
      case 0x21: // !
      case 0xff01: // ！
        if (!isEquals(source.charCodeAt(start + 1))) this.#fail('found !. Write not', start, start + 1)
        this.#simple('!=', start + 2)
        return
      case 0x2260: // ≠
        this.#simple('!=', start + 1)
        return
      case 0x3c: // <
      case 0xff1c: // ＜
        this.#readInequality('<', start)
        return
      case 0x3e: // >
      case 0xff1e: // ＞
        this.#readInequality('>', start)
        return
      case 0x2264: // ≤
        this.#simple('<=', start + 1)
        return
      case 0x2265: // ≥
        this.#simple('>=', start + 1)
        return
      case 0x22: // "
        this.kind = 'text'
        this.#readText(start, 0x22)
        return
      case 0x201c: // “
        this.kind = 'text'
        this.#readText(start, 0x201d)
        return
      case 0x24: // $
        this.#readParameter(start)
        return
      default:
        this.#readWord(start, unit)
    }
  }

  /** Whether the present token is of the kind. */
  at(kind: TokenKind): boolean {
    return this.kind === kind
  }

  /** Takes the present token if it is the keyword. */
  take(keyword: Keyword): boolean {
    if (this.keyword !== keyword) return false
    this.next()
    return true
  }

  /** Where the lexer is. */
  save(): LexerState {
    const { kind, start, end, previousEnd, value, keyword } = this
    return { kind, start, end, previousEnd, value, keyword }
  }

  /** Goes back to where `save` was called; the tokens from there on are read again. */
  restore(state: LexerState): void {
    Object.assign(this, state)
  }

  /** The present token as a message names it. */
  describe(): string {
    if (this.kind === 'end') return this.previousEnd === 0 ? 'an empty text' : 'the end of the text'
    return this.kind === ',' ? 'a comma' : excerpt(this.source.slice(this.start, this.end))
  }

  #simple(kind: TokenKind, end: number): void {
    this.kind = kind
    this.end = end
  }

  #fail(message: string, start: number, end: number): never {
    refuse(this.source, 'RULE_SYNTAX', message, start, end)
  }

  /** The first offset from `at` that is neither white space nor in a comment. */
  #skipBlanks(at: number): number {
    const { source } = this
    for (; at < source.length; at++) {
      const unit = source.charCodeAt(at)
      if (isBlank(unit)) continue
      if (unit !== 0x2f) return at
      const second = source.charCodeAt(at + 1)
      if (second === 0x2f) {
        at = lineEnd(source, at) - 1
      } else if (second === 0x2a) {
        const close = source.indexOf('*/', at + 2)
        if (close === -1) this.#fail('a comment that begins with /* ends with */', at, at + 2)
        at = close + 1
      } else {
        return at
      }
    }
    return at
  }

  #readWord(start: number, unit: number): void {
    const { source } = this
    const end = wordEnd(source, start)
    if (end > start) {
      const word = source.slice(start, end)
      this.value = mayChange.test(word) ? word.normalize('NFC') : word
      this.end = end
      if (isDigits(source, start, end)) {
        this.kind = 'number'
        this.#readFraction()
        return
      }
      this.kind = 'word'
      this.#checkLength(this.value)
      this.keyword = keywordOf(this.value)
      return
    }
    if (unit === 0x2d && isAsciiDigit(source.charCodeAt(start + 1))) {
      this.kind = 'number'
      this.end = wordEnd(source, start + 1)
      this.#readFraction()
      return
    }
    const { message, end: behind } = explainCharacter(source, start)
    this.#fail(message, start, behind)
  }

  #readEquals(start: number): void {
    const next = this.source.charCodeAt(start + 1)
    if (isEquals(next)) this.#fail('found ==. Write = to compare', start, start + 2)
    const turned = signOf(next)
    if (turned !== null) {
      this.#fail(`found ${this.source.slice(start, start + 2)}. Write ${turned}=`, start, start + 2)
    }
    this.#simple('=', start + 1)
  }

  #readInequality(sign: '<' | '>', start: number): void {
    const next = this.source.charCodeAt(start + 1)
    if (isEquals(next)) this.#simple(`${sign}=`, start + 2)
    else if (sign === '<' && signOf(next) === '>') {
      this.#fail(`found ${this.source.slice(start, start + 2)}. Write !=`, start, start + 2)
    } else this.#simple(sign, start + 1)
  }

  /** Takes `.5` behind digits too. */
  #readFraction(): void {
    const { source } = this
    if (source.charCodeAt(this.end) === 0x2e && isAsciiDigit(source.charCodeAt(this.end + 1))) {
      this.end = wordEnd(source, this.end + 1)
    }
    this.value = source.slice(this.start, this.end)
  }

  #readParameter(start: number): void {
    const { source } = this
    this.kind = 'parameter'
    const unit = source.charCodeAt(start + 1)
    if (unit === 0x22 || unit === 0x201c) {
      this.#readText(start + 1, unit === 0x22 ? 0x22 : 0x201d)
      return
    }
    const end = wordEnd(source, start + 1)
    if (end === start + 1 || isDigits(source, start + 1, end)) {
      this.#fail('found $ alone, expected a parameter such as $city or $"any name"', start, Math.max(end, start + 1))
    }
    this.value = source.slice(start + 1, end)
    this.end = end
    this.#checkLength(this.value)
  }

  /** Reads the text that is opened at `open` and ends at the quote `close`. */
  #readText(open: number, close: number): void {
    const { source } = this
    let value = ''
    let surrogates = false
    let chunk = open + 1
    for (let at = chunk; ; at++) {
      if (at >= source.length) {
        this.#fail('found the end of the text, expected the " that closes this', open, open + 1)
      }
      const unit = source.charCodeAt(at)
      if (unit === close) {
        this.value = value + source.slice(chunk, at)
        this.end = at + 1
        if (surrogates && !isWellFormed(this.value)) {
          this.#fail('a text has no half of a surrogate pair', open, this.end)
        }
        this.#checkLength(this.value)
        return
      }
      if (unit === 0x5c) {
        value += source.slice(chunk, at)
        const { character, end, fault } = readEscape(source, at)
        if (fault !== null) this.#fail(fault, at, end)
        surrogates ||= isSurrogate(character.charCodeAt(0))
        value += character
        chunk = end
        at = end - 1
      } else if (unit === 0x0a || unit === 0x0d) {
        const advice = 'A line break in a text is written \\n'
        this.#fail(`found the end of the line, expected the " that closes this. ${advice}`, open, at)
      } else if (unit < 0x20) {
        const code = unit.toString(16).padStart(4, '0')
        this.#fail(`found a control character in a text. Write \\u${code}`, at, at + 1)
      } else if (isSurrogate(unit)) surrogates = true
    }
  }

  /** Texts are kept in NFC, which can be up to three times as long. */
  #checkLength(value: string): void {
    const most = this.limits.valueLength
    if (value.length <= most && (value.length * 3 <= most || value.normalize('NFC').length <= most)) return
    refuse(
      this.source,
      'RULE_TOO_LONG',
      `found a name or text of ${value.length} characters, expected at most ${most} in a rule`,
      this.start,
      this.end,
    )
  }
}

/** Whether NFC may change a word: no mark and no composed letter is left out. Keywords are looked up in NFC. */
const mayChange = /[^\x20-\u02ff\u3041-\u30fa\u4e00-\u9fff]/

function lineEnd(source: string, at: number): number {
  for (; at < source.length; at++) {
    const unit = source.charCodeAt(at)
    if (unit === 0x0a || unit === 0x0d) return at
  }
  return at
}

function isEquals(unit: number): boolean {
  return unit === 0x3d || unit === 0xff1d
}

/** Which inequality a character is, full-width or not; `null` for another. */
function signOf(unit: number): '<' | '>' | null {
  if (unit === 0x3c || unit === 0xff1c) return '<'
  return unit === 0x3e || unit === 0xff1e ? '>' : null
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
