import { type ColumnCondition, ColumnFacts } from './column-facts.ts'
import type { LogicalNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'

/** An `and` or `or` on its way to normal form: its parts so far, in the order of the rule. */
export interface Combination {
  readonly kind: 'and' | 'or'
  readonly parts: ReadonlySet<LogicalNode>
}

/**
 * A step towards normal form: the combination itself when the step has nothing to do, another one, or a finished node
 * when the whole has become a constant.
 */
type Rewrite = (combination: Combination, pool: NodeMaker) => Combination | LogicalNode

/**
 * The steps, in this order, repeated by the driver until a round changes nothing. Each is stated for `and`; for `or`
 * everything holds with everyone and nobody exchanged.
 */
const rewrites: readonly { readonly name: string; readonly rewrite: Rewrite }[] = Object.freeze([
  // First, so that the steps after it see all parts side by side. Repeats go here too: the parts are a set.
  { name: 'flatten', rewrite: flatten },
  // Before any step that compares parts: constants have no column and no complement worth a look.
  { name: 'fold constants', rewrite: foldConstants },
  // Conditions of one column become one condition; it may find that they contradict each other.
  { name: 'merge conditions', rewrite: mergeConditions },
  // A part and its complement. After merging, since merging makes new conditions.
  { name: 'complements', rewrite: findComplements },
  // Last: it looks into the parts of the other kind, and what it makes goes through all the steps again.
  { name: 'absorb', rewrite: absorb },
])

/**
 * Rounds until a combination is left as it is. Each settles one more link of a chain such as
 * `a and (not a or b) and (not b or c) and …`, whatever the order of its parts; nobody writes longer ones, but a stranger's
 * rule must not cost its square.
 */
const mostRounds = 24

/**
 * Brings the parts of an `and` or `or` into normal form.
 *
 * @returns the parts that stay, at least two of them, or the node that the whole comes down to.
 */
export function normalise(start: Combination, pool: NodeMaker): Combination | LogicalNode {
  let combination = start
  for (let round = 0; round < mostRounds; round++) {
    const before = combination
    for (const { rewrite } of rewrites) {
      const next = rewrite(combination, pool)
      if (!('parts' in next)) return next
      combination = next
    }
    if (combination === before) break
  }
  if (combination.parts.size > 1) return combination
  for (const only of combination.parts) return only
  return combination.kind === 'and' ? pool.everyone : pool.nobody
}

function flatten(combination: Combination): Combination {
  const { kind, parts } = combination
  if (!some(parts, (part) => part.kind === kind)) return combination
  const flat = new Set<LogicalNode>()
  for (const part of parts) {
    if (part.kind === 'and' || part.kind === 'or') {
      if (part.kind === kind) {
        // A node of the pool is flat itself, so one level is all there is.
        for (const inner of part.of) flat.add(inner)
        continue
      }
    }
    flat.add(part)
  }
  return { kind, parts: flat }
}

function foldConstants(combination: Combination, pool: NodeMaker): Combination | LogicalNode {
  const { kind, parts } = combination
  const neutral: LogicalNode = kind === 'and' ? pool.everyone : pool.nobody
  const absorbing: LogicalNode = kind === 'and' ? pool.nobody : pool.everyone
  if (parts.has(absorbing)) return absorbing
  return parts.has(neutral) ? without(combination, (part) => part === neutral) : combination
}

/** A condition on one column, or its negation. */
interface Literal {
  readonly condition: ColumnCondition
  readonly positive: boolean
}

/** The literal that a node is; for `or` seen from its complement, so that the laws of `and` apply. */
function literalOf(node: LogicalNode, kind: Combination['kind']): Literal | null {
  const inner = node.kind === 'not' ? node.of : node
  if (inner.kind !== 'present' && inner.kind !== 'values' && inner.kind !== 'search' && inner.kind !== 'range')
    return null
  return { condition: inner, positive: (node.kind !== 'not') === (kind === 'and') }
}

/** What the literals of a combination say, by column; for `or` seen from its complement. */
function factsOf({ kind, parts }: Combination, pool: NodeMaker): ReadonlyMap<string, ColumnFacts> {
  const byColumn = new Map<string, ColumnFacts>()
  for (const part of parts) {
    const literal = literalOf(part, kind)
    if (literal === null) continue
    const { column } = literal.condition
    let facts = byColumn.get(column)
    if (facts === undefined) {
      facts = new ColumnFacts(column, pool)
      byColumn.set(column, facts)
    }
    facts.take(literal.condition, literal.positive)
  }
  return byColumn
}

function mergeConditions(combination: Combination, pool: NodeMaker): Combination | LogicalNode {
  const { kind, parts } = combination
  const columns = new Set<string>()
  const shared = some(parts, (part) => {
    const column = literalOf(part, kind)?.condition.column
    if (column === undefined) return false
    if (columns.has(column)) return true
    columns.add(column)
    return false
  })
  if (!shared) return combination

  const kept = new Set<LogicalNode>()
  for (const part of parts) if (literalOf(part, kind) === null) kept.add(part)
  for (const facts of factsOf(combination, pool).values()) {
    const merged = facts.merged()
    if (merged === null) return kind === 'and' ? pool.nobody : pool.everyone
    for (const node of merged) kept.add(kind === 'and' ? node : pool.not(node))
  }
  return sameParts(kept, parts) ? combination : { kind, parts: kept }
}

function findComplements(combination: Combination, pool: NodeMaker): Combination | LogicalNode {
  const { kind, parts } = combination
  const isThere = complementFinder(parts, pool)
  if (!some(parts, isThere)) return combination
  return kind === 'and' ? pool.nobody : pool.everyone
}

/** A test of whether the complement of a node is among the parts. */
function complementFinder(parts: ReadonlySet<LogicalNode>, pool: NodeMaker): (node: LogicalNode) => boolean {
  const kinds = new Set<LogicalNode['kind'] | undefined>()
  for (const part of parts) kinds.add(part.kind)
  return (node) => {
    const known = pool.knownNegation(node)
    if (known !== undefined) return parts.has(known)
    // The complement of a combination may stand there without having been made by negation. It is made to see that, but
    // only where a part could be it: a rule without such pairs has no nodes that nothing needs.
    return kinds.has(mirror[node.kind]) && parts.has(pool.not(node))
  }
}

/** The kind of a combination's complement, where that is a combination. */
const mirror: Readonly<Partial<Record<LogicalNode['kind'], LogicalNode['kind']>>> = {
  and: 'or',
  or: 'and',
  atLeast: 'atLeast',
}

/**
 * `a and (a or b)` is `a`; `a and (not a or b)` is `a and b`: at any depth inside a part of the other kind, what the parts
 * beside it settle is settled. A condition is also settled by others on its column: `tier = "x" and (tier in ("x", "y") or
 * b)` is `tier = "x"`.
 */
function absorb(combination: Combination, pool: NodeMaker): Combination {
  const { kind, parts } = combination
  const other = kind === 'and' ? 'or' : 'and'
  if (!some(parts, (part) => part.kind === other)) return combination
  const facts = factsOf(combination, pool)
  const isComplementThere = complementFinder(parts, pool)
  const known = new Map<LogicalNode, LogicalNode>()

  /** A node where all parts beside it hold, for `and`, or none of them does, for `or`. */
  const settle = (node: LogicalNode): LogicalNode => {
    const before = known.get(node)
    if (before !== undefined) return before
    const settled = settleNow(node)
    known.set(node, settled)
    return settled
  }
  const settleNow = (node: LogicalNode): LogicalNode => {
    if (parts.has(node)) return kind === 'and' ? pool.everyone : pool.nobody
    if (isComplementThere(node)) return kind === 'or' ? pool.everyone : pool.nobody
    const literal = literalOf(node, 'and')
    if (literal === null) return settleInside(node)
    const truth = facts.get(literal.condition.column)?.truthOf(literal.condition) ?? null
    if (truth === null) return node
    return truth === literal.positive ? pool.everyone : pool.nobody
  }
  const settleInside = (node: LogicalNode): LogicalNode => {
    if (node.kind !== 'and' && node.kind !== 'or') return node
    const inner = node.of.map(settle)
    if (inner.every((part, index) => part === node.of[index])) return node
    return node.kind === 'and' ? pool.and(inner) : pool.or(inner)
  }

  const kept = new Set<LogicalNode>()
  for (const part of parts) kept.add(settleInside(part))
  return sameParts(kept, parts) ? combination : { kind, parts: kept }
}

function without(combination: Combination, drop: (part: LogicalNode) => boolean): Combination {
  return { kind: combination.kind, parts: new Set([...combination.parts].filter((part) => !drop(part))) }
}

function some(parts: ReadonlySet<LogicalNode>, test: (part: LogicalNode) => boolean): boolean {
  for (const part of parts) if (test(part)) return true
  return false
}

function sameParts(a: ReadonlySet<LogicalNode>, b: ReadonlySet<LogicalNode>): boolean {
  return a.size === b.size && !some(a, (part) => !b.has(part))
}
