import fc from 'fast-check'
import type { LastWindow, Weekday, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from './event-log.ts'

const day = 86_400_000
const hour = 3_600_000

/** An instant in the time of a log or a little after it: any, that of an event, or so far after one that a window or a gap ends right at it. */
export function instantIn({ instants }: EventLog): fc.Arbitrary<number> {
  const [first, last] = [instants[0]!, instants.at(-1)!]
  const ofEvent = fc.constantFrom(...instants)
  const aroundEvent = fc
    .tuple(
      ofEvent,
      fc.constantFrom(hour, day, 7 * day),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: -1, max: 1 }),
    )
    .map(([at, unit, count, more]) => at + unit * count + more)
  return fc.oneof(
    { arbitrary: fc.integer({ min: first + Math.floor((last - first) / 5), max: last + 20 * day }), weight: 3 },
    { arbitrary: ofEvent, weight: 3 },
    { arbitrary: aroundEvent, weight: 2 },
    // Midnights of UTC, and of zones that are whole hours from it.
    {
      arbitrary: fc.integer({ min: Math.ceil(first / hour) + 100, max: Math.ceil(last / hour) }).map((n) => n * hour),
      weight: 2,
    },
    { arbitrary: fc.constant(last + 5 * day), weight: 2 },
  )
}

const weekStart = fc.oneof(
  { arbitrary: fc.constant<Weekday>('monday'), weight: 2 },
  fc.constantFrom<Weekday>('sunday', 'saturday', 'thursday'),
)

/** Units with about so many of them as the log is long. */
function lastWindow(days: number): fc.Arbitrary<LastWindow> {
  const upTo = (unit: LastWindow['unit'], most: number): fc.Arbitrary<LastWindow> =>
    fc
      .tuple(
        // Short ones often: in them a single event decides.
        fc.oneof(fc.integer({ min: 0, max: Math.min(3, most) }), fc.integer({ min: 0, max: most })),
        fc.boolean(),
        fc.integer({ min: 0, max: most }),
        fc.integer({ min: 0, max: 2 }),
        weekStart,
      )
      .map(([count, includes, ago, isShifted, start]) => {
        const includeCurrent = includes && unit !== 'minutes' && unit !== 'hours'
        const shift = includeCurrent || isShifted > 0 ? 0 : ago
        return make.lastWindow(Math.max(count, includeCurrent ? 0 : 1), unit, {
          includeCurrent,
          ago: shift,
          weekStart: start,
        })
      })
  return fc.oneof(
    upTo('minutes', Math.min(days * 400, 100_000)),
    upTo('hours', days * 10),
    { arbitrary: upTo('days', Math.ceil(days / 2)), weight: 3 },
    { arbitrary: upTo('weeks', Math.ceil(days / 14)), weight: 2 },
    { arbitrary: upTo('months', Math.ceil(days / 50)), weight: 2 },
  )
}

/** Windows that the events of a log lie in and around. */
export function windowIn(log: EventLog): fc.Arbitrary<Window> {
  const [first, last] = [log.instants[0]!, log.instants.at(-1)!]
  const isoText = (at: number): string => new Date(at).toISOString()
  const point = fc.oneof(
    { arbitrary: fc.integer({ min: first, max: last + 9 * day }).map((at) => isoText(at).slice(0, 10)), weight: 3 },
    { arbitrary: fc.constantFrom(...log.instants).map(isoText), weight: 1 },
    // A clock eight hours ahead shows the same instant.
    {
      arbitrary: fc.constantFrom(...log.instants).map((at) => isoText(at + 8 * hour).replace('Z', '+08:00')),
      weight: 1,
    },
    // A local time of the zone: noon is one everywhere.
    { arbitrary: fc.integer({ min: first, max: last }).map((at) => `${isoText(at).slice(0, 10)}T12:00:00`), weight: 1 },
  )
  const range = fc.tuple(point, point, fc.integer({ min: 0, max: 3 })).map(([a, b, which]) => {
    // In order in every zone: by the days of the texts, a day apart.
    const [from, to] = a.slice(0, 10) < b.slice(0, 10) ? [a, b] : [b, a]
    if (which === 0 || from.slice(0, 10) === to.slice(0, 10)) return make.rangeWindow(from, null)
    return which === 1 ? make.rangeWindow(null, to) : make.rangeWindow(from, to)
  })
  return fc.oneof(
    { arbitrary: lastWindow(Math.ceil((last - first) / day)), weight: 6 },
    { arbitrary: range, weight: 3 },
    { arbitrary: fc.constant(make.ever()), weight: 2 },
  )
}
