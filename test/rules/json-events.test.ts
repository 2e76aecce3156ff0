import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { eventTerms, type RuleNode } from '../../src/rules/ast.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'
import { ruleToJson } from '../../src/rules/json/rule-to-json.ts'
import * as make from '../../src/rules/make-node.ts'
import { filtersOf, termPaths } from '../../src/rules/rule-path.ts'
import { campaign } from '../fast-check-config.ts'
import { anyEventNode } from './event-arbitrary.ts'
import { faultsOf, fitsSchema, jsonFaults, ruleSchema, valueAt } from './json-of.ts'
import { anyRule } from './rule-arbitrary.ts'

const p = { param: 'p' } as const
const P = make.parameter('p')
const purchase = make.eventTerm('purchase')
const amount = make.compare('gte', 'amount', 50)
const where = { property: 'amount', gte: 50 }
const rich = make.eventTerm('purchase', amount)
const days = make.lastWindow(30, 'days')
const last30 = { last: 30, unit: 'days' }

/** Each form as it is written, and the rule that it is. */
const forms: [object, RuleNode][] = [
  [{ tag: 'spend', eq: 5 }, make.value('eq', 'spend', 5)],
  [{ tag: 'spend', ne: '9007199254740993' }, make.value('ne', 'spend', '9007199254740993')],
  [{ tag: 'spend', lt: -12.5 }, make.compare('lt', 'spend', -12.5)],
  [{ tag: 'spend', lte: 0 }, make.compare('lte', 'spend', -0)],
  [{ tag: 'spend', gt: 1e21 }, make.compare('gt', 'spend', 1e21)],
  [{ tag: p, gte: p }, make.compare('gte', P, P)],
  [{ tag: 'joinedAt', gte: '2026-01-01' }, make.compare('gte', 'joinedAt', '2026-01-01')],
  [{ tag: 'spend', between: [1, '5.50'] }, make.between('spend', 1, '5.50')],
  [{ tag: 'spend', between: [p, p] }, make.between('spend', P, P)],
  [{ tag: 'spend', in: [1, 2.5, '3', p] }, make.list('in', 'spend', [1, 2.5, '3', P])],
  [{ tag: 'joinedAt', within: { ever: true } }, make.within('joinedAt', make.ever())],
  [{ tag: 'joinedAt', within: last30 }, make.within('joinedAt', days)],
  [{ tag: 'j', within: { last: p, unit: 'hours', ago: p } }, make.within('j', make.lastWindow(P, 'hours', { ago: P }))],
  [
    { tag: 'j', within: { last: 0, unit: 'weeks', includeCurrent: true, weekStart: 'sunday' } },
    make.within('j', make.lastWindow(0, 'weeks', { includeCurrent: true, weekStart: 'sunday' })),
  ],
  [{ tag: 'j', within: { from: '2026-01-01' } }, make.within('j', make.rangeWindow('2026-01-01', null))],
  [{ tag: 'j', within: { to: p } }, make.within('j', make.rangeWindow(null, P))],
  [{ tag: 'j', within: { from: p, to: 'x' } }, make.within('j', make.rangeWindow(P, 'x'))],

  [{ did: 'purchase' }, make.behaviour('count', [purchase])],
  [{ did: p }, make.behaviour('count', [make.eventTerm(P)])],
  [{ did: 'purchase', where }, make.behaviour('count', [rich])],
  [{ did: 'purchase', window: last30, gte: 3 }, make.behaviour('count', [purchase], days, { op: 'gte', value: 3 })],
  [
    { did: 'purchase', between: [p, 5] },
    make.behaviour('count', [purchase], make.ever(), { op: 'between', from: P, to: 5 }),
  ],
  [{ did: 'a', gte: '1' }, make.behaviour('count', [make.eventTerm('a')], make.ever(), { op: 'gte', value: '1' })],
  [
    { did: 'purchase', measure: 'days', gte: 1 },
    make.behaviour('days', [purchase], make.ever(), { op: 'gte', value: 1 }),
  ],
  [
    { did: 'purchase', where, property: 'amount', measure: 'sum', window: last30, gt: '99.90' },
    make.behaviour('sum', [make.eventTerm('purchase', amount, 'amount')], days, { op: 'gt', value: '99.90' }),
  ],
  [
    { did: { event: 'refund', where, property: p, minus: true }, measure: 'sum', lt: 0 },
    make.behaviour('sum', [make.eventTerm('refund', amount, P, -1)], make.ever(), { op: 'lt', value: 0 }),
  ],
  [
    {
      did: [
        { event: 'purchase', property: 'amount' },
        { event: 'refund', where, property: 'amount', minus: true },
      ],
    },
    make.behaviour('count', [
      make.eventTerm('purchase', null, 'amount'),
      make.eventTerm('refund', amount, 'amount', -1),
    ]),
  ],

  [{ first: 'purchase' }, make.occurrence('first', purchase)],
  [
    { last: 'purchase', where, test: { property: 'kol', eq: 'A' }, window: last30 },
    make.occurrence('last', rich, make.value('eq', 'kol', 'A'), days),
  ],
  [
    { first: { event: 'purchase', where, property: 'x' }, test: where },
    make.occurrence('first', make.eventTerm('purchase', amount, 'x'), amount),
  ],

  [
    { sequence: [{ event: 'a' }, { event: p, where, within: { hours: 2 }, without: [{ event: 'c', where }] }] },
    make.sequence([
      make.step(make.eventTerm('a')),
      make.step(make.eventTerm(P, amount), make.duration(2, 'hours'), [make.eventTerm('c', amount)]),
    ]),
  ],
  [
    {
      sequence: [{ event: 'a' }],
      absence: { events: [{ event: 'b' }, { event: 'c', where }], within: { days: p } },
      same: 'product',
      allowSameTime: true,
      window: last30,
    },
    make.sequence([make.step(make.eventTerm('a'))], {
      absence: { events: [make.eventTerm('b'), make.eventTerm('c', amount)], within: make.duration(P, 'days') },
      same: 'product',
      allowSameTime: true,
      window: days,
    }),
  ],

  [{ stopped: 'purchase', where, earlier: last30, later: last30 }, make.stopped(rich, days, days)],
  [
    { stopped: { event: 'a', minus: true }, earlier: last30, later: { ever: true } },
    make.stopped(make.eventTerm('a', null, null, -1), days, make.ever()),
  ],
  [{ resumed: p, earlier: last30, gap: last30, later: last30 }, make.resumed(make.eventTerm(P), days, days, days)],
  [{ new: 'purchase', where, window: { ever: true } }, make.newly(rich, make.ever())],
  [
    { regular: 'purchase', where, times: 2, periods: p, of: 4, unit: 'weeks', weekStart: 'sunday' },
    make.regular(rich, 2, P, 4, 'weeks', 'sunday'),
  ],
  [{ regular: 'a', times: 1, periods: 1, of: 1, unit: 'days' }, make.regular(make.eventTerm('a'), 1, 1, 1, 'days')],

  [
    {
      did: 'a',
      where: {
        and: [
          { not: { property: 'gift' } },
          {
            or: [
              { property: 'kol', in: ['A', p] },
              { property: 'kol', isNotSet: true },
            ],
          },
          { xor: [where, { property: 'x', startsWith: 'y' }] },
          { minus: [where, { property: 'x', matches: '^y' }] },
          { atLeast: 2, of: [where, { property: 'x', between: [1, 2] }] },
        ],
      },
    },
    make.behaviour('count', [
      make.eventTerm(
        'a',
        make.and([
          make.not(make.has('gift')),
          make.or([make.list('in', 'kol', ['A', P]), make.presence('isNotSet', 'kol')]),
          make.xor([amount, make.textTest('startsWith', 'x', 'y')]),
          make.minus([amount, make.matches('x', '^y')]),
          make.atLeast(2, [amount, make.between('x', 1, 2)]),
        ]),
      ),
    ]),
  ],
  [{ not: { did: 'purchase' } }, make.not(make.behaviour('count', [purchase]))],
]

