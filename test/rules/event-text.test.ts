import { describe, expect, test } from 'vitest'
import type { EventTerm, RuleNode } from '../../src/rules/ast.ts'
import {
  and,
  atLeast,
  behaviour,
  between,
  compare,
  duration,
  eventTerm,
  ever,
  has,
  lastWindow,
  list,
  minus,
  newly,
  not,
  occurrence,
  or,
  parameter,
  rangeWindow,
  regular,
  resumed,
  sequence,
  step,
  stopped,
  value,
  within,
} from '../../src/rules/make-node.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'

/** Texts about numbers, times and events, and the rules that they are. */

const $ = parameter
const purchase = eventTerm('purchase')
const [a, b, c] = [eventTerm('a'), eventTerm('b'), eventTerm('c')] as [EventTerm, EventTerm, EventTerm]
const today = lastWindow(0, 'days', { includeCurrent: true })
const week = lastWindow(7, 'days')
const did = (term: EventTerm, window: Parameters<typeof behaviour>[2] = ever()) => behaviour('count', [term], window)
const amount = (event: string, sign: 1 | -1 = 1) => eventTerm(event, null, 'amount', sign)

/** English as printed, Chinese as printed, the rule. */
const golden: readonly (readonly [en: string, zh: string, node: RuleNode])[] = [
  // Numbers
  ['spend = 5', 'spend = 5', value('eq', 'spend', 5)],
  ['spend != -12.5', 'spend != -12.5', value('ne', 'spend', -12.5)],
  ['spend < 0.1', 'spend < 0.1', compare('lt', 'spend', 0.1)],
  ['spend <= 129.9', 'spend <= 129.9', compare('lte', 'spend', 129.9)],
  ['spend > "1000"', 'spend > "1000"', compare('gt', 'spend', '1000')],
  ['spend >= $least', 'spend >= $least', compare('gte', 'spend', $('least'))],
  ['spend between 10 and 20', 'spend 介于 10 到 20', between('spend', 10, 20)],
  ['spend between $a and "2"', 'spend 介于 $a 到 "2"', between('spend', $('a'), '2')],
  ['spend in (1, 2.5, "x", $y)', 'spend 属于 (1, 2.5, "x", $y)', list('in', 'spend', [1, 2.5, 'x', $('y')])],
  ['spend not in (1)', 'spend 不属于 (1)', list('notIn', 'spend', [1])],
  ['not spend >= 5 and vip', '非 spend >= 5 且 vip', and([not(compare('gte', 'spend', 5)), has('vip')])],
  ['spend = 1000000000000000000000', 'spend = 1000000000000000000000', value('eq', 'spend', 1e21)],
  ['spend > 0.0000001', 'spend > 0.0000001', compare('gt', 'spend', 1e-7)],
  // Timestamps and windows
  ['joinedAt >= "2026-01-01"', 'joinedAt >= "2026-01-01"', compare('gte', 'joinedAt', '2026-01-01')],
  ['joinedAt in last 7 days', 'joinedAt 最近 7 天', within('joinedAt', week)],
  ['joinedAt in last 1 day', 'joinedAt 最近 1 天', within('joinedAt', lastWindow(1, 'days'))],
  ['joinedAt in last 90 minutes', 'joinedAt 最近 90 分钟', within('joinedAt', lastWindow(90, 'minutes'))],
  ['joinedAt in last 24 hours', 'joinedAt 最近 24 小时', within('joinedAt', lastWindow(24, 'hours'))],
  ['joinedAt in last $n months', 'joinedAt 最近 $n 个月', within('joinedAt', lastWindow($('n'), 'months'))],
  [
    'joinedAt in last 15 days including today',
    'joinedAt 最近 15 天 包括 今天',
    within('joinedAt', lastWindow(15, 'days', { includeCurrent: true })),
  ],
  [
    'joinedAt in last 2 weeks including this week starting sunday',
    'joinedAt 最近 2 周 包括 本周 始于 周日',
    within('joinedAt', lastWindow(2, 'weeks', { includeCurrent: true, weekStart: 'sunday' })),
  ],
  [
    'joinedAt in last 3 months including this month',
    'joinedAt 最近 3 个月 包括 本月',
    within('joinedAt', lastWindow(3, 'months', { includeCurrent: true })),
  ],
  [
    'joinedAt in last 60 days ending 30 days ago',
    'joinedAt 最近 60 天 截至 30 天 前',
    within('joinedAt', lastWindow(60, 'days', { ago: 30 })),
  ],
  [
    'joinedAt in last 4 weeks ending 1 week ago starting saturday',
    'joinedAt 最近 4 周 截至 1 周 前 始于 周六',
    within('joinedAt', lastWindow(4, 'weeks', { ago: 1, weekStart: 'saturday' })),
  ],
  [
    'joinedAt in last 2 hours ending $h hours ago',
    'joinedAt 最近 2 小时 截至 $h 小时 前',
    within('joinedAt', lastWindow(2, 'hours', { ago: $('h') })),
  ],
  ['joinedAt today', 'joinedAt 今天', within('joinedAt', today)],
  ['joinedAt this week', 'joinedAt 本周', within('joinedAt', lastWindow(0, 'weeks', { includeCurrent: true }))],
  [
    'joinedAt this week starting sunday',
    'joinedAt 本周 始于 周日',
    within('joinedAt', lastWindow(0, 'weeks', { includeCurrent: true, weekStart: 'sunday' })),
  ],
  ['joinedAt this month', 'joinedAt 本月', within('joinedAt', lastWindow(0, 'months', { includeCurrent: true }))],
  [
    'joinedAt from "2026-01-01" to "2026-02-01"',
    'joinedAt 从 "2026-01-01" 到 "2026-02-01"',
    within('joinedAt', rangeWindow('2026-01-01', '2026-02-01')),
  ],
  ['joinedAt from $start', 'joinedAt 从 $start', within('joinedAt', rangeWindow($('start'), null))],
  ['joinedAt to "2026-02-01"', 'joinedAt 到 "2026-02-01"', within('joinedAt', rangeWindow(null, '2026-02-01'))],
  ['joinedAt ever', 'joinedAt 曾经', within('joinedAt', ever())],
  // Did
  ['did purchase', '做过 purchase', did(purchase)],
  ['did "add to cart"', '做过 "add to cart"', did(eventTerm('add to cart'))],
  ['did $event in last 7 days', '做过 $event 最近 7 天', did(eventTerm($('event')), week)],
  [
    'did purchase(product = "A", amount >= 50) at least 3 times in last 90 days',
    '做过 purchase(product = "A", amount >= 50) 至少 3 次 最近 90 天',
    behaviour(
      'count',
      [eventTerm('purchase', and([value('eq', 'product', 'A'), compare('gte', 'amount', 50)]))],
      lastWindow(90, 'days'),
      { op: 'gte', value: 3 },
    ),
  ],
  ['did a at most 1 time', '做过 a 至多 1 次', behaviour('count', [a], ever(), { op: 'lte', value: 1 })],
  ['did a exactly 2 times', '做过 a 正好 2 次', behaviour('count', [a], ever(), { op: 'eq', value: 2 })],
  ['did a not exactly 2 times', '做过 a 不等于 2 次', behaviour('count', [a], ever(), { op: 'ne', value: 2 })],
  ['did a more than 2 times', '做过 a 多于 2 次', behaviour('count', [a], ever(), { op: 'gt', value: 2 })],
  ['did a fewer than $n times', '做过 a 少于 $n 次', behaviour('count', [a], ever(), { op: 'lt', value: $('n') })],
  [
    'did a between 3 and 5 times today',
    '做过 a 介于 3 到 5 次 今天',
    behaviour('count', [a], today, { op: 'between', from: 3, to: 5 }),
  ],
  [
    'did (a, b(kol = "K"), c) at least 3 times',
    '做过 (a, b(kol = "K"), c) 至少 3 次',
    behaviour('count', [a, eventTerm('b', value('eq', 'kol', 'K')), c], ever(), { op: 'gte', value: 3 }),
  ],
  ['did not purchase in last 30 days', '未做过 purchase 最近 30 天', not(did(purchase, lastWindow(30, 'days')))],
  ['did not a at least 3 times', '未做过 a 至少 3 次', not(behaviour('count', [a], ever(), { op: 'gte', value: 3 }))],
  ['not did not a', '非 未做过 a', not(not(did(a)))],
  ['did a or did b and did not c', '做过 a 或 做过 b 且 未做过 c', or([did(a), and([did(b), not(did(c))])])],
  ['did a minus did b', '做过 a 除去 做过 b', minus([did(a), did(b)])],
  [
    'at least 2 of (did a, did (b, c), vip)',
    '至少 2 个 (做过 a, 做过 (b, c), vip)',
    atLeast(2, [did(a), behaviour('count', [b, c]), has('vip')]),
  ],
  // Filters
  ['did a(gift)', '做过 a(gift)', did(eventTerm('a', has('gift')))],
  ['did a(not gift)', '做过 a(非 gift)', did(eventTerm('a', not(has('gift'))))],
  [
    'did a(x = "1" or y = "2")',
    '做过 a(x = "1" 或 y = "2")',
    did(eventTerm('a', or([value('eq', 'x', '1'), value('eq', 'y', '2')]))),
  ],
  [
    'did a((x or y), (x and z), not (x and y))',
    '做过 a((x 或 y), (x 且 z), 非 (x 且 y))',
    did(eventTerm('a', and([or([has('x'), has('y')]), and([has('x'), has('z')]), not(and([has('x'), has('y')]))]))),
  ],
  [
    'did a(at least 2 of (x, y, z) or kol in ("K", $k))',
    '做过 a(至少 2 个 (x, y, z) 或 kol 属于 ("K", $k))',
    did(eventTerm('a', or([atLeast(2, [has('x'), has('y'), has('z')]), list('in', 'kol', ['K', $('k')])]))),
  ],
  ['did a($p = $v)', '做过 a($p = $v)', did(eventTerm('a', value('eq', $('p'), $('v'))))],
  // Measures
  [
    'distinct days of browse in last 30 days >= 5',
    '去重 browse 的 天数 最近 30 天 >= 5',
    behaviour('days', [eventTerm('browse')], lastWindow(30, 'days'), { op: 'gte', value: 5 }),
  ],
  ['distinct days of (a, b) < 5', '去重 (a, b) 的 天数 < 5', behaviour('days', [a, b], ever(), { op: 'lt', value: 5 })],
  [
    'distinct product of purchase(amount > 0) != 3',
    '去重 purchase(amount > 0) 的 product != 3',
    behaviour('distinct', [eventTerm('purchase', compare('gt', 'amount', 0), 'product')], ever(), {
      op: 'ne',
      value: 3,
    }),
  ],
  [
    'distinct "days" of a > 1',
    '去重 a 的 "days" > 1',
    behaviour('distinct', [eventTerm('a', null, 'days')], ever(), { op: 'gt', value: 1 }),
  ],
  [
    'distinct "天数" of a > 1',
    '去重 a 的 "天数" > 1',
    behaviour('distinct', [eventTerm('a', null, '天数')], ever(), { op: 'gt', value: 1 }),
  ],
  [
    'sum amount of purchase in last 90 days >= 500',
    '总和 purchase 的 amount 最近 90 天 >= 500',
    behaviour('sum', [amount('purchase')], lastWindow(90, 'days'), { op: 'gte', value: 500 }),
  ],
  [
    'sum (amount of purchase, minus amount of refund(reason = "x")) today > 99.5',
    '总和 (purchase 的 amount, 减去 refund(reason = "x") 的 amount) 今天 > 99.5',
    behaviour('sum', [amount('purchase'), eventTerm('refund', value('eq', 'reason', 'x'), 'amount', -1)], today, {
      op: 'gt',
      value: 99.5,
    }),
  ],
  [
    'sum (minus amount of refund) <= -5',
    '总和 (减去 refund 的 amount) <= -5',
    behaviour('sum', [amount('refund', -1)], ever(), { op: 'lte', value: -5 }),
  ],
  [
    'avg $p of $e between $a and 2.5',
    '平均 $e 的 $p 介于 $a 到 2.5',
    behaviour('avg', [eventTerm($('e'), null, $('p'))], ever(), { op: 'between', from: $('a'), to: 2.5 }),
  ],
  ['min amount of a = 0', '最小 a 的 amount = 0', behaviour('min', [amount('a')], ever(), { op: 'eq', value: 0 })],
  [
    'max (amount of a, total of b) = "9007199254740993"',
    '最大 (a 的 amount, b 的 total) = "9007199254740993"',
    behaviour('max', [amount('a'), eventTerm('b', null, 'total')], ever(), { op: 'eq', value: '9007199254740993' }),
  ],
  [
    'days since last purchase in last 90 days > 30',
    '距上次 purchase 天数 最近 90 天 > 30',
    behaviour('recency', [purchase], lastWindow(90, 'days'), { op: 'gt', value: 30 }),
  ],
  [
    'days since last (a, b) = 0',
    '距上次 (a, b) 天数 = 0',
    behaviour('recency', [a, b], ever(), { op: 'eq', value: 0 }),
  ],
  // First, last
  ['first purchase', '首次 purchase', occurrence('first', purchase)],
  [
    'first purchase where (kol = "A") in last 30 days',
    '首次 purchase 其中 (kol = "A") 最近 30 天',
    occurrence('first', purchase, value('eq', 'kol', 'A'), lastWindow(30, 'days')),
  ],
  [
    'last purchase(product = "A") where (kol = "B", amount >= 5) today',
    '最近一次 purchase(product = "A") 其中 (kol = "B", amount >= 5) 今天',
    occurrence(
      'last',
      eventTerm('purchase', value('eq', 'product', 'A')),
      and([value('eq', 'kol', 'B'), compare('gte', 'amount', 5)]),
      today,
    ),
  ],
  // Sequences
  ['did a then did b', '做过 a 随后 做过 b', sequence([step(a), step(b)])],
  [
    'did a then did b within 2 hours then did c without b in last 30 days',
    '做过 a 随后 做过 b 2 小时 以内 随后 做过 c 期间无 b 最近 30 天',
    sequence([step(a), step(b, duration(2, 'hours')), step(c, null, [b])], { window: lastWindow(30, 'days') }),
  ],
  [
    'did a then did b(x = "1") within $n seconds without (a, c(y)), same product, allowing same time today',
    '做过 a 随后 做过 b(x = "1") $n 秒 以内 期间无 (a, c(y)), 同一 product, 允许 同时 今天',
    sequence(
      [
        step(a),
        step(eventTerm('b', value('eq', 'x', '1')), duration($('n'), 'seconds'), [a, eventTerm('c', has('y'))]),
      ],
      { same: 'product', allowSameTime: true, window: today },
    ),
  ],
  [
    'did add_to_cart then did not purchase within 24 hours',
    '做过 add_to_cart 随后 未做过 purchase 24 小时 以内',
    sequence([step(eventTerm('add_to_cart'))], { absence: { events: [purchase], within: duration(24, 'hours') } }),
  ],
  [
    'did a then did b then did not (a, c) within 1 week, same $p',
    '做过 a 随后 做过 b 随后 未做过 (a, c) 1 周 以内, 同一 $p',
    sequence([step(a), step(b)], { absence: { events: [a, c], within: duration(1, 'weeks') }, same: $('p') }),
  ],
  ['not (did a then did b)', '非 (做过 a 随后 做过 b)', not(sequence([step(a), step(b)]))],
  [
    'did a then did b and vip minus did c then did a',
    '做过 a 随后 做过 b 且 vip 除去 做过 c 随后 做过 a',
    minus([and([sequence([step(a), step(b)]), has('vip')]), sequence([step(c), step(a)])]),
  ],
  [
    'at least 1 of (did a then did b, same product, "same" = "x", "same", did c)',
    '至少 1 个 (做过 a 随后 做过 b, 同一 product, "same" = "x", "same", 做过 c)',
    atLeast(1, [sequence([step(a), step(b)], { same: 'product' }), value('eq', 'same', 'x'), has('same'), did(c)]),
  ],
  // Lifecycle
  [
    'stopped purchase in last 60 days ending 30 days ago but not in last 30 days',
    '停止 purchase 最近 60 天 截至 30 天 前 但不在 最近 30 天',
    stopped(purchase, lastWindow(60, 'days', { ago: 30 }), lastWindow(30, 'days')),
  ],
  ['stopped a ever but not today', '停止 a 曾经 但不在 今天', stopped(a, ever(), today)],
  [
    'resumed a(x) from "2026-01-01" to "2026-02-01" but not from "2026-02-01" to $end again in last 7 days',
    '恢复 a(x) 从 "2026-01-01" 到 "2026-02-01" 但不在 从 "2026-02-01" 到 $end 又在 最近 7 天',
    resumed(
      eventTerm('a', has('x')),
      rangeWindow('2026-01-01', '2026-02-01'),
      rangeWindow('2026-02-01', $('end')),
      week,
    ),
  ],
  ['new purchase in last 30 days', '新增 purchase 最近 30 天', newly(purchase, lastWindow(30, 'days'))],
  [
    'regular purchase at least 2 times in at least 3 of last 4 weeks starting sunday',
    '规律 purchase 至少 2 次 最近 4 周 中 至少 3 周 始于 周日',
    regular(purchase, 2, 3, 4, 'weeks', 'sunday'),
  ],
  [
    'regular a at least 1 time in at least $m of last $n months',
    '规律 a 至少 1 次 最近 $n 个月 中 至少 $m 个月',
    regular(a, 1, $('m'), $('n'), 'months'),
  ],
]

