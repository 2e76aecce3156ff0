import type { ErrorCode } from '../../base/error-codes.ts'
import type { Slot } from '../ast.ts'
import { atLeast, not, parameter } from '../make-node.ts'
import { adviceAfter } from './advice.ts'
import { Chain, groupChain } from './chain.ts'
import { readCondition } from './condition.ts'
import type { Lexer } from './lex.ts'
import type { Mark, PartMark } from './mark.ts'
import type { MarkMaker } from './mark-maker.ts'
import { operatorOf } from './operator.ts'
import type { RuleReader } from './rule-reader.ts'
import { refuse } from './syntax-error.ts'

/** A level of parentheses that is open: what was read of it so far. */
interface Level {
  readonly kind: 'text' | 'filter' | 'group' | 'atLeast'
  /** Where its first token and its open parenthesis stand. */
  readonly start: number
  readonly open: number
  readonly count: Count | null
  /** The rule that is being read. */
  chain: Chain
  /** Where each `not` before the operand to come stands. */
  nots: number[]
  /** The rules of an `atLeast` or a filter before that one. */
  readonly rules: Mark[]
}

/** The `k` of `at least k of`. */
interface Count {
  readonly k: Slot<number>
  readonly place: PartMark
}

/**
 * Parses one text, once. Open parentheses are kept in a list of levels rather than on the call stack, so no text is too
 * deep to be refused.
 *
 *     rule     = operand { ("and" | "or" | "xor" | "minus") operand }
 *     operand  = { "not" } ( condition | "(" rule ")" | "at least" k "of" "(" [ rule { "," rule } ] ")" )
 *
 * A filter of an event, `rule { "," rule }`, is parsed by a parser of its own, which refuses events: so there are never
 * more than two at once.
 */
export class Parser implements RuleReader {
  readonly lexer: Lexer
  readonly maker: MarkMaker
  readonly isFilter: boolean
  /** Levels that are open around a filter. */
  readonly #around: number
  readonly #levels: Level[] = []
  #level: Level

  private constructor(lexer: Lexer, maker: MarkMaker, root: 'text' | 'filter', around: number) {
    this.lexer = lexer
    this.maker = maker
    this.isFilter = root === 'filter'
    this.#around = around
    this.#level = newLevel(root, lexer.start, lexer.start, null)
  }

  /** Parses a whole text, whose lexer is at its beginning. */
  static parseText(lexer: Lexer, maker: MarkMaker): Mark {
    return new Parser(lexer, maker, 'text', 0).#parse()
  }

  readFilter(): Mark {
    const around = this.#around + this.#levels.length + 1
    if (around > this.maker.limits.depth) this.maker.tooDeep(this.lexer.start, this.lexer.end)
    return new Parser(this.lexer, this.maker, 'filter', around).#parse()
  }

  #parse(): Mark {
    const { lexer } = this
    lexer.next()
    if (this.isFilter && lexer.at(')')) this.#expected('a test of a property. Without any, leave the parentheses out')
    for (;;) {
      let operand = this.#operandOrLevel()
      while (operand !== null) {
        const chain = this.#level.chain
        chain.operands.push(this.#negated(operand))
        operand = null
        const operator = operatorOf(lexer.keyword)
        if (operator !== null) {
          chain.add(operator, lexer.start, lexer.end)
          lexer.next()
        } else if (lexer.kind === 'end' && this.#level.kind === 'text') {
          return groupChain(chain, this.maker)
        } else if (lexer.kind === ')' && this.#level.kind === 'filter') {
          return this.#closeFilter()
        } else if (lexer.kind === ')' && this.#level.kind !== 'text') {
          operand = this.#close()
        } else if (lexer.kind === ',' && (this.#level.kind === 'atLeast' || this.#level.kind === 'filter')) {
          this.#level.rules.push(groupChain(chain, this.maker))
          this.#level.chain = new Chain()
          lexer.next()
        } else {
          this.#failAfterOperand()
        }
      }
    }
  }

  /** Reads an operand, or `null` when it opened a level whose operands come first. */
  #operandOrLevel(): Mark | null {
    const { lexer } = this
    const { nots } = this.#level
    while (lexer.kind === 'word' && lexer.keyword === 'not') {
      nots.push(lexer.start)
      if (nots.length >= this.maker.limits.depth) this.maker.tooDeep(lexer.start, lexer.end)
      lexer.next()
    }
    if (lexer.kind === '(') {
      this.#open('group', lexer.start, null)
      return null
    }
    if (lexer.kind === 'word' && (lexer.keyword === 'at' || lexer.keyword === 'atLeast')) return this.#openAtLeast()
    return readCondition(this)
  }

