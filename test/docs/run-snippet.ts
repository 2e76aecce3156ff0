import { inspect } from 'node:util'
import ts from 'typescript'
import * as crowdbit from '../../src/index.ts'
import * as rules from '../../src/rules/index.ts'

/** What a snippet printed, and for each line `expression // expected` what the expression gave. */
export interface SnippetResult {
  readonly printed: string
  readonly checks: readonly { readonly line: string; readonly actual: string; readonly expected: string }[]
}

const asyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...code: string[]
) => (...values: unknown[]) => Promise<unknown>

/**
 * Runs TypeScript from a document, with the public names and `scope` in reach. A line `expression // expected` is checked
 * when `checkComments` is on and the comment reads like a value.
 */
export async function runSnippet(
  code: string,
  scope: Readonly<Record<string, unknown>> = {},
  checkComments = false,
): Promise<SnippetResult> {
  const printed: string[] = []
  const checks: { line: string; actual: string; expected: string }[] = []
  const lines = code
    .replace(/^import [^\n]*\n/gm, '')
    .split('\n')
    .map((line) => {
      const found = checkComments ? /^([^\s/].*?)\s+\/\/ (.+)$/.exec(line) : null
      if (found === null || /^(const|let|for|try|\}|if)\b/.test(line)) return line
      return `__check(await (${found[1]}), ${JSON.stringify(found[1])}, ${JSON.stringify(found[2])})`
    })
  const show = (value: unknown): string =>
    typeof value === 'string'
      ? value
      : inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY, compact: true })
  const names: Record<string, unknown> = {
    ...rules.makeNode,
    ...rules,
    ...crowdbit,
    ...scope,
    console: { log: (...values: unknown[]) => printed.push(values.map(show).join(' ')) },
    __check: (value: unknown, line: string, expected: string) =>
      checks.push({ line, actual: show(value), expected: expected.trim() }),
  }
  const { outputText } = ts.transpileModule(`async function __snippet() {\n${lines.join('\n')}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const usable = Object.keys(names).filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && name !== 'default')
  const run = new asyncFunction(...usable, `${outputText}\nreturn __snippet()`)
  await run(...usable.map((name) => names[name]))
  return { printed: printed.join('\n'), checks }
}
