import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/base/error-codes.ts'
import { CrowdbitError } from '../../src/index.ts'
import { type ErrorExample, readErrorsPage } from './errors-page.ts'
import { runSnippet } from './run-snippet.ts'

/** docs/errors.md: a heading for each code, and examples that do what the page says. */

/** Codes without an example, and why. */
const withoutExample: Readonly<Record<string, string>> = {
  IDS_EXHAUSTED: 'takes 4,294,967,295 people',
  VALUES_EXHAUSTED: 'takes 16,000,000 values',
  EVENT_TOO_MANY: 'takes 500,000,000 events',
  STORE_VERSION_UNSUPPORTED: 'takes a save of a version that does not exist yet',
  THREADS_FAILED: 'takes threads that die',
  THREADS_CLOSED: 'takes a question that is long enough for threads',
  INTERNAL: 'cannot be caused by a call',
}

/** What the page calls the folder in which the examples run. */
const shownFolder = '/data/shop'

const page = readErrorsPage()
const start = process.cwd()
let folder = ''

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'crowdbit-errors-')))
  process.chdir(folder)
})

afterEach(() => {
  process.chdir(start)
  rmSync(folder, { recursive: true, force: true })
})

describe('docs/errors.md', () => {
  it('has a heading for each code, in the order of the table', () => {
    expect(page.headings).toEqual(Object.keys(errorCodes))
  })

  it('has an example for each code but the few that no short program can cause', () => {
    const shown = new Set(page.examples.map(({ code }) => code))
    const missing = Object.keys(errorCodes).filter((code) => !shown.has(code))
    expect(missing).toEqual(Object.keys(withoutExample))
  })

  const [thrown, rejected] = (['error', 'rejected'] as const).map((kind) =>
    page.examples.filter((example) => example.kind === kind),
  )

  it.each(thrown!)('$code is what its example ends with, and the message is true', async (example) => {
    expect(example.heading).toBe(example.code)
    const error = await run(example).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(CrowdbitError)
    const { code, message } = error as CrowdbitError
    expect(code).toBe(example.code)
    expect(`${asShown(message)}\n`).toBe(example.message)
  })

  it.each(rejected!)('$code is why its example rejects a row, and the reason is true', async (example) => {
    expect(example.heading).toBe(example.code)
    const { printed } = await run(example)
    expect(printed).toContain(`${example.code}: `)
    expect(`${printed}\n`).toBe(example.message)
  })
})

/** A message without what differs from run to run: the folder, the process, the machine and the time. */
function asShown(message: string): string {
  const owner = /process \d+ on \S+, since [\d-]+T[\d:.]+Z/g
  return message
    .replaceAll(folder, shownFolder)
    .replaceAll(owner, 'process 4711 on shop-1, since 2026-01-31T08:00:00.000Z')
}

function run({ program }: ErrorExample): ReturnType<typeof runSnippet> {
  return runSnippet(page.setup + program, { truncate, writeFile })
}
