import { type Constant, type EventTerm, isParameter, type NumberTest, type RuleNode, type Window } from './ast.ts'
import * as make from './make-node.ts'

/** Values by the name of their parameter, each of the type of the places in which it stands. */
export type Bindings = ReadonlyMap<string, Constant | readonly Constant[]>

/** The rule with values in the places of its parameters, those of filters too; a parameter without value stays. */
export function substitute(node: RuleNode, bindings: Bindings): RuleNode {
  return new Substitution(bindings).rule(node)
}

/** Fills in one set of values. The rule must have passed `measureRule`, so recursion is safe. */
class Substitution {
  readonly #bindings: Bindings

  constructor(bindings: Bindings) {
    this.#bindings = bindings
  }

  rule(node: RuleNode): RuleNode {
    switch (node.kind) {
      case 'everyone':
      case 'nobody':
        return node
      case 'has':
        return make.has(this.#fill(node.tag))
      case 'isSet':
      case 'isNotSet':
        return make.presence(node.kind, this.#fill(node.tag))
      case 'eq':
      case 'ne':
        return make.value(node.kind, this.#fill(node.tag), this.#fill(node.value))
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return make.compare(node.kind, this.#fill(node.tag), this.#fill(node.value))
      case 'between':
        return make.between(this.#fill(node.tag), this.#fill(node.from), this.#fill(node.to))
      case 'within':
        return make.within(this.#fill(node.tag), this.#window(node.window))
      case 'in':
      case 'notIn':
      case 'hasAny':
      case 'hasAll':
      case 'hasNone': {
        const values = this.#fill(node.values)
        const filled = isParameter(values) ? values : values.map((value) => this.#fill(value))
        return make.list(node.kind, this.#fill(node.tag), filled)
      }
      case 'startsWith':
      case 'contains':
        return make.textTest(node.kind, this.#fill(node.tag), this.#fill(node.text))
      case 'matches':
        return make.matches(this.#fill(node.tag), this.#fill(node.pattern))
      case 'audience':
        return make.audience(this.#fill(node.name), node.version)
      case 'behaviour':
        return make.behaviour(node.measure, this.#terms(node.events), this.#window(node.window), this.#test(node.test))
      case 'first':
      case 'last': {
        const test = node.test === null ? null : this.rule(node.test)
        return make.occurrence(node.kind, this.#term(node.event), test, this.#window(node.window))
      }
      case 'sequence':
        return make.sequence(
          node.steps.map((step) =>
            make.step(
              this.#term(step.event),
              step.within === null ? null : make.duration(this.#fill(step.within.count), step.within.unit),
              this.#terms(step.without),
            ),
          ),
          {
            absence:
              node.absence === null
                ? null
                : {
                    events: this.#terms(node.absence.events),
                    within: make.duration(this.#fill(node.absence.within.count), node.absence.within.unit),
                  },
            same: node.same === null ? null : this.#fill(node.same),
            allowSameTime: node.allowSameTime,
            window: this.#window(node.window),
          },
        )
      case 'stopped':
        return make.stopped(this.#term(node.event), this.#window(node.earlier), this.#window(node.later))
      case 'resumed': {
        const { event, earlier, gap, later } = node
        return make.resumed(this.#term(event), this.#window(earlier), this.#window(gap), this.#window(later))
      }
      case 'new':
        return make.newly(this.#term(node.event), this.#window(node.window))
      case 'regular': {
        const { times, periods, of, unit, weekStart } = node
        const counts = [this.#fill(times), this.#fill(periods), this.#fill(of)] as const
        return make.regular(this.#term(node.event), ...counts, unit, weekStart)
      }
      case 'not':
        return make.not(this.rule(node.rule))
      case 'and':
        return make.and(this.#rules(node.rules))
      case 'or':
        return make.or(this.#rules(node.rules))
      case 'xor':
        return make.xor(this.#rules(node.rules))
      case 'minus':
        return make.minus(this.#rules(node.rules))
      case 'atLeast':
        return make.atLeast(this.#fill(node.k), this.#rules(node.rules))
    }
  }

  #fill<Value>(slot: Value): Value {
    return isParameter(slot) ? ((this.#bindings.get(slot.param) as Value | undefined) ?? slot) : slot
  }

  #rules(rules: readonly RuleNode[]): RuleNode[] {
    return rules.map((rule) => this.rule(rule))
  }

  #terms(terms: readonly EventTerm[]): EventTerm[] {
    return terms.map((term) => this.#term(term))
  }

  #term(term: EventTerm): EventTerm {
    const where = term.where === null ? null : this.rule(term.where)
    const property = term.property === null ? null : this.#fill(term.property)
    return make.eventTerm(this.#fill(term.event), where, property, term.sign)
  }

  #window(window: Window): Window {
    switch (window.kind) {
      case 'ever':
        return window
      case 'last': {
        const { includeCurrent, weekStart } = window
        const ago = this.#fill(window.ago)
        return make.lastWindow(this.#fill(window.count), window.unit, { includeCurrent, ago, weekStart })
      }
      case 'range':
        return make.rangeWindow(this.#fill(window.from), this.#fill(window.to))
    }
  }

  #test(test: NumberTest): NumberTest {
    return test.op === 'between'
      ? { op: test.op, from: this.#fill(test.from), to: this.#fill(test.to) }
      : { op: test.op, value: this.#fill(test.value) }
  }
}
