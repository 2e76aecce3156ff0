import roaring from 'roaring'
import { Textbook } from '../textbook.ts'
import {
  categoryOfEvent,
  dayOfEvent,
  type EventKind,
  eventDays,
  eventsOf,
  flags,
  manyTags,
  membersOf,
  numbersOf,
  peopleByValue,
  personOfEvent,
  type ShapesCrowd,
  windowAt,
  zipfTags,
} from './crowd.ts'
import { headline, mixed, type Peer, profileSum, profiles, range16, range24, type Way } from './questions.ts'

const { RoaringBitmap32: R } = roaring
type Bitmap = InstanceType<typeof R>

/**
 * The questions written by hand on the Roaring package, in one process: `best`, in the best order that we know, and `naive`, as they are read.
 * A count builds what has to be built and ends in a counting operation; a set is what is built.
 */
export function byHandPeer(crowd: ShapesCrowd, style: 'best' | 'naive'): Peer {
  const tags: Record<string, Bitmap> = {}
  for (const flag of flags()) tags[flag.name] = made(membersOf(crowd, flag))
  const { A, B, C, D, E, F, G, H, sparse, rare } = tags as Record<
    'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'sparse' | 'rare',
    Bitmap
  >
  const zipf = Array.from({ length: zipfTags }, (_, i) => tags[`P${i + 1}`]!)
  const many = Array.from({ length: manyTags }, (_, i) => tags[`T${i + 1}`]!)
  const named = (names: readonly string[]): Bitmap[] => names.map((name) => tags[name]!)
  const values16 = numbersOf(crowd, 16)
  const values24 = numbersOf(crowd, 24)
  const [text16, text24] = [new Textbook(values16, 16), new Textbook(values24, 24)]
  const categories = {
    c50: peopleByValue(crowd, 'c50').map(made),
    c5000: peopleByValue(crowd, 'c5000').map(made),
  }
  const codes = { c50: codesOf(categories.c50, crowd.people), c5000: codesOf(categories.c5000, crowd.people) }
  const [views, buys] = [daysOf(crowd, 'view'), daysOf(crowd, 'buy')]
  const viewsOf3 = daysOf(crowd, 'view', headline.category)
  const { people } = crowd

  const best = style === 'best'
  const s2 = (): Bitmap => (best ? R.andNot(A, C).andInPlace(B) : R.and(A, B).andNotInPlace(C))
  const s3 = (): Bitmap =>
    using(R.or(C, D), (cd) =>
      best ? R.or(A, B).andNotInPlace(E).andInPlace(cd) : R.or(A, B).andInPlace(cd).andNotInPlace(E),
    )
  const union7 = [A, B, C, D, E, F, G]
  const eight = [A, B, C, D, E, F, G, H]
  const levels = (days: readonly (readonly Bitmap[])[], length: number, turn: number): Bitmap[] => {
    const [from, to] = windowAt(length, turn)
    return days.slice(from, to).flat()
  }
  const didIn = (days: readonly (readonly Bitmap[])[], length: number, turn: number): Bitmap => {
    const [from, to] = windowAt(length, turn)
    return R.orMany(days.slice(from, to).map((level) => level[0]!))
  }
  const counters = new Uint8Array(people)
  const atLeast = (bitmaps: readonly Bitmap[], least: number): Bitmap =>
    best ? atLeastSliced(bitmaps, least) : made(countedIn(bitmaps, least, counters))
  const atLeastCount = (bitmaps: readonly Bitmap[], least: number): number =>
    best ? sized(atLeastSliced(bitmaps, least)) : countCounted(bitmaps, least, counters)
  const range = (text: Textbook, [from, to]: readonly [number, number]): Bitmap =>
    best ? text.build(from, to, A) : using(text.build(from, to, null), (all) => R.and(all, A))
  const s11 = (turn: number): Bitmap => {
    const parts: (() => Bitmap)[] = [
      () => R.orMany([A, B, D]),
      () => R.orMany(named(mixed.any)),
      () => atLeastSliced(named(mixed.atLeast2), 2),
      () => R.orMany(mixed.values.map((value) => categories.c50[value]!)),
      () => text16.build(mixed.least16, 65_535, null),
      () => text24.build(0, mixed.below24 - 1, null),
      () => didIn(views, mixed.viewDays, turn),
    ]
    const without: (() => Bitmap)[] = [
      () => R.or(C, F),
      () => R.orMany(named(mixed.none)),
      () => didIn(buys, mixed.buyDays, turn),
    ]
    if (best) {
      // The smallest first: the people of three values, and of them those who did; ranges among few people last.
      const some = parts[3]!()
      for (const part of [parts[6]!, parts[0]!, parts[1]!]) using(part(), (made) => void some.andInPlace(made))
      for (const part of without) using(part(), (made) => void some.andNotInPlace(made))
      using(parts[2]!(), (made) => void some.andInPlace(made))
      return using(text16.build(mixed.least16, 65_535, some), (left) =>
        using(some, () => text24.build(0, mixed.below24 - 1, left)),
      )
    }
    const all = parts[0]!()
    using(without[0]!(), (made) => void all.andNotInPlace(made))
    for (const part of parts.slice(1, 3)) using(part(), (made) => void all.andInPlace(made))
    using(without[1]!(), (made) => void all.andNotInPlace(made))
    for (const part of parts.slice(3)) using(part(), (made) => void all.andInPlace(made))
    using(without[2]!(), (made) => void all.andNotInPlace(made))
    return all
  }
  const s12 = (turn: number): Bitmap =>
    using(didIn(viewsOf3, headline.days, turn), (did) =>
      best ? R.and(did, A).andNotInPlace(C) : R.and(A, did).andNotInPlace(C),
    )

  const ways: Record<string, { count?: Way; set?: Way }> = {
    S1: {
      count: () => (best ? A.andCardinality(B) : sized(R.and(A, B))),
      set: () => sized(R.and(A, B)),
    },
    S2: {
      count: () =>
        best
          ? using(R.andNot(A, C), (ac) => ac.andCardinality(B))
          : using(R.and(A, B), (ab) => ab.andNotCardinality(C)),
      set: () => sized(s2()),
    },
    S3: {
      count: () =>
        using(R.or(A, B), (ab) =>
          using(R.or(C, D), (cd) =>
            best ? ab.andNotInPlace(E).andCardinality(cd) : ab.andInPlace(cd).andNotCardinality(E),
          ),
        ),
      set: () => sized(s3()),
    },
    S4a: {
      count: () => (best ? sparse.andCardinality(rare) : sized(R.and(sparse, rare))),
      set: () => sized(R.and(sparse, rare)),
    },
    S4b: {
      count: () => (best ? sparse.andCardinality(B) : sized(R.and(sparse, B))),
      set: () => sized(R.and(sparse, B)),
    },
    S5a: {
      count: () => (best ? using(R.orMany([A, C, D, E, F, G]), (rest) => B.orCardinality(rest)) : sized(chain(union7))),
      set: () => sized(best ? R.orMany(union7) : chain(union7)),
    },
    S5b: {
      count: () => sized(best ? R.orMany(zipf) : chain(zipf)),
      set: () => sized(best ? R.orMany(zipf) : chain(zipf)),
    },
    S6a: { count: () => atLeastCount(eight, 3), set: () => sized(atLeast(eight, 3)) },
    S6b: { count: () => atLeastCount(many, 10), set: () => sized(atLeast(many, 10)) },
    S7a: { count: () => sized(range(text16, range16)), set: () => sized(range(text16, range16)) },
    S7b: { count: () => sized(range(text24, range24)), set: () => sized(range(text24, range24)) },
    S8a: {
      count: () =>
        using(s2(), (set) => {
          if (best) return text16.sum(set)
          let sum = 0
          for (const person of set.toUint32Array()) sum += values16[person]!
          return sum
        }),
    },
    S8b: {
      count: () =>
        using(s2(), (set) => {
          if (best) return text16.atRank(set, Math.ceil(set.size / 2) - 1)
          const sorted = Int32Array.from(set.toUint32Array(), (person) => values16[person]!).sort()
          return sorted[Math.ceil(sorted.length / 2) - 1]!
        }),
    },
    S9a: {
      count: (turn) => atLeastCount(levels(buys, 7, turn), 3),
      set: (turn) => sized(atLeast(levels(buys, 7, turn), 3)),
    },
    S9b: {
      count: (turn) => atLeastCount(levels(buys, 90, turn), 3),
      set: (turn) => sized(atLeast(levels(buys, 90, turn), 3)),
    },
    S11: { count: (turn) => sized(s11(turn)), set: (turn) => sized(s11(turn)) },
    S12: {
      count: (turn) =>
        using(didIn(viewsOf3, headline.days, turn), (did) =>
          best
            ? using(R.and(did, A), (da) => da.andNotCardinality(C))
            : using(R.and(A, did), (ad) => ad.andNotCardinality(C)),
        ),
      set: (turn) => sized(s12(turn)),
    },
  }
  for (const [key, name] of profiles) {
    ways[key] = {
      count: () =>
        using(s2(), (set) => {
          // One intersection for each value, or one look at each person: the better one for that many values.
          if (name === 'c50' || !best)
            return profileSum(categories[name].map((people, v) => [v, people.andCardinality(set)]))
          const counts = new Uint32Array(categories[name].length)
          const of = codes[name]
          for (const person of set.toUint32Array()) counts[of[person]!]!++
          return profileSum([...counts].map((count, value) => [value, count]))
        }),
    }
  }
  const bytes = R.getRoaringUsedMemory()
  return { ways, bytes: { bitmaps: bytes, codes: codes.c50.byteLength + codes.c5000.byteLength } }
}

