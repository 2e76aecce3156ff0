import type { CompareNode, Constant, NumberTest, Slot, ValueNode } from '../ast.ts'
import type { RulePart } from '../rule-path.ts'
import type { Comparison, Lexer, TokenKind } from './lex.ts'
import type { PartMark } from './mark.ts'
import { expected, readConstant } from './read-operand.ts'

/** A test of a number that was read, and where its constants stand. */
export interface NumberTestRead {
  readonly test: NumberTest
  readonly marks: readonly PartMark[]
}

/** The node or the test that a sign makes. */
export const comparisonOf: Readonly<Record<Comparison, ValueNode['kind'] | CompareNode['kind']>> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
}

/** Whether a token is a sign that compares. */
export function isComparison(kind: TokenKind): kind is Comparison {
  return Object.hasOwn(comparisonOf, kind)
}

/** Whether a test of a number begins at the present token. */
export function isNumberTestStart({ kind, keyword }: Lexer): boolean {
  return isComparison(kind) || keyword === 'between'
}

/** Reads `>= 500`, `between 10 and 20`. */
export function readNumberTest(lexer: Lexer): NumberTestRead {
  const { kind } = lexer
  lexer.next()
  if (!isComparison(kind)) {
    const { from, to, marks } = readBounds(lexer)
    return { test: { op: 'between', from, to }, marks }
  }
  const [value, mark] = readMarked(lexer, 'value')
  return { test: { op: comparisonOf[kind], value }, marks: [mark] }
}

/** Reads what stands behind `between`: `10 and 20`, `10 到 20`. */
export function readBounds(lexer: Lexer): { from: Slot<Constant>; to: Slot<Constant>; marks: PartMark[] } {
  const [from, fromMark] = readMarked(lexer, 'from')
  readAnd(lexer)
  const [to, toMark] = readMarked(lexer, 'to')
  return { from, to, marks: [fromMark, toMark] }
}

/** Reads the word between two bounds. */
export function readAnd(lexer: Lexer): void {
  if (lexer.take('and') || lexer.take('to')) return
  if (lexer.kind === 'word' && (lexer.value === '和' || lexer.value === '至')) lexer.next()
  else expected(lexer, 'and: between 10 and 20')
}

/** Reads a constant and notes its place. */
export function readMarked(lexer: Lexer, part: RulePart): [Slot<Constant>, PartMark] {
  const { start, end } = lexer
  return [readConstant(lexer), { part, start, end }]
}
