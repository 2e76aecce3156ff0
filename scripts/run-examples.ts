/**
 * Runs every example and the demo against the built package, and compares what they print with `examples/expected/`.
 *
 *   npm run examples                    all
 *   npm run examples -- 02 demo         some, by the beginning of their names
 *   npm run examples -- --update        writes what was printed to examples/expected/
 *   npm run examples -- --no-build      uses dist as it is
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lineDiff } from './line-diff.ts'

const root = join(import.meta.dirname, '..')
const examples = join(root, 'examples')
const expected = join(examples, 'expected')
/** Longest time for one example. */
const timeout = 120_000

interface Example {
  readonly name: string
  readonly file: string
}

interface Run {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
  readonly seconds: number
}

/** The numbered examples, each a file or a folder with a `main.ts`, and the demo. */
function findExamples(): readonly Example[] {
  return readdirSync(examples, { withFileTypes: true })
    .filter(({ name }) => /^\d\d-/.test(name) || name === 'demo')
    .map((entry) => ({
      name: entry.name.replace(/\.ts$/, ''),
      file: join(examples, entry.name, ...(entry.isDirectory() ? ['main.ts'] : [])),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Node with tsx. The root's tsconfig.json leads `crowdbit` to src, so that types are checked without a build;
 * tsconfig.run.json doesn't, so that at run time the name leads through package.json's exports to dist, as for a user.
 */
function startNode(args: readonly string[]): { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const { FORCE_COLOR: _, ...env } = process.env
  return {
    command: ['--import', 'tsx', ...args],
    env: { ...env, NO_COLOR: '1', TSX_TSCONFIG_PATH: join(examples, 'tsconfig.run.json') },
  }
}

function run(file: string): Promise<Run> {
  const { command, env } = startNode([file])
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (exitCode) => {
      resolve({ exitCode, output, errors, seconds: (performance.now() - began) / 1_000 })
    })
  })
}

/** What differs from run to run, and from machine to machine, made the same. */
function mask(text: string): string {
  const masked = text
    .replaceAll(root, '<repository>')
    .replace(new RegExp(`${literally(tmpdir())}/[\\w.-]+`, 'g'), '<folder>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\d[\d,.]* (rows|ids|people|bytes|KB|MB)\/s\b/g, '<speed>')
    .replace(/\d[\d,.]* (ns|µs|ms|s|seconds)\b/g, '<time>')
    // A step of a plan that took less than a microsecond shows no time at all.
    .replace(/^(\s*[│├└].*?), <time>$/gm, '$1')
    .replace(/[ \t]+$/gm, '')
  return `${masked.trim()}\n`
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Everything wrong with a run; `null` when nothing is. */
function complaint(example: Example, { exitCode, output, errors }: Run, update: boolean): string | null {
  if (exitCode !== 0) return `ended with ${exitCode ?? `a signal, after ${timeout / 1_000} seconds at most`}\n${errors}`
  if (errors.trim() !== '') return `wrote to the error stream:\n${errors}`
  const file = join(expected, `${example.name}.txt`)
  const found = mask(output)
  if (update) {
    mkdirSync(expected, { recursive: true })
    writeFileSync(file, found)
    return null
  }
  if (!existsSync(file)) return 'has no expected output: run with --update and read what it writes'
  const diff = lineDiff(readFileSync(file, 'utf8'), found)
  return diff.length === 0 ? null : `printed something else (- expected, + printed):\n${diff.join('\n')}`
}

/** Where `crowdbit` leads at run time. */
function resolvedPackage(): string {
  const { command, env } = startNode(['--input-type=module', '--eval', 'console.log(import.meta.resolve("crowdbit"))'])
  return spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' }).stdout.trim()
}

async function main(args: readonly string[]): Promise<number> {
  const options = args.filter((arg) => arg.startsWith('--'))
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = options.find((option) => option !== '--update' && option !== '--no-build')
  if (unknown !== undefined) {
    console.error(`there is no option ${unknown}: --update and --no-build are those there are`)
    return 2
  }
  if (!options.includes('--no-build')) {
    const { status } = spawnSync('npm', ['run', 'build', '--silent'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) {
      console.error('the build failed')
      return 1
    }
  }
  if (!resolvedPackage().endsWith('/dist/index.js')) {
    console.error(`crowdbit leads to ${resolvedPackage()}, where the built package is expected`)
    return 1
  }
  const all = findExamples()
  const chosen = all.filter(({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)))
  if (chosen.length === 0) {
    console.error(`no example begins with ${names.join(' or ')}: there are ${all.map(({ name }) => name).join(', ')}`)
    return 2
  }
  let failed = 0
  const update = options.includes('--update')
  for (const example of chosen) {
    const result = await run(example.file)
    const wrong = complaint(example, result, update)
    if (wrong !== null) failed++
    const verdict = wrong !== null ? 'FAILED ' : update ? 'written' : 'same   '
    console.log(`${verdict} ${result.seconds.toFixed(1).padStart(5)} s  ${example.name}`)
    if (wrong !== null) console.log(`${example.name} ${wrong}\n`)
  }
  for (const file of names.length > 0 || !existsSync(expected) ? [] : readdirSync(expected)) {
    if (all.some(({ name }) => `${name}.txt` === file)) continue
    failed++
    console.log(`FAILED          ${file} is expected of an example that is not there`)
  }
  console.log(`examples: ${chosen.length} ran, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
