import fc from 'fast-check'
import type { CategorySpec, MultiCategorySpec, NumberSpec, ValueColumnSpec } from '../index.ts'
import { makeNode as make, type RuleNode } from '../rules/index.ts'
import { constantOf, constantsOf } from './number-arbitrary.ts'
import { anyPattern } from './pattern-arbitrary.ts'
import { momentIn, momentsIn, type TimeFrame, windowIn } from './time-arbitrary.ts'
import { anyPiece, valueFor } from './value-arbitrary.ts'

/** Tests of one column, or of one property: every operator that fits it. */
export function valueTestFor(tag: string, spec: ValueColumnSpec, frame: TimeFrame): fc.Arbitrary<RuleNode> {
  switch (spec.kind) {
    case 'flag':
      return flagTest(tag)
    case 'category':
      return spec.many ? manyTest(tag, spec) : oneTest(tag, spec)
    case 'number':
      return numberTest(tag, spec)
    case 'timestamp':
      return timestampTest(tag, frame)
  }
}

function flagTest(tag: string): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    { arbitrary: fc.constant<RuleNode>(make.has(tag)), weight: 5 },
    { arbitrary: presence(tag), weight: 1 },
  )
}

function presence(tag: string): fc.Arbitrary<RuleNode> {
  return fc.constantFrom<RuleNode>(make.presence('isSet', tag), make.presence('isNotSet', tag))
}

function oneTest(tag: string, spec: CategorySpec): fc.Arbitrary<RuleNode> {
  const value = valueFor(spec)
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('eq' as const, 'ne' as const), value)
        .map(([kind, text]) => make.value(kind, tag, text)),
      weight: 3,
    },
    { arbitrary: inTest(tag, value), weight: 3 },
    { arbitrary: textTest(tag), weight: 2 },
  )
}

function manyTest(tag: string, spec: MultiCategorySpec): fc.Arbitrary<RuleNode> {
  const kinds = fc.constantFrom('hasAny' as const, 'hasAll' as const, 'hasNone' as const)
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    {
      arbitrary: fc.tuple(kinds, listOf(valueFor(spec))).map(([kind, texts]) => make.list(kind, tag, texts)),
      weight: 5,
    },
    { arbitrary: textTest(tag), weight: 2 },
  )
}

function numberTest(tag: string, { scale }: NumberSpec): fc.Arbitrary<RuleNode> {
  const constant = constantOf(scale)
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    { arbitrary: comparison(tag, constant), weight: 6 },
    { arbitrary: constantsOf(constant).map(([from, to]) => make.between(tag, from, to)), weight: 3 },
    { arbitrary: inTest(tag, constant), weight: 2 },
  )
}

function timestampTest(tag: string, frame: TimeFrame): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    { arbitrary: comparison(tag, momentIn(frame)), weight: 6 },
    { arbitrary: momentsIn(frame).map(([from, to]) => make.between(tag, from, to)), weight: 2 },
    { arbitrary: windowIn(frame).map((window) => make.within(tag, window)), weight: 4 },
  )
}

function comparison(tag: string, constant: fc.Arbitrary<string | number>): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    {
      arbitrary: fc
        .tuple(fc.constantFrom('eq' as const, 'ne' as const), constant)
        .map(([kind, value]) => make.value(kind, tag, value)),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const), constant)
        .map(([kind, value]) => make.compare(kind, tag, value)),
      weight: 4,
    },
  )
}

function inTest(tag: string, value: fc.Arbitrary<string | number>): fc.Arbitrary<RuleNode> {
  return fc
    .tuple(fc.constantFrom('in' as const, 'notIn' as const), listOf(value))
    .map(([kind, values]) => make.list(kind, tag, values))
}

/** Short lists mostly; long ones ask for more values than are looked up one by one. */
function listOf<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.oneof(
    { arbitrary: fc.array(value, { maxLength: 3 }), weight: 5 },
    { arbitrary: fc.array(value, { minLength: 8, maxLength: 14 }), weight: 1 },
  )
}

function textTest(tag: string): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), anyPiece)
      .map(([kind, text]) => make.textTest(kind, tag, text)),
    anyPattern.map((pattern) => make.matches(tag, pattern)),
  )
}
