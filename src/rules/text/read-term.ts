import type { EventTerm, Slot } from '../ast.ts'
import type { Span } from '../fault.ts'
import { eventTerm } from '../make-node.ts'
import type { Lexer } from './lex.ts'
import type { Mark, TermMark } from './mark.ts'
import { expected, readName } from './read-operand.ts'
import type { RuleReader } from './rule-reader.ts'
import { refuse } from './syntax-error.ts'

/** An event with its filter, as it was read, and where it stands. */
export interface TermRead {
  readonly term: EventTerm
  readonly mark: TermMark
}

/** The event of a term, with its filter, before anything is asked of it. */
export interface NamedEvent extends Span {
  readonly event: Slot<string>
  readonly eventAt: Span
  readonly where: Mark | null
}

/** Reads the name of an event and, in parentheses behind it, its filter. */
export function readNamedEvent(reader: RuleReader, what: string = 'the name of an event'): NamedEvent {
  const { lexer } = reader
  const { start, end } = lexer
  const event = readName(lexer, what)
  const where = lexer.at('(') ? reader.readFilter() : null
  return { event, eventAt: { start, end }, where, start, end: lexer.previousEnd }
}

/** An event alone, as most questions ask of it. */
export function plainTerm({ event, eventAt, where, start, end }: NamedEvent): TermRead {
  return {
    term: eventTerm(event, where?.node ?? null),
    mark: { start, end, event: eventAt, property: null, minus: null, where },
  }
}

/** Reads `purchase(product = "A")`. */
export function readTerm(reader: RuleReader, what?: string): TermRead {
  return plainTerm(readNamedEvent(reader, what))
}

/** Reads one event, or several in parentheses: `(purchase, order(kol = "B"))`. */
export function readTerms(reader: RuleReader): TermRead[] {
  if (!reader.lexer.at('(')) return [readTerm(reader, 'the name of an event, or several in parentheses')]
  return readInParentheses(reader.lexer, () => readTerm(reader))
}

/** Reads what stands in parentheses, with commas between. At least one. */
export function readInParentheses<Item>(lexer: Lexer, readItem: () => Item): Item[] {
  const open = lexer.start
  const items: Item[] = []
  do {
    lexer.next()
    if (lexer.at('end')) unclosed(lexer, open)
    items.push(readItem())
  } while (lexer.at(','))
  if (lexer.at('end')) unclosed(lexer, open)
  if (!lexer.at(')')) expected(lexer, 'a comma or ) in the list of events')
  lexer.next()
  return items
}

/** Refuses a text that ends before the `)` of the `(` at `open`. */
export function unclosed(lexer: Lexer, open: number): never {
  refuse(lexer.source, 'RULE_SYNTAX', 'found the end of the text, expected the ) that closes this', open, open + 1)
}
