import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { category, createEngine, type Engine, flag } from '../../src/index.ts'

const schema = { 精致妈妈: flag(), vip: flag(), tier: category(), likes: category({ many: true }) }

function population(): Engine<typeof schema> {
  const crowd = createEngine({ schema })
  for (let i = 0; i < 20; i++) {
    crowd.put(`u${i}`, { 精致妈妈: i % 2 === 0, vip: i % 3 === 0, tier: ['T1', 'T2', 'T3'][i % 3]!, likes: ['奶粉'] })
  }
  crowd.audiences.create({ name: '老客', rule: 'vip', bounds: { min: 0 } })
  return crowd
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// Fixed: a change of any of these is a change of the format of hashes, which saved versions carry.
test.each([
  ['精致妈妈', '20a258401264a10b2294a03ec1518dc7f71de371d4f15abd5dfb733145317486'],
  ['not vip', '458fdb897cc1b9abee15e13615ee86a671f42d246aa106ed5dd7a62a7104e9f6'],
  ['tier = "T1"', 'c0b2a9670ceae696b8ef5e80e002d110f017ef2da3ec82a24aa1d8cf106e8871'],
  ['tier in ("T2", "T1")', '0999ea19cd180d358aeaa8569510c9165751881cc334b88967b1e624933b3f8b'],
  [
    '精致妈妈 and tier in ("T1", "T2") minus audience 老客',
    '3821d1dc72547b6621938c507eb4f365a04839842b83749d9f9cb35ecfbb8a83',
  ],
  [
    'at least 2 of (精致妈妈, vip, likes has any ("奶粉"))',
    '65347f1f0fd8e2539f469b6b8adfd92f01967a59f560c0055522f4bd57f02f08',
  ],
  ['likes starts with "奶" xor vip', '41cca09f1068ef1564e9a782ce6ad9f5aaf025101ed2a1eb0b2b300dc08a84d5'],
  ['likes matches "^奶"', '8505f30024c44f9b07b0dce32b807123e3e6cd261eb79a7f30e44964f60e5bde'],
  ['audience 老客 version 1', '362ce3e7ff79d52dc833514465ccc6a8f81daa24de3b25909b0bc8f5db41b1f4'],
  ['everyone', '958a05a7bc337c19c0db8cbf78bacb4fa34862e0e2f6a2f28429ca2c4284b720'],
  ['nobody', '1e71917a73416080455fd1968416fa9f39e047e4af0616db0d91f2a9e27e5e7f'],
])('law 25: the hash of %s is what it was', (rule, hash) => {
  expect(population().hash(rule)).toBe(hash)
})

test('law 25: hashes are SHA-256 over the text that is specified, and nothing of the platform', () => {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
  const crowd = population()
  const vip = sha('["present","vip"]')
  const tier = sha('["values","tier",["T1","T2"]]')
  expect(crowd.hash('vip')).toBe(vip)
  expect(crowd.hash('tier in ("T2", "T1")')).toBe(tier)
  expect(crowd.hash('not vip')).toBe(sha(`["not","${vip}"]`))
  expect(crowd.hash('vip and tier in ("T1", "T2")')).toBe(sha(JSON.stringify(['and', ...[vip, tier].sort()])))
})

test('law 25: rules that are equal up to rewriting have one hash', () => {
  const crowd = population()
  for (const [rule, same] of [
    ['vip and 精致妈妈', '精致妈妈 and vip'],
    ['vip and vip', 'vip'],
    ['not not vip', 'vip'],
    ['vip minus 精致妈妈', 'not 精致妈妈 and vip'],
    ['not (vip or 精致妈妈)', 'not vip and not 精致妈妈'],
    ['tier = "T1" or tier = "T2"', 'tier in ("T2", "T1", "T2")'],
    ['vip or (vip and tier = "T1")', 'vip'],
    ['vip xor vip', 'nobody'],
    ['at least 1 of (vip, 精致妈妈)', 'vip or 精致妈妈'],
  ] as const) {
    expect(crowd.hash(rule), `${rule} | ${same}`).toBe(crowd.hash(same))
  }
  expect(crowd.hash('vip')).not.toBe(crowd.hash('精致妈妈'))
  expect(crowd.hash('audience 老客')).not.toBe(crowd.hash('audience 老客 version 1'))
})

test('law 25: two engines of one input give the same explanation, to the byte', () => {
  const rules = [
    '精致妈妈 and tier in ("T1", "T2") and not vip',
    '(vip xor likes has any ("奶粉")) or not audience 老客',
    'at least 2 of (精致妈妈, vip, tier = "T3", likes is set) minus tier starts with "T1"',
  ]
  const text = (): string[] => {
    const crowd = population()
    return rules.map((rule) => crowd.explain(rule).toString({ times: false }))
  }
  expect(text()).toEqual(text())
  for (const explanation of text()) expect(explanation).not.toMatch(/ µs| ms\b/)
})

test('law 25: the same people are the same bytes', () => {
  expect(hex(population().select('vip').portableBytes())).toBe(
    '3a30000001000000000006001000000000000300060009000c000f001200',
  )
  expect(hex(population().select('everyone').portableBytes())).toBe('3b3000000100001300010000001300')
  expect(hex(population().select('nobody').portableBytes())).toBe('3a30000000000000')
})

test('law 25: however they came to be the same people', () => {
  const size = 70_000
  const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i)
  const ways: ((vip: Engine<{ vip: ReturnType<typeof flag> }>['tags']['vip']) => void)[] = [
    (vip) => vip.replace(range(10, 60_000)),
    (vip) => {
      vip.add(range(30_000, 60_000))
      vip.add(range(10, 30_000))
    },
    (vip) => {
      vip.replace(range(0, size))
      vip.clear(range(0, 10))
      vip.clear(range(60_000, size))
    },
    (vip) => {
      for (let i = 10; i < 60_000; i += 2) vip.add(Uint32Array.of(i))
      vip.add(range(10, 60_000))
    },
  ]
  const bytes = ways.map((write) => {
    const crowd = createEngine({ schema: { vip: flag() } })
    crowd.putMany(Array.from({ length: size }, (_, i) => [i, {}]))
    write(crowd.tags.vip)
    return [hex(crowd.select('vip').portableBytes()), hex(crowd.select('not not vip and everyone').portableBytes())]
  })
  expect(new Set(bytes.flat()).size).toBe(1)
})

