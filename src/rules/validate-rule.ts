import { nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import { type AudienceNode, childRules, isEventNode, isParameter, type RuleNode } from './ast.ts'
import type { Fault } from './fault.ts'
import { FaultCollector } from './fault-collector.ts'
import { measureRule } from './measure-rule.ts'
import { childPath, partPath } from './rule-path.ts'
import { spacedOut } from './text/keywords.ts'
import { checkEventNode } from './validate-event.ts'
import { checkAtLeast } from './validate-filter.ts'
import { checkTest, type TagTestNode } from './validate-tag-test.ts'
import type { ValidationContext } from './validation-context.ts'

export type { KnownAudiences, ValidationContext } from './validation-context.ts'

/**
 * Every fault of a rule, in the order of their places; none for a rule that can be evaluated (law 6).
 * Cost: a step for each node and value.
 *
 * @throws RULE_TOO_DEEP, RULE_TOO_LARGE, as a RuleError, before anything else is looked at.
 */
export function validateRule(root: RuleNode, context: ValidationContext): readonly Fault[] {
  measureRule(root, context.limits)
  const collector = new FaultCollector(context)
  check(collector, root, '$')
  return collector.faults
}

function check(collector: FaultCollector, node: RuleNode, path: string): void {
  if ('tag' in node) checkTagTest(collector, node, path)
  else if (node.kind === 'audience') checkAudience(collector, node, path)
  else if (isEventNode(node)) checkEventNode(collector, node, path)
  else if (node.kind === 'atLeast') checkAtLeast(collector, node.k, partPath(path, node, 'k'))
  childRules(node).forEach((child, index) => {
    check(collector, child, childPath(node, path, index))
  })
}

function checkTagTest(collector: FaultCollector, node: TagTestNode, path: string): void {
  const place = partPath(path, node, 'tag')
  checkTest(collector, node, path, checkTag(collector, node, place), 'tag')
}

/** Looks the tag up; `undefined` where it is a parameter, or a fault. */
function checkTag(collector: FaultCollector, { tag, kind }: TagTestNode, path: string): ColumnSpec | undefined {
  if (isParameter(tag)) {
    collector.isFilled(tag, path)
    return undefined
  }
  const { schema } = collector.context
  const spec = schema.get(tag)
  if (spec?.kind === 'event') {
    const instead = kind === 'isNotSet' ? `not did ${tag}` : `did ${tag}`
    const message = `${tag} is an event, not a tag: who has it is asked by ${instead}`
    collector.fault('RULE_UNKNOWN_TAG', message, path, instead)
    return undefined
  }
  if (spec === undefined) {
    collector.unknown('RULE_UNKNOWN_TAG', `no tag ${tag} in this engine`, path, () => suggestTag(tag, schema))
  }
  return spec
}

/**
 * The nearest tag. A Chinese keyword written without a space before or after a name (`非黑名单`) reads as one name, so that
 * is looked for first.
 */
function suggestTag(name: string, schema: Schema): string | undefined {
  const spaced = spacedOut(name)
  if (spaced?.split(' ').some((word) => schema.get(word) !== undefined)) return `${spaced}, with spaces`
  const nearest = nearestName(name, schema.names)
  return nearest !== undefined && schema.get(nearest)?.kind === 'event' ? `did ${nearest}` : nearest
}

function checkAudience(collector: FaultCollector, node: AudienceNode, path: string): void {
  const { name, version } = node
  const place = partPath(path, node, 'name')
  if (isParameter(name)) {
    collector.isFilled(name, place)
    return
  }
  const { audiences } = collector.context
  if (!audiences.has(name)) {
    const message = `no audience ${show(name)} in this workspace`
    collector.unknown('RULE_UNKNOWN_AUDIENCE', message, place, () => nearestName(name, audiences.names()))
  } else if (version !== null && !audiences.hasVersion(name, version)) {
    const message = `audience ${show(name)} keeps no version ${version}`
    collector.fault('RULE_UNKNOWN_VERSION', message, partPath(path, node, 'version'))
  }
}
