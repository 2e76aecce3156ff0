import type { BehaviourNode, EventTerm, RuleNode } from '../ast.ts'
import { isOperation } from './operator.ts'
import { printName } from './print-operand.ts'
import { type RuleLanguage, vocabulary } from './vocabulary.ts'

/** A piece of a rule's text: text as it stands, or a rule that is still to be printed. */
export type Piece = string | RuleNode

/** `purchase(product = "A", amount >= 50)`. */
export function termPieces({ event, where }: EventTerm): Piece[] {
  return where === null ? [printName(event)] : [`${printName(event)}(`, ...filterPieces(where), ')']
}

/** One event, or several in parentheses. */
export function termsPieces(terms: readonly EventTerm[]): Piece[] {
  return terms.length === 1 ? termPieces(terms[0]!) : inParentheses(terms.map(termPieces))
}

/** A filter without its parentheses: an `and` is written with commas, in which operations get parentheses for the eye. */
export function filterPieces(where: RuleNode): Piece[] {
  if (where.kind !== 'and') return [where]
  return where.rules.flatMap((rule, index) => [
    ...(index === 0 ? [] : [', ']),
    ...(isOperation(rule) ? ['(', rule, ')'] : [rule]),
  ])
}

/** What is measured of which events: `sum amount of purchase`, `distinct days of browse`, `days since last purchase`. */
export function measuredPieces({ measure, events }: BehaviourNode, language: RuleLanguage): Piece[] {
  const { distinct, whose, dayCount, daysSinceLast } = vocabulary
  switch (measure) {
    case 'days':
      return language === 'en'
        ? [`${distinct.en} ${dayCount.en} ${whose.en} `, ...termsPieces(events)]
        : [`${distinct.zh} `, ...termsPieces(events), ` ${whose.zh} ${dayCount.zh}`]
    case 'recency':
      return [`${daysSinceLast[language]} `, ...termsPieces(events), language === 'en' ? '' : ` ${dayCount.zh}`]
    default: {
      const [only] = events
      const measured =
        events.length === 1 && only!.sign === 1
          ? measuredTerm(only!, language)
          : inParentheses(events.map((term) => measuredTerm(term, language)))
      return [`${vocabulary[measure][language]} `, ...measured]
    }
  }
}

/** `amount of purchase`, `purchase 的 amount`; with `minus` before it where a sum takes it away. */
function measuredTerm(term: EventTerm, language: RuleLanguage): Piece[] {
  const { whose, less } = vocabulary
  const minus = term.sign === 1 ? '' : `${less[language]} `
  if (term.property === null) return [minus, ...termPieces(term)]
  const property = printName(term.property)
  return language === 'en'
    ? [`${minus}${property} ${whose.en} `, ...termPieces(term)]
    : [minus, ...termPieces(term), ` ${whose.zh} ${property}`]
}

function inParentheses(items: readonly (readonly Piece[])[]): Piece[] {
  return ['(', ...items.flatMap((item, index) => (index === 0 ? item : [', ', ...item])), ')']
}
