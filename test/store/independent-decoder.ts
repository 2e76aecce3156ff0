/**
 * A decoder of an engine's folder, written from docs/format.md with nothing of the code that it describes: MessagePack by msgpackr, SHA-256
 * by Node, bitmaps by the Roaring package. It shows that the page says enough, and that the code does what it says.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpack } from 'msgpackr'
import { RoaringBitmap32 } from 'roaring'

interface Section {
  readonly name: string
  readonly version: number
  readonly file: number
  readonly offset: number
  readonly bytes: number
  readonly sha256: string
}

interface Manifest {
  readonly generation: number
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  readonly sections: readonly Section[]
  readonly storeId: string
  readonly sequence: number
  readonly log: number | null
  readonly meta: {
    readonly columns: readonly { readonly name: string; readonly kind: string; readonly many?: boolean }[]
  }
}

/** What a folder says of its people beside the ids. */
export interface DecodedPeople {
  readonly givenOut: number
  readonly linked: number
  /** Dense numbers of the living. */
  readonly living: readonly number[]
}

export interface DecodedFolder {
  readonly manifest: Manifest
  /** By dense number; `undefined` for a removed one. */
  readonly ids: readonly (string | bigint | undefined)[]
  readonly people: DecodedPeople
  /** Of each flag, category and number: the dense numbers by text, `''` for a flag, and the value by dense number. */
  readonly columns: ReadonlyMap<string, Map<string, number[]> | Map<number, number>>
  /** Records of the log behind the snapshot. */
  readonly records: readonly {
    readonly sequence: number
    readonly durable: number
    readonly fields: readonly unknown[]
  }[]
}

/** Decodes a folder, and throws where it isn't what the page says. */
export function decodeFolder(dir: string): DecodedFolder {
  const manifest = decodeManifest(readFileSync(join(dir, 'MANIFEST')))
  const files = manifest.files.map(({ name, bytes }) => {
    const content = readFileSync(join(dir, name))
    must(content.length === bytes, `${name} has ${bytes} bytes`)
    return content
  })
  const sections = new Map(
    manifest.sections.map((section) => {
      const { name, file, offset, bytes, sha256 } = section
      const content = files[file]!.subarray(offset, offset + bytes)
      must(createHash('sha256').update(content).digest('hex') === sha256, `${name} has its SHA-256`)
      return [name, content]
    }),
  )
  const columns = new Map<string, Map<string, number[]> | Map<number, number>>()
  manifest.meta.columns.forEach(({ name, kind }, n) => {
    if (kind === 'event') return
    const bytes = sections.get(`column-${n}`)!
    columns.set(name, kind === 'flag' || kind === 'category' ? decodeTexts(bytes) : decodeNumbers(bytes))
  })
  const people = decodePeople(sections.get('people')!)
  return { manifest, ids: decodeIds(sections), people, columns, records: decodeLog(dir, manifest) }
}

function decodeManifest(bytes: Buffer): Manifest {
  must(bytes.subarray(0, 8).toString('latin1') === 'CROWDBIT', 'a manifest begins with CROWDBIT')
  must(bytes.readUInt32LE(8) === 2, 'this is version 2')
  const n = bytes.readUInt32LE(12)
  must(bytes.length === 16 + n + 32, 'a manifest has its length')
  const hash = createHash('sha256')
    .update(bytes.subarray(0, 16 + n))
    .digest()
  must(hash.equals(bytes.subarray(16 + n)), 'a manifest ends with its SHA-256')
  return unpack(bytes.subarray(16, 16 + n)) as Manifest
}

function decodePeople(bytes: Buffer): DecodedPeople {
  must(Number(bytes.readBigUInt64LE(8)) === bytes.length - 16, 'nothing after the people')
  return { givenOut: bytes.readUInt32LE(0), linked: bytes.readUInt32LE(4), living: bitmapOf(bytes.subarray(16)) }
}