describe('each form is written and read', () => {
  test.each(forms)('%j', (json, node) => {
    expect(ruleToJson(node)).toEqual(json)
    expect(ruleFromJson(json)).toStrictEqual(node)
    expect(fitsSchema(json)).toBe(true)
    expect(JSON.stringify(ruleToJson(ruleFromJson(json)))).toBe(JSON.stringify(ruleToJson(node)))
  })
})

describe('what need not be written is read too', () => {
  test.each<[object, object]>([
    [{ did: { event: 'a' } }, { did: 'a' }],
    [{ did: { event: 'a', where } }, { did: 'a', where }],
    [{ did: [{ event: 'a', where }] }, { did: 'a', where }],
    [{ did: 'a', measure: 'count', gte: 1, window: { ever: true } }, { did: 'a' }],
    [{ did: 'a', gte: 1 }, { did: 'a' }],
    [
      { first: { event: p, where }, window: { ever: true } },
      { first: p, where },
    ],
    [
      { tag: 'j', within: { last: 1, unit: 'weeks', ago: 0, weekStart: 'monday' } },
      { tag: 'j', within: { last: 1, unit: 'weeks' } },
    ],
    [
      { sequence: [{ event: 'a', without: [] }, { event: 'b' }], window: { ever: true } },
      { sequence: [{ event: 'a' }, { event: 'b' }] },
    ],
    [
      { did: 'a', where: { and: [where] } },
      { did: 'a', where },
    ],
    [
      { did: 'a', eq: -0 },
      { did: 'a', eq: 0 },
    ],
  ])('%j', (json, shortest) => {
    expect(ruleToJson(ruleFromJson(json))).toEqual(shortest)
    expect(fitsSchema(json)).toBe(true)
  })
})

