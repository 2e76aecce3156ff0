import { isEventNode } from '../ast.ts'
import { adviceAfterEvent } from './event-advice.ts'
import { isReserved, spacedOut } from './keywords.ts'
import type { Lexer } from './lex.ts'
import type { Mark } from './mark.ts'
import { quote, writeName } from './quote.ts'
import { excerpt } from './syntax-error.ts'

/** What may help where an operator between rules was expected after `operand`: a sentence with a blank before it, or nothing. */
export function adviceAfter(operand: Mark, found: Lexer): string {
  const { node } = operand
  const splitNumber = adviceAfterNumber(operand, found)
  if (splitNumber !== '') return splitNumber
  if (found.kind === 'word') {
    const right = synonyms.get(found.value.toLowerCase())
    if (right !== undefined) return `. Write ${right}`
    const spaced = /[0-9]/.test(found.value) ? spacedOut(found.value) : undefined
    if (spaced !== undefined) return `. Leave blanks around keywords: ${excerpt(spaced)}`
  }
  if (isEventNode(node) || node.kind === 'within') return adviceAfterEvent(node, found)
  if (node.kind !== 'has' || typeof node.tag !== 'string') return ''
  if (found.kind === '(') {
    const spaced = spacedOut(node.tag)
    const read = `. ${excerpt(writeName(node.tag))} was read as a name`
    return spaced === undefined ? read : `${read}: leave blanks around keywords, ${excerpt(spaced)}`
  }
  if ((found.keyword === 'last' && isReserved(found.value)) || found.keyword === 'within') {
    return `. A window of time begins with in: ${excerpt(writeName(node.tag))} in last 7 days`
  }
  const isJoined = (found.kind === 'word' && found.keyword === null) || found.kind === 'number'
  if (!isJoined) return ''
  return `. A name with blanks is written in double quotes, ${excerpt(quote(`${node.tag} ${found.value}`))}`
}

/** For `1,000`, of which the comma was found. */
function adviceAfterNumber({ end }: Mark, { kind, source, start }: Lexer): string {
  if (kind !== ',' || start !== end || !/^[0-9]{3}(?![0-9])/.test(source.slice(start + 1, start + 5))) return ''
  const digits = /[0-9]{1,3}$/.exec(source.slice(Math.max(0, end - 4), end))?.[0]
  return digits === undefined
    ? ''
    : `. A number is written without commas, ${digits}${source.slice(start + 1, start + 4)}`
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