function made(members: Uint32Array): Bitmap {
  const bitmap = new R(members)
  bitmap.runOptimize()
  bitmap.shrinkToFit()
  return bitmap
}

/** Gives work a bitmap, and frees it. */
function using<Result>(bitmap: Bitmap, work: (bitmap: Bitmap) => Result): Result {
  const result = work(bitmap)
  bitmap.dispose()
  return result
}

function sized(bitmap: Bitmap): number {
  return using(bitmap, ({ size }) => size)
}

function chain(bitmaps: readonly Bitmap[]): Bitmap {
  const all = R.or(bitmaps[0]!, bitmaps[1]!)
  for (const bitmap of bitmaps.slice(2)) all.orInPlace(bitmap)
  return all
}

/** In how many of the bitmaps each person is, in bits that stop at `least`: a counter of bitmaps that begins so that it overflows at `least`. */
function atLeastSliced(bitmaps: readonly Bitmap[], least: number): Bitmap {
  const bits = Math.ceil(Math.log2(least))
  const counter = Array.from({ length: bits }, () => new R())
  const start = 2 ** bits - least
  const over = new R()
  // Those who begin at more than zero are everybody in one of the bitmaps: their start is added when they are seen first.
  const seen = new R()
  for (const bitmap of bitmaps) {
    if (start > 0) {
      const fresh = R.andNot(bitmap, seen)
      seen.orInPlace(bitmap)
      for (let bit = 0; bit < bits; bit++) if ((start >>> bit) & 1) counter[bit]!.orInPlace(fresh)
      fresh.dispose()
    }
    let carry = bitmap
    for (let bit = 0; bit < bits; bit++) {
      const next = R.and(counter[bit]!, carry)
      counter[bit]!.xorInPlace(carry)
      if (carry !== bitmap) carry.dispose()
      carry = next
    }
    over.orInPlace(carry)
    if (carry !== bitmap) carry.dispose()
  }
  for (const bitmap of [...counter, seen]) bitmap.dispose()
  return over
}

