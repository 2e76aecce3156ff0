import type { LogicalNode, PresentNode, SearchNode, ValuesNode } from './logical-node.ts'
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
 * Brings the parts of an `and` or `or` into normal form.
 *
 * @returns the parts that stay, at least two of them, or the node that the whole comes down to.
 */
export function normalise(start: Combination, pool: NodeMaker): Combination | LogicalNode {
  let combination = start
  for (;;) {
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
  readonly condition: PresentNode | ValuesNode | SearchNode
  readonly positive: boolean
}

/** The literal that a node is; for `or` seen from its complement, so that the laws of `and` apply. */
function literalOf(node: LogicalNode, kind: Combination['kind']): Literal | null {
  const inner = node.kind === 'not' ? node.of : node
  if (inner.kind !== 'present' && inner.kind !== 'values' && inner.kind !== 'search') return null
  return { condition: inner, positive: (node.kind !== 'not') === (kind === 'and') }
}

function mergeConditions(combination: Combination, pool: NodeMaker): Combination | LogicalNode {
  const { kind, parts } = combination
  const byColumn = new Map<string, Literal[]>()
  let shared = false
  for (const part of parts) {
    const literal = literalOf(part, kind)
    if (literal === null) continue
    const { column } = literal.condition
    const group = byColumn.get(column)
    if (group === undefined) byColumn.set(column, [literal])
    else {
      group.push(literal)
      shared = true
    }
  }
  if (!shared) return combination

  const kept = new Set<LogicalNode>()
  for (const part of parts) if (literalOf(part, kind) === null) kept.add(part)
  for (const [column, literals] of byColumn) {
    const merged = mergeColumn(column, literals, pool)
    if (merged === null) return kind === 'and' ? pool.nobody : pool.everyone
    for (const node of merged) kept.add(kind === 'and' ? node : pool.not(node))
  }
  return sameParts(kept, parts) ? combination : { kind, parts: kept }
}

/**
 * The conditions of one column, all of which have to hold: as few as say the same. `null` when nobody can fulfil them.
 */
function mergeColumn(column: string, literals: readonly Literal[], pool: NodeMaker): LogicalNode[] | null {
  const single = pool.isSingleValued(column)
  let present: boolean | null = null
  let wanted: ReadonlySet<string> | null = null
  const wantedMany: LogicalNode[] = []
  const unwanted = new Set<string>()
  const searches = new Set<LogicalNode>()
  let positive = false
  for (const { condition, positive: holds } of literals) {
    if (condition.kind === 'present') {
      if (present !== null && present !== holds) return null
      present = holds
    } else if (condition.kind === 'search') {
      searches.add(holds ? condition : pool.not(condition))
      positive ||= holds
    } else if (!holds) {
      for (const value of condition.values) unwanted.add(value)
    } else {
      positive = true
      if (single) wanted = intersect(wanted, condition.values)
      else wantedMany.push(condition)
    }
  }
  if (present === false) {
    // Who has no value has none of the unwanted ones either, and none of the wanted ones.
    return positive ? null : [pool.not(pool.present(column))]
  }
  const merged: LogicalNode[] = []
  if (wanted !== null) {
    if (wanted.size === 0) return null
    merged.push(pool.values(column, wanted))
  }
  merged.push(...wantedMany)
  if (present === true && !positive) merged.push(pool.present(column))
  if (unwanted.size > 0) merged.push(pool.not(pool.values(column, unwanted)))
  return [...merged, ...searches]
}

function intersect(set: ReadonlySet<string> | null, values: readonly string[]): ReadonlySet<string> {
  return set === null ? new Set(values) : new Set(values.filter((value) => set.has(value)))
}

function findComplements(combination: Combination, pool: NodeMaker): Combination | LogicalNode {
  const { kind, parts } = combination
  const clash = some(parts, (part) => {
    const negation = pool.knownNegation(part)
    return negation !== undefined && parts.has(negation)
  })
  if (!clash) return combination
  return kind === 'and' ? pool.nobody : pool.everyone
}

/**
 * `a and (a or b)` is `a`; `a and (not a or b)` is `a and b`: inside a part of the other kind, what the parts beside it
 * settle is settled.
 */
function absorb(combination: Combination, pool: NodeMaker): Combination {
  const { kind, parts } = combination
  const other = kind === 'and' ? 'or' : 'and'
  if (!some(parts, (part) => part.kind === other)) return combination
  const kept = new Set<LogicalNode>()
  let changed = false
  for (const part of parts) {
    if (part.kind !== 'and' && part.kind !== 'or') {
      kept.add(part)
      continue
    }
    if (part.of.some((inner) => parts.has(inner))) {
      changed = true
      continue
    }
    const open = part.of.filter((inner) => {
      const negation = pool.knownNegation(inner)
      return negation === undefined || !parts.has(negation)
    })
    if (open.length === part.of.length) kept.add(part)
    else {
      changed = true
      kept.add(other === 'or' ? pool.or(open) : pool.and(open))
    }
  }
  return changed ? { kind, parts: kept } : combination
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
