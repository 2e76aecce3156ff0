import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Constant } from '../../src/rules/ast.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import { parameterUses, type SlotType } from '../../src/rules/parameter-uses.ts'
import { substitute } from '../../src/rules/substitute.ts'
import { category, event, number, timestamp } from '../../src/schema/column-spec.ts'
import { Schema } from '../../src/schema/schema.ts'
import { campaign } from '../fast-check-config.ts'
import { valueAt } from './json-of.ts'
import { anyRule } from './rule-arbitrary.ts'

const empty = Schema.from({})
const values: Readonly<Record<SlotType, Constant | readonly Constant[]>> = {
  text: 'a text',
  texts: ['one', 'two'],
  number: 1.5,
  numbers: [1, 2.5],
  integer: 7,
  moment: '2026-11-20',
  tag: 'a tag',
  audience: 'an audience',
  event: 'an event',
  property: 'a property',
}

/** JSON with each parameter replaced by what `make` gives for it. */
function replaced(json: unknown, make: (name: string) => unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item) => replaced(item, make))
  if (Object.hasOwn(json, 'param')) return make((json as { param: string }).param)
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, replaced(value, make)]))
}

test('every parameter of any rule is found at its path, and filled in', () => {
  fc.assert(
    fc.property(anyRule, (any) => {
      let count = 0
      const json = replaced(ruleToJson(any), () => ({ param: `p${count++}` }))
      const node = ruleFromJson(json)
      const uses = parameterUses(node, empty)
      expect(uses.map(({ name }) => name).sort()).toEqual(Array.from({ length: count }, (_, i) => `p${i}`).sort())
      for (const { name, path } of uses) expect(valueAt(json, path)).toEqual({ param: name })

      const bindings = new Map(uses.map(({ name, fits }) => [name, values[fits[0]!]]))
      const filled = substitute(node, bindings)
      expect(filled).toStrictEqual(ruleFromJson(replaced(json, (name) => bindings.get(name))))
      expect(parameterUses(filled, empty)).toEqual([])
      expect(substitute(node, new Map())).toStrictEqual(node)
    }),
    campaign(2_000),
  )
})

describe('what fits in a place', () => {
  const schema = Schema.from({
    tier: category(),
    likes: category({ many: true }),
    spend: number({ scale: 2 }),
    joinedAt: timestamp(),
    purchase: event({ product: category(), amount: number() }),
  })
  const x = { param: 'x' }
  const anything = ['text', 'number', 'integer', 'moment']
  const numeric = ['number', 'integer']
  const last = { last: x, unit: 'days' }
  test.each<[object, string, readonly string[]]>([
    [{ tag: x }, '$.tag', ['tag']],
    [{ tag: x, isSet: true }, '$.tag', ['tag']],
    [{ tag: 'tier', eq: x }, '$.eq', ['text']],
    [{ tag: 'spend', eq: x }, '$.eq', numeric],
    [{ tag: 'joinedAt', ne: x }, '$.ne', ['moment']],
    [{ tag: 'no such tag', eq: x }, '$.eq', anything],
    [{ tag: 'spend', lt: x }, '$.lt', numeric],
    [{ tag: 'spend', between: [1, x] }, '$.between[1]', numeric],
    [{ tag: 'joinedAt', between: [x, '2026-01-01'] }, '$.between[0]', ['moment']],
    [{ tag: 'joinedAt', within: last }, '$.within.last', ['integer']],
    [{ tag: 'tier', in: x }, '$.in', ['texts']],
    [{ tag: 'spend', in: x }, '$.in', ['numbers']],
    [{ tag: 'no such tag', notIn: x }, '$.notIn', ['texts', 'numbers']],
    [{ tag: 'spend', in: [1, x] }, '$.in[1]', numeric],
    [{ tag: 'likes', hasAny: x }, '$.hasAny', ['texts']],
    [{ tag: 'likes', hasNone: ['a', x] }, '$.hasNone[1]', ['text']],
    [{ tag: 'no such tag', hasAll: x }, '$.hasAll', ['texts']],
    [{ tag: 'tier', contains: x }, '$.contains', ['text']],
    [{ tag: 'tier', matches: x }, '$.matches', ['text']],
    [{ audience: x }, '$.audience', ['audience']],
    [{ atLeast: x, of: [{ tag: 'a' }] }, '$.atLeast', ['integer']],
    [{ did: x }, '$.did', ['event']],
    [{ did: [{ event: 'a' }, { event: x }] }, '$.did[1].event', ['event']],
    [{ did: 'purchase', property: x, measure: 'sum', gte: 1 }, '$.property', ['property']],
    [{ did: 'purchase', gte: x }, '$.gte', numeric],
    [{ did: 'purchase', between: [1, x] }, '$.between[1]', numeric],
    [{ did: 'purchase', window: { from: x } }, '$.window.from', ['moment']],
    [{ did: 'purchase', window: { to: x } }, '$.window.to', ['moment']],
    [{ did: 'purchase', window: { last: 1, unit: 'days', ago: x } }, '$.window.ago', ['integer']],
    [{ did: 'purchase', where: { property: x, eq: 5 } }, '$.where.property', ['property']],
    [{ did: 'purchase', where: { not: { property: 'amount', eq: x } } }, '$.where.not.eq', numeric],
    [{ did: 'purchase', where: { property: 'product', in: x } }, '$.where.in', ['texts']],
    [{ did: 'purchase', where: { property: 'spend', eq: x } }, '$.where.eq', anything],
    [{ did: 'no such event', where: { property: 'amount', eq: x } }, '$.where.eq', anything],
    [{ did: 'tier', where: { property: 'amount', eq: x } }, '$.where.eq', anything],
    [{ first: 'purchase', test: { property: 'product', eq: x } }, '$.test.eq', ['text']],
    [{ last: 'purchase', window: last }, '$.window.last', ['integer']],
    [{ sequence: [{ event: 'a' }, { event: 'b', within: { hours: x } }] }, '$.sequence[1].within.hours', ['integer']],
    [
      { sequence: [{ event: 'a' }, { event: 'b', without: [{ event: x }] }] },
      '$.sequence[1].without[0].event',
      ['event'],
    ],
    [
      { sequence: [{ event: 'a' }], absence: { events: [{ event: 'b' }], within: { days: x } } },
      '$.absence.within.days',
      ['integer'],
    ],
    [{ sequence: [{ event: 'a' }, { event: 'b' }], same: x }, '$.same', ['property']],
    [{ stopped: 'a', earlier: last, later: { ever: true } }, '$.earlier.last', ['integer']],
    [{ resumed: 'a', earlier: { ever: true }, gap: last, later: { ever: true } }, '$.gap.last', ['integer']],
    [{ new: 'a', window: { from: x } }, '$.window.from', ['moment']],
    [{ regular: 'a', times: x, periods: 1, of: 1, unit: 'days' }, '$.times', ['integer']],
    [{ regular: 'a', times: 1, periods: x, of: 1, unit: 'days' }, '$.periods', ['integer']],
    [{ regular: 'a', times: 1, periods: 1, of: x, unit: 'days' }, '$.of', ['integer']],
  ])('%j', (json, path, fits) => {
    expect(parameterUses(ruleFromJson(json), schema)).toEqual([{ name: 'x', path, fits }])
  })
})
