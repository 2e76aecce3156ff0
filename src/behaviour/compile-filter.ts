import { invariant } from '../base/invariant.ts'
import { compilePattern } from '../base/linear-pattern.ts'
import type { NumberTest, RuleNode } from '../rules/ast.ts'
import { AndTest } from './and-test.ts'
import { CategoryTest } from './category-test.ts'
import type { EventsOfKind } from './event-source.ts'
import { FlagTest } from './flag-test.ts'
import { doubleRange, rangeOf } from './number-range.ts'
import { NumberRangeTest, NumberSetTest } from './number-row-test.ts'
import { AtLeastTest, CombineTest, ConstantTest, NotTest, type RowTest } from './row-test.ts'
import { type TextChoice, TruthTable } from './truth-table.ts'

/** A rule about one event of a kind as a test of rows. The rule is bound and valid for the kind. */
export function compileFilter(node: RuleNode, events: EventsOfKind): RowTest {
  const part = (inner: RuleNode): RowTest => compileFilter(inner, events)
  switch (node.kind) {
    case 'everyone':
      return new ConstantTest(1)
    case 'nobody':
      return new ConstantTest(0)
    case 'has':
      return presenceTest(plain(node.tag), events)
    case 'isSet':
      return presenceTest(plain(node.tag), events)
    case 'isNotSet':
      return new NotTest(presenceTest(plain(node.tag), events))
    case 'eq':
    case 'ne': {
      const property = plain(node.tag)
      return scaleOf(property, events) === null
        ? categoryTest(property, { texts: [String(plain(node.value))], listed: node.kind === 'eq' }, events)
        : numberTest(property, { op: node.kind, value: plain(node.value) }, events)
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return numberTest(plain(node.tag), { op: node.kind, value: plain(node.value) }, events)
    case 'between':
      return numberTest(plain(node.tag), { op: 'between', from: plain(node.from), to: plain(node.to) }, events)
    case 'in':
    case 'notIn': {
      const property = plain(node.tag)
      const values = plain(node.values).map(plain)
      const scale = scaleOf(property, events)
      return scale === null
        ? categoryTest(property, { texts: values.map(String), listed: node.kind === 'in' }, events)
        : new NumberSetTest(property, numbersOf(values, scale), node.kind === 'in')
    }
    case 'startsWith': {
      const text = plain(node.text)
      return categoryTest(plain(node.tag), { passes: (value) => value.startsWith(text) }, events)
    }
    case 'contains': {
      const text = plain(node.text)
      return categoryTest(plain(node.tag), { passes: (value) => value.includes(text) }, events)
    }
    case 'matches': {
      const pattern = compilePattern(plain(node.pattern))
      invariant(typeof pattern !== 'string', 'validation has compiled the pattern before')
      return categoryTest(plain(node.tag), { passes: (value) => pattern.test(value) }, events)
    }
    case 'not':
      return new NotTest(part(node.rule))
    case 'and':
      return new AndTest(node.rules.map(part))
    case 'or':
    case 'xor':
    case 'minus':
      return new CombineTest(node.kind, node.rules.map(part))
    case 'atLeast':
      return new AtLeastTest(plain(node.k), node.rules.map(part))
    default:
      invariant(false, `a filter of events is made of tests of properties; ${node.kind} is none`)
  }
}

/** Events that have the property: for a flag, those in which it is raised. */
export function presenceTest(property: string, events: EventsOfKind): RowTest {
  const spec = events.spec.properties[property]
  invariant(spec !== undefined, 'validation lets properties be named that there are')
  switch (spec.kind) {
    case 'flag':
      return new FlagTest(property)
    case 'category':
      return categoryTest(property, { texts: [], listed: false }, events)
    case 'number':
      return new NumberRangeTest(property, everyNumber)
  }
}

const everyNumber = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, outside: false }

/** Digits after the point of a number property; `null` for a property of another kind. */
export function scaleOf(property: string, events: EventsOfKind): number | null {
  const spec = events.spec.properties[property]
  return spec?.kind === 'number' ? spec.scale : null
}

function categoryTest(property: string, choice: TextChoice, events: EventsOfKind): RowTest {
  const dictionary = events.category(property)
  invariant(dictionary !== null, 'validation lets texts be asked of categories only')
  return new CategoryTest(property, new TruthTable(dictionary, choice))
}

function numberTest(property: string, test: NumberTest, events: EventsOfKind): RowTest {
  const scale = scaleOf(property, events)
  invariant(scale !== null, 'validation lets numbers be compared only')
  return new NumberRangeTest(property, doubleRange(rangeOf(test, scale)))
}

/** The scaled integers of constants; those that no value can be are left out. */
function numbersOf(values: readonly (string | number)[], scale: number): ReadonlySet<number> {
  const numbers = new Set<number>()
  for (const value of values) {
    const { lo, hi } = doubleRange(rangeOf({ op: 'eq', value }, scale))
    if (lo === hi && Number.isFinite(lo)) numbers.add(lo)
  }
  return numbers
}

/** What a slot of a bound rule holds. */
export function plain<Value>(slot: Value | { readonly param: string }): Value {
  invariant(typeof slot !== 'object' || slot === null || !('param' in slot), 'what is evaluated is bound')
  return slot as Value
}