/** A counter for each person. */
function count(bitmaps: readonly Bitmap[], counters: Uint8Array): void {
  counters.fill(0)
  for (const bitmap of bitmaps) for (const person of bitmap.toUint32Array()) counters[person]!++
}

function countCounted(bitmaps: readonly Bitmap[], least: number, counters: Uint8Array): number {
  count(bitmaps, counters)
  let people = 0
  for (let person = 0; person < counters.length; person++) if (counters[person]! >= least) people++
  return people
}

function countedIn(bitmaps: readonly Bitmap[], least: number, counters: Uint8Array): Uint32Array {
  count(bitmaps, counters)
  const people = new Uint32Array(counters.length)
  let length = 0
  for (let person = 0; person < counters.length; person++) if (counters[person]! >= least) people[length++] = person
  return people.subarray(0, length)
}

function codesOf(values: readonly Bitmap[], people: number): Uint16Array {
  const codes = new Uint16Array(people)
  values.forEach((bitmap, value) => {
    for (const person of bitmap.toUint32Array()) codes[person] = value
  })
  return codes
}

/** Of each day, the people with at least one event, at least two, and so on. */
function daysOf(crowd: ShapesCrowd, kind: EventKind, category?: number): readonly (readonly Bitmap[])[] {
  const count = eventsOf(crowd)
  const sizes = new Uint32Array(eventDays)
  const isMeant = (i: number): boolean => category === undefined || categoryOfEvent(crowd, kind, i) === category
  for (let i = 0; i < count; i++) if (isMeant(i)) sizes[dayOfEvent(crowd, kind, i)]!++
  const days = Array.from(sizes, (size) => new Uint32Array(size))
  sizes.fill(0)
  for (let i = 0; i < count; i++) {
    if (!isMeant(i)) continue
    const day = dayOfEvent(crowd, kind, i)
    days[day]![sizes[day]!++] = personOfEvent(crowd, kind, i)
  }
  return days.map((people) => {
    people.sort()
    const levels: number[][] = []
    let level = 0
    for (let i = 0; i < people.length; i++) {
      level = i > 0 && people[i] === people[i - 1] ? level + 1 : 0
      levels[level] ??= []
      levels[level]!.push(people[i]!)
    }
    if (levels.length === 0) levels.push([])
    return levels.map((list) => made(Uint32Array.from(list)))
  })
}
