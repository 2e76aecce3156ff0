import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import type { PlainLastWindow } from '../base/window.ts'
import type { TextSearch } from '../columns/value-dictionary.ts'
import { byCodeUnits } from './by-code-units.ts'
import { digest } from './canonical-hash.ts'
import type {
  AudienceLeaf,
  BehaviourLeaf,
  EventQuestion,
  EveryoneNode,
  LogicalNode,
  NaryNode,
  NobodyNode,
  NotLogical,
  PresentNode,
  RangeNode,
  SearchNode,
  ValuesNode,
  WindowNode,
} from './logical-node.ts'
import type { IsSingleValued, NodeMaker } from './node-maker.ts'
import { normalise } from './rewrites.ts'

/**
 * Makes the nodes of one rule in normal form. Every maker takes nodes of this pool and gives the one node that stands
 * for the result, so that equal parts are found by identity and are evaluated once.
 */
export class LogicalPool implements NodeMaker {
  readonly everyone: EveryoneNode = { kind: 'everyone', number: 0, height: 1 }
  readonly nobody: NobodyNode = { kind: 'nobody', number: 1, height: 1 }
  readonly isSingleValued: IsSingleValued
  readonly #nodes: LogicalNode[] = [this.everyone, this.nobody]
  readonly #byKey = new Map<string, LogicalNode>()
  readonly #negations = new Map<LogicalNode, LogicalNode>()

  constructor(isSingleValued: IsSingleValued) {
    this.isSingleValued = isSingleValued
  }

