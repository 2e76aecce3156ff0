import { UserSet } from '../../dataset/user-set.ts'
import type { Insight } from '../../insight/insight.ts'
import type { RuleInput } from '../../rules/rule.ts'
import type { SchemaSpec } from '../../schema/column-spec.ts'
import type { QuestionKind } from './messages.ts'
import type { QueryWatch } from './query-watch.ts'

/** Insight whose questions are told, where anybody listens. */
export function watchedInsight(
  insight: Insight<SchemaSpec>,
  watch: QueryWatch,
  hashOf: (rule: RuleInput) => string,
): Insight<SchemaSpec> {
  const ask = <Answer>(kind: QuestionKind, of: RuleInput | UserSet, answer: () => Answer): Answer =>
    watch.ask(kind, () => (of instanceof UserSet ? null : hashOf(of)), answer)
  return Object.freeze<Insight<SchemaSpec>>({
    aggregate(of, ...rest) {
      return watch.isOn ? ask('aggregate', of, () => insight.aggregate(of, ...rest)) : insight.aggregate(of, ...rest)
    },
    quantiles(of, ...rest) {
      return watch.isOn ? ask('quantiles', of, () => insight.quantiles(of, ...rest)) : insight.quantiles(of, ...rest)
    },
    top(of, ...rest) {
      return watch.isOn ? ask('top', of, () => insight.top(of, ...rest)) : insight.top(of, ...rest)
    },
    histogram(of, ...rest) {
      return watch.isOn ? ask('histogram', of, () => insight.histogram(of, ...rest)) : insight.histogram(of, ...rest)
    },
    cube(of, ...rest) {
      return watch.isOn ? ask('cube', of, () => insight.cube(of, ...rest)) : insight.cube(of, ...rest)
    },
  })
}
