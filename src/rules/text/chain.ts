import type { RuleNode } from '../ast.ts'
import type { Mark } from './mark.ts'
import type { MarkMaker } from './mark-maker.ts'
import { combine, type Operator } from './operator.ts'
import { printEveryParenthesis } from './print-rule.ts'
import { refuse } from './syntax-error.ts'

/** Rules with operators between them, as they stand at one level of parentheses: `a and b or c`. */
export class Chain {
  readonly operands: Mark[] = []
  /** `operators[i]` stands between `operands[i]` and `operands[i + 1]`. */
  readonly operators: Operator[] = []
  /** Where each operator stands: start and end, flat. */
  readonly places: number[] = []

  add(operator: Operator, start: number, end: number): void {
    this.operators.push(operator)
    this.places.push(start, end)
  }
}

/**
 * The one rule that a chain means: `and` binds tighter than `or`, and a `minus` may follow `and`, since `(a and b) minus c`
 * and `a and (b minus c)` are the same set. Any other mixture has readings that are different sets.
 *
 * Cost: linear in the chain.
 *
 * @throws RULE_AMBIGUOUS with two readings.
 */
export function groupChain(chain: Chain, maker: MarkMaker): Mark {
  const { operands, operators } = chain
  const first = operators[0]
  if (first === undefined) return operands[0]!
  const conflict = firstConflict(operators)
  if (conflict !== -1) refuseAmbiguous(chain, conflict, maker.source)
  if (operators.includes('minus')) {
    const at = operators.indexOf('minus')
    const from = maker.operation('and', operands.slice(0, at + 1))
    return maker.operation('minus', [from, ...operands.slice(at + 1)])
  }
  if (!operators.includes('or')) return maker.operation(first, operands)
  return maker.operation(
    'or',
    runs(operands, operators).map((run) => maker.operation('and', run)),
  )
}

/** The index of the first operator that makes what stands before it ambiguous, or -1. */
function firstConflict(operators: readonly Operator[]): number {
  let seen = ''
  for (let i = 0; i < operators.length; i++) {
    const operator = operators[i]!
    if (seen !== operator) {
      const fits: readonly string[] = mayFollow[operator]
      if (seen !== '' && !fits.includes(seen)) return i
      // Once an `or` is there, the chain is one of `or`, whatever `and` stands in it.
      if (!(operator === 'and' && seen === 'or')) seen = operator
    }
  }
  return -1
}

/** For each operator, the chains that it can join without parentheses beside its own. */
const mayFollow = {
  and: ['or'],
  or: ['and'],
  xor: [],
  minus: ['and'],
} as const satisfies Record<Operator, readonly Operator[]>

/** The operands of a chain of `and` and `or`, cut at each `or`. */
function runs<Operand>(operands: readonly Operand[], operators: readonly Operator[]): Operand[][] {
  const cut: Operand[][] = [[operands[0]!]]
  operators.forEach((operator, i) => {
    const operand = operands[i + 1]!
    if (operator === 'or') cut.push([operand])
    else cut.at(-1)!.push(operand)
  })
  return cut
}

function refuseAmbiguous(chain: Chain, conflict: number, source: string): never {
  const operator = chain.operators[conflict]!
  const start = chain.places[conflict * 2]!
  const end = chain.places[conflict * 2 + 1]!
  const language = /^[a-z]/i.test(source.slice(start, end)) ? 'en' : 'zh'
  const [before, last] = splitBefore(chain, conflict)
  const beside = before.operator
  const left = combine(before.operator, [...before.parts, last])
  const readings = [
    continued(left, chain, conflict),
    combine(before.operator, [...before.parts, continued(last, chain, conflict)]),
  ].map((reading) => `    ${shorten(printEveryParenthesis(reading, language))}`)
  const message = `found ${operator} beside ${beside}, which has more than one reading. Write parentheses, for example\n${readings.join('\n')}`
  refuse(source, 'RULE_AMBIGUOUS', message, start, end)
}

/**
 * What stands before the conflict, as the parts of its outermost operation without the last part, and that last part,
 * for which both sides compete.
 */
function splitBefore(chain: Chain, conflict: number): [{ operator: Operator; parts: RuleNode[] }, RuleNode] {
  const operators = chain.operators.slice(0, conflict)
  const nodes = chain.operands.slice(0, conflict + 1).map((operand) => operand.node)
  const last = nodes.at(-1)!
  if (operators.includes('or')) {
    const parts = runs(nodes, operators).map((run) => combine('and', run))
    return [{ operator: 'or', parts: parts.slice(0, -1) }, parts.at(-1)!]
  }
  const minus = operators.indexOf('minus')
  if (minus !== -1) {
    return [
      { operator: 'minus', parts: [combine('and', nodes.slice(0, minus + 1)), ...nodes.slice(minus + 1, -1)] },
      last,
    ]
  }
  return [{ operator: operators[0]!, parts: nodes.slice(0, -1) }, last]
}

/** `left` with all that follows from the conflict on, grouped from left to right, `and` tighter than an `or` before it. */
function continued(left: RuleNode, chain: Chain, conflict: number): RuleNode {
  let parts: RuleNode[] = [left]
  let operator = chain.operators[conflict]!
  let run: RuleNode[] = []
  const closeRun = () => {
    if (run.length > 0) parts.push(combine('and', run))
    run = []
  }
  for (let i = conflict; i < chain.operators.length; i++) {
    const next = chain.operators[i]!
    const node = chain.operands[i + 1]!.node
    if (next === 'and' && operator === 'or') {
      run.push(node)
      continue
    }
    closeRun()
    if (next !== operator) {
      parts = [combine(operator, parts)]
      operator = next
    }
    run.push(node)
  }
  closeRun()
  return combine(operator, parts)
}

function shorten(reading: string): string {
  return reading.length > longestReading ? `${reading.slice(0, longestReading)}…` : reading
}

const longestReading = 2_000
