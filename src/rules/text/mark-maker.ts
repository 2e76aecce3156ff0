import type { RuleLimits } from '../../base/limits.ts'
import type { RuleNode } from '../ast.ts'
import { type EventMarks, type Mark, noChildren, noItems, noParts, type PartMark } from './mark.ts'
import { combine, type Operator } from './operator.ts'
import { refuse } from './syntax-error.ts'

/** Makes marks and counts them against the limits. One for each parse. */
export class MarkMaker {
  readonly source: string
  readonly limits: RuleLimits
  #nodes = 0

  constructor(source: string, limits: RuleLimits) {
    this.source = source
    this.limits = limits
  }

  /** @throws RULE_TOO_LARGE above the limit of nodes. */
  condition(
    node: RuleNode,
    start: number,
    end: number,
    parts: readonly PartMark[] = noParts,
    items: readonly number[] = noItems,
  ): Mark {
    this.#count(start, end)
    return { node, start, end, depth: 1, parts, items, children: noChildren, events: null }
  }

  /**
   * A condition about events. Each event that it names counts as another; its filters have been counted already.
   *
   * @throws RULE_TOO_LARGE, RULE_TOO_DEEP above the limits.
   */
  event(node: RuleNode, start: number, end: number, parts: readonly PartMark[], events: EventMarks): Mark {
    let below = events.test?.depth ?? 0
    for (const { where } of events.terms) if (where !== null && where.depth > below) below = where.depth
    for (let i = 0; i <= events.terms.length; i++) this.#count(start, end)
    if (below >= this.limits.depth) this.tooDeep(start, end)
    return { node, start, end, depth: below + 1, parts, items: noItems, children: noChildren, events }
  }

  /** @throws RULE_TOO_LARGE, RULE_TOO_DEEP above the limits. */
  group(
    node: RuleNode,
    start: number,
    end: number,
    children: readonly Mark[],
    parts: readonly PartMark[] = noParts,
  ): Mark {
    let below = 0
    for (const child of children) if (child.depth > below) below = child.depth
    this.#count(start, end)
    if (below >= this.limits.depth) this.tooDeep(start, end)
    return { node, start, end, depth: below + 1, parts, items: noItems, children, events: null }
  }

  operation(operator: Operator, parts: readonly Mark[]): Mark {
    if (parts.length === 1) return parts[0]!
    const node = combine(
      operator,
      parts.map((part) => part.node),
    )
    return this.group(node, parts[0]!.start, parts.at(-1)!.end, parts)
  }

  tooDeep(start: number, end: number): never {
    const { depth } = this.limits
    refuse(this.source, 'RULE_TOO_DEEP', `found a rule nested deeper than ${depth} levels, the limit`, start, end)
  }

  #count(start: number, end: number): void {
    const { nodes } = this.limits
    if (++this.#nodes <= nodes) return
    refuse(
      this.source,
      'RULE_TOO_LARGE',
      `found more than ${nodes} conditions and operations, the limit of one rule. A list of values (in, has any) or an audience counts as one`,
      start,
      end,
    )
  }
}
