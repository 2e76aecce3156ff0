import { childRules, isParameter, type RuleNode } from '../rules/ast.ts'
import { printRule } from '../rules/text/print-rule.ts'

/** One part of a rule as it turned out for one person. */
export interface PersonStep {
  /** The part, as text. */
  readonly rule: string
  /** Whether the person is among its people. */
  readonly holds: boolean
  /** The value that decided a condition on a tag; `null` for an absent value, `undefined` for what asks no tag. */
  readonly value: true | string | number | Date | readonly string[] | null | undefined
  readonly steps: readonly PersonStep[]
}

/** Whether a part holds for the person, and the person's value in a column. */
export interface PersonView {
  holds(node: RuleNode): boolean
  value(column: string): true | string | number | Date | readonly string[] | undefined
}

/** The truth of each part of a rule for one person, and the value that decided it (law 23). */
export function explainPerson(node: RuleNode, person: PersonView): PersonStep {
  const tag = 'tag' in node && !isParameter(node.tag) ? node.tag : undefined
  return {
    rule: printRule(node),
    holds: person.holds(node),
    value: tag === undefined ? undefined : (person.value(tag) ?? null),
    steps: childRules(node).map((child) => explainPerson(child, person)),
  }
}
