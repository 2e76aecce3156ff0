import fc from 'fast-check'
import {
  type ColumnSpec,
  category,
  event,
  flag,
  type MergePolicy,
  number,
  type PropertySpec,
  type SchemaSpec,
  timestamp,
} from '../index.ts'

/** Names of columns by their kind: plain words, words of the rule language, Chinese, some not in NFC. */
const flagNames = ['vip', 'not', '精致妈妈', 'Gen Z'] as const
const oneNames = ['tier', 'cite\u0301', 'level'] as const
const manyNames = ['likes', '兴趣', 'seen'] as const
const numberNames = ['spend', '余额', 'sum'] as const
const timestampNames = ['joinedAt', '生日', 'last'] as const
const eventNames = ['purchase', 'browse', '加购', 'first', 'sent cafe\u0301'] as const
const propertyNames = {
  product: oneSpec,
  amount: numberSpec,
  gift: () => fc.constant(flag()),
  'cafe\u0301': oneSpec,
  次数: numberSpec,
} as const

/** What a column with listed values lists. */
const listed = ['T1', 'T2', 'T3', 'é', ''] as const

/**
 * Schemas of one to a dozen columns: flags, one-value and many-value categories, open or with their values listed, numbers
 * of 0 to 3 digits after the point, some with bounds, timestamps, and events with up to three properties.
 *
 * @example `fc.sample(anySchema, 1)` may give `[{ vip: flag(), tier: category({ values: ['T1', 'T2'] }) }]`.
 */
export const anySchema: fc.Arbitrary<SchemaSpec> = schemaOf(['flag', 'category', 'number', 'timestamp', 'event'])

/** Schemas of these kinds of column. */
export function schemaOf(kinds: readonly ColumnSpec['kind'][]): fc.Arbitrary<SchemaSpec> {
  const of = (kind: ColumnSpec['kind'], ...some: Parameters<typeof columns>): ReturnType<typeof columns> =>
    kinds.includes(kind) ? columns(...some) : fc.constant([])
  return fc
    .tuple(
      of('flag', flagNames, fc.constant(flag())),
      of('category', oneNames, merging(oneSpec(), ['first'])),
      of('category', manyNames, manySpec()),
      of('number', numberNames, merging(numberSpec(), ['first', 'max', 'min', 'sum', 'sum'])),
      of('timestamp', timestampNames, merging(fc.constant(timestamp()), ['first', 'max', 'min'])),
      of('event', eventNames, eventSpec(), 3),
    )
    .map((some) => some.flat())
    .filter((entries) => entries.length > 0)
    .map((entries) => Object.fromEntries(entries))
}

function columns(
  names: readonly string[],
  spec: fc.Arbitrary<ColumnSpec>,
  most = 2,
): fc.Arbitrary<[string, ColumnSpec][]> {
  return fc
    .tuple(fc.subarray([...names], { maxLength: most }), spec, spec)
    .map(([some, first, second]) => some.map((name, index) => [name, index === 0 ? first : second]))
}

/** Half of the columns say what becomes of two values when people are linked. */
function merging(spec: fc.Arbitrary<ColumnSpec>, policies: readonly MergePolicy[]): fc.Arbitrary<ColumnSpec> {
  const merge = fc.option(fc.constantFrom(...policies), { freq: 1 })
  return fc
    .tuple(spec, merge)
    .map(([one, policy]) => (policy === null ? one : ({ ...one, merge: policy } as ColumnSpec)))
}

function oneSpec(): fc.Arbitrary<PropertySpec> {
  return fc.oneof(
    { arbitrary: fc.constant(category()), weight: 2 },
    { arbitrary: fc.subarray([...listed], { minLength: 1 }).map((values) => category({ values })), weight: 1 },
  )
}

function manySpec(): fc.Arbitrary<ColumnSpec> {
  return fc.oneof(
    { arbitrary: fc.constant(category({ many: true })), weight: 2 },
    {
      arbitrary: fc.subarray([...listed], { minLength: 1 }).map((values) => category({ many: true, values })),
      weight: 1,
    },
  )
}

function numberSpec(): fc.Arbitrary<PropertySpec> {
  const bounds = fc.constantFrom({}, {}, {}, { min: 0 }, { max: '100.0' }, { min: -5, max: 5 }, { min: 1, max: 1 })
  return fc.tuple(fc.constantFrom(0, 2, 1, 3), bounds).map(([scale, range]) => number({ scale, ...range }))
}

/** Different kinds of event have properties of the same names, as sequences need that link their steps. */
function eventSpec(): fc.Arbitrary<ColumnSpec> {
  const names = Object.keys(propertyNames) as (keyof typeof propertyNames)[]
  const properties = fc
    .subarray(names, { maxLength: 3 })
    .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, propertyNames[name]()]))))
  const retention = fc.constantFrom({}, {}, {}, {}, {}, {}, { retentionDays: 2 }, { retentionDays: 30 })
  return fc.tuple(properties, retention).map(([some, options]) => event(some, options))
}
