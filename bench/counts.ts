import roaring from 'roaring'
import { type Contender, type Medians, race } from './measure.ts'
import { makePopulation, type NativeBitmap, type Population, type PopulationKind, type TagName } from './population.ts'
import { report, type Table } from './report.ts'

const { RoaringBitmap32: R } = roaring

/**
 * Question: what does a count through the engine, from text, cost beside the same question written by hand on the Roaring
 * package, in the order in which it is read (naive) and in the best order that we know (best)?
 */
export function benchCounts(sizes: readonly number[]): void {
  warmUp()
  const tables: Table[] = []
  for (const people of sizes) {
    for (const kind of ['independent', 'realistic'] as PopulationKind[])
      tables.push(table(makePopulation(people, kind)))
  }
  report('counts', tables)
}

/** Runs every question on few people, until the engine's JavaScript is compiled as in a service that has run for a second. */
function warmUp(): void {
  for (const contenders of Object.values(shapes(makePopulation(10_000, 'independent')))) {
    for (let i = 0; i < 3_000; i++) {
      contenders.text!()
      contenders.prepared!()
    }
  }
}

function table(population: Population): Table {
  const rows = Object.entries(shapes(population)).map(([question, contenders]) => {
    const medians = race(question, contenders)
    return [
      question,
      medians.text!,
      medians.prepared!,
      medians.steps!,
      bestOf(medians),
      medians.naive!,
      medians.floor ?? '',
      ...ratios(medians),
    ]
  })
  return {
    title: `Counts, ${population.people.toLocaleString('en')} people, ${population.kind} tags, medians in µs`,
    header: [
      'question',
      'engine, text',
      'engine, prepared',
      'prepared, step by step',
      'roaring, best',
      'roaring, naive',
      'flat words (floor)',
      'text ÷ best',
      'naive ÷ text',
    ],
    rows,
  }
}

function ratios(medians: Medians): string[] {
  const ratio = (a: number | undefined, b: number): string => (a === undefined ? '' : `${(a / b).toFixed(2)}×`)
  return [ratio(medians.text, bestOf(medians)), ratio(medians.naive, medians.text!)]
}

/** A tag as one bit for each person in a flat typed array: what plain JavaScript without a library would hold. */
function flatWords(population: Population, tag: TagName): Uint32Array {
  const words = new Uint32Array(Math.ceil(population.people / 32))
  for (const person of population.values[tag]) words[person >>> 5]! |= 1 << (person & 31)
  return words
}

/** How many bits are in a and b, and not in c, in one pass. */
function countWords(a: Uint32Array, b: Uint32Array, c: Uint32Array | null): number {
  let count = 0
  for (let i = 0; i < a.length; i++) {
    let bits = a[i]! & b[i]! & ~(c === null ? 0 : c[i]!)
    bits -= (bits >>> 1) & 0x5555_5555
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
  }
  return count
}

/** The fastest that was written by hand: on some data the order in which a question is read is the best one. */
function bestOf(medians: Medians): number {
  return Math.min(medians.best!, medians.naive!)
}

/** In how many of the bitmaps each person is, in two bits that stop at three: who has both is in three or more. */
function atLeast3(bitmaps: readonly NativeBitmap[]): number {
  const [ones, twos, more] = [new R(), new R(), new R()]
  for (const bitmap of bitmaps) {
    const carry = R.and(ones, bitmap)
    ones.xorInPlace(bitmap)
    const second = R.and(twos, carry)
    more.orInPlace(second)
    twos.xorInPlace(carry)
    carry.dispose()
    second.dispose()
  }
  const three = R.and(ones, twos)
  const count = more.orInPlace(three).size
  for (const bitmap of [ones, twos, more, three]) bitmap.dispose()
  return count
}

/** A counter for each person. */
function countOneByOne(bitmaps: readonly NativeBitmap[], least: number, people: number): number {
  const counts = new Uint8Array(people)
  for (const bitmap of bitmaps) for (const person of bitmap.toUint32Array()) counts[person]!++
  let count = 0
  for (let person = 0; person < people; person++) if (counts[person]! >= least) count++
  return count
}

