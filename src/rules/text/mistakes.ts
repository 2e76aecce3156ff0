import { quote } from './quote.ts'

/** What other languages write, and what is written here: habits answered with the right spelling. */

/** The message for a character that begins no token. */
export function explainCharacter(source: string, start: number): { message: string; end: number } {
  const point = source.codePointAt(start)!
  const character = String.fromCodePoint(point)
  const doubled = (character === '&' || character === '|') && source[start + 1] === character
  const end = start + (doubled || point > 0xffff ? 2 : 1)
  const right = spellings.get(character)
  if (right !== undefined) return { message: `found ${source.slice(start, end)}. Write ${right}`, end }
  return { message: explainOther(point, character, source, start), end }
}

function explainOther(point: number, character: string, source: string, start: number): string {
  if (opensQuotes.includes(character))
    return `found ${character}. A text is written in double quotes: ${quoteFrom(source, start)}`
  if (point >= 0xd800 && point <= 0xdfff) return 'found half of a surrogate pair, which is no character'
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) && !/\p{Default_Ignorable_Code_Point}/u.test(character)
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return `found ${shown ? character : code}, which a name has in double quotes only`
}

const opensQuotes = "'‘’`´”«»「」『』《》＂＇"

const spellings: ReadonlyMap<string, string> = new Map([
  ['&', 'and'],
  ['＆', 'and'],
  ['∩', 'and'],
  ['|', 'or'],
  ['｜', 'or'],
  ['∪', 'or'],
  ['~', 'not'],
  ['～', 'not'],
  ['¬', 'not'],
  ['^', 'xor'],
  ['-', 'minus, or the name in double quotes where it is part of one'],
  ['－', 'minus, or the name in double quotes where it is part of one'],
  ['−', 'minus, or - before a number'],
  ['+', 'the number without +'],
  ['≦', '<='],
  ['≧', '>='],
  ['∖', 'minus'],
  ['[', '('],
  [']', ')'],
  ['{', '('],
  ['}', ')'],
  ['【', '('],
  ['】', ')'],
  ['［', '('],
  ['］', ')'],
  ['｛', '('],
  ['｝', ')'],
  [';', ','],
  ['；', ','],
  ['、', ','],
  [':', '='],
  ['：', '='],
  ['＄', '$'],
  ['￥', '$'],
  ['¥', '$'],
  ['#', '// before a comment'],
])

/** The text in other quotes at `start` as it should be, where it is short and closed. */
function quoteFrom(source: string, start: number): string {
  const text = /^.([^\n\r'‘’`´”«»「」『』《》＂＇]{1,40})['‘’`´”«»「」『』《》＂＇]/u.exec(
    source.slice(start, start + 50),
  )?.[1]
  return quote(text ?? 'T1')
}