const noWindow =
  'found an object with the keys (none), expected a window: "ever", "last" with "unit", or "from" and "to"'
const notBeside = (key: string, head: string): string =>
  `RULE_UNKNOWN_KEY $.${key}: found "${key}" beside "${head}", expected it inside the object with the name of the event`

/** JSON that is no rule, with all of its faults. */
const bad: [unknown, ...string[]][] = [
  // constants
  [{ tag: 'a', lt: true }, 'RULE_WRONG_TYPE $.lt: found true, expected a text or a number: write "true"'],
  [{ tag: 'a', gte: null }, 'RULE_WRONG_TYPE $.gte: found null, expected a text or a number'],
  [{ tag: 'a', between: 5 }, 'RULE_WRONG_TYPE $.between: found 5, expected an array of two, such as [1, 5]'],
  [
    { tag: 'a', between: [1] },
    'RULE_WRONG_TYPE $.between: found an array of 1, expected an array of two, such as [1, 5]',
  ],
  [
    { tag: 'a', between: [[], {}] },
    'RULE_WRONG_TYPE $.between[0]: found an array of 0, expected a text or a number',
    'RULE_WRONG_TYPE $.between[1]: found an object with the keys (none), expected a text or a number or {"param": "its name"}',
  ],
  [{ lte: 5 }, 'RULE_WRONG_TYPE $.lte: found the key "lte" without "tag" or "did", expected one of them beside it'],
  [{ tag: 'a', gt: 1, lt: 2 }, 'RULE_WRONG_TYPE $: found "gt", "lt" in one object, expected one operator of a tag'],
  // windows
  [
    { tag: 'a', within: 5 },
    'RULE_WRONG_TYPE $.within: found 5, expected a window such as {"last": 15, "unit": "days"}',
  ],
  [{ tag: 'a', within: {} }, `RULE_WRONG_TYPE $.within: ${noWindow}`],
  [{ tag: 'a', within: { last: 3 } }, 'RULE_WRONG_TYPE $.within: found "last" without "unit", expected both'],
  [
    { tag: 'a', within: { lats: 3, unit: 'day' } },
    'RULE_UNKNOWN_KEY $.within.lats: found the unknown key "lats". Did you mean last?',
    'RULE_WRONG_TYPE $.within: found an object with the keys "lats", "unit", expected a window: "ever", "last" with "unit", or "from" and "to"',
  ],
  [
    { tag: 'a', within: { last: 1.5, unit: 'day', ago: -1, weekStart: 'sun', includeCurrent: false } },
    'RULE_BAD_WINDOW $.within.last: found 1.5, expected a whole number of 0 or more',
    'RULE_WRONG_TYPE $.within.unit: found "day", expected one of "minutes", "hours", "days", "weeks", "months". Did you mean days?',
    'RULE_BAD_WINDOW $.within.ago: found -1, expected a whole number of 0 or more',
    'RULE_WRONG_TYPE $.within.weekStart: found "sun", expected one of "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday".',
    'RULE_WRONG_TYPE $.within.includeCurrent: found false, expected true: leave the key out instead',
  ],
  [
    { tag: 'a', within: { last: '3', unit: 'days', weekStart: 'sunday' } },
    'RULE_WRONG_TYPE $.within.last: found "3", expected a whole number of 0 or more',
    'RULE_BAD_WINDOW $.within.weekStart: found "weekStart" beside days, expected it beside weeks only',
  ],
  [
    { tag: 'a', within: { last: 3, unit: 'days', from: 'x' } },
    'RULE_UNKNOWN_KEY $.within.from: found the key "from" beside "last", where it means nothing',
  ],
  [
    { tag: 'a', within: { from: 5, to: null } },
    'RULE_WRONG_TYPE $.within.from: found 5, expected the text of an instant or a date, such as "2026-11-20": write "5"',
    'RULE_WRONG_TYPE $.within.to: found null, expected the text of an instant or a date, such as "2026-11-20"',
  ],
  [
    { tag: 'a', within: { ever: false } },
    'RULE_WRONG_TYPE $.within.ever: found false, expected true: leave the window out, or say which',
  ],
  [
    { did: 'a', window: { ever: true, unit: 'days' } },
    'RULE_UNKNOWN_KEY $.window.unit: found the key "unit" beside "ever", where it means nothing',
  ],
  // did
  [{ did: 5 }, 'RULE_WRONG_TYPE $.did: found 5, expected the name of an event: write "5"'],
  [{ did: [] }, 'RULE_EMPTY $.did: found "did" of no events, expected at least one'],
  [
    { did: ['purchase', { event: 'a' }] },
    'RULE_WRONG_TYPE $.did[0]: found "purchase", expected an event such as {"event": "purchase"}',
  ],
  [
    { did: [{ event: 'a', were: where }, {}] },
    'RULE_UNKNOWN_KEY $.did[0].were: found the unknown key "were". Did you mean where?',
    'RULE_WRONG_TYPE $.did[1]: found an object with the keys (none), expected the key "event"',
  ],
  [
    { did: { event: 'a', minus: false, property: 5 } },
    'RULE_WRONG_TYPE $.did.property: found 5, expected a text: write "5"',
    'RULE_WRONG_TYPE $.did.minus: found false, expected true: leave the key out instead',
  ],
  [{ did: { event: 'a' }, where }, notBeside('where', 'did')],
  [{ did: [{ event: 'a' }], property: 'x', measure: 'sum', gt: 1 }, notBeside('property', 'did')],
  [{ first: { event: 'a' }, where }, notBeside('where', 'first')],
  [{ did: 'a', minus: true }, 'RULE_WRONG_TYPE $: found "did", "minus" in one object, expected one of them'],
  [
    { did: 'a', measure: 'sums', gt: 1 },
    'RULE_WRONG_TYPE $.measure: found "sums", expected one of "count", "days", "distinct", "recency", "sum", "avg", "min", "max". Did you mean sum?',
  ],
  [
    { did: 'a', measure: 'days' },
    'RULE_WRONG_TYPE $: found the measure "days" without a test, expected one such as "gte": 100',
  ],
  [{ did: 'a', gte: 1, lt: 5 }, 'RULE_WRONG_TYPE $: found "gte", "lt" in one object, expected one test'],
  [
    { where },
    'RULE_WRONG_TYPE $.where: found the key "where" without "did", "first", "last", "stopped", "resumed", "new" or "regular", expected one of them beside it',
  ],
  [{ property: 'x' }, 'RULE_WRONG_TYPE $.property: found the key "property" without "did", expected both'],
  [{ did: 'a', widnow: last30 }, 'RULE_UNKNOWN_KEY $.widnow: found the unknown key "widnow". Did you mean window?'],
  [{ did: 'a', test: where }, 'RULE_UNKNOWN_KEY $.test: found the key "test" beside "did", where it means nothing'],
  [{ did: { param: 'a', event: 'b' } }, 'RULE_UNKNOWN_KEY $.did.event: found the unknown key "event".'],
  // filters
  [
    { did: 'a', where: 5 },
    'RULE_WRONG_TYPE $.where: found 5, expected a filter such as {"property": "amount", "gte": 50}',
  ],
  [
    { did: 'a', where: {} },
    'RULE_WRONG_TYPE $.where: found an object without keys, expected a filter such as {"property": "amount", "gte": 50}',
  ],
  [
    { did: 'a', where: { tag: 'x' } },
    'RULE_BAD_FILTER $.where.tag: found "tag" in the filter of an event, expected "property"',
  ],
  [
    { did: 'a', where: { and: [{ did: 'b' }, { everyone: true }, { audience: 'x', version: 3 }, where] } },
    'RULE_BAD_FILTER $.where.and[0].did: found "did" in the filter of an event, expected tests of its properties',
    'RULE_BAD_FILTER $.where.and[1].everyone: found "everyone" in the filter of an event, expected tests of its properties',
    'RULE_BAD_FILTER $.where.and[2].audience: found "audience" in the filter of an event, expected tests of its properties',
    'RULE_BAD_FILTER $.where.and[2].version: found "version" in the filter of an event, expected tests of its properties',
  ],
  [
    { did: 'a', where: { propety: 'x' } },
    'RULE_UNKNOWN_KEY $.where.propety: found the unknown key "propety". Did you mean property?',
  ],
  [
    { did: 'a', where: { and: [] } },
    'RULE_EMPTY_AND $.where.and: found "and" of no rules, which would be everyone. Leave the filter out where that is meant',
  ],
  [{ did: 'a', where: { or: [] } }, 'RULE_EMPTY $.where.or: found "or" of no rules, which no event fits'],
  [
    { did: 'a', where: { property: 5, eq: [] } },
    'RULE_WRONG_TYPE $.where.property: found 5, expected a text: write "5"',
    'RULE_WRONG_TYPE $.where.eq: found an array of 0, expected a text or a number',
  ],
  [
    { first: 'a', test: { property: 'x', gt: 1, lt: 5 } },
    'RULE_WRONG_TYPE $.test: found "gt", "lt" in one object, expected one operator of a property',
  ],
  // sequences
  [
    { sequence: { event: 'a' } },
    'RULE_WRONG_TYPE $.sequence: found an object with the keys "event", expected an array of steps',
  ],
  [{ sequence: [] }, 'RULE_BAD_SEQUENCE $.sequence: found a sequence of 0 steps, expected 1 to 32'],
  [
    { sequence: new Array(33).fill({ event: 'a' }) },
    'RULE_BAD_SEQUENCE $.sequence: found a sequence of 33 steps, expected 1 to 32',
  ],
  [
    { sequence: [{ event: 'a' }, { evnt: 'b', within: 5, without: 'c' }], same: 5, allowSameTime: false },
    'RULE_UNKNOWN_KEY $.sequence[1].evnt: found the unknown key "evnt". Did you mean event?',
    'RULE_WRONG_TYPE $.sequence[1]: found an object with the keys "evnt", "within", "without", expected the key "event"',
    'RULE_WRONG_TYPE $.sequence[1].within: found 5, expected a duration such as {"hours": 24}',
    'RULE_WRONG_TYPE $.sequence[1].without: found "c", expected an array of events',
    'RULE_WRONG_TYPE $.same: found 5, expected the name of a property: write "5"',
    'RULE_WRONG_TYPE $.allowSameTime: found false, expected true: leave the key out instead',
  ],
  [
    { sequence: [{ event: 'a' }, { event: 'b', within: { hours: 0 } }, { event: 'c', within: { hour: 2 } }] },
    'RULE_BAD_SEQUENCE $.sequence[1].within.hours: found 0, expected a whole number of 1 or more',
    'RULE_UNKNOWN_KEY $.sequence[2].within.hour: found the unknown key "hour". Did you mean hours?',
  ],
  [
    { sequence: [{ event: 'a' }, { event: 'b', within: { hours: 1, days: 2 } }] },
    'RULE_WRONG_TYPE $.sequence[1].within: found an object with the keys "hours", "days", expected one of "seconds", "minutes", "hours", "days", "weeks"',
  ],
  [
    { sequence: [{ event: 'a' }], absence: { events: [] } },
    'RULE_EMPTY $.absence.events: found an absence of no events, expected at least one',
    'RULE_WRONG_TYPE $.absence: found "absence" without "within", expected both "events" and "within"',
  ],
  [
    { sequence: [{ event: 'a' }], absence: 5 },
    'RULE_WRONG_TYPE $.absence: found 5, expected an absence such as {"events": [{"event": "purchase"}], "within": {"hours": 24}}',
  ],
  // lifecycle
  [
    { stopped: 'a', earlier: last30, window: last30 },
    'RULE_UNKNOWN_KEY $.window: found the key "window" beside "stopped", where it means nothing',
    'RULE_WRONG_TYPE $: found "stopped" without "later", expected both',
  ],
  [{ new: 'a' }, 'RULE_WRONG_TYPE $: found "new" without "window", expected both'],
  [
    { regular: 'a', times: 0, periods: '2', of: 1.5, unit: 'weeks' },
    'RULE_BAD_COUNT $.times: found 0, expected a whole number of 1 or more',
    'RULE_WRONG_TYPE $.periods: found "2", expected a whole number of 1 or more',
    'RULE_BAD_WINDOW $.of: found 1.5, expected a whole number of 1 or more',
  ],
  [
    { regular: 'a', times: 1, periods: 1, of: 1, unit: 'days', weekStart: 'monday' },
    'RULE_BAD_WINDOW $.weekStart: found "weekStart" beside days, expected it beside weeks only',
  ],
  // all at once
  [
    {
      and: [
        { did: 'a', where: { property: 5 }, window: { last: -1, unit: 'days' }, gte: true },
        { tag: 'x', gt: {} },
      ],
    },
    'RULE_BAD_WINDOW $.and[0].window.last: found -1, expected a whole number of 0 or more',
    'RULE_WRONG_TYPE $.and[0].gte: found true, expected a text or a number: write "true"',
    'RULE_WRONG_TYPE $.and[0].where.property: found 5, expected a text: write "5"',
    'RULE_WRONG_TYPE $.and[1].gt: found an object with the keys (none), expected a text or a number or {"param": "its name"}',
  ],
]

