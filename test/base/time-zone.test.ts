import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import { campaign } from '../fast-check-config.ts'
import {
  anyInstant,
  anyZone,
  changes,
  day,
  dayByDefinition,
  hour,
  minute,
  shownOffset,
  shownTime,
} from './zone-oracle.ts'

const dayNumber = (date: string): number => Date.parse(date) / day
const iso = (at: number): string => new Date(at).toISOString()

/**
 * Days that are known from the laws and decrees themselves, as the comments of the tz database report them: when they
 * begin in UTC, and their hours.
 */
const knownDays: readonly (readonly [zone: string, date: string, begins: string, hours: number, why: string])[] = [
  ['Asia/Shanghai', '2026-11-20', '2026-11-19T16:00:00.000Z', 24, 'eight hours ahead, all of China, no summer time'],
  ['Asia/Shanghai', '1986-05-04', '1986-05-03T16:00:00.000Z', 23, 'the first summer time of the PRC, from 2:00'],
  ['Asia/Shanghai', '1986-09-14', '1986-09-13T15:00:00.000Z', 25, 'and its end at 2:00'],
  ['Asia/Shanghai', '1900-12-31', '1900-12-30T15:54:17.000Z', 24 + 343 / 3600, 'from +8:05:43 to +8 at midnight'],
  ['Asia/Kolkata', '2026-01-01', '2025-12-31T18:30:00.000Z', 24, 'five and a half hours ahead'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', 23, 'Energy Policy Act 2005: second Sunday of March'],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25, 'and first Sunday of November'],
  ['Europe/London', '2026-03-29', '2026-03-29T00:00:00.000Z', 23, 'directive 2000/84/EC, kept: last Sunday of March'],
  ['Europe/London', '2026-10-25', '2026-10-24T23:00:00.000Z', 25, 'and of October'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5, 'half an hour of summer time ends'],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5, 'and begins'],
  ['Antarctica/Troll', '2026-03-29', '2026-03-29T00:00:00.000Z', 22, 'two hours of summer time'],
  ['Antarctica/Troll', '2026-10-25', '2026-10-24T22:00:00.000Z', 26, 'and back'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 23, 'put forward at midnight: begins at 1:00'],
  ['America/Sao_Paulo', '2018-02-17', '2018-02-17T02:00:00.000Z', 25, 'put back at midnight: 23:00 comes twice'],
  ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00.000Z', 23, 'law 24 of 2023: forward at midnight'],
  ['Africa/Cairo', '2023-10-26', '2023-10-25T21:00:00.000Z', 25, 'last Thursday of October, back at its midnight'],
  ['Asia/Beirut', '2022-03-27', '2022-03-26T22:00:00.000Z', 23, 'forward at midnight'],
  ['Asia/Beirut', '2022-10-29', '2022-10-28T21:00:00.000Z', 25, 'back at midnight'],
  ['America/St_Johns', '2006-10-28', '2006-10-28T02:30:00.000Z', 24, 'the day had begun when it was put back'],
  ['America/St_Johns', '2006-10-29', '2006-10-29T02:30:00.000Z', 25, 'changes at 0:01 until 2011: back to 23:01'],
  ['America/St_Johns', '2007-03-11', '2007-03-11T03:30:00.000Z', 23, 'changes at 0:01 until 2011: forward to 1:01'],
  [
    'Asia/Pyongyang',
    '2015-08-14',
    '2015-08-13T15:00:00.000Z',
    24.5,
    'half an hour back, 70 years after the liberation',
  ],
  ['Asia/Pyongyang', '2018-05-04', '2018-05-03T15:30:00.000Z', 23.5, 'forward from 23:30 to midnight'],
  ['America/Caracas', '2007-12-09', '2007-12-09T04:00:00.000Z', 24.5, 'half an hour back at 3:00'],
  ['America/Caracas', '2016-05-01', '2016-05-01T04:30:00.000Z', 23.5, 'and forward at 2:30'],
  ['Asia/Kathmandu', '1986-01-01', '1985-12-31T18:30:00.000Z', 23.75, 'a quarter forward at midnight: begins at 0:15'],
  ['Africa/Casablanca', '2022-03-27', '2022-03-26T23:00:00.000Z', 25, 'an hour less in Ramadan'],
  ['Africa/Casablanca', '2022-05-08', '2022-05-08T00:00:00.000Z', 23, 'and back after it'],
  ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', 24, 'the last day east of the date line'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 0, 'Samoa left out this date'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z', 24, 'the first day west of it'],
  ['Pacific/Kwajalein', '1993-08-21', '1993-08-21T12:00:00.000Z', 0, 'Kwajalein left out this date'],
  ['Pacific/Kwajalein', '1969-09-30', '1969-09-29T13:00:00.000Z', 47, 'and went back 23 hours at this midnight'],
  ['America/Juneau', '1867-10-18', '1867-10-17T08:57:41.000Z', 24, 'still Russian'],
  ['America/Juneau', '1867-10-19', '1867-10-18T08:57:41.000Z', 48, 'back 24 hours in the afternoon'],
]

