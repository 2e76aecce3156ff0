import { parseMoment } from '../base/instant.ts'
import { TimeZone } from '../base/time-zone.ts'

/** Further apart than this, two points are in the same order in every time zone. */
const twoDays = 2 * 86_400_000

/**
 * Whether an interval ends before it begins, in whichever time zone: decided exactly between two dates and between two
 * instants with offsets, and for others where they are more than two days apart. Texts that are no moments are not.
 *
 * @param wholeDay whether a date at the end stands for its whole day, as in `between`, or for its beginning
 */
export function isReversed(from: string, to: string, wholeDay: boolean): boolean {
  const start = parseMoment(from, TimeZone.of('UTC'))
  const end = parseMoment(to, TimeZone.of('UTC'))
  if (start === null || end === null) return false
  const last = wholeDay && end.isDay ? end.to - 1 : end.from
  const exact = (start.isDay && end.isDay) || (isFixed(from) && isFixed(to))
  return start.from > last + (exact ? 0 : twoDays)
}

/** Whether a text is the same instant in all time zones. */
function isFixed(text: string): boolean {
  const here = parseMoment(text, TimeZone.of('UTC'))
  const there = parseMoment(text, TimeZone.of('Asia/Shanghai'))
  return here !== null && !here.isDay && there !== null && here.from === there.from
}
