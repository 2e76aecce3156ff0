import type { Millis } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import { type CheckedClock, type Clock, systemClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { deepestRuleLimit, defaultRuleLimits, type RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import { TimeZone } from '../base/time-zone.ts'
import { Dataset } from '../dataset/dataset.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import { Schema } from '../schema/schema.ts'
import { type Engine, makeEngine } from './engine.ts'

/** What an engine is made with, beside its schema. */
export interface EngineSettings {
  /** IANA name of the time zone in which days begin. @default 'UTC' */
  readonly timeZone?: string
  /** Bounds on the rules that are accepted. @default see `RuleLimits` */
  readonly limits?: Partial<RuleLimits>
  /** Where the time comes from. @default the machine's clock */
  readonly clock?: Clock
  /**
   * Bytes of the newest changes that are held for the readers of `changes`, once somebody has listened: 65,536 or more. A single write
   * whose record is longer, and all before it, can't be read.
   * @default 16_777_216 (16 MiB)
   */
  readonly changeBufferBytes?: number
  /**
   * From how many milliseconds on a question is told on the diagnostics channel `crowdbit:query`: 0 or more.
   * @default 100
   */
  readonly slowQueryMs?: number
  /**
   * Most bytes of copies of bitmaps, on which long rules are answered in one pass: 0 for none, then every rule is answered step by step. The answers
   * are the same. A copy is made of what is asked for again and again. At most 64 GiB.
   * @default 536_870_912 (512 MiB)
   */
  readonly imageBytes?: number
  /**
   * How many worker threads answer `countAsync` and its kin: 0 to 32. They are started when they are first needed, share the copies of bitmaps
   * (`imageBytes`, which can't be 0 then), keep no process alive, and end with `close`. With 0, such questions are answered by the thread that asks.
   * @default 0
   */
  readonly threads?: number
}

/** The names of the settings. */
export const settingNames: readonly string[] = [
  'timeZone',
  'limits',
  'clock',
  'changeBufferBytes',
  'slowQueryMs',
  'imageBytes',
  'threads',
]

/** What `createEngine` takes. */
export interface EngineOptions<S extends SchemaSpec> extends EngineSettings {
  /** Columns by name. */
  readonly schema: S
}

/**
 * An engine without people yet.
 *
 * @example
 * ```ts
 * const crowd = createEngine({ schema: { 精致妈妈: flag(), cityTier: category() } })
 * ```
 * @throws SCHEMA_INVALID, SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN, OPTION_INVALID
 */
export function createEngine<const S extends SchemaSpec>(options: EngineOptions<S>): Engine<S> {
  checkKeys(options, ['schema', ...settingNames])
  const settings = checkSettings(options)
  return makeEngine<S>({
    dataset: Dataset.empty(Schema.from(options.schema), TimeZone.of(settings.timeZone)),
    ...settings,
  })
}

const defaultChangeBytes = 16 * 1024 * 1024
const leastChangeBytes = 64 * 1024
const defaultSlowMs = 100
const defaultImageBytes = 512 * 1024 * 1024
/** Above 4 GB there are several memories, each of which takes addresses of the process. */
const mostImageBytes = 64 * 1024 * 1024 * 1024

/** Each has 50 MB of the addresses of each memory of copies, most of which is never touched. */
const mostThreads = 32

/** Settings with defaults in the places of what is missing. */
export interface CheckedSettings {
  readonly timeZone: string
  readonly limits: RuleLimits
  readonly clock: CheckedClock
  readonly changeBufferBytes: number
  readonly slowQueryMs: number
  readonly imageBytes: number
  readonly threads: number
}

/** @throws OPTION_INVALID */
export function checkSettings(settings: EngineSettings): CheckedSettings {
  const {
    timeZone = 'UTC',
    limits = {},
    clock = systemClock,
    changeBufferBytes = defaultChangeBytes,
    slowQueryMs = defaultSlowMs,
    imageBytes = defaultImageBytes,
    threads = 0,
  } = settings
  TimeZone.of(timeZone)
  if (typeof clock?.now !== 'function')
    throw new CrowdbitError('OPTION_INVALID', `the clock is ${show(clock)}, where { now() } is expected`)
  checkWhole('changeBufferBytes', changeBufferBytes, 'whole number of bytes', leastChangeBytes)
  if (!(typeof slowQueryMs === 'number' && slowQueryMs >= 0)) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `slowQueryMs is ${show(slowQueryMs)}, where milliseconds from 0 are expected`,
      { option: 'slowQueryMs', found: slowQueryMs },
    )
  }
  checkWhole('imageBytes', imageBytes, 'whole number of bytes', 0, mostImageBytes)
  checkWhole('threads', threads, 'whole number', 0, mostThreads)
  if (threads > 0 && imageBytes === 0) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `threads is ${threads} and imageBytes 0, where threads work on the copies of bitmaps that imageBytes bounds: leave imageBytes out, or threads`,
      { option: 'threads', found: threads },
    )
  }
  return {
    timeZone,
    limits: checkLimits(limits),
    clock: checkedClock(clock),
    changeBufferBytes,
    slowQueryMs,
    imageBytes,
    threads,
  }
}

/** @throws OPTION_INVALID for what is no whole number from `least` to `most` */
function checkWhole(option: string, found: number, what: string, least: number, most?: number): void {
  if (Number.isSafeInteger(found) && found >= least && (most === undefined || found <= most)) return
  const range = most === undefined ? `from ${least}` : `from ${least} to ${most}`
  throw new CrowdbitError('OPTION_INVALID', `${option} is ${show(found)}, where a ${what} ${range} is expected`, {
    option,
    found,
  })
}

/** A clock that gives instants, or says that it doesn't: what it gives is kept in versions and saved. */
function checkedClock(clock: Clock): CheckedClock {
  return {
    now() {
      const now = clock.now()
      if (Number.isSafeInteger(now) && now >= 0) return now as Millis
      throw new CrowdbitError(
        'OPTION_INVALID',
        `the clock gave ${show(now)}, where whole milliseconds since 1970 are expected`,
      )
    },
  }
}

function checkLimits(limits: Partial<RuleLimits>): RuleLimits {
  checkKeys(limits, Object.keys(defaultRuleLimits))
  const checked = { ...defaultRuleLimits, ...limits }
  for (const [name, value] of Object.entries(checked)) {
    const most = name === 'depth' ? deepestRuleLimit : Number.MAX_SAFE_INTEGER
    if (!Number.isSafeInteger(value) || value < 1 || value > most) {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `the limit ${name} is ${show(value)}, where a whole number from 1 to ${most} is expected`,
        { limit: name, value },
      )
    }
  }
  return Object.freeze(checked)
}
