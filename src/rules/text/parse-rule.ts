import { defaultRuleLimits, type RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { RuleNode } from '../ast.ts'
import { RuleError, type Span } from '../fault.ts'
import { Lexer } from './lex.ts'
import type { Mark } from './mark.ts'
import { MarkMaker } from './mark-maker.ts'
import { Parser } from './parser.ts'
import { placesOf } from './places.ts'

/** A rule that was read from text, with the places of its parts. */
export class ParsedRule {
  readonly node: RuleNode
  readonly source: string
  readonly #mark: Mark
  #places: ReadonlyMap<string, Span> | null = null

  constructor(source: string, mark: Mark) {
    this.node = mark.node
    this.source = source
    this.#mark = mark
  }

  /**
   * Where each part stands in the text, by its path in the rule's JSON (`childPath`, `partPath`): whole nodes (`$.and[1]`),
   * tags (`$.and[1].tag`), operands (`$.and[1].in`), list items (`$.and[1].in[0]`), names, versions, counts. The operator
   * of a condition is under `operatorPlace('$.and[1]')`.
   *
   * Cost: made on first use; linear in nodes and list values.
   */
  get places(): ReadonlyMap<string, Span> {
    this.#places ??= placesOf(this.#mark)
    return this.#places
  }
}

/**
 * Reads a rule from text. The grammar is in docs/rules.md. Names and values are not looked up: that is validation.
 *
 * Cost: linear in the text, however deep; refused above a limit before more is read.
 *
 * @throws RuleError with one fault: RULE_SYNTAX, RULE_AMBIGUOUS, RULE_BAD_COUNT, RULE_BAD_WINDOW, RULE_BAD_SEQUENCE,
 *   RULE_BAD_FILTER; above a limit RULE_TOO_LONG, RULE_TOO_DEEP, RULE_TOO_LARGE, RULE_LIST_TOO_LONG; RULE_NOT_A_RULE when `text` is no string.
 * @example
 * ```ts
 * parseRule('精致妈妈 and cityTier in ("T1", "T2")').places.get('$.and[1].in[0]') // { start: 22, end: 26 }
 * ```
 */
export function parseRule(text: string, limits: RuleLimits = defaultRuleLimits): ParsedRule {
  if (typeof text !== 'string') {
    const message = `found ${show(text)}, expected the text of a rule`
    throw new RuleError([{ code: 'RULE_NOT_A_RULE', message, path: '$' }])
  }
  if (text.length > limits.textLength) {
    const message = `found a text of ${text.length} characters, expected at most ${limits.textLength}`
    throw new RuleError([{ code: 'RULE_TOO_LONG', message, path: '$' }])
  }
  return new ParsedRule(text, Parser.parseText(new Lexer(text, limits), new MarkMaker(text, limits)))
}
