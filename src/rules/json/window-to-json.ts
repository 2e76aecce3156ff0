import { type Duration, isParameter, type Slot, type Window } from '../ast.ts'
import type { DurationJson, ParameterJson, RangeJson, WindowJson } from './rule-json.ts'

/** A window of time as JSON, without what is so by default. */
export function windowToJson(window: Window): WindowJson {
  switch (window.kind) {
    case 'ever':
      return { ever: true }
    case 'last':
      return {
        last: slot(window.count),
        unit: window.unit,
        ...(window.includeCurrent ? { includeCurrent: true as const } : {}),
        ...(window.ago === 0 ? {} : { ago: slot(window.ago) }),
        ...(window.weekStart === 'monday' ? {} : { weekStart: window.weekStart }),
      }
    case 'range':
      return {
        ...(window.from === null ? {} : { from: slot(window.from) }),
        ...(window.to === null ? {} : { to: slot(window.to) }),
      } as RangeJson
  }
}

/** A length of time as JSON: `{ "hours": 24 }`. */
export function durationToJson(duration: Duration): DurationJson {
  return { [duration.unit]: slot(duration.count) } as unknown as DurationJson
}

/** A value, or the parameter that will give it, as JSON. */
export function slot<Value extends string | number>(value: Slot<Value>): Value | ParameterJson {
  return isParameter(value) ? { param: value.param } : value
}
