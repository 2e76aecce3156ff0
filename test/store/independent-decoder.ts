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

export interface DecodedFolder {
  readonly manifest: Manifest
  /** By dense number; `undefined` for a removed one. */
  readonly ids: readonly (string | bigint | undefined)[]
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
  return { manifest, ids: decodeIds(sections.get('ids')!), columns, records: decodeLog(dir, manifest) }
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

function decodeIds(bytes: Buffer): (string | bigint | undefined)[] {
  must(bytes.toString('latin1', 0, 4) === 'CBID' && bytes.readUInt32LE(4) === 1, 'the ids begin with CBID, version 1')
  const count = bytes.readUInt32LE(8)
  must(bytes.readUInt32LE(12) === xxh32(bytes.subarray(0, 12), 0), 'the checksum of the header')
  const ids: (string | bigint | undefined)[] = []
  let at = 16
  while (ids.length < count) {
    const k = bytes.readUInt32LE(at)
    const n = bytes.readUInt32LE(at + 4)
    const body = bytes.subarray(at + 12, at + 12 + 2 * k + n)
    must(bytes.readUInt32LE(at + 8) === xxh32(body, ids.length), 'the checksum of a frame of ids')
    let from = 2 * k
    for (let i = 0; i < k; i++) {
      const length = body.readUInt16LE(2 * i)
      ids.push(length === 0 ? undefined : idOf(body.subarray(from, from + length)))
      from += length
    }
    at += 12 + body.length
  }
  must(at === bytes.length, 'nothing after the ids')
  return ids
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
