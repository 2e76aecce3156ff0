import { subscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { errorCodes } from '../../src/base/error-codes.ts'
import { runSnippet } from './run-snippet.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
const programs = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!)

const before = process.cwd()
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowdbit-operations-'))
  process.chdir(folder)
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

it('the programs of docs/operations.md run, one after the other, and give what they say', async () => {
  expect(programs.length).toBeGreaterThan(6)
  const { checks } = await runSnippet(programs.join('\n'), { subscribe }, true)
  expect(checks.length).toBeGreaterThan(8)
  for (const { line, actual, expected } of checks) expect(`${line} // ${actual}`).toBe(`${line} // ${expected}`)
})

it('docs/operations.md says what to do on every error of a folder', () => {
  const table = page.slice(page.indexOf('## What to do on each error'))
  const codes = Object.keys(errorCodes).filter((code) => /^(STORE_|ENGINE_NOT_DURABLE|CHANGES?_)/.test(code))
  expect(codes.filter((code) => !table.includes(code))).toEqual([])
})

it('docs/operations.md leads to headings that are there', () => {
  const anchors = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!)
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  )
  expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([])
})
