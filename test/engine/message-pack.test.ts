import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isWellFormed } from '../../src/base/well-formed.ts'
import { insideOf } from '../../src/engine/engine.ts'
import { MessagePackFault, MessagePackReader } from '../../src/engine/journal/message-pack-reader.ts'
import { MessagePackWriter } from '../../src/engine/journal/message-pack-writer.ts'
import { recordKinds } from '../../src/engine/journal/record-kinds.ts'
import { JournalReplay } from '../../src/engine/journal/replay-journal.ts'
import { createEngine, flag } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'

const lengths = [0, 1, 3, 4, 5, 15, 16, 31, 32, 84, 85, 86, 255, 256, 400, 21_844, 21_845, 70_000]
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.string({ unit: 'binary', maxLength: 100 }).filter(isWellFormed),
  fc
    .tuple(
      fc.constantFrom('a', 'é', '精', '🎉', '\u007f', '\u0080', '\u07ff', '\u0800', '\uffff'),
      fc.constantFrom(...lengths),
    )
    .map(([unit, length]) => unit.repeat(length)),
)

it('texts are read as they were written, wherever they stand, by name and by value', () => {
  const reader = new MessagePackReader(2)
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 20 }), fc.nat(20), (all, room) => {
      const out = new MessagePackWriter()
      for (const text of all) {
        out.text(text)
        expect(out.bytes.length).toBeGreaterThan(Buffer.byteLength(text))
      }
      const bytes = Buffer.concat([new Uint8Array(room), out.bytes, new Uint8Array(room)])
      for (const read of ['text', 'name', 'name'] as const) {
        reader.open(bytes, room, room + out.bytes.length)
        expect(all.map(() => reader[read]())).toEqual(all)
        reader.end()
      }
      reader.open(out.bytes)
      for (const text of all) {
        reader.textBytes()
        expect(Buffer.from(reader.bytes.subarray(reader.textStart, reader.textEnd)).toString()).toBe(text)
      }
      reader.end()
    }),
    campaign(200),
  )
})

it('half of a surrogate pair is written as the encoder writes it, in texts of any length', () => {
  const reader = new MessagePackReader()
  for (const text of ['\ud800', 'a\udc00b', '\ud83c\ud83c\udf89', 'é\ud800', `${'x'.repeat(300)}\ud800`]) {
    const out = new MessagePackWriter()
    out.text(text)
    reader.open(out.bytes)
    expect(reader.text()).toBe(Buffer.from(text).toString())
    reader.end()
  }
})

it('names that share a place, or begin and end alike, are told apart', () => {
  const reader = new MessagePackReader(2)
  const names = ['', 'a', 'aa', 'aaa', 'aaaa', 'aaaaa', 'aaaab', 'abaaaa', 'aaabaa', 'aabaaaaa', 'aaabaaaa', 'aaaabaaa']
  const out = new MessagePackWriter()
  for (const name of [...names, ...names]) out.text(name)
  reader.open(out.bytes)
  expect([...names, ...names].map(() => reader.name())).toEqual([...names, ...names])
})

it('what was written is handed out whole, and is gone from memory after it was wiped', () => {
  const out = new MessagePackWriter()
  for (const length of [1, 500, 520, 2000, 10, 3 * 2 ** 20, 10]) {
    out.clear()
    out.binary(new Uint8Array(length).fill(9))
    const { bytes } = out
    expect(bytes).toHaveLength(length + 5)
    expect(bytes.subarray(5).every((byte) => byte === 9)).toBe(true)
    out.wipe()
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    expect(out.bytes).toHaveLength(0)
  }
})

it('the id of a record is a text or an integer, and never the bytes of the other', () => {
  const replay = (...id: number[]) => {
    const engine = createEngine({ schema: { vip: flag() } })
    const replay = new JournalReplay(insideOf(engine))
    for (const one of [id, id])
      replay.record(Uint8Array.of(0x94, recordKinds.putOne, ...one, 0xa3, 0x76, 0x69, 0x70, 0xc3))
    replay.finish()
    return engine
  }
  const idsOf = (...id: number[]): unknown[] => [...replay(...id).select('vip')]
  expect(idsOf(0xa1, 0x2a)).toEqual(['*'])
  expect(idsOf(0xa3, 0xe7, 0xb2, 0xbe)).toEqual(['精'])
  expect(idsOf(0xa4, 0xef, 0xbb, 0xbf, 0x61)).toEqual(['\ufeffa'])
  expect(idsOf(0x2a)).toEqual([42])
  expect(idsOf(0xcf, 0, 0, 0, 0, 0, 0, 0, 42)).toEqual([42])
  expect(idsOf(0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)).toEqual([2n ** 64n - 1n])
  expect(() => replay(0xa2, 0xff, 0x2a)).toThrow(MessagePackFault)
  expect(() => replay(0xa0)).toThrow('at byte 3 there is an id of 0 bytes, where an id is expected')
  expect(() => replay(0xa3, 0xed, 0xa0, 0x80)).toThrow('an id that is not UTF-8')
  expect(() => replay(0xa9, 0x61)).toThrow(MessagePackFault)
})
