import { hash } from '../hash.ts'
import { type PopulationKind, shares } from '../population.ts'

/** A made-up crowd for the shapes of questions: everything follows from these, in any process. */
export interface ShapesCrowd {
  readonly people: number
  /** Independent: each tag by its own coin. Realistic: tags wax and wane by sign-up time, and a person's activity moves them all. */
  readonly kind: PopulationKind
  readonly seed: number
}

/** Shares of the people who have a tag: those of the other benches. */
export const tagShares: Readonly<Record<string, number>> = shares
/** Tags T1 to T50, of a tenth of the people each. */
export const manyTags: number = 50
/** Tags P1 to P200; the k-th has 3 % / k of the people: Zipf's law. */
export const zipfTags: number = 200
export const zipfShare = (k: number): number => 0.03 / k
/** Values of the categories `c50` and `c5000`: small numbers are frequent, large ones are not. */
export const categorySizes: Readonly<Record<string, number>> = { c50: 50, c5000: 5_000 }
/** Kinds of events, each half as many as people. */
export const eventKinds: readonly EventKind[] = ['view', 'buy']
export type EventKind = 'view' | 'buy'
/** Local days, UTC, on which there are events: numbered from 0. */
export const eventDays: number = 150
/** Values of the category of a view. */
export const viewCategories: number = 20
export const dayMs: number = 86_400_000
/** The beginning of day 0. */
export const firstDay: number = Date.UTC(2026, 0, 1)
/** The last moment that may be asked about: windows end at the beginning of this day. */
export const lastDay: number = eventDays
/** Windows slide back by a day with each turn, so often. */
export const slides = 55

/** The days of a window of `days` whole days, at a turn: from, up to but not including. */
export function windowAt(days: number, turn: number): readonly [from: number, to: number] {
  const to = lastDay - (turn % slides)
  return [to - days, to]
}

/** All flags by name, with the salt of their hash and their share. */
export function flags(): readonly { readonly name: string; readonly salt: number; readonly share: number }[] {
  const named = Object.entries(tagShares)
  const many = Array.from({ length: manyTags }, (_, i) => [`T${i + 1}`, 0.1] as const)
  const zipf = Array.from({ length: zipfTags }, (_, i) => [`P${i + 1}`, zipfShare(i + 1)] as const)
  return [...named, ...many, ...zipf].map(([name, share], salt) => ({ name, salt, share }))
}

const waves = 6
const activitySalt = 900
const numberSalt = 901
const categorySalt = 903
export const eventSalt: Readonly<Record<EventKind, number>> = { view: 910, buy: 920 }

/** The people who have a flag, ascending. */
export function membersOf(crowd: ShapesCrowd, flag: { readonly salt: number; readonly share: number }): Uint32Array {
  const { people, kind, seed } = crowd
  let members = new Uint32Array(Math.ceil(people * flag.share * 1.3) + 1_000)
  let count = 0
  const salt = seed + flag.salt
  const period = Math.ceil(people / waves)
  const shift = hash(flag.salt, seed) % period
  for (let person = 0; person < people; person++) {
    let threshold = flag.share * 2 ** 32
    if (kind === 'realistic') {
      const wave = Math.abs(2 * ((person + shift) % period) - period) / period
      threshold = threshold * wave * (hash(person, seed + activitySalt) / 2 ** 30)
    }
    if (hash(person, salt) >= threshold) continue
    if (count === members.length) {
      const more = new Uint32Array(2 * count)
      more.set(members)
      members = more
    }
    members[count++] = person
  }
  return members.slice(0, count)
}

/** The SQL for the same: `hash(salt)` gives that of a hash of the column `person`, a whole number below 2^32. */
export function flagSql(
  crowd: ShapesCrowd,
  flag: { readonly salt: number; readonly share: number },
  sql: { hash(salt: number): string; double(value: string): string },
): string {
  const { people, kind, seed } = crowd
  const own = sql.double(sql.hash(seed + flag.salt))
  const threshold = sql.double(String(flag.share * 2 ** 32))
  if (kind === 'independent') return `${own} < ${threshold}`
  const period = Math.ceil(people / waves)
  const shift = hash(flag.salt, seed) % period
  const wave = `${sql.double(`abs(2 * CAST((person + ${shift}) % ${period} AS BIGINT) - ${period})`)} / ${sql.double(String(period))}`
  const activity = `${sql.double(sql.hash(seed + activitySalt))} / ${sql.double(String(2 ** 30))}`
  return `${own} < ${threshold} * (${wave}) * (${activity})`
}

/** The salt of a number of 16 or 24 bits: the highest bits of the hash. */
export function saltOfNumber({ seed }: ShapesCrowd, bits: 16 | 24): number {
  return seed + numberSalt + (bits === 16 ? 0 : 1)
}

export function numbersOf(crowd: ShapesCrowd, bits: 16 | 24): Int32Array {
  const salt = saltOfNumber(crowd, bits)
  const numbers = new Int32Array(crowd.people)
  for (let person = 0; person < numbers.length; person++) numbers[person] = hash(person, salt) >>> (32 - bits)
  return numbers
}

/** The salt of a category: its value is the product of the hash's halves, times the number of values, without the lower 32 bits. */
export function saltOfCategory({ seed }: ShapesCrowd, name: string): number {
  return seed + categorySalt + (name === 'c50' ? 0 : 1)
}

/** A value below `values`, the lower the more frequent. */
export function skewed(bits: number, values: number): number {
  return Math.floor(((bits & 0xffff) * (bits >>> 16) * values) / 2 ** 32)
}

/** Of each value of a category, its people, ascending. */
export function peopleByValue(crowd: ShapesCrowd, name: string): readonly Uint32Array[] {
  const values = categorySizes[name]!
  const salt = saltOfCategory(crowd, name)
  const codes = new Uint16Array(crowd.people)
  const starts = new Uint32Array(values + 1)
  for (let person = 0; person < codes.length; person++) {
    const code = skewed(hash(person, salt), values)
    codes[person] = code
    starts[code + 1]!++
  }
  for (let code = 0; code < values; code++) starts[code + 1]! += starts[code]!
  const next = starts.slice()
  const sorted = new Uint32Array(crowd.people)
  for (let person = 0; person < codes.length; person++) sorted[next[codes[person]!]!++] = person
  return Array.from({ length: values }, (_, code) => sorted.subarray(starts[code], starts[code + 1]))
}

/** How many events of a kind there are. */
export function eventsOf({ people }: ShapesCrowd): number {
  return people >>> 1
}

export function personOfEvent({ people, seed }: ShapesCrowd, kind: EventKind, i: number): number {
  return hash(i, seed + eventSalt[kind]) % people
}

export function dayOfEvent({ seed }: ShapesCrowd, kind: EventKind, i: number): number {
  return hash(i, seed + eventSalt[kind] + 1) % eventDays
}

export function categoryOfEvent({ seed }: ShapesCrowd, kind: EventKind, i: number): number {
  return hash(i, seed + eventSalt[kind] + 2) % viewCategories
}
