import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import {
  category,
  createEngine,
  type Engine,
  event,
  flag,
  number,
  type SchemaSpec,
  timestamp,
} from '../../src/index.ts'
import { runSnippet } from './run-snippet.ts'

// Every example of every doc comment is run, and what it says behind `//` is compared with what comes out.
const source = join(import.meta.dirname, '../../src')

interface Example {
  readonly place: string
  readonly code: string
}

function examplesIn(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/@example\n\s*\* ```ts\n([\s\S]*?)\n\s*\* ```/g)].map((match) => ({
    place: `${relative(source, file)}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!.replace(/^\s*\* ?/gm, ''),
  }))
}

/** The engine that examples call `crowd`: a thousand people, by arithmetic. */
function exampleEngine(): Engine<SchemaSpec> {
  const crowd = createEngine({
    schema: {
      精致妈妈: flag(),
      老客: flag(),
      cityTier: category(),
      interests: category({ many: true }),
      spend: number({ scale: 2 }),
      joinedAt: timestamp(),
      purchase: event({ product: category(), channel: category(), kol: category(), amount: number({ scale: 2 }) }),
      browse: event({ category: category() }),
    },
    clock: { now: () => Date.UTC(2026, 10, 21) as never },
  })
  crowd.putMany(
    Array.from({ length: 1_000 }, (_, i) => [
      `u${i}`,
      {
        精致妈妈: i % 4 === 0,
        老客: i % 10 === 0,
        cityTier: `T${(i % 3) + 1}`,
        interests: i % 2 === 0 ? ['奶粉'] : [],
        spend: `${i}.50`,
        joinedAt: Date.UTC(2026, 10, 21) - i * 86_400_000,
      },
    ]),
  )
  return crowd as unknown as Engine<SchemaSpec>
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('testing'))
  .map((name) => join(source, name))

// Each example has a folder of its own to save into.
const before = process.cwd()
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowdbit-examples-'))
  process.chdir(folder)
  writeFileSync('members.csv', 'openid,等级\nu1,T1\nu2,T2\n')
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

describe('examples in doc comments', () => {
  const examples = files.flatMap(examplesIn)
  it('are found', () => expect(examples.length).toBeGreaterThan(25))
  for (const { place, code } of examples) {
    it(place, async () => {
      const crowd = exampleEngine()
      const { checks } = await runSnippet(code, { crowd, schema: crowd.schema, IdDictionary, ...crowd.rules }, true)
      for (const { line, actual, expected } of checks) expect(`${line} // ${actual}`).toBe(`${line} // ${expected}`)
    })
  }
})
