import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeZone } from '../../src/base/time-zone.ts'
import { type PlainWindow, resolveWindow } from '../../src/base/window.ts'
import { campaign } from '../fast-check-config.ts'

const shanghai = TimeZone.of('Asia/Shanghai')
const asOf = Date.parse('2026-11-18T10:30:00+08:00')

const plain = { includeCurrent: false, ago: 0, weekStart: 'monday' } as const
const anyWindow: fc.Arbitrary<PlainWindow> = fc.oneof(
  fc.constant<PlainWindow>({ kind: 'ever' }),
  fc
    .tuple(fc.nat({ max: 500 }), fc.constantFrom('minutes', 'hours', 'days', 'weeks', 'months'), fc.nat({ max: 500 }))
    .map(([count, unit, ago]): PlainWindow => ({ kind: 'last', ...plain, count: count + 1, unit, ago })),
  fc
    .tuple(fc.nat({ max: 500 }), fc.constantFrom('days', 'weeks', 'months'))
    .map(([count, unit]): PlainWindow => ({ kind: 'last', ...plain, count, unit, includeCurrent: true })),
  fc
    .tuple(fc.integer({ min: 2_000, max: 2_100 }), fc.integer({ min: 2_000, max: 2_100 }), fc.boolean(), fc.boolean())
    .map(
      ([from, to, hasFrom, hasTo]): PlainWindow => ({
        kind: 'range',
        from: hasFrom || !hasTo ? `${from}-01-01` : null,
        to: hasTo ? `${to}-07-01T12:00` : null,
      }),
    ),
)
const anyAsOf = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) })

test('law 11: an event at asOf is seen, one after it is not', () => {
  expect(resolveWindow({ kind: 'ever' }, asOf, shanghai)).toEqual({ from: Number.NEGATIVE_INFINITY, to: asOf + 1 })
  expect(resolveWindow({ kind: 'range', from: '2026-11-18', to: null }, asOf, shanghai).to).toBe(asOf + 1)
  expect(resolveWindow({ kind: 'range', from: '2026-11-18', to: '2026-11-19' }, asOf, shanghai).to).toBe(asOf + 1)
})

test('law 11: no window covers an instant after asOf, whichever it is', () => {
  fc.assert(
    fc.property(anyWindow, anyAsOf, (window, asOf) => {
      const { from, to } = resolveWindow(window, asOf, shanghai)
      expect(to).toBeLessThanOrEqual(asOf + 1)
      expect(from).toBeLessThanOrEqual(to)
    }),
    campaign(2_000),
  )
})

test('law 11: the same window, asOf and time zone always give the same bounds, whatever was asked before', () => {
  fc.assert(
    fc.property(anyWindow, anyAsOf, fc.array(anyAsOf, { maxLength: 5 }), (window, asOf, others) => {
      const zone = TimeZone.of('America/New_York')
      const first = resolveWindow(window, asOf, zone)
      for (const other of others) resolveWindow(window, other, zone)
      expect(resolveWindow(window, asOf, zone)).toEqual(first)
      // A zone that has answered nothing yet: names are known in any case.
      expect(resolveWindow(window, asOf, TimeZone.of('america/new_york'))).toEqual(first)
    }),
    campaign(500),
  )
})

test('law 11: the time zone of the machine says nothing', () => {
  const before = process.env.TZ
  try {
    const bounds = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles'].map((machine) => {
      process.env.TZ = machine
      const window = { kind: 'range', from: '2026-11-01', to: '2026-11-02T12:00' } as const
      return [new Date(asOf).getTimezoneOffset(), resolveWindow(window, asOf, TimeZone.of('Europe/Paris'))]
    })
    expect(bounds.map(([offset]) => offset)).toEqual([0, -540, 480])
    expect(new Set(bounds.map(([, window]) => JSON.stringify(window))).size).toBe(1)
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})

test('law 11: the clock alone reads the time, and one file alone reads time zones', () => {
  const source = join(import.meta.dirname, '../../src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    // The test kit asks other systems, outside.
    (name) => name.endsWith('.ts') && !name.startsWith('testing'),
  )
  const naming = (pattern: RegExp): string[] =>
    files
      .filter((name) => pattern.test(readFileSync(join(source, name), 'utf8')))
      .map((name) => name.replaceAll('\\', '/'))
  expect(naming(/Date\.now|new Date\(\)/)).toEqual(['base/clock.ts'])
  expect(naming(/new Intl\./)).toEqual(['base/zone-offsets.ts'])
})
