import { type CategorySpec, category, createEngine, type Engine, type FlagSpec, flag } from 'crowdbit'
import roaring from 'roaring'

const RoaringBitmap32: typeof roaring.RoaringBitmap32 = roaring.RoaringBitmap32
export type NativeBitmap = InstanceType<typeof roaring.RoaringBitmap32>

/** A tag of the bench. */
export type TagName = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'sparse' | 'rare'
type BenchSchema = Readonly<Record<TagName, FlagSpec>> & { readonly city: CategorySpec }

const schema: BenchSchema = {
  A: flag(),
  B: flag(),
  C: flag(),
  D: flag(),
  E: flag(),
  F: flag(),
  G: flag(),
  H: flag(),
  sparse: flag(),
  rare: flag(),
  city: category(),
}

/** A population in an engine, and the same tags as bitmaps of the Roaring package, filled from the same numbers. */
export interface Population {
  readonly people: number
  readonly kind: PopulationKind
  readonly crowd: Engine<BenchSchema>
  /** The same without the kernel: every rule is answered step by step. */
  readonly steps: Engine<BenchSchema>
  readonly bitmaps: Readonly<Record<TagName, NativeBitmap>>
  readonly values: Readonly<Record<TagName, Uint32Array>>
}

/** Independent: every tag by its own coin for each person. Realistic: clustered by sign-up order, and correlated. */
export type PopulationKind = 'independent' | 'realistic'

/** Shares of the people, from the measurements in the design: A, B and C are the tags of its headline question. */
export const shares: Readonly<Record<TagName, number>> = {
  A: 0.12,
  B: 0.3,
  C: 0.1,
  D: 0.2,
  E: 0.15,
  F: 0.08,
  G: 0.05,
  H: 0.4,
  sparse: 0.01,
  rare: 0.001,
}

const cities = 50

/** A population of a stated size, the same on every machine for a seed. People are integer ids in sign-up order. */
export function makePopulation(people: number, kind: PopulationKind, seed = 42): Population {
  const random = mulberry32(seed)
  const crowd = createEngine({ schema, imageBytes: 2 ** 30 })
  const steps = createEngine({ schema, imageBytes: 0 })
  for (let from = 0; from < people; from += 1_000_000) {
    const ids = Array.from({ length: Math.min(1_000_000, people - from) }, (_, i) => from + i)
    for (const engine of [crowd, steps]) engine.putMany(ids.map((id) => [id, {}]))
  }
  const bitmaps = {} as Record<TagName, NativeBitmap>
  const values = {} as Record<TagName, Uint32Array>
  // In a realistic population a person's general activity moves all tags, and each tag waxes and wanes over sign-up time.
  const activity = kind === 'independent' ? null : Float32Array.from({ length: people }, () => random() + random())
  for (const name of Object.keys(shares) as TagName[]) {
    const members = draw(people, shares[name], activity, random)
    for (const engine of [crowd, steps]) engine.tags[name].replace(members)
    bitmaps[name] = new RoaringBitmap32(members)
    values[name] = members
  }
  drawCities(people, random).forEach((members, city) => {
    for (const engine of [crowd, steps]) engine.tags.city.add(`city-${city}`, members)
  })
  return { people, kind, crowd, steps, bitmaps, values }
}

function draw(people: number, share: number, activity: Float32Array | null, random: () => number): Uint32Array {
  const members = new Uint32Array(people)
  let count = 0
  const phase = random() * 2 * Math.PI
  for (let person = 0; person < people; person++) {
    let chance = share
    if (activity !== null) {
      const season = Math.max(0, 1 + 1.2 * Math.sin(phase + (person / people) * 12))
      chance = share * season * activity[person]!
    }
    if (random() < chance) members[count++] = person
  }
  return members.slice(0, count)
}

/** City sizes by Zipf's law: the k-th has 1/k of the first. */
function drawCities(people: number, random: () => number): Uint32Array[] {
  const weights = Array.from({ length: cities }, (_, k) => 1 / (k + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const edges: number[] = []
  weights.reduce((sum, weight) => {
    edges.push((sum + weight) / total)
    return sum + weight
  }, 0)
  const members = weights.map(() => [] as number[])
  for (let person = 0; person < people; person++) {
    const drawn = random()
    members[edges.findIndex((edge) => drawn < edge)]?.push(person)
  }
  return members.map((list) => Uint32Array.from(list))
}

/** Mulberry32, seeded: the same numbers on every machine, so that runs can be compared. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