describe('bad JSON is refused with every fault, and by the schema', () => {
  test.each(bad)('%j', (json, ...faults) => {
    expect(jsonFaults(json)).toEqual(faults)
    expect(fitsSchema(json)).toBe(false)
  })
})

describe('hostile JSON is refused', () => {
  const cyclic: { did: string; where: { and: unknown[] } } = { did: 'a', where: { and: [where] } }
  cyclic.where.and.push(cyclic.where)
  const nested = (depth: number, json: object): object => {
    for (let i = 0; i < depth; i++) json = { not: json }
    return json
  }
  const half = '\ud800'
  test.each<[string, unknown, string]>([
    ['NaN', { tag: 'a', gte: Number.NaN }, 'RULE_BAD_NUMBER $.gte: found NaN, expected a number that is finite'],
    ['Infinity', { did: 'a', gt: Number.POSITIVE_INFINITY }, 'RULE_BAD_NUMBER $.gt: found Infinity'],
    ['NaN in a list', { tag: 'a', in: [1, Number.NaN] }, 'RULE_BAD_NUMBER $.in[1]: found NaN'],
    ['a bigint', { tag: 'a', gte: 5n }, 'RULE_WRONG_TYPE $.gte: found 5n'],
    ['a count of NaN', { tag: 'a', within: { last: Number.NaN, unit: 'days' } }, 'RULE_BAD_WINDOW $.within.last'],
    ['a cycle of filters', cyclic, 'RULE_TOO_DEEP'],
    ['deep filters', { did: 'a', where: nested(100_000, where) }, 'RULE_TOO_DEEP'],
    ['deep tests', { first: 'a', test: nested(100_000, where) }, 'RULE_TOO_DEEP'],
    ['a million events', { did: new Array(1_000_000).fill({ event: 'a' }) }, 'RULE_TOO_LARGE $.did: found more than'],
    ['sparse events', { did: new Array(2 ** 32 - 1) }, 'RULE_TOO_LARGE $.did: found more than'],
    ['sparse steps', { sequence: new Array(2 ** 32 - 1) }, 'RULE_TOO_LARGE $.sequence: found more than'],
    [
      'sparse absences',
      { sequence: [{ event: 'a' }], absence: { events: new Array(2 ** 32 - 1), within: { days: 1 } } },
      'RULE_TOO_LARGE $.absence.events',
    ],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    ['a hole among events', { did: [{ event: 'a' }, ,] }, 'RULE_WRONG_TYPE $.did[1]: found undefined'],
    ['a sparse interval', { tag: 'a', between: new Array(2) }, 'RULE_WRONG_TYPE $.between[0]: found undefined'],
    ['an undefined filter', { did: 'a', where: undefined }, 'RULE_WRONG_TYPE $.where: found undefined'],
    ['an undefined window', { did: 'a', window: undefined }, 'RULE_WRONG_TYPE $.window: found undefined'],
    ['an inherited filter', Object.assign(Object.create({ where }), { did: 'a' }), ''],
    [
      'an inherited unit',
      { did: 'a', window: Object.assign(Object.create({ unit: 'days' }), { last: 1 }) },
      'RULE_WRONG_TYPE $.window: found "last" without',
    ],
    ['an inherited event', { did: [Object.create({ event: 'a' })] }, 'RULE_WRONG_TYPE $.did[0]: found an object'],
    [
      'an inherited duration',
      { sequence: [{ event: 'a' }, { event: 'b', within: Object.create({ hours: 1 }) }] },
      'RULE_WRONG_TYPE $.sequence[1].within',
    ],
    ['a __proto__', JSON.parse('{"did":"a","__proto__":{"where":{}}}'), 'RULE_UNKNOWN_KEY $.__proto__'],
    [
      'a __proto__ in a window',
      JSON.parse('{"did":"a","window":{"__proto__":{"ever":true}}}'),
      'RULE_UNKNOWN_KEY $.window.__proto__',
    ],
    [
      'a __proto__ as a unit',
      JSON.parse('{"did":"a","window":{"last":1,"unit":"__proto__"}}'),
      'RULE_WRONG_TYPE $.window.unit',
    ],
    ['a constructor as a measure', { did: 'a', measure: 'constructor', gt: 1 }, 'RULE_WRONG_TYPE $.measure'],
    ['half a surrogate pair', { did: half }, 'RULE_WRONG_TYPE $.did: found "\\ud800", expected a text without half'],
    ['half in a moment', { did: 'a', window: { from: half } }, 'RULE_WRONG_TYPE $.window.from: found "\\ud800"'],
    ['a huge name', { did: 'x'.repeat(10_000_000) }, 'RULE_TOO_LONG $.did'],
    ['a date as a window', { did: 'a', window: new Date(0) }, 'RULE_WRONG_TYPE $.window'],
  ])('%s', (_name, json, fault) => {
    if (fault === '') expect(ruleFromJson(json)).toStrictEqual(make.behaviour('count', [make.eventTerm('a')]))
    else {
      const [first] = jsonFaults(json)
      expect(first).toContain(fault)
      expect(first!.length).toBeLessThan(5_000)
    }
  })

  test('each key is read once, so what a getter gives later changes nothing', () => {
    let reads = 0
    const json = {
      get did() {
        reads++
        return reads === 1 ? 'a' : { event: 5 }
      },
    }
    expect(ruleFromJson(json)).toStrictEqual(make.behaviour('count', [make.eventTerm('a')]))
    expect(reads).toBe(1)
  })

  test('events and filters count', () => {
    const limits = { ...defaultRuleLimits, nodes: 4, depth: 3 }
    const of = (json: unknown): string => faultsOf(json, limits)[0]!.code
    ruleFromJson({ did: 'a', where: { not: where } }, limits)
    ruleFromJson({ did: [{ event: 'a' }, { event: 'b' }, { event: 'c' }] }, limits)
    expect(of({ did: [{ event: 'a' }, { event: 'b' }, { event: 'c' }, { event: 'd' }] })).toBe('RULE_TOO_LARGE')
    expect(of({ did: 'a', where: { and: [where, where] } })).toBe('RULE_TOO_LARGE')
    expect(of({ did: 'a', where: { not: { not: where } } })).toBe('RULE_TOO_DEEP')
  })
})

