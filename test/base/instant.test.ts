import vm from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMomentText, parseInstant, parseMoment } from '../../src/base/instant.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import { campaign } from '../fast-check-config.ts'
import { anyInstant, anyZone, day, hour, recentInstant, shownTime } from './zone-oracle.ts'

const shanghai = TimeZone.of('Asia/Shanghai')
const newYork = TimeZone.of('America/New_York')
const lastInstant = 8.64e15

const inShanghai = (value: unknown): string | null => {
  const at = parseInstant(value, shanghai)
  return at === null ? null : new Date(at).toISOString()
}

describe('parseInstant: values', () => {
  test.each([
    [new Date(5), 5],
    [new Date(-8.64e15), -8.64e15],
    [new Date(Number.NaN), null],
    [vm.runInNewContext('new Date(5)'), 5],
    [new (class extends Date {})(7), 7],
    [0, 0],
    [-0, 0],
    [-1, -1],
    [8.64e15, 8.64e15],
    [8.64e15 + 1, null],
    [-8.64e15 - 1, null],
    [0.5, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [5n, null],
    [null, null],
    [undefined, null],
    [true, null],
    [{}, null],
    [[], null],
    [['2026-01-01'], null],
    [{ getTime: (): number => 5 }, null],
    [new String('2026-01-01'), null],
  ])('%s is %s', (value, expected) => {
    expect(parseInstant(value, shanghai)).toBe(expected)
  })

  test('what only looks like a Date is none', () => {
    expect(parseInstant(Object.create(Date.prototype), shanghai)).toBe(null)
    expect(parseInstant(Symbol.iterator, shanghai)).toBe(null)
  })
})

describe('parseInstant: texts', () => {
  test.each([
    ['2026-11-20', '2026-11-19T16:00:00.000Z'],
    ['2026-11-20T09:00', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20 09:00', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20T09:00:30', '2026-11-20T01:00:30.000Z'],
    ['2026-11-20 09:00:30.5', '2026-11-20T01:00:30.500Z'],
    ['2026-11-20T09:00:30.25', '2026-11-20T01:00:30.250Z'],
    ['2026-11-20T09:00:30.125', '2026-11-20T01:00:30.125Z'],
    ['2026-11-20T09:00:30.125000', '2026-11-20T01:00:30.125Z'],
    ['2026-11-20T09:00:30.000000000Z', '2026-11-20T09:00:30.000Z'],
    ['2026-11-20T09:00Z', '2026-11-20T09:00:00.000Z'],
    ['2026-11-20T09:00:00+08:00', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20T09:00:00+0800', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20 09:00:00+08', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20T09:00:00.750-03:30', '2026-11-20T12:30:00.750Z'],
    ['2026-11-20T09:00:00-00:00', '2026-11-20T09:00:00.000Z'],
    ['1900-01-01T08:05:43+08:05:43', '1900-01-01T00:00:00.000Z'],
    ['1900-01-01T08:05:43', '1900-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-28T16:00:00.000Z'],
    ['0000-02-29T00:00Z', '0000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['+010000-01-01T00:00Z', '+010000-01-01T00:00:00.000Z'],
    ['+002026-01-01T00:00Z', '2026-01-01T00:00:00.000Z'],
    ['-000001-12-31T23:59:59Z', '-000001-12-31T23:59:59.000Z'],
    ['+275760-09-13T00:00:00.000Z', '+275760-09-13T00:00:00.000Z'],
    ['-271821-04-20T00:00:00.000Z', '-271821-04-20T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('%s in Asia/Shanghai is %s', (text, expected) => {
    expect(inShanghai(text)).toBe(expected)
    expect(isMomentText(text)).toBe(true)
  })

  test.each([
    '',
    ' ',
    '2026',
    '2026-11',
    '2026-1-1',
    '20261120',
    '2026/11/20',
    '20-11-2026',
    ' 2026-11-20',
    '2026-11-20 ',
    '2026-11-20\n',
    '2026-00-10',
    '2026-13-10',
    '2026-11-00',
    '2026-11-31',
    '2026-02-29',
    '2026-02-30',
    '1900-02-29',
    '2026-11-20Z',
    '2026-11-20+08:00',
    '2026-11-20T',
    '2026-11-20T09',
    '2026-11-20T9:00',
    '2026-11-20t09:00',
    '2026-11-20T09:00z',
    '2026-11-20  09:00',
    '2026-11-20T0900',
    '2026-11-20T09:00:',
    '2026-11-20T09:00:0',
    '2026-11-20T09:00:60',
    '2026-11-20T09:60',
    '2026-11-20T24:00',
    '2026-11-20T24:00:00',
    '2026-11-20T25:00',
    '2026-11-20T-1:00',
    '2026-11-20T09:00.5',
    '2026-11-20T09:00:00.',
    '2026-11-20T09:00:00,5',
    '2026-11-20T09:00:00.0001',
    '2026-11-20T09:00:00.1234',
    '2026-11-20T09:00:00.123456Z',
    '2026-11-20T09:00:00.Z',
    '2026-11-20T09:00:00 +08:00',
    '2026-11-20T09:00:00+8',
    '2026-11-20T09:00:00+8:00',
    '2026-11-20T09:00:00+080',
    '2026-11-20T09:00:00+08:0',
    '2026-11-20T09:00:00+08:60',
    '2026-11-20T09:00:00+24:00',
    '2026-11-20T09:00:00+08:00:60',
    '2026-11-20T09:00:00+080043',
    '2026-11-20T09:00:00+08:00Z',
    '2026-11-20T09:00:00ZZ',
    '2026-11-20T09:00:00+',
    '2026-11-20T09:00:00−08:00',
    '2026-11-20T09:00:00+08:00[Asia/Shanghai]',
    '２０２６-11-20',
    '2026-11-20T09:00:00 AM',
    '12026-01-01',
    '+12026-01-01',
    '+0012026-01-01',
    '-2026-01-01',
    '-000000-01-01',
    '+275760-09-13T00:00:00.001Z',
    '-271821-04-19T23:59:59.999Z',
    '+999999-01-01',
    '1763600400000',
    'now',
    'Fri Nov 20 2026',
  ])('%j is no instant', (text) => {
    expect(parseInstant(text, shanghai)).toBe(null)
    expect(parseMoment(text, shanghai)).toBe(null)
    expect(isMomentText(text)).toBe(false)
  })

  test('a local time that comes twice is the earlier one, one that is skipped as much later as the clock jumps', () => {
    const text = (value: string, zone: TimeZone): string => zone.format(parseInstant(value, zone)!)
    expect(text('2026-11-01T01:30', newYork)).toBe('2026-11-01T01:30:00.000-04:00')
    expect(text('2026-11-01T02:00', newYork)).toBe('2026-11-01T02:00:00.000-05:00')
    expect(text('2026-03-08T02:00', newYork)).toBe('2026-03-08T03:00:00.000-04:00')
    expect(text('2026-03-08T02:59:59.999', newYork)).toBe('2026-03-08T03:59:59.999-04:00')
    expect(text('2026-03-08T03:00', newYork)).toBe('2026-03-08T03:00:00.000-04:00')
    expect(text('2018-11-04T00:00', TimeZone.of('America/Sao_Paulo'))).toBe('2018-11-04T01:00:00.000-02:00')
    expect(text('2018-11-04', TimeZone.of('America/Sao_Paulo'))).toBe('2018-11-04T01:00:00.000-02:00')
    expect(text('2011-12-30T12:00', TimeZone.of('Pacific/Apia'))).toBe('2011-12-31T12:00:00.000+14:00')
    expect(text('2011-12-30', TimeZone.of('Pacific/Apia'))).toBe('2011-12-31T00:00:00.000+14:00')
  })

  test('what is no instant in a zone, at the ends of time', () => {
    // There the last local day begins before the first instant of Date, or the local time is still to come after the last.
    expect(parseInstant('-271821-04-20', shanghai)).toBe(null)
    expect(parseInstant('-271821-04-20T08:05:43', shanghai)).toBe(-lastInstant)
    expect(parseInstant('+275760-09-13T08:00:00.001', shanghai)).toBe(null)
    expect(parseInstant('+275760-09-13T08:00', shanghai)).toBe(lastInstant)
  })
})

describe('parseInstant: whatever zone and instant', () => {
  test('reads what format writes', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (name, at) => {
        const zone = TimeZone.of(name)
        expect(parseInstant(zone.format(at), zone)).toBe(at)
        expect(parseInstant(zone.format(at), shanghai)).toBe(at)
      }),
      campaign(1_500),
    )
  })

  test('a local text is shown by the clock at the instant that it is, for the first time', () => {
    fc.assert(
      fc.property(anyZone, recentInstant, (name, at) => {
        const zone = TimeZone.of(name)
        const local = zone.format(at).slice(0, 23)
        const found = parseInstant(local, zone)!
        expect(zone.format(found).slice(0, 23)).toBe(local)
        expect(found).toBeLessThanOrEqual(at)
        // A little earlier the clock showed less, or had shown it before.
        expect(shownTime(name, found - 1)).toBeLessThan(shownTime(name, found))
      }),
      campaign(1_500),
    )
  })

  test('reads the texts that a pattern reads, as Date does', () => {
    // Texts that are right, and ones that are wrong by a character.
    const right = fc
      .tuple(
        fc.oneof(recentInstant, fc.integer({ min: -8e15, max: 8e15 })),
        anyZone,
        fc.nat({ max: 40 }),
        fc.nat({ max: 40 }),
      )
      .map(([at, name, start, end]) => {
        const text = TimeZone.of(name).format(at)
        return start % 3 === 0 ? text : text.slice(0, Math.max(10, 40 - end))
      })
    const wrong = fc
      .tuple(
        right,
        fc.nat({ max: 30 }),
        fc.constantFrom('', '0', '1', '9', '-', ':', 'T', ' ', '.', 'Z', '+', 'x'),
        fc.boolean(),
      )
      .map(([text, place, character, over]) => text.slice(0, place) + character + text.slice(place + (over ? 1 : 0)))
    fc.assert(
      fc.property(fc.oneof(right, wrong, wrong, fc.string()), (text) => {
        expect(parseInstant(text, TimeZone.of('UTC'))).toBe(byPattern(text))
      }),
      campaign(4_000),
    )
  })
})

/** The instant of a text in UTC, by a regular expression and `Date`. */
function byPattern(text: string): number | null {
  const match =
    /^(?<date>(?:\d{4}|[+-]\d{6})-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d)(?<second>:\d\d)?(?<fraction>(?<=:\d\d:\d\d)\.\d+)?(?<offset>Z|[+-]\d\d(?:\d\d|:\d\d|:\d\d:\d\d)?)?)?$/.exec(
      text,
    )
  if (match === null) return null
  const { date, time = '00:00', second = ':00', fraction = '.0', offset = 'Z' } = match.groups as Record<string, string>
  if (date!.startsWith('-000000') || time.startsWith('24') || /[1-9]/.test(fraction.slice(4))) return null
  const local = Date.parse(`${date}T${time}${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(local)) return null
  // Date lets the 30th of February be the 1st of March.
  if (new Date(local).toISOString().split('T')[0]!.slice(-5) !== date!.slice(-5)) return null
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(offset === 'Z' ? '+00' : offset) ?? []
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  const at =
    local - (sign === '-' ? -1 : 1) * (Number(hours) * hour + Number(minutes) * 60_000 + Number(seconds) * 1_000)
  return Math.abs(at) <= lastInstant ? at : null
}

describe('parseMoment', () => {
  test('a date is its local day', () => {
    expect(parseMoment('2026-11-20', shanghai)).toEqual({
      from: Date.parse('2026-11-19T16:00Z'),
      to: Date.parse('2026-11-20T16:00Z'),
      isDay: true,
    })
    const { from, to } = parseMoment('2026-03-08', newYork)!
    expect(to - from).toBe(23 * hour)
  })

  test('a date that the zone left out is an empty day', () => {
    const apia = TimeZone.of('Pacific/Apia')
    const at = Date.parse('2011-12-30T10:00Z')
    expect(parseMoment('2011-12-30', apia)).toEqual({ from: at, to: at, isDay: true })
  })

  test('an instant is itself', () => {
    const at = Date.parse('2026-11-20T01:00Z')
    const itself = { from: at, to: at, isDay: false }
    expect(parseMoment('2026-11-20T09:00', shanghai)).toEqual(itself)
    expect(parseMoment('2026-11-20T00:00-01:00', shanghai)).toEqual(itself)
    expect(parseMoment('2026-11-20T00:00', shanghai)).toMatchObject({ isDay: false })
  })

  test('begins where parseInstant says', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, fc.constantFrom(10, 16, 19, 23, 40), (name, at, length) => {
        const zone = TimeZone.of(name)
        const text = zone.format(at).slice(0, length)
        const moment = parseMoment(text, zone)
        expect(moment?.from ?? null).toBe(parseInstant(text, zone))
        if (moment?.isDay) expect(moment.to - moment.from).toBeLessThanOrEqual(2 * day)
      }),
      campaign(2_000),
    )
  })
})

describe('isMomentText', () => {
  test('holds only of texts that every zone reads', () => {
    const nearTheEnds = fc.oneof(
      fc.integer({ min: -lastInstant, max: -lastInstant + 3 * day }),
      fc.integer({ min: lastInstant - 3 * day, max: lastInstant }),
      anyInstant,
    )
    fc.assert(
      fc.property(
        anyZone,
        anyZone,
        nearTheEnds,
        fc.constantFrom(10, 13, 19, 22, 26, 40),
        (writer, reader, at, length) => {
          const text = TimeZone.of(writer).format(at).slice(0, length)
          if (isMomentText(text)) expect(parseMoment(text, TimeZone.of(reader))).not.toBe(null)
        },
      ),
      campaign(2_000),
    )
  })

  test('a long text costs no more than a look at each character', () => {
    const zeros = '0'.repeat(1_000_000)
    expect(isMomentText(`2026-11-20T09:00:00.${zeros}`)).toBe(true)
    expect(isMomentText(`2026-11-20T09:00:00.${zeros}1`)).toBe(false)
    expect(isMomentText(`2026-11-20T09:00:00+${zeros}`)).toBe(false)
    expect(isMomentText(zeros)).toBe(false)
  })
})