function decodeIds(sections: ReadonlyMap<string, Buffer>): (string | bigint | undefined)[] {
  const head = sections.get('ids')!
  const word = (i: number): number => head.readUInt32LE(4 * i)
  const [count, perRange, low, high, b] = [word(0), word(1), word(2), word(3), word(4)]
  const covered = Array.from({ length: 2 ** b }, (_, q) => word(5 + q))
  const missing = Array.from({ length: word(5 + 2 ** b) }, (_, i) => word(6 + 2 ** b + i))
  must(head.length === 4 * (6 + 2 ** b + missing.length), 'nothing after the missing')
  const bytes: Buffer[] = []
  for (let k = 0; k * perRange < count; k++) {
    const end = Math.min(count, (k + 1) * perRange)
    const section = sections.get(`ids-${k}`)!
    let at = 0
    while (bytes.length < end) {
      const ids = section.readUInt32LE(at)
      const n = section.readUInt32LE(at + 4)
      must(ids >= 1 && ids <= 16_384 && n <= 2 ** 20, 'the size of a frame')
      let from = at + 8 + 2 * ids
      for (let i = 0; i < ids; i++) {
        const length = section.readUInt16LE(at + 8 + 2 * i)
        bytes.push(section.subarray(from, from + length))
        from += length
      }
      at += 8 + 2 * ids + n
      must(at === from, 'the lengths of a frame')
    }
    must(at === section.length && bytes.length === end, 'nothing after a range')
  }
  const entered = new Set<number>()
  for (let q = 0; q < 2 ** b; q++) {
    for (const dense of decodePart(sections.get(`ids-table-${b}-${q}`)!, b, q, (dense) => {
      return halfSipHash(bytes[dense]!, low, high ^ 0x5bd1e995)
    })) {
      must(bytes[dense]!.length > 0 && !entered.has(dense), 'a living id is in the table once')
      entered.add(dense)
    }
  }
  for (const [dense, id] of bytes.entries()) {
    const q = Number(halfSipHash(id, low, high ^ 0x5bd1e995) >> BigInt(64 - b))
    must(
      id.length === 0 || entered.has(dense) || dense >= covered[q]! || missing.includes(dense),
      'the table is complete',
    )
  }
  return bytes.map((id) => (id.length === 0 ? undefined : idOf(id)))
}

/** The numbers in a part of the table, each where its hash puts it. */
function* decodePart(section: Buffer, b: number, q: number, hashOf: (dense: number) => bigint): Generator<number> {
  let at = 0
  const end = (q + 1) * 2 ** (32 - b)
  for (let first = q * 2 ** (32 - b); first < end; ) {
    const [depth, known, pages, goesOn] = section.subarray(at, at + 4)
    const count = section.readUInt32LE(at + 4)
    const groups = 32 * pages!
    const group = (g: number): Buffer => section.subarray(at + 8 + 64 * g, at + 72 + 64 * g)
    let found = 0
    for (let g = 0; g < groups; g++) {
      const used = group(g)[63]!
      for (let slot = 0; slot < 9; slot++) {
        const dense = group(g).readUInt32LE(4 * slot)
        const tag = (group(g).readUInt16LE(36 + 2 * slot) << 8) | group(g)[54 + slot]!
        if (slot >= used) {
          must(dense === 0 && tag === 0, 'what is not in use is 0')
          continue
        }
        const hash = hashOf(dense)
        must(
          Math.floor(Number(hash >> 32n) / 2 ** (32 - depth!)) === first / 2 ** (32 - depth!),
          'the bits of a sub-table',
        )
        const whole = Number((hash >> BigInt(64 - depth! - 24)) & 0xff_ffffn)
        must(tag === whole - (whole % 2 ** (24 - known!)), 'a tag')
        let home = Math.floor(((tag >>> 8) * groups) / 2 ** 16)
        for (; home !== g; home = (home + 1) % groups)
          must(group(home)[63] === 9, 'an id is in the first group with room')
        found++
        yield dense
      }
    }
    must(found === count, 'ids in a sub-table')
    at += 8 + 64 * groups
    if (goesOn === 0) first += 2 ** (32 - depth!)
  }
  must(at === section.length, 'nothing after the last sub-table')
}

/** HalfSipHash-1-3, all 64 bits. Source: github.com/veorq/SipHash, halfsiphash.c. */
function halfSipHash(bytes: Uint8Array, key0: number, key1: number): bigint {
  const v = Uint32Array.of(key0, key1, 0x6c796765 ^ key0, 0x74656462 ^ key1)
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
  const round = (): void => {
    v[0]! += v[1]!
    v[1] = rotate(v[1]!, 5) ^ v[0]!
    v[0] = rotate(v[0]!, 16)
    v[2]! += v[3]!
    v[3] = rotate(v[3]!, 8) ^ v[2]!
    v[0]! += v[3]!
    v[3] = rotate(v[3]!, 7) ^ v[0]!
    v[2]! += v[1]!
    v[1] = rotate(v[1]!, 13) ^ v[2]!
    v[2] = rotate(v[2]!, 16)
  }
  const padded = Buffer.alloc((bytes.length >>> 2) * 4 + 4)
  padded.set(bytes)
  padded[padded.length - 1] = bytes.length
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.readUInt32LE(at)
    v[3]! ^= word
    round()
    v[0]! ^= word
  }
  v[2]! ^= 0xee
  for (let i = 0; i < 3; i++) round()
  return (BigInt((v[1]! ^ v[3]!) >>> 0) << 32n) | BigInt((v[0]! ^ v[2]!) >>> 0)
}

function idOf(bytes: Buffer): string | bigint {
  if (bytes[0] !== 0xff) return bytes.toString('utf8')
  return bytes.subarray(1).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)
}