  #open(kind: 'group' | 'atLeast', start: number, count: Count | null): void {
    const { lexer } = this
    this.#levels.push(this.#level)
    if (this.#around + this.#levels.length > this.maker.limits.depth) this.maker.tooDeep(lexer.start, lexer.end)
    this.#level = newLevel(kind, start, lexer.start, count)
    lexer.next()
  }

  #openAtLeast(): Mark | null {
    const { lexer } = this
    const { start } = lexer
    if (!lexer.take('atLeast')) {
      lexer.next()
      if (!lexer.take('least')) this.#expected('least, as in at least 2 of (…). As a name, at is written "at"')
    }
    const count = this.#count()
    if (!lexer.at('(')) this.#expected('( before the rules that are counted')
    this.#open('atLeast', start, count)
    return lexer.at(')') ? this.#close() : null
  }

  /** Reads `2 of`, also as the one word `2个`. */
  #count(): Count {
    const { lexer } = this
    const { start, end, value } = lexer
    let k: Slot<number>
    if (lexer.kind === 'parameter') {
      k = parameter(value)
    } else {
      const joined = lexer.kind === 'word' ? /^([0-9]+)个$/.exec(value)?.[1] : undefined
      if (lexer.kind !== 'number' && joined === undefined) this.#expected('a whole number, as in at least 2 of (…)')
      k = this.#wholeNumber(joined ?? value, 'RULE_BAD_COUNT')
      if (joined !== undefined) {
        lexer.next()
        return { k, place: { part: 'k', start, end: end - 1 } }
      }
    }
    lexer.next()
    if (!lexer.take('of')) this.#expected('of, as in at least 2 of (…)')
    return { k, place: { part: 'k', start, end } }
  }

  #wholeNumber(digits: string, code: ErrorCode): number {
    const number = digits.length <= 16 && /^[0-9]+$/.test(digits) ? Number(digits) : 0
    if (number >= 1 && number <= Number.MAX_SAFE_INTEGER) return number
    return this.#fail(code, `found ${this.lexer.describe()}, expected a whole number of 1 or more`)
  }

  /** Ends the level at its `)`. The operand that it is then belongs to the level around it. */
  #close(): Mark {
    const { lexer } = this
    const { maker } = this
    const level = this.#level
    lexer.next()
    const end = lexer.previousEnd
    this.#level = this.#levels.pop()!
    if (level.count === null) return { ...groupChain(level.chain, maker), start: level.start, end }
    if (level.chain.operands.length > 0) level.rules.push(groupChain(level.chain, maker))
    const nodes = level.rules.map((rule) => rule.node)
    return maker.group(atLeast(level.count.k, nodes), level.start, end, level.rules, [level.count.place])
  }

  /** Ends a filter at its `)`: all of its rules hold of the event. */
  #closeFilter(): Mark {
    const { rules, chain } = this.#level
    rules.push(groupChain(chain, this.maker))
    this.lexer.next()
    return this.maker.operation('and', rules)
  }

  /** The operand under the `not`s that stand before it. */
  #negated(operand: Mark): Mark {
    const { nots } = this.#level
    for (let start = nots.pop(); start !== undefined; start = nots.pop()) {
      operand = this.maker.group(not(operand.node), start, operand.end, [operand])
    }
    return operand
  }

  #failAfterOperand(): never {
    const { lexer } = this
    const level = this.#level
    if (lexer.kind === 'end') {
      refuse(
        this.lexer.source,
        'RULE_SYNTAX',
        'found the end of the text, expected the ) that closes this',
        level.open,
        level.open + 1,
      )
    }
    if (lexer.kind === ')') this.#fail('RULE_SYNTAX', 'found ) without a ( before it')
    const ends = { text: 'the end', filter: 'a comma or )', group: ')', atLeast: 'a comma or )' }[level.kind]
    const operand = level.chain.operands.at(-1)!
    const tests = operand.node.kind === 'has' ? '= or another operator of a tag, ' : ''
    this.#expected(`${tests}and, or, minus, xor or ${ends}${adviceAfter(operand, lexer)}`)
  }

  #expected(what: string): never {
    this.#fail('RULE_SYNTAX', `found ${this.lexer.describe()}, expected ${what}`)
  }

  #fail(code: ErrorCode, message: string): never {
    const { start, end } = this.lexer
    refuse(this.lexer.source, code, message, start, Math.max(end, start))
  }
}

function newLevel(kind: Level['kind'], start: number, open: number, count: Count | null): Level {
  return { kind, start, open, count, chain: new Chain(), nots: [], rules: [] }
}
