import { CrowdbitError } from '../base/crowdbit-error.ts'
import { parseScaled } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'

/**
 * The NFC form of a column name.
 *
 * @throws SCHEMA_NAME_INVALID
 */
export function checkColumnName(name: string): string {
  const normal = typeof name === 'string' ? name.normalize('NFC') : ''
  if (
    normal.length === 0 ||
    normal.length > 256 ||
    /\p{Cc}/u.test(normal) ||
    normal.trim() !== normal ||
    !isWellFormed(normal)
  ) {
    throw new CrowdbitError(
      'SCHEMA_NAME_INVALID',
      `${show(name)} is not a column name: 1 to 256 characters, no control characters, no white space at the ends`,
      { name },
    )
  }
  if (normal === '__proto__') {
    throw new CrowdbitError('SCHEMA_NAME_INVALID', '"__proto__" cannot be a key of a row, so it cannot name a column', {
      name,
    })
  }
  return normal
}

/** A spec as a caller may have written it by hand. */
interface Loose {
  readonly kind?: unknown
  readonly values?: unknown
  readonly many?: unknown
  readonly scale?: unknown
  readonly min?: unknown
  readonly max?: unknown
  readonly properties?: unknown
  readonly retentionDays?: unknown
  readonly merge?: unknown
}

const kinds = 'flag(), category(), number(), timestamp() or event()'

/**
 * Refuses what is no column.
 *
 * @throws SCHEMA_INVALID, and SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN for the properties of an event
 */
export function checkColumn(name: string, column: unknown): void {
  const spec = (column ?? {}) as Loose
  switch (spec.kind) {
    case 'flag':
      return
    case 'timestamp':
      checkMerge(name, spec, ['latest', 'first', 'max', 'min'])
      return
    case 'category':
      checkCategory(name, spec)
      checkMerge(name, spec, spec.many === true ? [] : ['latest', 'first'])
      return
    case 'number':
      checkNumber(name, spec)
      checkMerge(name, spec, ['latest', 'first', 'max', 'min', 'sum'])
      return
    case 'event':
      checkEvent(name, spec)
      return
    default:
      throw invalid(`column ${show(name)} is ${show(column)}, where ${kinds} is expected`, name)
  }
}

function checkCategory(name: string, { values, many }: Loose): void {
  if (typeof many !== 'boolean') {
    throw new CrowdbitError(
      'SCHEMA_INVALID',
      `the option many of column ${show(name)} is ${show(many)}, where true or false is expected`,
      { name },
    )
  }
  if (values === null) return
  if (
    !Array.isArray(values) ||
    values.length === 0 ||
    !values.every((value) => typeof value === 'string' && isWellFormed(value))
  ) {
    throw new CrowdbitError(
      'SCHEMA_INVALID',
      `the values of column ${show(name)} must be a list of at least one text`,
      { name },
    )
  }
  const seen = new Set<string>()
  for (const value of (values as string[]).map((text) => text.normalize('NFC'))) {
    if (seen.has(value))
      throw new CrowdbitError('SCHEMA_INVALID', `column ${show(name)} lists the value ${show(value)} twice`, {
        name,
        value,
      })
    seen.add(value)
  }
}

function checkNumber(name: string, { scale, min, max }: Loose): void {
  if (!Number.isInteger(scale) || (scale as number) < 0 || (scale as number) > 15) {
    throw invalid(
      `the scale of column ${show(name)} is ${show(scale)}, where a whole number from 0 to 15 is expected`,
      name,
    )
  }
  const [low, high] = [
    ['min', min],
    ['max', max],
  ].map(([option, bound]) => {
    if (bound === null || bound === undefined) return null
    const scaled = typeof bound === 'string' ? parseScaled(bound, scale as number) : 'not-a-number'
    if (typeof scaled === 'string') {
      throw invalid(
        `the option ${String(option)} of column ${show(name)} is ${show(bound)}, where a decimal of at most ${String(scale)} digits after the point is expected`,
        name,
      )
    }
    return scaled
  })
  if (low !== null && low !== undefined && high !== null && high !== undefined && low > high) {
    throw invalid(`column ${show(name)} has min ${String(min)} above max ${String(max)}`, name)
  }
}

function checkMerge(name: string, { merge }: Loose, policies: readonly string[]): void {
  if (merge === undefined || policies.includes(merge as string)) return
  const expected =
    policies.length === 0
      ? 'nothing, since all values stay'
      : `one of ${policies.map((policy) => show(policy)).join(', ')}`
  throw invalid(`the option merge of column ${show(name)} is ${show(merge)}, where ${expected} is expected`, name)
}

/** Names that an event has by itself. */
const ownNames: ReadonlySet<string> = new Set(['at', 'eventId', 'id', 'ids', 'dense'])

function checkEvent(name: string, { properties, retentionDays }: Loose): void {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    throw invalid(
      `the properties of event ${show(name)} are ${show(properties)}, where an object of flag(), category() and number() is expected`,
      name,
    )
  }
  if (retentionDays !== null && !(Number.isSafeInteger(retentionDays) && (retentionDays as number) >= 1)) {
    throw invalid(
      `the option retentionDays of event ${show(name)} is ${show(retentionDays)}, where a whole number of 1 or more is expected`,
      name,
    )
  }
  const seen = new Set<string>()
  for (const [property, spec] of Object.entries(properties)) {
    const normal = checkColumnName(property)
    if (ownNames.has(normal)) {
      throw new CrowdbitError(
        'SCHEMA_NAME_INVALID',
        `event ${show(name)} can't have a property ${show(normal)}: at is its time, eventId its id, id, ids and dense are its people`,
        { name, property: normal },
      )
    }
    if (seen.has(normal)) {
      throw new CrowdbitError('SCHEMA_NAME_TAKEN', `event ${show(name)} has the property ${show(normal)} twice`, {
        name,
        property: normal,
      })
    }
    seen.add(normal)
    const { kind, many, merge } = (spec ?? {}) as Loose
    if ((kind !== 'flag' && kind !== 'category' && kind !== 'number') || (kind === 'category' && many !== false)) {
      throw invalid(
        `property ${show(normal)} of event ${show(name)} is ${show(spec)}, where flag(), number() or category() of one value is expected`,
        name,
      )
    }
    checkColumn(`${name}.${normal}`, spec)
    if (merge !== undefined && merge !== 'latest') {
      throw invalid(
        `property ${show(normal)} of event ${show(name)} has the option merge, where none is expected: events of people who are linked all stay`,
        name,
      )
    }
  }
}

function invalid(message: string, name: string): CrowdbitError {
  return new CrowdbitError('SCHEMA_INVALID', message, { name })
}
