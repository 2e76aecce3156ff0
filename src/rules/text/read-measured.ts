import type { Measure, Slot } from '../ast.ts'
import type { Span } from '../fault.ts'
import { eventTerm } from '../make-node.ts'
import { isReserved } from './keywords.ts'
import type { Lexer } from './lex.ts'
import { expected, fail, readName } from './read-operand.ts'
import { plainTerm, readInParentheses, readNamedEvent, readTerms, type TermRead } from './read-term.ts'
import type { RuleReader } from './rule-reader.ts'
import { excerpt, refuse } from './syntax-error.ts'

/** The measures of a property. */
export type PropertyMeasure = 'sum' | 'avg' | 'min' | 'max' | 'distinct'

/** What is measured, of which events. */
export interface Measured {
  readonly measure: Measure
  readonly terms: readonly TermRead[]
}

/** `amount of purchase`; or events of which it is not said yet what is measured. */
interface Item {
  readonly terms: readonly TermRead[]
  readonly isMeasured: boolean
}

/** A property and where it is named. */
interface NamedProperty extends Span {
  readonly property: Slot<string>
}

/**
 * Reads what stands behind the measure: `amount of purchase`, `amount of (purchase, order)`,
 * `(amount of purchase, minus amount of refund)`, `days of browse`, and in Chinese order `purchase 的 amount`,
 * `(purchase, order) 的 amount`, `browse 的 天数`.
 */
export function readMeasured(reader: RuleReader, measure: PropertyMeasure): Measured {
  const { lexer } = reader
  if (measure === 'distinct' && isDays(lexer)) {
    lexer.next()
    if (!lexer.take('of') && !lexer.take('whose')) expected(lexer, 'of: distinct days of browse')
    return { measure: 'days', terms: readTerms(reader) }
  }
  const items = lexer.at('(')
    ? readInParentheses(lexer, () => readItem(reader, measure, true))
    : [readItem(reader, measure, false)]
  const terms = items.flatMap((item) => item.terms)
  if (items.every((item) => item.isMeasured)) return { measure, terms }
  if (items.some((item) => item.isMeasured)) refuseUnmeasured(lexer, measure, items)
  if (!lexer.take('whose')) expected(lexer, `of: ${exampleOf(measure)}`)
  if (measure === 'distinct' && isDays(lexer)) {
    lexer.next()
    return { measure: 'days', terms }
  }
  const property = readProperty(lexer)
  return { measure, terms: terms.map((read) => withProperty(read, property, null)) }
}

function readItem(reader: RuleReader, measure: PropertyMeasure, inList: boolean): Item {
  const { lexer } = reader
  const minus = inList ? readMinus(lexer, measure) : null
  const named = readNamedEvent(reader, `a property of an event: ${exampleOf(measure)}`)
  if (named.where === null && lexer.take('of')) {
    const property = { property: named.event, ...named.eventAt }
    return { terms: readTerms(reader).map((read) => withProperty(read, property, minus)), isMeasured: true }
  }
  if (inList && lexer.take('whose')) {
    return { terms: [withProperty(plainTerm(named), readProperty(lexer), minus)], isMeasured: true }
  }
  if (minus !== null) expected(lexer, 'of: minus amount of refund')
  return { terms: [plainTerm(named)], isMeasured: false }
}

function readMinus(lexer: Lexer, measure: PropertyMeasure): Span | null {
  if (lexer.keyword !== 'minus' && lexer.keyword !== 'less') return null
  if (measure !== 'sum') {
    fail(lexer, 'RULE_SYNTAX', `found ${lexer.describe()} in ${measure}: only a sum takes events away`)
  }
  const { start, end } = lexer
  lexer.next()
  return { start, end }
}

function readProperty(lexer: Lexer): NamedProperty {
  const { start, end } = lexer
  return { property: readName(lexer, 'the name of a property'), start, end }
}

/** `days` that are counted; a property of that name is written in double quotes. */
function isDays({ keyword, value }: Lexer): boolean {
  return keyword === 'dayCount' || (keyword === 'days' && isReserved(value))
}

function withProperty({ term, mark }: TermRead, property: NamedProperty, minus: Span | null): TermRead {
  return {
    term: eventTerm(term.event, term.where, property.property, minus === null ? 1 : -1),
    mark: {
      ...mark,
      start: Math.min(minus?.start ?? mark.start, property.start, mark.start),
      end: Math.max(mark.end, property.end),
      property: { start: property.start, end: property.end },
      minus,
    },
  }
}

function refuseUnmeasured({ source }: Lexer, measure: PropertyMeasure, items: readonly Item[]): never {
  const { start, end } = items.find((item) => !item.isMeasured)!.terms[0]!.mark
  const message = `found ${excerpt(source.slice(start, end))} alone, expected what is measured of it: ${exampleOf(measure)}`
  refuse(source, 'RULE_SYNTAX', message, start, end)
}

function exampleOf(measure: PropertyMeasure): string {
  return measure === 'distinct' ? 'distinct product of purchase' : `${measure} amount of purchase`
}
