import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, flag } from '../../src/index.ts'

const schema = {
  精致妈妈: flag(),
  新锐白领: flag(),
  老客: flag(),
  黑名单: flag(),
  种子: flag(),
  cityTier: category({ values: ['T1', 'T2', 'T3'] }),
  interests: category({ many: true }),
  sku: category(),
}

/** 200,000 people in four containers, every tag by arithmetic, so that each count can be worked out. */
function goldenEngine(): Engine<typeof schema> {
  const crowd = createEngine({ schema, clock: { now: () => 1_700_000_000_000 as never } })
  const people = 200_000
  const every = (step: number, from = 0): Uint32Array =>
    Uint32Array.from({ length: Math.ceil((people - from) / step) }, (_, i) => from + i * step)
  crowd.tags.精致妈妈.add(Array.from({ length: people }, (_, i) => i))
  crowd.tags.精致妈妈.replace(every(4))
  crowd.tags.新锐白领.replace(every(3))
  crowd.tags.老客.replace(every(10))
  crowd.tags.黑名单.replace(every(50))
  crowd.tags.种子.replace(every(2_000))
  crowd.tags.cityTier.add('T1', every(5))
  crowd.tags.cityTier.add('T2', every(5, 1))
  crowd.tags.cityTier.add('T3', every(5, 2))
  crowd.tags.interests.add('奶粉', every(6))
  crowd.tags.interests.add('口红', every(7))
  crowd.tags.interests.add('辅食', every(12))
  for (let sku = 0; sku < 60; sku++) crowd.tags.sku.add(`sku-${sku}`, every(997, sku))
  crowd.audiences.create({ name: '老客包', rule: '老客 and not 黑名单' })
  crowd.audiences.createList({ name: '已触达', members: every(40) })
  return crowd
}

// Drop a file with a rule into the folder, run with UPDATE_GOLDEN=1, read what was written, and it is a test.
const folder = join(import.meta.dirname, '../golden/explain')
const divider = '\n---\n'

describe('explain, pinned by golden files (law 23)', () => {
  const crowd = goldenEngine()
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))
  it('finds the golden files', () => expect(files.length).toBeGreaterThanOrEqual(20))
  for (const name of files) {
    it(name, () => {
      const path = join(folder, name)
      const [rule, expected] = readFileSync(path, 'utf8').split(divider)
      const actual = crowd.explain(rule!.trim()).toString({ times: false })
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, `${rule!.trim()}${divider}${actual}\n`)
      else expect(`${actual}\n`).toBe(expected)
      expect(crowd.explain(rule!.trim()).count).toBe(crowd.select(rule!.trim()).size)
    })
  }
})
