import fc from 'fast-check'
import { type ColumnSpec, category, flag, type SchemaSpec } from '../index.ts'

/** Names of flags, of one-value and of many-value categories: plain words, a keyword, Chinese, one not in NFC. */
const flagNames = ['vip', 'not', '精致妈妈', 'Gen Z'] as const
const oneNames = ['tier', 'cite\u0301', 'level'] as const
const manyNames = ['likes', '兴趣', 'seen'] as const

/** What a column with listed values lists. */
const listed = ['T1', 'T2', 'T3', 'é', ''] as const

/**
 * Schemas of one to six columns: flags, one-value and many-value categories, open or with their values listed.
 *
 * @example `fc.sample(anySchema, 1)` may give `[{ vip: flag(), tier: category({ values: ['T1', 'T2'] }) }]`.
 */
export const anySchema: fc.Arbitrary<SchemaSpec> = fc
  .tuple(columns(flagNames, fc.constant(flag())), columns(oneNames, oneSpec()), columns(manyNames, manySpec()))
  .map((kinds) => kinds.flat())
  .filter((entries) => entries.length > 0)
  .map((entries) => Object.fromEntries(entries))

function columns(names: readonly string[], spec: fc.Arbitrary<ColumnSpec>): fc.Arbitrary<[string, ColumnSpec][]> {
  return fc
    .tuple(fc.subarray([...names], { maxLength: 2 }), spec, spec)
    .map(([some, first, second]) => some.map((name, index) => [name, index === 0 ? first : second]))
}

function oneSpec(): fc.Arbitrary<ColumnSpec> {
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
