import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as rules from '../../src/rules/index.ts'
import * as testing from '../../src/testing/index.ts'
import { runSnippet } from '../docs/run-snippet.ts'

const folder = join(import.meta.dirname, '../../src/testing')

/** The examples of doc comments, with the file they are in. */
const examples = readdirSync(folder).flatMap((file) =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/@example\n\s*\* ```ts\n([\s\S]*?)\n\s*\* ```/g)].map(
    (match) => [file, match[1]!.replace(/^\s*\* ?/gm, '')] as const,
  ),
)

describe('examples in doc comments', () => {
  test('are found', () => expect(examples.length).toBeGreaterThanOrEqual(3))
  test.each(examples)('%s', async (_, code) => {
    const { checks } = await runSnippet(code, { ...rules, ...testing }, true)
    for (const { line, actual, expected } of checks) expect(`${line} // ${actual}`).toBe(`${line} // ${expected}`)
  })
})