describe('a text is its rule, and the rule is printed as the text', () => {
  test.each(golden)('%s', (en, zh, node) => {
    expect(parseRule(en).node).toStrictEqual(node)
    expect(parseRule(zh).node).toStrictEqual(node)
    expect(printRule(node)).toBe(en)
    expect(printRule(node, { language: 'zh' })).toBe(zh)
  })
})

/** Other ways to write a rule, and how it is printed. */
const variants: readonly (readonly [text: string, printed: string])[] = [
  // Numbers and signs
  ['spend=5', 'spend = 5'],
  ['spend＞＝5 且 spend＜10', 'spend >= 5 and spend < 10'],
  ['spend ≥ 5 or spend ≤ -2 or spend ≠ 0', 'spend >= 5 or spend <= -2 or spend != 0'],
  ['spend = 129.90', 'spend = 129.9'],
  ['spend = -0.0', 'spend = 0'],
  ['spend = 007', 'spend = 7'],
  ['spend = 9007199254740993', 'spend = "9007199254740993"'],
  ['spend = -0009007199254740993.50', 'spend = "-9007199254740993.5"'],
  ['spend = 0.1000000000000000055', 'spend = "0.1000000000000000055"'],
  ['spend BETWEEN 1 AND 2', 'spend between 1 and 2'],
  ['spend 介于 1 和 2 且 a', 'spend between 1 and 2 and a'],
  ['spend 介于 1 至 2', 'spend between 1 and 2'],
  // Windows
  ['joinedAt in today', 'joinedAt today'],
  ['joinedAt in from "a"', 'joinedAt from "a"'],
  ['joinedAt in ever', 'joinedAt ever'],
  ['joinedAt in 最近 7 天', 'joinedAt in last 7 days'],
  ['joinedAt 属于 最近 7天', 'joinedAt in last 7 days'],
  ['joinedAt IN LAST 1 Days', 'joinedAt in last 1 day'],
  ['joinedAt in last 7 day', 'joinedAt in last 7 days'],
  ['joinedAt in last 0 days including today', 'joinedAt today'],
  ['joinedAt 最近 3 月', 'joinedAt in last 3 months'],
  ['joinedAt 最近 3 个 月', 'joinedAt in last 3 months'],
  ['joinedAt 最近 3个月', 'joinedAt in last 3 months'],
  ['joinedAt 最近 24小时', 'joinedAt in last 24 hours'],
  ['joinedAt 最近 2 周 始于 周天 包括 本周', 'joinedAt in last 2 weeks including this week starting sunday'],
  ['joinedAt in last 2 weeks ending 0 weeks ago', 'joinedAt in last 2 weeks'],
  ['joinedAt in last 60 days ending 30天 ago', 'joinedAt in last 60 days ending 30 days ago'],
  // How often
  ['did a ever', 'did a'],
  ['did a in ever', 'did a'],
  ['did a at least 1 times', 'did a'],
  ['did a at most 1 times', 'did a at most 1 time'],
  ['did a in last 7 days at least 3 times', 'did a at least 3 times in last 7 days'],
  ['did a less than 3 times', 'did a fewer than 3 times'],
  ['did (a)', 'did a'],
  ['did (a,b)', 'did (a, b)'],
  ['not did a', 'did not a'],
  ['做过 a 至少 3次 最近 90天', 'did a at least 3 times in last 90 days'],
  ['做过 a 最多 3 次', 'did a at most 3 times'],
  ['做过 a 恰好 3 次', 'did a exactly 3 times'],
  ['做过 a 超过 3 次', 'did a more than 3 times'],
  ['做过 a 介于 1 和 3次', 'did a between 1 and 3 times'],
  ['做过 purchase（product＝“A”，amount≥50）', 'did purchase(product = "A", amount >= 50)'],
  ['did a(x and y)', 'did a(x, y)'],
  ['did a(x and y, z)', 'did a((x and y), z)'],
  ['did a (x)', 'did a(x)'],
  ['did most at least 3 times', 'did "most" at least 3 times'],
  // Measures
  ['count of a >= 3', 'did a at least 3 times'],
  ['count a >= 3 in last 7 days', 'did a at least 3 times in last 7 days'],
  ['次数 a 最近 7 天 >= 3', 'did a at least 3 times in last 7 days'],
  ['sum amount of a >= 3 in last 7 days', 'sum amount of a in last 7 days >= 3'],
  ['sum amount of (a, b(x)) > 3', 'sum (amount of a, amount of b(x)) > 3'],
  ['sum (amount of (a, b), minus c 的 amount) > 3', 'sum (amount of a, amount of b, minus amount of c) > 3'],
  ['总和 (a, b) 的 amount > 3', 'sum (amount of a, amount of b) > 3'],
  ['总和 (a 的 amount, 除去 b 的 amount) > 3', 'sum (amount of a, minus amount of b) > 3'],
  ['distinct day of a > 3', 'distinct "day" of a > 3'],
  ['days since last a > 3 today', 'days since last a today > 3'],
  ['距上次 a > 3', 'days since last a > 3'],
  // First, last, sequences, lifecycle
  ['first a in last 7 days where (x)', 'first a where (x) in last 7 days'],
  [
    'did a then did b in last 7 days, allowing same time, same p',
    'did a then did b, same p, allowing same time in last 7 days',
  ],
  ['did a then did b without c within 2 hours', 'did a then did b within 2 hours without c'],
  ['did a then did b without (c)', 'did a then did b without c'],
  ['做过 a 随后 未做过 b 24小时 以内', 'did a then did not b within 24 hours'],
  ['做过 a 随后 做过 b 以内 2 小时', 'did a then did b within 2 hours'],
  ['did a 随后 did not b 24 小时 within', 'did a then did not b within 24 hours'],
  ['规律 a 至少 2次 最近 6 个月 中 至少 4 月', 'regular a at least 2 times in at least 4 of last 6 months'],
  ['规律 a 至少 2 次 in 至少 3 of last 4 weeks', 'regular a at least 2 times in at least 3 of last 4 weeks'],
  // Words that are names where no event stands behind them
  ['最近一次 或 距上次 = "x" 或 最近一次 开头是 "y"', '"最近一次" or "距上次" = "x" or "最近一次" starts with "y"'],
]

describe('a text is read as another', () => {
  test.each(variants)('%s', (text, printed) => {
    const { node } = parseRule(text)
    expect(printRule(node)).toBe(printed)
    expect(parseRule(printed).node).toStrictEqual(node)
  })
})

test('the programs of the design read and print as they are', () => {
  const texts = [
    '精致妈妈 and did browse(category = "奶粉") in last 15 days including today minus did purchase',
    'spend >= 1000 and cityTier in ("T1", "T2") and not 黑名单',
    'did purchase(product = "A", amount >= 50) at least 3 times in last 90 days',
    'did add_to_cart then did not purchase within 24 hours',
    'at least 2 of (新锐白领, 精致妈妈, "Gen Z")',
  ]
  for (const text of texts) expect(printRule(parseRule(text).node)).toBe(text)
  const quoted = 'audience "双11 老客" minus audience "已触达"'
  expect(printRule(parseRule(quoted).node)).toBe('audience "双11 老客" minus audience 已触达')
})
