import { createEngine, type Engine, type FlagSpec, flag, type NumberSpec, number } from 'crowdbit'
import roaring from 'roaring'
import { DuckDB } from './duckdb.ts'
import { duel, timed } from './duel.ts'
import { hasTag, type Numbered, numberOf, tagShare } from './numbered.ts'
import type { NativeBitmap } from './population.ts'
import { report, type Table } from './report.ts'
import { Textbook } from './textbook.ts'

const { RoaringBitmap32: R } = roaring

type RangeSchema = { readonly A: FlagSpec; readonly n16: NumberSpec; readonly n24: NumberSpec }

/** A range with its bounds, both included; `to` is `null` where it is open. */
interface Range {
  readonly name: string
  readonly from: number
  readonly to: number | null
}

/** Ranges of 16-bit numbers; those of 24 bits are as wide, and end in digits of their own. */
const ranges: readonly Range[] = [
  { name: '1 %', from: 20_001, to: 20_655 },
  { name: '30 %', from: 20_001, to: 39_661 },
  { name: '70 %, open', from: 19_661, to: null },
]

/**
 * Question: what does a count of range ∩ tag cost, over numbers of 16 and of 24 bits, beside the greater-or-equal pass of the
 * textbooks on Roaring bitmaps of the slices, a scan of flat typed arrays, and DuckDB?
 */
export async function benchRanges(sizes: readonly number[]): Promise<void> {
  warmUp()
  const tables: Table[] = []
  for (const people of sizes) tables.push(await table({ people, seed: 42 }))
  report('ranges', tables)
}

/** Runs the engine's questions on few people, until its JavaScript is compiled as in a service that has run for a second. */
function warmUp(): void {
  const numbered = { people: 10_000, seed: 1 }
  const crowd = makeCrowd(numbered)
  for (const bits of [16, 24] as const) {
    for (const range of ranges) {
      for (let i = 0; i < 2_000; i++) crowd.count(ruleOf(bits, ofBits(range, bits)))
    }
  }
}

async function table(numbered: Numbered): Promise<Table> {
  const duckdb = DuckDB.start()
  await duckdb.loadNumbered(numbered)
  const crowd = makeCrowd(numbered)
  const tag = makeTag(numbered)
  const words = flatWords(tag, numbered.people)
  const rows: (string | number)[][] = []
  for (const bits of [16, 24] as const) {
    const values = Int32Array.from({ length: numbered.people }, (_, person) => numberOf(numbered, bits, person))
    const textbook = new Textbook(values, bits)
    for (const range of ranges.map((wide) => ofBits(wide, bits))) {
      const rule = ruleOf(bits, range)
      const prepared = crowd.prepare(rule)
      const medians = await duel(`${bits} bits, ${range.name}`, {
        text: () => timed(() => crowd.count(rule)),
        prepared: () => timed(() => prepared.count()),
        textbook: () => timed(() => textbook.count(range.from, range.to, tag)),
        within: () => timed(() => textbook.countWithin(range.from, range.to, tag)),
        flat: () => timed(() => countFlat(values, words, range)),
        duckdb: () => duckdb.query(sqlOf(bits, range)),
      })
      const { text, prepared: ready, textbook: classic, within, flat, duckdb: duck } = medians
      const ratio = (peer: number): string => `${(peer / text).toFixed(1)}×`
      rows.push([
        `${bits} bits, ${range.name}`,
        ...[text, ready, classic, within, flat, duck],
        ...[Math.min(classic, within), flat, duck].map(ratio),
      ])
    }
    textbook.dispose()
  }
  duckdb.stop()
  tag.dispose()
  return {
    title: `Range ∩ tag of ${tagShare * 100} %, ${numbered.people.toLocaleString('en')} people, medians in ms`,
    header: [
      'range',
      'engine, text',
      'engine, prepared',
      'textbook on roaring',
      'textbook within the tag',
      'flat typed arrays',
      'DuckDB',
      'best textbook ÷ text',
      'flat ÷ text',
      'DuckDB ÷ text',
    ],
    rows,
  }
}

function ruleOf(bits: 16 | 24, { from, to }: Range): string {
  return to === null ? `A and n${bits} >= ${from}` : `A and n${bits} between ${from} and ${to}`
}

function sqlOf(bits: 16 | 24, { from, to }: Range): string {
  return `SELECT count(*) FROM people WHERE a AND n${bits} ${to === null ? `>= ${from}` : `BETWEEN ${from} AND ${to}`}`
}

function ofBits(range: Range, bits: 16 | 24): Range {
  if (bits === 16) return range
  return { ...range, from: range.from * 256 + 77, to: range.to === null ? null : range.to * 256 + 178 }
}

function makeCrowd(numbered: Numbered): Engine<RangeSchema> {
  const { people } = numbered
  const crowd = createEngine({ schema: { A: flag(), n16: number(), n24: number() } })
  for (let from = 0; from < people; from += 1_000_000) {
    crowd.putMany(Array.from({ length: Math.min(1_000_000, people - from) }, (_, i) => [from + i, {}]))
  }
  const everyone = Uint32Array.from({ length: people }, (_, person) => person)
  crowd.tags.A.replace(everyone.filter((person) => hasTag(numbered, person)))
  for (const bits of [16, 24] as const) {
    const values = Int32Array.from({ length: people }, (_, person) => numberOf(numbered, bits, person))
    crowd.tags[`n${bits}`].replace(everyone, values)
  }
  return crowd
}

function makeTag(numbered: Numbered): NativeBitmap {
  const people = Uint32Array.from({ length: numbered.people }, (_, person) => person)
  const tag = new R(people.filter((person) => hasTag(numbered, person)))
  tag.runOptimize()
  return tag
}

/** The tag as one bit for each person. */
function flatWords(tag: NativeBitmap, people: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(people / 32))
  for (const person of tag) words[person >>> 5]! |= 1 << (person & 31)
  return words
}

/** What plain JavaScript without a library would do: one pass, leaving out words of the tag that have nobody. */
function countFlat(values: Int32Array, words: Uint32Array, { from, to }: Range): number {
  const last = to ?? 2 ** 31 - 1
  let count = 0
  for (let w = 0; w < words.length; w++) {
    for (let bits = words[w]!; bits !== 0; bits &= bits - 1) {
      const value = values[w * 32 + 31 - Math.clz32(bits & -bits)]!
      if (value >= from && value <= last) count++
    }
  }
  return count
}