function shapes(population: Population): Record<string, Record<string, Contender>> {
  const { crowd, steps, bitmaps } = population
  const { A, B, C, D, E, F, G, H, sparse, rare } = bitmaps
  const ask = (rule: string): Record<string, Contender> => {
    const prepared = crowd.prepare(rule)
    const stepwise = steps.prepare(rule)
    return { text: () => crowd.count(rule), prepared: () => prepared.count(), steps: () => stepwise.count() }
  }
  const words = { A: flatWords(population, 'A'), B: flatWords(population, 'B'), C: flatWords(population, 'C') }
  /** Builds a bitmap, counts with it, frees it. */
  const using = (made: NativeBitmap, count: (made: NativeBitmap) => number): number => {
    const result = count(made)
    made.dispose()
    return result
  }
  return {
    'A ∩ B': {
      ...ask('A and B'),
      best: () => A.andCardinality(B),
      naive: () => using(R.and(A, B), (ab) => ab.size),
      floor: () => countWords(words.A, words.B, null),
    },
    'A ∩ B − C (A ∩ B: 3.6 %, sparse in its containers)': {
      ...ask('A and B minus C'),
      best: () => using(R.andNot(A, C), (ac) => ac.andCardinality(B)),
      naive: () => using(R.and(A, B), (ab) => ab.andNotCardinality(C)),
      floor: () => countWords(words.A, words.B, words.C),
    },
    'A ∩ G − C (A ∩ G: 0.6 %)': {
      ...ask('A and G minus C'),
      best: () => using(R.andNot(A, C), (ac) => ac.andCardinality(G)),
      naive: () => using(R.and(A, G), (ag) => ag.andNotCardinality(C)),
    },
    '(A ∪ B) ∩ (C ∪ D) − E': {
      ...ask('(A or B) and (C or D) minus E'),
      best: () => using(R.or(A, B), (ab) => using(R.or(C, D), (cd) => ab.andNotInPlace(E).andCardinality(cd))),
      naive: () => using(R.or(A, B), (ab) => using(R.or(C, D), (cd) => ab.andInPlace(cd).andNotCardinality(E))),
    },
    'sparse ∩ rare': {
      ...ask('sparse and rare'),
      best: () => sparse.andCardinality(rare),
      naive: () => using(R.and(sparse, rare), (sr) => sr.size),
    },
    'A ∩ B ∩ rare − C': {
      ...ask('A and B and rare minus C'),
      best: () => using(R.and(rare, A), (ra) => ra.andInPlace(B).andNotCardinality(C)),
      naive: () => using(R.and(A, B), (ab) => ab.andInPlace(rare).andNotCardinality(C)),
    },
    'union of 7': {
      ...ask('A or B or C or D or E or F or G'),
      best: () => using(R.orMany([A, C, D, E, F, G]), (rest) => B.orCardinality(rest)),
      naive: () => using(R.or(A, B), (u) => u.orInPlace(C).orInPlace(D).orInPlace(E).orInPlace(F).orInPlace(G).size),
    },
    'at least 3 of 8': {
      ...ask('at least 3 of (A, B, C, D, E, F, G, H)'),
      best: () => atLeast3([A, B, C, D, E, F, G, H]),
      naive: () => countOneByOne([A, B, C, D, E, F, G, H], 3, population.people),
    },
    'not (A ∪ B)': {
      ...ask('not (A or B)'),
      best: () => population.people - A.orCardinality(B),
      naive: () => using(R.fromRange(0, population.people), (all) => all.andNotInPlace(A).andNotInPlace(B).size),
    },
    '8 conditions': {
      ...ask('H and B and D and (A or E) minus (C or F) minus rare'),
      best: () =>
        using(R.or(A, E), (ae) =>
          using(R.andNot(H, C), (h) =>
            h.andNotInPlace(F).andNotInPlace(rare).andInPlace(B).andInPlace(D).andCardinality(ae),
          ),
        ),
      naive: () =>
        using(R.and(H, B), (h) =>
          using(R.or(A, E), (ae) =>
            using(R.or(C, F), (cf) => h.andInPlace(D).andInPlace(ae).andNotInPlace(cf).andNotCardinality(rare)),
          ),
        ),
    },
  }
}