  present(column: string): LogicalNode {
    return this.#intern(
      `present ${column}`,
      (number) => ({ kind: 'present', number, height: 1, column }) satisfies PresentNode,
    )
  }

  /** People with at least one of the values; nobody for none. */
  values(column: string, values: Iterable<string>): LogicalNode {
    const sorted = [...new Set(values)].sort(byCodeUnits)
    if (sorted.length === 0) return this.nobody
    return this.#intern(
      `values ${column}\0${sorted.length === 1 ? sorted[0] : JSON.stringify(sorted)}\0${sorted.length}`,
      (number) => ({ kind: 'values', number, height: 1, column, values: sorted }) satisfies ValuesNode,
    )
  }

  search(column: string, search: TextSearch): LogicalNode {
    const constant = search.kind === 'matches' ? search.pattern : search.text
    return this.#intern(
      `${search.kind} ${column}\0${constant}`,
      (number) => ({ kind: 'search', number, height: 1, column, search }) satisfies SearchNode,
    )
  }

  /** People with a value from `from` to `to`, scaled, both included: everybody with a value for no bounds, nobody for none between. */
  range(column: string, scale: number, from: number, to: number): LogicalNode {
    if (from > to || from === Number.POSITIVE_INFINITY || to === Number.NEGATIVE_INFINITY) return this.nobody
    if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return this.present(column)
    return this.#intern(
      `range ${column}\0${from}\0${to}`,
      (number) => ({ kind: 'range', number, height: 1, column, scale, from, to }) satisfies RangeNode,
    )
  }

  window(column: string, window: PlainLastWindow): LogicalNode {
    return this.#intern(
      `window ${column}\0${JSON.stringify(window)}`,
      (number) => ({ kind: 'window', number, height: 1, column, window }) satisfies WindowNode,
    )
  }

  /** The question must be in the form that `lowerBehaviour` gives. */
  behaviour(question: EventQuestion): LogicalNode {
    return this.#intern(
      `behaviour ${JSON.stringify(question)}`,
      (number) => ({ kind: 'behaviour', number, height: 1, question }) satisfies BehaviourLeaf,
    )
  }

  audience(name: string, version: AudienceLeaf['version']): LogicalNode {
    return this.#intern(
      `audience ${name}\0${version}`,
      (number) => ({ kind: 'audience', number, height: 1, name, version }) satisfies AudienceLeaf,
    )
  }

  /** Everyone else: pushed inwards by De Morgan's laws until it stands on a condition or an `xor`. */
  not(node: LogicalNode): LogicalNode {
    const known = this.#negations.get(node)
    if (known !== undefined) return known
    const negation = this.#negate(node)
    this.#negations.set(node, negation)
    this.#negations.set(negation, node)
    return negation
  }

  and(nodes: readonly LogicalNode[]): LogicalNode {
    return this.#combine('and', nodes)
  }

  or(nodes: readonly LogicalNode[]): LogicalNode {
    return this.#combine('or', nodes)
  }

  /**
   * A pair of equal parts cancels out, and negations are taken outside: `xor(a, not b)` is `not xor(a, b)`. A part that
   * has two forms, itself and the negation of its complement, stands in one of them.
   */
  xor(nodes: readonly LogicalNode[]): LogicalNode {
    const odd = new Set<LogicalNode>()
    let negated = false
    const take = (node: LogicalNode): void => {
      switch (node.kind) {
        case 'nobody':
          return
        case 'everyone':
          negated = !negated
          return
        case 'not':
          negated = !negated
          take(node.of)
          return
        case 'xor':
          node.of.forEach(take)
          return
        default: {
          const chosen = this.#withoutNegation(node)
          if (chosen !== node) negated = !negated
          if (!odd.delete(chosen)) odd.add(chosen)
        }
      }
    }
    nodes.forEach(take)
    const parts = [...odd].sort(byNumber)
    const node = parts.length === 0 ? this.nobody : parts.length === 1 ? parts[0]! : this.#nary('xor', parts)
    return negated ? this.not(node) : node
  }

  /** `k` of 1 is a union, `k` of all an intersection, `k` above their number nobody. */
  atLeast(k: number, nodes: readonly LogicalNode[]): LogicalNode {
    const open = nodes.filter((node) => node.kind !== 'everyone' && node.kind !== 'nobody')
    const needed = k - nodes.filter((node) => node.kind === 'everyone').length
    if (needed <= 0) return this.everyone
    if (needed > open.length) return this.nobody
    if (needed === 1) return this.or(open)
    if (needed === open.length) return this.and(open)
    const parts = [...open].sort(byNumber)
    return this.#intern(`atLeast ${needed} of ${parts.map((part) => part.number).join(',')}`, (number) => ({
      kind: 'atLeast',
      number,
      height: heightOver(parts),
      k: needed,
      of: parts,
    }))
  }

  /** The negation of a node if it has been made already: a look, which makes nothing. */
  knownNegation(node: LogicalNode): LogicalNode | undefined {
    return node.kind === 'not' ? node.of : this.#negations.get(node)
  }

  #negate(node: LogicalNode): LogicalNode {
    switch (node.kind) {
      case 'everyone':
        return this.nobody
      case 'nobody':
        return this.everyone
      case 'not':
        return node.of
      case 'and':
        return this.or(node.of.map((part) => this.not(part)))
      case 'or':
        return this.and(node.of.map((part) => this.not(part)))
      case 'atLeast':
        return this.atLeast(
          node.of.length - node.k + 1,
          node.of.map((part) => this.not(part)),
        )
      default:
        return this.#intern(
          `not ${node.number}`,
          (number) => ({ kind: 'not', number, height: node.height + 1, of: node }) satisfies NotLogical,
        )
    }
  }

  #combine(kind: 'and' | 'or', nodes: readonly LogicalNode[]): LogicalNode {
    const normal = normalise({ kind, parts: new Set(nodes) }, this)
    return 'parts' in normal ? this.#nary(kind, [...normal.parts].sort(byNumber)) : normal
  }

  #nary(kind: NaryNode['kind'], parts: readonly LogicalNode[]): NaryNode {
    const node = this.#intern(
      `${kind} ${parts.map((part) => part.number).join(',')}`,
      (number) => ({ kind, number, height: heightOver(parts), of: parts }) satisfies NaryNode,
    )
    invariant(node.kind === kind, 'a key names one kind of node')
    return node as NaryNode
  }

  /** Of a node and its complement the one that stands for both: `and` rather than `or`, the lower threshold. */
  #withoutNegation(node: LogicalNode): LogicalNode {
    if (node.kind === 'or') return this.not(node)
    if (node.kind !== 'atLeast') return node
    const mirrored = node.of.length - node.k + 1
    if (node.k < mirrored) return node
    const complement = this.not(node)
    if (node.k > mirrored) return complement
    return digest(node) <= digest(complement) ? node : complement
  }

  #intern(key: string, make: (number: number) => LogicalNode): LogicalNode {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const node = make(this.#nodes.length)
    this.#nodes.push(node)
    this.#byKey.set(key, node)
    return node
  }
}

function byNumber(a: LogicalNode, b: LogicalNode): number {
  return a.number - b.number
}

/** The tallest graph that evaluation, which recurses over it, stands with room to spare. */
const tallest = 1_000

/** @throws RULE_TOO_DEEP */
function heightOver(parts: readonly LogicalNode[]): number {
  let height = 0
  for (const part of parts) height = Math.max(height, part.height)
  if (height >= tallest) {
    throw new CrowdbitError(
      'RULE_TOO_DEEP',
      `with the rules of the audiences it names, the rule is nested deeper than ${tallest} levels`,
    )
  }
  return height + 1
}
