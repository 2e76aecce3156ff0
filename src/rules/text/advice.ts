import { spacedOut } from './keywords.ts'
import type { Lexer } from './lex.ts'
import type { Mark } from './mark.ts'
import { quote, writeName } from './quote.ts'
import { excerpt } from './syntax-error.ts'

/** What may help where an operator between rules was expected after `operand`: a sentence with a blank before it, or nothing. */
export function adviceAfter(operand: Mark, found: Lexer): string {
  const { node } = operand
  if (found.kind === 'word') {
    const right = synonyms.get(found.value.toLowerCase())
    if (right !== undefined) return `. Write ${right}`
  }
  if (node.kind !== 'has' || typeof node.tag !== 'string') return ''
  if (found.kind === '(') {
    const spaced = spacedOut(node.tag)
    const read = `. ${excerpt(writeName(node.tag))} was read as a name`
    return spaced === undefined ? read : `${read}: leave blanks around keywords, ${excerpt(spaced)}`
  }
  const isJoined = (found.kind === 'word' && found.keyword === null) || found.kind === 'number'
  if (!isJoined) return ''
  return `. A name with blanks is written in double quotes, ${excerpt(quote(`${node.tag} ${found.value}`))}`
}

/** Words that are close to an operator between rules. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['和', '且'],
  ['与', '且'],
  ['并且', '且'],
  ['同时', '且'],
  ['或者', '或'],
  ['减', '除去'],
  ['减去', '除去'],
  ['排除', '除去'],
  ['union', 'or'],
  ['intersect', 'and'],
  ['except', 'minus'],
  ['exclude', 'minus'],
  ['but', 'and not'],
])
