import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { IdDictionary, unknownDense } from '../../src/ids/id-dictionary.ts'
import { linkSection, readLinkSection } from '../../src/ids/link-section.ts'
import { codeOf, runs } from './code-of.ts'

function dictionary(count: number): IdDictionary {
  const ids = new IdDictionary({ seed: 1 })
  for (let i = 0; i < count; i++) ids.add(`u${i}`)
  return ids
}

function bytesOf(ids: IdDictionary): Uint8Array {
  const pieces = ids.links === null ? [] : [...linkSection(ids.links.snapshot())]
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

/** Numbers of 32 bits as bytes. */
function words(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer)
}

function read(bytes: Uint8Array, ids: IdDictionary): IdDictionary {
  readLinkSection(new ByteReader(bytes, 'links'), ids)
  return ids
}

/** The slow, obviously right links: the person of each number, and which aliases had been people. */
class Model {
  readonly personOf: (number | null)[] = []
  readonly merged = new Set<number>()

  members(person: number): number[] {
    return this.personOf.flatMap((of, number) => (of === person ? [number] : []))
  }

  forget(number: number): void {
    this.personOf[number] = null
    this.merged.delete(number)
  }
}

function expectEqual(ids: IdDictionary, model: Model): void {
  const people = new Set(model.personOf.filter((person) => person !== null))
  expect([ids.size, ids.liveCount]).toEqual([model.personOf.length, people.size])
  const numbers = ids.findMany(model.personOf.map((_, number) => `u${number}`))
  model.personOf.forEach((person, number) => {
    expect(ids.find(`u${number}`)).toBe(person ?? -1)
    expect(numbers[number]).toBe(person ?? unknownDense)
    expect(ids.numberOf(`u${number}`)).toBe(person === null ? -1 : number)
    expect(ids.isLive(number)).toBe(person === number)
    expect(ids.idOf(number)).toBe(person === number ? `u${number}` : undefined)
    if (person !== number) return
    expect(ids.idsOfPerson(number)).toEqual(model.members(number).map((member) => `u${member}`))
  })
}

type Step =
  | { readonly kind: 'add' | 'remove' | 'unlink' | 'read'; readonly a: number }
  | { readonly kind: 'alias' | 'merge'; readonly a: number; readonly b: number }

const place = fc.nat(40)
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('add' as const), a: place }), weight: 3 },
  {
    arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'unlink' as const, 'read' as const), a: place }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: fc.constantFrom('alias' as const, 'merge' as const), a: place, b: place }),
    weight: 8,
  },
)

function apply(ids: IdDictionary, model: Model, step: Step): void {
  const people = model.personOf.flatMap((person, number) => (person === number ? [number] : []))
  const aliases = model.personOf.flatMap((person, number) => (person === null || person === number ? [] : [number]))
  const pick = (from: readonly number[], at: number): number | undefined => from[at % Math.max(1, from.length)]
  const person = pick(people, step.a)
  switch (step.kind) {
    case 'add':
      model.personOf.push(ids.add(`u${model.personOf.length}`))
      break
    case 'alias': {
      if (person === undefined) return
      const alias = ids.add(`u${model.personOf.length}`)
      ids.link(alias, person)
      model.personOf.push(person)
      break
    }
    case 'merge': {
      const other = pick(people, step.b)
      if (person === undefined || other === undefined || person === other) return
      const [staying, leaving] = [Math.min(person, other), Math.max(person, other)]
      ids.merge(leaving, staying)
      for (const member of model.members(leaving)) model.personOf[member] = staying
      model.merged.add(leaving)
      break
    }
    case 'remove':
      if (person === undefined) return
      expect(ids.remove(person)).toBe(true)
      for (const member of model.members(person)) model.forget(member)
      break
    case 'unlink': {
      const alias = pick(aliases, step.a)
      if (alias === undefined) return
      ids.unlink(alias)
      model.forget(alias)
      break
    }
    case 'read': {
      const loaded = IdDictionary.load(ids.sections())
      if (ids.links !== null) read(bytesOf(ids), loaded)
      expectEqual(loaded, model)
      for (const alias of aliases) expect(loaded.links!.wasPerson(alias)).toBe(model.merged.has(alias))
      expect(bytesOf(loaded)).toEqual(aliases.length === 0 && loaded.links === null ? new Uint8Array() : bytesOf(ids))
    }
  }
}

