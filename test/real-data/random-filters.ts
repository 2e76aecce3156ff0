import fc from 'fast-check'
import type { PropertiesSpec } from '../../src/index.ts'
import type { Constant, RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'

/** Values that occur, by property or tag. */
export interface KnownValues {
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Scaled. */
  readonly numbers: ReadonlyMap<string, readonly number[]>
}

/** A rule about one row: tests of its properties, and combinations of them. */
export function filterOf(properties: PropertiesSpec, known: KnownValues): fc.Arbitrary<RuleNode> {
  const tests = Object.keys(properties).map((name) => testOf(name, properties, known))
  const { filter } = fc.letrec<{ filter: RuleNode }>((tie) => {
    const some = fc.array(tie('filter'), { minLength: 2, maxLength: 3 })
    return {
      filter: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'filter' },
        { arbitrary: fc.oneof(...tests), weight: 6 },
        { arbitrary: some.map((rules) => make.and(rules)), weight: 2 },
        { arbitrary: some.map((rules) => make.or(rules)), weight: 2 },
        { arbitrary: some.map((rules) => make.minus(rules)), weight: 1 },
        { arbitrary: some.map((rules) => make.xor(rules)), weight: 1 },
        {
          arbitrary: fc.tuple(fc.integer({ min: 1, max: 3 }), some).map(([k, rules]) => make.atLeast(k, rules)),
          weight: 1,
        },
        { arbitrary: tie('filter').map((rule) => make.not(rule)), weight: 1 },
      ),
    }
  })
  return filter
}

/** A test of one property, or tag, of a row. */
export function testOf(name: string, properties: PropertiesSpec, known: KnownValues): fc.Arbitrary<RuleNode> {
  const presence = fc.constantFrom('isSet' as const, 'isNotSet' as const).map((kind) => make.presence(kind, name))
  const spec = properties[name]!
  switch (spec.kind) {
    case 'flag':
      return fc.oneof({ arbitrary: fc.constant(make.has(name)), weight: 4 }, presence)
    case 'category': {
      const text = frequentFirst(known.texts.get(name)!)
      const some = fc.array(text, { maxLength: 4 })
      const part = text.chain((whole) => fc.nat({ max: whole.length }).map((length) => whole.slice(0, length)))
      return fc.oneof(
        {
          arbitrary: fc
            .tuple(fc.constantFrom('eq' as const, 'ne' as const), text)
            .map(([kind, value]) => make.value(kind, name, value)),
          weight: 4,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('in' as const, 'notIn' as const), some)
            .map(([kind, values]) => make.list(kind, name, values)),
          weight: 3,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), part)
            .map(([kind, value]) => make.textTest(kind, name, value)),
          weight: 1,
        },
        { arbitrary: presence, weight: 1 },
      )
    }
    case 'number': {
      const value = constantOf(known.numbers.get(name)!, spec.scale)
      const compare = fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const)
      return fc.oneof(
        {
          arbitrary: fc.tuple(compare, value).map(([kind, constant]) => make.compare(kind, name, constant)),
          weight: 4,
        },
        { arbitrary: fc.tuple(value, value).map((ends) => make.between(name, ...inOrder(ends))), weight: 3 },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('eq' as const, 'ne' as const), value)
            .map(([kind, constant]) => make.value(kind, name, constant)),
          weight: 2,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('in' as const, 'notIn' as const), fc.array(value, { maxLength: 4 }))
            .map(([kind, values]) => make.list(kind, name, values)),
          weight: 1,
        },
        { arbitrary: presence, weight: 1 },
      )
    }
  }
}

/** A decimal that occurs, or is next to one that does. */
export function constantOf(scaled: readonly number[], scale: number): fc.Arbitrary<number> {
  return fc
    .tuple(fc.constantFrom(...scaled), fc.constantFrom(0, 0, 0, 1, -1))
    .map(([value, more]) => Number(((value + more) / 10 ** scale).toFixed(scale)) + 0)
}

/** Two constants, the lower first. */
export function inOrder<Value extends Constant>([a, b]: readonly [Value, Value]): [Value, Value] {
  return Number(a) <= Number(b) ? [a, b] : [b, a]
}

/** One of a list, mostly of its beginning. */
export function frequentFirst<Value>(values: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(fc.constantFrom(...values.slice(0, 5)), fc.constantFrom(...values))
}
