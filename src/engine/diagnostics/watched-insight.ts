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
  const askAsync = <Answer>(
    kind: QuestionKind,
    of: RuleInput | UserSet,
    answer: () => Promise<Answer>,
  ): Promise<Answer> => watch.askAsync(kind, () => (of instanceof UserSet ? null : hashOf(of)), answer)
  return Object.freeze<Insight<SchemaSpec>>({
    aggregate(of, column, options) {
      if (!watch.isOn) return insight.aggregate(of, column, options)
      return ask('aggregate', of, () => insight.aggregate(of, column, options))
    },
    aggregateAsync(of, column, options) {
      if (!watch.isOn) return insight.aggregateAsync(of, column, options)
      return askAsync('aggregate', of, () => insight.aggregateAsync(of, column, options))
    },
    cubeAsync(of, options) {
      if (!watch.isOn) return insight.cubeAsync(of, options)
      return askAsync('cube', of, () => insight.cubeAsync(of, options))
    },
    quantiles(of, column, shares, options) {
      if (!watch.isOn) return insight.quantiles(of, column, shares, options)
      return ask('quantiles', of, () => insight.quantiles(of, column, shares, options))
    },
    top(of, column, k, options) {
      if (!watch.isOn) return insight.top(of, column, k, options)
      return ask('top', of, () => insight.top(of, column, k, options))
    },
    histogram(of, column, options) {
      if (!watch.isOn) return insight.histogram(of, column, options)
      return ask('histogram', of, () => insight.histogram(of, column, options))
    },
    cube(of, options) {
      if (!watch.isOn) return insight.cube(of, options)
      return ask('cube', of, () => insight.cube(of, options))
    },
  })
}