describe('links', () => {
  it('law 4: any sequence of calls gives what the model gives', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        const ids = dictionary(0)
        const model = new Model()
        for (const one of steps) apply(ids, model, one)
        expectEqual(ids, model)
      }),
      runs(150),
    )
  })

  it('of one moment are what they were, whatever is linked meanwhile', () => {
    const ids = dictionary(70_000)
    ids.merge(69_999, 3)
    const alias = ids.add('x')
    ids.link(alias, 3)
    const expected = bytesOf(ids)
    const writing = linkSection(ids.links!.snapshot())
    const pieces = [writing.next().value!]
    ids.merge(3, 1)
    ids.merge(5, 4)
    ids.unlink(alias)
    ids.remove(1)
    pieces.push(...writing)
    expect(Uint8Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(expected)
  })

  it('of 20,000 aliases are written in pieces', () => {
    const ids = dictionary(20_001)
    for (let i = 1; i <= 20_000; i++) ids.merge(i, 0)
    const loaded = read(bytesOf(ids), dictionary(20_001))
    expect([loaded.liveCount, loaded.find('u20000'), loaded.idsOfPerson(0).length]).toEqual([1, 0, 20_001])
  })

  it('wipe the bytes of every id of a person who is removed', () => {
    const ids = dictionary(2)
    ids.merge(1, 0)
    ids.link(ids.add('secret alias'), 0)
    ids.remove(0)
    const bytes = Buffer.concat([...ids.sections()]).toString('latin1')
    expect(bytes).not.toContain('secret')
    expect(bytes).not.toContain('u1')
  })

  it('are unknown to a reader of an earlier moment', () => {
    const ids = dictionary(4)
    ids.link(ids.add('before'), 0)
    const moment = ids.holdLinks()
    ids.merge(2, 1)
    ids.merge(1, 0)
    ids.link(ids.add('after'), 0)
    expect(['u0', 'before', 'u1', 'u2', 'after', 'u3'].map((id) => ids.findAt(id, moment))).toEqual([
      0, 0, -1, -1, -1, 3,
    ])
    const later = ids.holdLinks()
    expect(ids.findAt('after', later)).toBe(0)
    ids.letGoOfLinks()
    ids.letGoOfLinks()
    expect(ids.findAt('u2', ids.holdLinks())).toBe(0)
  })
})

describe('saved links that are not to be trusted', () => {
  const good = words(1, 3, 0, 2, 2, 1, 4, 0)
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['one list only', words(0)],
    ['more than announced', words(0, 0, 7)],
    ['fewer than announced', words(4_000_000_000, 3, 0)],
    ['not in order', words(2, 4, 0, 3, 0, 0)],
    ['twice in a list', words(2, 3, 0, 3, 0, 0)],
    ['in both lists', words(1, 3, 0, 1, 3, 0)],
    ['its own person', words(1, 3, 3, 0)],
    ['a person seen later', words(1, 1, 2, 0)],
    ['a number that was never given', words(1, 9, 0, 0)],
    ['a removed alias', words(1, 5, 0, 0)],
    ['a removed person', words(1, 7, 6, 0)],
    ['a chain, downwards', words(2, 1, 0, 2, 1, 0)],
    ['a chain, upwards', words(1, 2, 1, 1, 1, 0)],
  ]

  function known(): IdDictionary {
    const ids = dictionary(8)
    ids.remove(5)
    ids.remove(6)
    return ids
  }

  it('give what they say where they are right', () => {
    const ids = read(good, known())
    expect([ids.idsOfPerson(0), ids.idsOfPerson(1), ids.links!.wasPerson(2)]).toEqual([
      ['u0', 'u3', 'u4'],
      ['u1', 'u2'],
      true,
    ])
    expect(bytesOf(ids)).toEqual(good)
  })

  it.each(cases)('%s', (_, bytes) => {
    expect(codeOf(() => read(bytes, known()))).toBe('STORE_CORRUPT')
  })

  it('every truncation, and any change of a byte: refused, or other links', () => {
    for (let length = 0; length < good.length; length++) {
      expect(codeOf(() => read(good.slice(0, length), known()))).toBe('STORE_CORRUPT')
    }
    for (let at = 0; at < good.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const bytes = good.slice()
        bytes[at]! ^= bit
        const ids = known()
        const code = codeOf(() => read(bytes, ids))
        if (code === undefined) expect(bytesOf(ids)).toEqual(bytes)
        else expect(code).toBe('STORE_CORRUPT')
      }
    }
  })
})