/** JSON with one place changed: a key or item more, less or other. */
function changed(json: unknown, random: () => number): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const words = [
    'event',
    'where',
    'property',
    'minus',
    'within',
    'without',
    'measure',
    'unit',
    'last',
    'ago',
    'eq',
    'of',
  ]
  const values = [
    0,
    1,
    -1,
    1.5,
    true,
    'days',
    'sum',
    '2026-01-01',
    null,
    [],
    {},
    { event: 'a' },
    where,
    last30,
    { hours: 1 },
    p,
    [1, 2],
  ]
  if (typeof json !== 'object' || json === null || random() < 0.05) return pick(values)
  if (Array.isArray(json)) {
    const copy = [...json]
    const index = Math.floor(random() * (copy.length + 1))
    if (index === copy.length) copy.push(pick(values))
    else if (random() < 0.2) copy.splice(index, 1)
    else copy[index] = changed(copy[index], random)
    return copy
  }
  const copy: Record<string, unknown> = { ...json }
  const keys = Object.keys(copy)
  const key = pick(keys)
  const choice = random()
  if (choice < 0.15) delete copy[key]
  else if (choice < 0.4)
    copy[pick([...words, 'window', 'test', 'did', 'gte', 'includeCurrent', 'weekStart'])] = pick(values)
  else copy[key] = changed(copy[key], random)
  return copy
}

