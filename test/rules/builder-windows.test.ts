import { describe, expect, test } from 'vitest'
import type { Window } from '../../src/rules/ast.ts'
import type { LastOptions } from '../../src/rules/build/windows.ts'
import * as make from '../../src/rules/make-node.ts'
import { refusal, shopRules } from './event-shop.ts'

const { did, didAny, first, sum, last, range, today, thisWeek, thisMonth, ever } = shopRules
const noon = new Date(Date.UTC(2026, 10, 20, 12))
const present = { includeCurrent: true }

describe('makers of windows', () => {
  test.each<[string, Window, Window]>([
    ['last', last(7, 'days'), make.lastWindow(7, 'days')],
    ['singular', last(1, 'day'), make.lastWindow(1, 'days')],
    ['hours', last(2, 'hour'), make.lastWindow(2, 'hours')],
    ['minutes', last(90, 'minutes'), make.lastWindow(90, 'minutes')],
    ['months', last(1, 'month'), make.lastWindow(1, 'months')],
    [
      'weeks from Sunday on',
      last(2, 'weeks', { weekStart: 'sunday' }),
      make.lastWindow(2, 'weeks', { weekStart: 'sunday' }),
    ],
    ['ago', last(30, 'days', { ago: 30 }), make.lastWindow(30, 'days', { ago: 30 })],
    ['includeToday', last(7, 'days', { includeToday: true }), make.lastWindow(7, 'days', present)],
    ['includeCurrent', last(2, 'months', { includeCurrent: true }), make.lastWindow(2, 'months', present)],
    ['both of them', last(7, 'days', { includeToday: false, includeCurrent: false }), make.lastWindow(7, 'days')],
    [
      'parameters',
      last({ param: 'n' }, 'days', { ago: { param: 'm' } }),
      make.lastWindow({ param: 'n' }, 'days', { ago: { param: 'm' } }),
    ],
    ['range', range({ from: '2026-11-01', to: noon }), make.rangeWindow('2026-11-01', '2026-11-20T12:00:00.000Z')],
    ['from', range({ from: { param: 'since' } }), make.rangeWindow({ param: 'since' }, null)],
    ['to', range({ to: '2026-11-01' }), make.rangeWindow(null, '2026-11-01')],
    ['today', today(), make.lastWindow(0, 'days', present)],
    ['thisWeek', thisWeek(), make.lastWindow(0, 'weeks', present)],
    [
      'thisWeek from Saturday on',
      thisWeek({ weekStart: 'saturday' }),
      make.lastWindow(0, 'weeks', { ...present, weekStart: 'saturday' }),
    ],
    ['thisMonth', thisMonth(), make.lastWindow(0, 'months', present)],
    ['ever', ever(), make.ever()],
  ])('%s', (_, made, node) => {
    expect(made).toEqual(node)
    expect(Object.isFrozen(made)).toBe(true)
  })

  test.each<[string, () => unknown, string]>([
    ["a unit that there isn't", () => last(1, 'fortnight' as never), 'RULE_BAD_WINDOW'],
    ['a unit of nothing', () => last(1, undefined as never), 'RULE_BAD_WINDOW'],
    ['a name of every object', () => last(1, 'constructor' as never), 'RULE_BAD_WINDOW'],
    ['a count of text', () => last('7' as never, 'days'), 'RULE_WRONG_TYPE'],
    ['a misspelt option', () => last(7, 'days', { includeTody: true } as LastOptions), 'OPTION_INVALID'],
    [
      'options that contradict each other',
      () => last(7, 'days', { includeToday: true, includeCurrent: false }),
      'OPTION_INVALID',
    ],
    ['an option of the wrong type', () => last(7, 'days', { includeToday: 'yes' as never }), 'OPTION_INVALID'],
    ['an unknown day', () => thisWeek({ weekStart: 'someday' as never }), 'OPTION_INVALID'],
    ['a range of nothing', () => range({} as never), 'RULE_BAD_WINDOW'],
    ['a misspelt end', () => range({ from: '2026-01-01', til: '2026-02-01' } as never), 'OPTION_INVALID'],
  ])('%s is refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })

  test('a misspelt unit is refused with the nearest one', () => {
    expect(refusal(() => last(1, 'dayz' as never)).message).toBe(
      'RULE_BAD_WINDOW: "dayz" is no unit of windows: minutes, hours, days, weeks or months. Did you mean days?',
    )
  })
})

/** Every kind of question that takes a window, and how to see which it has. */
const questions = [
  ['did', () => did('browse'), (asked: unknown) => (asked as ReturnType<typeof did>).node.window],
  ['didAny', () => didAny(['browse', 'visit']), (asked: unknown) => (asked as ReturnType<typeof did>).node.window],
  ['a test', () => did('browse').atLeast(3), (asked: unknown) => (asked as ReturnType<typeof did>).node.window],
  ['a measure', () => did('browse').days(), (asked: unknown) => (asked as ReturnType<typeof sum>).gte(1).node.window],
  [
    'a sum',
    () => sum([{ event: 'refund', property: 'amount' }]),
    (asked: unknown) => (asked as ReturnType<typeof sum>).gte(1).node.window,
  ],
  [
    'a sequence',
    () => did('browse').followedBy('purchase'),
    (asked: unknown) => (asked as ReturnType<typeof did>).node.window,
  ],
  [
    'a closed sequence',
    () => did('browse').notFollowedBy('purchase', { within: { hours: 1 } }),
    (asked: unknown) => (asked as ReturnType<typeof did>).node.window,
  ],
  ['an occurrence', () => first('browse'), (asked: unknown) => (asked as ReturnType<typeof did>).node.window],
] as const

describe.each(questions)('windows of %s', (_, ask, windowOf) => {
  test('are given by methods', () => {
    const given: readonly (readonly [unknown, Window])[] = [
      [ask(), make.ever()],
      [ask().ever(), make.ever()],
      [ask().in(last(7, 'days')), make.lastWindow(7, 'days')],
      [ask().last(7, 'day', { includeToday: true }), make.lastWindow(7, 'days', present)],
      [ask().from('2026-11-01'), make.rangeWindow('2026-11-01', null)],
      [ask().to(noon), make.rangeWindow(null, '2026-11-20T12:00:00.000Z')],
      [ask().from('2026-11-01').to('2026-11-12'), make.rangeWindow('2026-11-01', '2026-11-12')],
      [ask().to('2026-11-12').from('2026-11-01'), make.rangeWindow('2026-11-01', '2026-11-12')],
      [ask().today(), make.lastWindow(0, 'days', present)],
      [ask().thisWeek({ weekStart: 'sunday' }), make.lastWindow(0, 'weeks', { ...present, weekStart: 'sunday' })],
      [ask().thisMonth(), make.lastWindow(0, 'months', present)],
    ]
    for (const [asked, window] of given) expect(windowOf(asked)).toEqual(window)
  })

  test('leave the question as it was', () => {
    const asked = ask()
    asked.last(7, 'days')
    asked.from('2026-11-01')
    expect(windowOf(asked)).toEqual(make.ever())
  })

  test('are one: a second one is refused', () => {
    const recent = ask().last(7, 'days')
    for (const again of [
      () => recent.last(30, 'days'),
      () => recent.from('2026-01-01'),
      () => recent.ever(),
      () => ask().from('2026-01-01').from('2026-02-01'),
      () => ask().from('2026-01-01').to('2026-02-01').to('2026-03-01'),
      () => ask().today().in(last(7, 'days')),
    ]) {
      expect(refusal(again).code).toBe('RULE_BAD_WINDOW')
    }
    expect(windowOf(recent)).toEqual(make.lastWindow(7, 'days'))
  })

  test('are windows', () => {
    for (const wrong of [
      null,
      undefined,
      'last 7 days',
      7,
      {},
      { kind: 'next' },
      { kind: 'last', count: 1, unit: 'years' },
    ]) {
      expect(refusal(() => ask().in(wrong as never)).code).toBe('RULE_BAD_WINDOW')
    }
  })

  test('made by hand are taken over', () => {
    const window = { kind: 'range', from: 'e\u0301', to: null } as const
    expect(windowOf(ask().in(window))).toEqual(make.rangeWindow('é', null))
    expect(Object.isFrozen(windowOf(ask().in(window)))).toBe(true)
  })
})