test('law 25: everyone is the same bytes, seen one by one or in bulk', () => {
  const one = createEngine({ schema: { vip: flag() } })
  for (let i = 0; i < 3; i++) one.put(i, {})
  const bulk = createEngine({ schema: { vip: flag() } })
  bulk.tags.vip.clear([0, 1, 2])
  expect(hex(bulk.select('everyone').portableBytes())).toBe(hex(one.select('everyone').portableBytes()))
})

test('law 25: iteration is in ascending order, which is the order of first sight', () => {
  const crowd = createEngine({ schema: { vip: flag(), tier: category() } })
  for (const id of ['z', 'a', 5, 'm', 1]) crowd.put(id, { tier: `tier of ${id}` })
  crowd.tags.vip.replace([1, 'm', 'a', 'z'])
  const people = crowd.select('vip')
  expect([...people]).toEqual(['z', 'a', 'm', 1])
  expect([...people.dense()]).toEqual([0, 1, 3, 4])
  const first = people.page(null, 3)
  expect(first).toEqual({ ids: ['z', 'a', 'm'], next: 'after-3' })
  expect(people.page(first.next, 3)).toEqual({ ids: [1], next: null })
  expect(crowd.tags.tier.values().map(({ value }) => value)).toEqual([
    'tier of z',
    'tier of a',
    'tier of 5',
    'tier of m',
    'tier of 1',
  ])
})