function decodeTexts(bytes: Buffer): Map<string, number[]> {
  const people = new Map<string, number[]>()
  let at = 4
  for (let left = bytes.readUInt32LE(0); left > 0; left--) {
    const length = bytes.readUInt32LE(at)
    const text = bytes.toString('utf8', at + 4, at + 4 + length)
    at += 4 + length
    const size = Number(bytes.readBigUInt64LE(at))
    people.set(text, bitmapOf(bytes.subarray(at + 8, at + 8 + size)))
    at += 8 + size
  }
  must(at === bytes.length, 'nothing after a column')
  return people
}

function decodeNumbers(bytes: Buffer): Map<number, number> {
  const s = bytes.readUInt32LE(0)
  let at = 4
  const next = (): number[] => {
    const size = Number(bytes.readBigUInt64LE(at))
    at += 8 + size
    return bitmapOf(bytes.subarray(at - size, at))
  }
  const values = new Map(next().map((person) => [person, 0]))
  const below = next()
  for (let i = 0; i < s; i++) for (const person of next()) values.set(person, values.get(person)! + 2 ** i)
  for (const person of below) values.set(person, values.get(person)! - 2 ** s)
  return values
}

function bitmapOf(bytes: Buffer): number[] {
  return RoaringBitmap32.deserialize(bytes, 'portable').toArray()
}

function decodeLog(dir: string, { log, sequence: snapshot, storeId }: Manifest): DecodedFolder['records'] {
  const records: { sequence: number; durable: number; fields: readonly unknown[] }[] = []
  const segments = readdirSync(dir)
    .filter((name) => name.startsWith('log-'))
    .sort()
  let last = snapshot
  for (const name of segments) {
    const bytes = readFileSync(join(dir, name))
    must(bytes.subarray(0, 8).toString('latin1') === 'CROWDLOG', 'a segment begins with CROWDLOG')
    must(bytes.readUInt32LE(8) === 1 && bytes.readUInt32LE(12) === 0, 'this is version 1')
    must(bytes.subarray(16, 32).toString('hex') === storeId, 'a segment is of its store')
    const ordinal = Number(bytes.readBigUInt64LE(32))
    must(name === `log-${String(ordinal).padStart(12, '0')}.crowdbit`, 'a segment has its ordinal in its name')
    must(bytes.readUInt32LE(44) === xxh32(bytes.subarray(0, 44), 0), 'the checksum of a header')
    if (log !== null && ordinal < log) continue
    const seed = bytes.readUInt32LE(16)
    for (let at = 48; at < bytes.length; ) {
      const n = bytes.readUInt32LE(at)
      must(bytes.readUInt32LE(at + 4) === xxh32(bytes.subarray(at + 8, at + 24 + n), seed), 'the checksum of a frame')
      const sequence = Number(bytes.readBigUInt64LE(at + 8))
      const durable = Number(bytes.readBigUInt64LE(at + 16))
      if (n === 0) must(durable <= sequence, 'a mark knows what came before')
      else if (sequence > snapshot) {
        must(sequence === last + 1 && durable < sequence, 'records are in order')
        last = sequence
        records.push({ sequence, durable, fields: unpack(bytes.subarray(at + 24, at + 24 + n)) as unknown[] })
      }
      at += 24 + n
    }
  }
  return records
}

/** XXH32. Source: github.com/Cyan4973/xxHash, doc/xxhash_spec.md. */
function xxh32(bytes: Uint8Array, seed: number): number {
  const [p1, p2, p3, p4, p5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1]
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
  const lane = (at: number): number =>
    bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  let at = 0
  let h = seed + p5
  if (bytes.length >= 16) {
    const acc = [seed + p1 + p2, seed + p2, seed, seed - p1]
    for (; at + 16 <= bytes.length; at += 16) {
      for (let i = 0; i < 4; i++) acc[i] = Math.imul(rotate((acc[i]! + Math.imul(lane(at + 4 * i), p2)) | 0, 13), p1)
    }
    h = rotate(acc[0]!, 1) + rotate(acc[1]!, 7) + rotate(acc[2]!, 12) + rotate(acc[3]!, 18)
  }
  h = (h + bytes.length) | 0
  for (; at + 4 <= bytes.length; at += 4) h = Math.imul(rotate((h + Math.imul(lane(at), p3)) | 0, 17), p4)
  for (; at < bytes.length; at++) h = Math.imul(rotate((h + Math.imul(bytes[at]!, p5)) | 0, 11), p1)
  h = Math.imul(h ^ (h >>> 15), p2)
  h = Math.imul(h ^ (h >>> 13), p3)
  return (h ^ (h >>> 16)) >>> 0
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`docs/format.md says otherwise: ${what}`)
}
