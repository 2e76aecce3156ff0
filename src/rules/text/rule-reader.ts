import type { Lexer } from './lex.ts'
import type { Mark } from './mark.ts'
import type { MarkMaker } from './mark-maker.ts'

/** What the readers of conditions share: the text at the present token, and the way to read a filter inside it. */
export interface RuleReader {
  readonly lexer: Lexer
  readonly maker: MarkMaker
  /** Whether what is read is a filter of an event, in which names are properties and nothing asks about people. */
  readonly isFilter: boolean
  /** Reads the filter whose `(` is the present token, up to and with its `)`. */
  readFilter(): Mark
}
