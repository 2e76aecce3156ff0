import { show } from '../../base/show.ts'
import type { Duration, Weekday, Window, WindowUnit } from '../ast.ts'
import * as make from '../make-node.ts'
import { keyPath } from '../rule-path.ts'
import { durationUnits, weekdays, windowUnits } from '../units.ts'
import { windowKeys } from './json-keys.ts'
import { isObject, type JsonObject, type PartReader } from './part-reader.ts'

const example = '{"last": 15, "unit": "days"}'

/** Reads a window of time. */
export function readWindow(reader: PartReader, value: unknown, path: string): Window | null {
  if (!isObject(value)) {
    return reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a window such as ${example}`, path)
  }
  const keys = Object.keys(value)
  const [head] = keys.filter((key) => windowKeys.heads.has(key))
  if (head === undefined) {
    for (const key of keys) {
      if (!windowKeys.keys.includes(key)) reader.unknownKey(key, windowKeys.keys, path)
    }
    const message = `found ${show(value)}, expected a window: "ever", "last" with "unit", or "from" and "to"`
    return reader.fault('RULE_WRONG_TYPE', message, path)
  }
  let fits = true
  for (const key of keys) {
    if (key === head || windowKeys.heads.get(head)!.includes(key)) continue
    fits = false
    if (windowKeys.keys.includes(key)) {
      const message = `found the key "${key}" beside "${head}", where it means nothing`
      reader.fault('RULE_UNKNOWN_KEY', message, keyPath(path, key))
    } else reader.unknownKey(key, windowKeys.heads.get(head)!, path)
  }
  const window = head === 'ever' ? readEver(reader, value, path) : readEnds(reader, value, path, head)
  return fits ? window : null
}

function readEver(reader: PartReader, value: JsonObject, path: string): Window | null {
  return reader.isTrue(value.ever, `${path}.ever`, 'leave the window out, or say which') ? make.ever() : null
}

function readEnds(reader: PartReader, value: JsonObject, path: string, head: string): Window | null {
  if (head === 'last') return readLast(reader, value, path)
  const from = Object.hasOwn(value, 'from') ? reader.text(value.from, `${path}.from`, moment) : undefined
  const to = Object.hasOwn(value, 'to') ? reader.text(value.to, `${path}.to`, moment) : undefined
  return from === null || to === null ? null : make.rangeWindow(from ?? null, to ?? null)
}

const moment = 'the text of an instant or a date, such as "2026-11-20"'

function readLast(reader: PartReader, value: JsonObject, path: string): Window | null {
  const count = reader.whole(value.last, `${path}.last`, 0, 'RULE_BAD_WINDOW')
  const unit = readUnit(reader, value, path, 'last')
  const ago = Object.hasOwn(value, 'ago') ? reader.whole(value.ago, `${path}.ago`, 0, 'RULE_BAD_WINDOW') : undefined
  const weekStart = readWeekStart(reader, value, path, unit)
  const includeCurrent = Object.hasOwn(value, 'includeCurrent')
  const fits =
    !includeCurrent || reader.isTrue(value.includeCurrent, `${path}.includeCurrent`, 'leave the key out instead')
  if (count === null || unit === null || ago === null || weekStart === null || !fits) return null
  return make.lastWindow(count, unit, {
    includeCurrent,
    ...(ago === undefined ? {} : { ago }),
    ...(weekStart === undefined ? {} : { weekStart }),
  })
}

/** The unit that belongs beside `head`. */
export function readUnit(reader: PartReader, value: JsonObject, path: string, head: string): WindowUnit | null {
  if (Object.hasOwn(value, 'unit')) return reader.word(value.unit, windowUnits, `${path}.unit`)
  return reader.fault('RULE_WRONG_TYPE', `found "${head}" without "unit", expected both`, path)
}

/** The day on which weeks begin; `undefined` where it is left out. With another unit it would be lost, so it is refused. */
export function readWeekStart(
  reader: PartReader,
  value: JsonObject,
  path: string,
  unit: WindowUnit | null,
): Weekday | undefined | null {
  if (!Object.hasOwn(value, 'weekStart')) return undefined
  const place = `${path}.weekStart`
  const day = reader.word(value.weekStart, weekdays, place)
  if (unit === null || unit === 'weeks') return day
  return reader.fault('RULE_BAD_WINDOW', `found "weekStart" beside ${unit}, expected it beside weeks only`, place)
}

/** Reads a length of time: `{ "hours": 24 }`. */
export function readDuration(reader: PartReader, value: unknown, path: string): Duration | null {
  if (!isObject(value)) {
    return reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected a duration such as {"hours": 24}`, path)
  }
  const known = reader.knownKeys(value, durationUnits, path)
  const units = durationUnits.filter((unit) => Object.hasOwn(value, unit))
  const [unit] = units
  if (unit === undefined || units.length > 1) {
    if (!known) return null
    const message = `found ${show(value)}, expected one of ${durationUnits.map((name) => `"${name}"`).join(', ')}`
    return reader.fault('RULE_WRONG_TYPE', message, path)
  }
  const count = reader.whole(value[unit], `${path}.${unit}`, 1, 'RULE_BAD_SEQUENCE')
  return count === null || !known ? null : make.duration(count, unit)
}
