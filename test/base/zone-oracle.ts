import fc from 'fast-check'

/** Zones of every odd kind that there is, and plain ones. */
export const zones = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Manila',
  'Europe/London',
  'Europe/Dublin',
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Juneau',
  'America/Caracas',
  'Antarctica/Troll',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kwajalein',
  'Pacific/Chatham',
] as const

export const anyZone: fc.Arbitrary<string> = fc.constantFrom(...zones)

export const day = 86_400_000
export const hour = 3_600_000
export const minute = 60_000

/** Instants that people have data of. */
export const recentInstant: fc.Arbitrary<number> = fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2110, 0, 1) })

/** Any instants of `Date`, most of them recent, the ends among them. */
export const anyInstant: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: recentInstant, weight: 6 },
  { arbitrary: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), weight: 2 },
  { arbitrary: fc.integer({ min: -8.64e15, max: 8.64e15 }), weight: 1 },
  { arbitrary: fc.constantFrom(-8.64e15, 8.64e15, -1, 0, 1), weight: 1 },
)

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The offset at an instant, in milliseconds, as the platform names it (`GMT+08:05:43`): another way to it than the one
 * that crowdbit takes, which reads the local date and time.
 */
export function shownOffset(zone: string, at: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(at))!
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match
  const offset = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * 1000
  return sign === '-' ? -offset : offset
}

/** What the local clock shows at an instant, as milliseconds read as if they were UTC. */
export function shownTime(zone: string, at: number): number {
  return at + shownOffset(zone, at)
}

/**
 * The local day of an instant by its definition, looked for minute by minute: the highest date that the clock has shown,
 * the last two days being enough.
 */
export function dayByDefinition(zone: string, at: number): number {
  let highest = shownTime(zone, at)
  for (let earlier = at - 2 * day; earlier < at; earlier += minute) {
    highest = Math.max(highest, shownTime(zone, earlier))
  }
  return Math.floor(highest / day)
}

/** Around each of these (UTC) a clock of the zone changes. */
export const changes: readonly (readonly [zone: string, near: string])[] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/London', '2026-10-25'],
  ['Europe/Dublin', '1971-10-31'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['America/St_Johns', '2006-10-29'],
  ['America/St_Johns', '2007-03-11'],
  ['America/St_Johns', '1988-04-03'],
  ['Africa/Cairo', '2023-04-28'],
  ['Africa/Cairo', '2023-10-27'],
  ['Asia/Beirut', '2022-03-27'],
  ['Asia/Beirut', '2022-10-30'],
  ['Asia/Gaza', '2011-08-01'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kwajalein', '1993-08-21'],
  ['Pacific/Kwajalein', '1969-10-01'],
  ['America/Juneau', '1867-10-19'],
  ['Asia/Manila', '1844-12-31'],
  ['Asia/Shanghai', '1901-01-01'],
  ['Asia/Shanghai', '1986-05-04'],
  ['Asia/Pyongyang', '2015-08-15'],
  ['Asia/Pyongyang', '2018-05-05'],
  ['Asia/Kathmandu', '1986-01-01'],
  ['America/Caracas', '2007-12-09'],
  ['America/Caracas', '2016-05-01'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Africa/Casablanca', '2022-03-27'],
  ['Africa/Casablanca', '2022-05-08'],
  ['Pacific/Chatham', '2026-09-27'],
]