/** Numbers from 0 to 1, not included, evenly: a linear congruence will do. */
function randomFrom(seed: number): () => number {
  let state = seed % 2_147_483_647
  return () => {
    state = (state * 48_271 + 11) % 2_147_483_647
    return state / 2_147_483_647
  }
}

test('the schema and the reader agree on every JSON that is nearly a rule', () => {
  let taken = 0
  let refused = 0
  fc.assert(
    fc.property(anyEventNode, fc.nat(), (node, seed) => {
      const json = changed(ruleToJson(node), randomFrom(seed))
      const fits = fitsSchema(json)
      try {
        const read = ruleFromJson(json)
        taken++
        expect(ruleFromJson(ruleToJson(read))).toStrictEqual(read)
        expect(fits).toBe(true)
      } catch (error) {
        if (!(error instanceof RuleError)) throw error
        refused++
        expect(fits).toBe(false)
      }
    }),
    campaign(4_000),
  )
  expect(Math.min(taken, refused)).toBeGreaterThan(100)
})

test('the examples in the schema are rules, each of its own kind, in the form that is written', () => {
  const { $defs } = ruleSchema
  const kinds = $defs.rule!.oneOf!.map(({ $ref }) => $ref.replace('#/$defs/', ''))
  for (const kind of kinds) {
    for (const example of $defs[kind]!.examples ?? []) {
      expect(Object.keys(example)).toContain(kind === 'has' ? 'tag' : kind)
      expect(fitsSchema(example)).toBe(true)
      expect(ruleToJson(ruleFromJson(example))).toEqual(example)
    }
  }
  const filters = [
    ...$defs.propertyTest!.examples!,
    ...$defs.event!.examples!.map((event) => (event as { where: object }).where),
  ]
  for (const where of filters) ruleFromJson({ did: 'a', where })
  for (const window of [...$defs.lastWindow!.examples!, ...$defs.rangeWindow!.examples!])
    ruleFromJson({ did: 'a', window })
})

test('what is written of one rule is written of every rule that equals it', () => {
  fc.assert(
    fc.property(anyRule, (node) => {
      const text = JSON.stringify(ruleToJson(node))
      expect(JSON.stringify(ruleToJson(ruleFromJson(JSON.parse(text))))).toBe(text)
    }),
    campaign(1_000),
  )
})

test('paths lead to the parts in the JSON that is written', () => {
  fc.assert(
    fc.property(anyEventNode, (node) => {
      const json = ruleToJson(node)
      const text = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
      eventTerms(node).forEach((term, index) => {
        const paths = termPaths(node, '$')[index]!
        expect(valueAt(json, paths.event)).toEqual(text(term.event))
        if (term.property !== null) expect(valueAt(json, paths.property)).toEqual(text(term.property))
        if (term.sign === -1) expect(valueAt(json, paths.minus)).toBe(true)
      })
      for (const { rule, path } of filtersOf(node, '$')) {
        // Read as the test of a first event, which says that it is a filter.
        const read = ruleFromJson({ first: 'a', test: valueAt(json, path) })
        expect(read.kind === 'first' && read.test).toStrictEqual(rule)
      }
    }),
    campaign(1_000),
  )
})
