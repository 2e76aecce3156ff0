import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { DerivedTag } from '../dataset/derived-tag.ts'
import type { Constant, RuleNode, Slot } from '../rules/ast.ts'
import type { ColumnSpec, NumberSpec, TimestampSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import { bound } from './bound.ts'
import type { LogicalNode } from './logical-node.ts'
import type { LogicalPool } from './logical-pool.ts'
import { lowerBehaviour } from './lower-behaviour.ts'
import { RangeLowering } from './lower-range.ts'
import { TagLowering } from './lower-tag.ts'

/** Audiences that have been unfolded, by name; those under way are open. One pool's, and good while no rule changes. */
export type UnfoldedAudiences = Map<string, LogicalNode | 'open'>

/** The rule of a live audience; `null` for one that has no rule (a list), or that is to stay a name. */
export type AudienceRules = (name: string) => RuleNode | null

/** What a rule is brought to normal form with. */
export interface LoweringContext {
  readonly schema: Schema
  /** The zone in which days begin. */
  readonly zone: TimeZone
  readonly audienceRules: AudienceRules
  /** What a column is derived from; `null` for one that holds its people itself. */
  readonly derived: (column: string) => DerivedTag | null
}

/** Keeps the names of audiences and derived tags as they are: for a hash, which belongs to the rule and not to the data. */
export const namesOnly: Pick<LoweringContext, 'audienceRules' | 'derived'> = Object.freeze({
  audienceRules: () => null,
  derived: () => null,
})

/** Deepest nesting of a rule with the rules of its audiences in their places: what recursion over it stands. */
const maxUnfoldedDepth = 1_000

/**
 * The normal form of a rule that has passed validation. Rules of live audiences are unfolded where `audienceRules` gives
 * them, each once, so that the planner sees through the name.
 *
 * @throws RULE_CYCLE, RULE_TOO_DEEP for audiences that name each other in a circle or in too long a chain.
 */
export function lowerRule(
  root: RuleNode,
  pool: LogicalPool,
  { schema, zone, audienceRules, derived }: LoweringContext,
  unfolded: UnfoldedAudiences = new Map(),
): LogicalNode {
  let depth = 0

  const audience = (name: string, version: number | 'latest' | null): LogicalNode => {
    const known = unfolded.get(name)
    if (version === null && known !== undefined) {
      if (known === 'open') {
        throw new CrowdbitError('RULE_CYCLE', `audience ${JSON.stringify(name)} would be defined by itself`, { name })
      }
      return known
    }
    const rule = version === null ? audienceRules(name) : null
    if (rule === null) return pool.audience(name, version)
    unfolded.set(name, 'open')
    const node = lower(rule)
    unfolded.set(name, node)
    return node
  }

  const lower = (node: RuleNode): LogicalNode => {
    if (++depth > maxUnfoldedDepth) {
      throw new CrowdbitError(
        'RULE_TOO_DEEP',
        `with the rules of the audiences it names, the rule is nested deeper than ${maxUnfoldedDepth}`,
      )
    }
    const lowered = lowerNode(node)
    depth--
    return lowered
  }

  const lowerNode = (node: RuleNode): LogicalNode => {
    switch (node.kind) {
      case 'everyone':
        return pool.everyone
      case 'nobody':
        return pool.nobody
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return ranges(node)!.compare(node)
      case 'between':
        return ranges(node)!.between(node)
      case 'within':
        return ranges(node)!.within(node)
      case 'behaviour':
      case 'first':
      case 'last':
      case 'sequence':
      case 'stopped':
      case 'resumed':
      case 'new':
      case 'regular':
        return lowerBehaviour(node, pool, schema)
      case 'has':
      case 'isSet':
        return tags.present(bound(node.tag))
      case 'isNotSet':
        return pool.not(tags.present(bound(node.tag)))
      case 'eq':
        return ranges(node)?.compare(node) ?? tags.values(bound(node.tag), [text(node.value)])
      case 'in':
      case 'hasAny':
        return (
          ranges(node)?.oneOf(bound(node.values).map(bound)) ??
          tags.values(bound(node.tag), bound(node.values).map(text))
        )
      case 'ne':
        return ranges(node)?.compare(node) ?? present(node, [text(node.value)])
      case 'notIn':
      case 'hasNone':
        return present(node, bound(node.values).map(bound))
      case 'hasAll': {
        const tag = bound(node.tag)
        return pool.and([tags.present(tag), ...bound(node.values).map((value) => tags.values(tag, [text(value)]))])
      }
      case 'startsWith':
      case 'contains':
        return tags.search(bound(node.tag), { kind: node.kind, text: bound(node.text) })
      case 'matches':
        return tags.search(bound(node.tag), { kind: 'matches', pattern: bound(node.pattern) })
      case 'audience':
        return audience(bound(node.name), node.version)
      case 'not':
        return pool.not(lower(node.rule))
      case 'and':
        return pool.and(node.rules.map(lower))
      case 'or':
        return pool.or(node.rules.map(lower))
      case 'xor':
        return pool.xor(node.rules.map(lower))
      case 'minus': {
        const [first, ...others] = node.rules.map(lower)
        return pool.and([first!, ...others.map((other) => pool.not(other))])
      }
      case 'atLeast':
        return pool.atLeast(bound(node.k), node.rules.map(lower))
    }
  }

  /** People with a value that is none of these (law 7: the absent are left out). */
  const present = (node: TagTest, values: readonly Constant[]): LogicalNode => {
    const tag = bound(node.tag)
    const among = ranges(node)?.oneOf(values) ?? tags.values(tag, values.map(text))
    return pool.and([tags.present(tag), pool.not(among)])
  }

  /** Comparisons of the column, where it holds numbers or timestamps. */
  const ranges = (node: TagTest): RangeLowering | null => {
    const column = bound(node.tag)
    const spec = schema.get(column)
    return spec !== undefined && isOrdered(spec) ? new RangeLowering(column, spec, zone, pool) : null
  }

  const tags = new TagLowering(pool, derived, lower)
  return lower(root)
}

type TagTest = RuleNode & { readonly tag: Slot<string> }

function isOrdered(spec: ColumnSpec): spec is NumberSpec | TimestampSpec {
  return spec.kind === 'number' || spec.kind === 'timestamp'
}

/** The text of a constant that is compared with texts. */
function text(slot: Slot<Constant>): string {
  return String(bound(slot))
}
