import type { PreparedRule } from '../../planner/prepared-rule.ts'
import type { QueryWatch } from './query-watch.ts'

/** A prepared rule whose questions are told, where anybody listens. */
export function watchedRule(prepared: PreparedRule, watch: QueryWatch): PreparedRule {
  const hash = (): string => prepared.hash
  return Object.freeze<PreparedRule>({
    rule: prepared.rule,
    get hash() {
      return prepared.hash
    },
    count(options) {
      if (!watch.isOn) return prepared.count(options)
      return watch.ask(
        'count',
        hash,
        () => prepared.count(options),
        (count) => count,
      )
    },
    select(options) {
      if (!watch.isOn) return prepared.select(options)
      return watch.ask(
        'select',
        hash,
        () => prepared.select(options),
        (people) => people.size,
      )
    },
    countAsync(options) {
      if (!watch.isOn) return prepared.countAsync(options)
      return watch.askAsync(
        'count',
        hash,
        () => prepared.countAsync(options),
        (count) => count,
      )
    },
    selectAsync(options) {
      if (!watch.isOn) return prepared.selectAsync(options)
      return watch.askAsync(
        'select',
        hash,
        () => prepared.selectAsync(options),
        (people) => people.size,
      )
    },
    matches(id, options) {
      if (!watch.isOn) return prepared.matches(id, options)
      return watch.ask('matches', hash, () => prepared.matches(id, options))
    },
    explain(options) {
      if (!watch.isOn) return prepared.explain(options)
      return watch.ask(
        'explain',
        hash,
        () => prepared.explain(options),
        ({ count }) => count,
      )
    },
  })
}