describe('known days', () => {
  test.each(knownDays)('%s %s begins at %s and has %d hours: %s', (name, date, begins, hours) => {
    const zone = TimeZone.of(name)
    const number = dayNumber(date)
    const start = zone.startOfDay(number)
    expect(iso(start)).toBe(begins)
    expect((zone.startOfDay(number + 1) - start) / hour).toBeCloseTo(hours, 9)
    expect(zone.dateOf(number)).toBe(date)
    if (hours > 0) {
      expect(zone.dayOf(start)).toBe(number)
      expect(zone.dayOf(zone.startOfDay(number + 1) - 1)).toBe(number)
    }
    expect(zone.dayOf(start - 1)).toBeLessThan(number)
  })

  test('an hour that comes again, after the clock was put back over midnight, belongs to the day that had begun', () => {
    const zone = TimeZone.of('America/St_Johns')
    const again = Date.parse('2006-10-28T23:30:00-03:30')
    expect(zone.format(again)).toBe('2006-10-28T23:30:00.000-03:30')
    expect(zone.dateOf(zone.dayOf(again))).toBe('2006-10-29')
    expect(zone.dateOf(zone.dayOf(again - hour))).toBe('2006-10-28')
  })
})

describe('around changes of the clock', () => {
  test.each(changes)('%s %s: days are those of their definition, minute by minute', (name, near) => {
    const zone = TimeZone.of(name)
    const from = Date.parse(near) - 3 * day
    let reached = Number.NEGATIVE_INFINITY
    const wrong: string[] = []
    let changed = false
    for (let at = from; at < from + 6 * day; at += minute) {
      const before = Math.floor(reached / day)
      reached = Math.max(reached, shownTime(name, at))
      changed ||= shownOffset(name, at) !== shownOffset(name, from)
      if (at < from + day) continue
      const today = Math.floor(reached / day)
      if (zone.dayOf(at) !== today) wrong.push(`dayOf ${iso(at)}: ${zone.dayOf(at)}, not ${today}`)
      if (zone.offsetAt(at) !== shownOffset(name, at)) wrong.push(`offsetAt ${iso(at)}: ${zone.offsetAt(at)}`)
      for (let number = before + 1; number <= today; number++) {
        // Found to the minute here; old offsets have seconds.
        const late = at - zone.startOfDay(number)
        if (late < 0 || late >= minute)
          wrong.push(`startOfDay ${number}: ${iso(zone.startOfDay(number))}, not ${iso(at)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(changed).toBe(true)
  })

  test.each(changes)('%s %s: a local time is shown first at its instant, or skipped', (name, near) => {
    const zone = TimeZone.of(name)
    const start = Date.parse(near) - 2 * day
    // Offsets of old have seconds.
    const tick = shownOffset(name, start) % minute === 0 ? minute : 1_000
    const wrong: string[] = []
    const check = (wall: number, at: number): void => {
      if (zone.instantOf(wall) !== at) wrong.push(`${iso(wall)}: ${iso(zone.instantOf(wall))}, not ${iso(at)}`)
    }
    let next = shownTime(name, start)
    let reached = next
    for (let at = start; at < start + 4 * day; at += tick) {
      const shown = shownTime(name, at)
      // What the clock jumps over counts as so much later as it jumps.
      for (let wall = Math.max(next, reached); wall < shown; wall += tick) check(wall, at + (wall - next))
      if (shown >= reached) check(shown, at)
      next = shown + tick
      reached = Math.max(reached, next)
    }
    expect(wrong).toEqual([])
  })
})

describe('days, whatever zone and instant', () => {
  test('an instant lies in its day', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (name, at) => {
        const zone = TimeZone.of(name)
        const today = zone.dayOf(at)
        expect(zone.startOfDay(today)).toBeLessThanOrEqual(at)
        expect(zone.startOfDay(today + 1)).toBeGreaterThan(at)
      }),
      campaign(1_500),
    )
  })

  test('days follow each other, and each holds the instants from its beginning to the next', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (name, at) => {
        const zone = TimeZone.of(name)
        const number = Math.floor(at / day)
        const [start, end] = [zone.startOfDay(number), zone.startOfDay(number + 1)]
        expect(start).toBeLessThanOrEqual(end)
        if (start < end) {
          expect(zone.dayOf(start)).toBe(number)
          expect(zone.dayOf(end - 1)).toBe(number)
        }
        expect(zone.dayOf(start - 1)).toBeLessThan(number)
        expect(zone.dayOf(end)).toBeGreaterThan(number)
      }),
      campaign(1_500),
    )
  })

  test('the offset is the one that the platform names', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (name, at) => {
        expect(TimeZone.of(name).offsetAt(at)).toBe(shownOffset(name, at))
      }),
      campaign(1_500),
    )
  })

  test('the day is that of the highest date that the clock has shown', () => {
    const near = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * day, max: 2 * day }))
      .map(([[name, date], away]) => [name, Date.parse(date) + away] as const)
    fc.assert(
      fc.property(near, ([name, at]) => {
        expect(TimeZone.of(name).dayOf(at)).toBe(dayByDefinition(name, at))
      }),
      campaign(200),
    )
  })

  test('the answers do not depend on what was asked before', () => {
    fc.assert(
      fc.property(anyZone, fc.array(anyInstant, { minLength: 1, maxLength: 10 }), (name, instants) => {
        const used = TimeZone.of(name)
        for (const at of instants) used.dayOf(at)
        for (const at of instants) {
          // The platform knows names in any case; crowdbit keeps a zone for each spelling.
          const fresh = TimeZone.of(spelling(name))
          expect(fresh.startOfDay(Math.floor(at / day))).toBe(used.startOfDay(Math.floor(at / day)))
          expect(fresh.dayOf(at)).toBe(used.dayOf(at))
        }
      }),
      campaign(100),
    )
  })

  test('beyond the instants of Date the clock runs on, and nothing hangs', () => {
    const zone = TimeZone.of('America/New_York')
    for (const at of [8.64e15 + day, -8.64e15 - day, 1e18, -1e18, 1e300, -1e300]) {
      expect(zone.startOfDay(Math.floor(at / day))).toBeLessThanOrEqual(at + day)
      expect(Number.isFinite(zone.dayOf(at))).toBe(true)
      expect(Number.isFinite(zone.instantOf(at))).toBe(true)
    }
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(zone.dayOf(at)).toBe(at)
      expect(zone.startOfDay(at)).toBe(at)
    }
  })

  test('thousands of years at random stay right when what was kept makes room', () => {
    const zone = TimeZone.of('Europe/London')
    const years = Array.from({ length: 1_200 }, (_, i) => 1 + ((i * 997) % 9_999))
    const wrong = [...years, ...years].filter((year) => {
      const at = Date.parse(`${String(year).padStart(4, '0')}-07-01T00:00:00Z`)
      return zone.offsetAt(at) !== shownOffset('Europe/London', at)
    })
    expect(wrong).toEqual([])
  })
})

/** Another spelling of a name each time. */
function spelling(name: string): string {
  const bits = spellings++
  return [...name].map((letter, i) => ((bits >> (i % 16)) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join('')
}
let spellings = 1

describe('format', () => {
  test.each([
    ['Asia/Shanghai', '2026-11-20T01:00:00Z', '2026-11-20T09:00:00.000+08:00'],
    ['UTC', '2026-11-20T01:02:03.004Z', '2026-11-20T01:02:03.004Z'],
    ['Europe/London', '2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59.999Z'],
    ['America/St_Johns', '2026-01-01T00:00:00Z', '2025-12-31T20:30:00.000-03:30'],
    ['Asia/Shanghai', '1900-01-01T00:00:00Z', '1900-01-01T08:05:43.000+08:05:43'],
    ['America/New_York', '-000001-06-01T00:00:00Z', '-000001-05-31T19:03:58.000-04:56:02'],
    ['UTC', '+275760-09-13T00:00:00Z', '+275760-09-13T00:00:00.000Z'],
    ['UTC', '0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
  ])('%s at %s is %s', (name, at, expected) => {
    expect(TimeZone.of(name).format(Date.parse(at))).toBe(expected)
  })

  test('in UTC is what Date writes', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(TimeZone.of('UTC').format(at)).toBe(iso(at))
      }),
      campaign(1_000),
    )
  })
})

describe('TimeZone.of', () => {
  test('gives one zone for a name, under the name that was given', () => {
    expect(TimeZone.of('Asia/Shanghai')).toBe(TimeZone.of('Asia/Shanghai'))
    expect(TimeZone.of('Asia/Shanghai').name).toBe('Asia/Shanghai')
  })

  test.each(['Asia/Shangai', '', 'local', '+08:00', '-05', 'UTC+8', undefined, null, 8, { toString: () => 'UTC' }])(
    'refuses %s',
    (name) => {
      let error: unknown
      try {
        TimeZone.of(name as never)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(CrowdbitError)
      expect((error as CrowdbitError).code).toBe('OPTION_INVALID')
      expect((error as CrowdbitError).message).toContain('an IANA name such as "Asia/Shanghai" is expected')
    },
  )
})
