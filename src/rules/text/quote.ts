import { isWord } from './characters.ts'
import { keywordOf } from './keywords.ts'

/**
 * A text in double quotes, escaped as in JSON. Characters that can't be seen (controls, marks of direction, zero-width
 * ones) are escaped too, so that a printed rule can be trusted by eye; the joiners of emoji and Indic scripts are not.
 */
export function quote(text: string): string {
  const json = JSON.stringify(text)
  return unseen.test(json) ? json.replace(everyUnseen, escapeOf) : json
}

/** A name as the language writes it: bare where that is a plain word, else in double quotes. */
export function writeName(name: string): string {
  return isWord(name) && keywordOf(name) === null ? name : quote(name)
}

/** The name of a parameter behind its `$`, where keywords are free. */
export function writeParameter(name: string): string {
  return `$${isWord(name) ? name : quote(name)}`
}

const pattern =
  '(?![\\u200c\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}])[\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029\\ufff9-\\ufffb]'
const unseen = new RegExp(pattern, 'u')
const everyUnseen = new RegExp(pattern, 'gu')

function escapeOf(character: string): string {
  const point = character.codePointAt(0)!
  const hex = point.toString(16)
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
}
