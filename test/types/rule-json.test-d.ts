import type { RuleJson } from '../../src/index.ts'

// Checked by tsc, never run: see `npm run types`.

export const numbersAndTime: readonly RuleJson[] = [
  { tag: 'spend', gte: 5 },
  { tag: 'spend', eq: '9007199254740993' },
  { tag: 'spend', between: [1, { param: 'most' }] },
  { tag: 'spend', in: [1, '2'] },
  { tag: 'joinedAt', within: { last: 7, unit: 'days', includeCurrent: true } },
  { tag: 'joinedAt', within: { from: '2026-01-01' } },
  { tag: 'likes', hasAny: ['a', { param: 'x' }] },
  // @ts-expect-error: two ends
  { tag: 'spend', between: [1] },
  // @ts-expect-error: texts
  { tag: 'likes', hasAny: [5] },
  // @ts-expect-error: a unit
  { tag: 'joinedAt', within: { last: 7 } },
  // @ts-expect-error: not a unit of windows
  { tag: 'joinedAt', within: { last: 7, unit: 'seconds' } },
  // @ts-expect-error: an end at least
  { tag: 'joinedAt', within: {} },
  // @ts-expect-error: misspelt
  { tag: 'spend', gt_: 5 },
]

export const events: readonly RuleJson[] = [
  { did: 'purchase' },
  { did: { param: 'event' }, where: { property: 'amount', gte: 50 }, window: { ever: true }, lt: 3 },
  {
    did: [
      { event: 'purchase', property: 'amount' },
      { event: 'refund', property: 'amount', minus: true },
    ],
    measure: 'sum',
    gte: 500,
  },
  { did: 'purchase', where: { and: [{ property: 'gift' }, { not: { property: 'kol', in: ['A'] } }] } },
  { first: 'purchase', test: { property: 'kol', eq: 'A' } },
  { last: { event: 'purchase' }, window: { last: 1, unit: 'months' } },
  { sequence: [{ event: 'a' }, { event: 'b', within: { hours: 2 }, without: [{ event: 'c' }] }], same: 'product' },
  { sequence: [{ event: 'a' }], absence: { events: [{ event: 'b' }], within: { days: 1 } }, allowSameTime: true },
  { stopped: 'a', earlier: { last: 60, unit: 'days', ago: 30 }, later: { last: 30, unit: 'days' } },
  { resumed: 'a', earlier: { ever: true }, gap: { ever: true }, later: { ever: true } },
  { new: 'a', where: { property: 'x' }, window: { ever: true } },
  { regular: 'a', times: 1, periods: 3, of: { param: 'weeks' }, unit: 'weeks', weekStart: 'sunday' },
  // @ts-expect-error: a filter is about properties
  { did: 'purchase', where: { tag: 'amount', gte: 50 } },
  // @ts-expect-error: and about one event
  { did: 'purchase', where: { did: 'purchase' } },
  // @ts-expect-error: a property has one value
  { did: 'purchase', where: { property: 'kol', hasAny: ['A'] } },
  // @ts-expect-error: no such measure
  { did: 'purchase', measure: 'median', gte: 5 },
  // @ts-expect-error: events in a list are objects
  { did: ['purchase', 'refund'] },
  // @ts-expect-error: a duration has a unit
  { sequence: [{ event: 'a' }, { event: 'b', within: 2 }] },
  // @ts-expect-error: an absence has its time
  { sequence: [{ event: 'a' }], absence: { events: [{ event: 'b' }] } },
  // @ts-expect-error: a later window
  { stopped: 'a', earlier: { ever: true } },
  // @ts-expect-error: no such day
  { regular: 'a', times: 1, periods: 3, of: 4, unit: 'weeks', weekStart: 'someday' },
]
