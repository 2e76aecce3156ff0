/**
 * Packs the package, installs it into an empty project, and uses it there as its users do.
 *
 *   npm run package-check                 builds, packs, installs, checks
 *   npm run package-check -- --no-build   packs dist as it is
 *   npm run package-check -- --keep       leaves the temporary folder, and prints where it is
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { commonjsProgram, esmProgram, rulesProgram, testingProgram, typedProgram } from './consumer-programs.ts'

const root = join(import.meta.dirname, '..')
/** Modules with native code, or that the rules don't need: `crowdbit/rules` has to do without. */
const notForRules = ['roaring', 'msgpackr', 'msgpackr-extract', 'csv-parse']
/** Most bytes of the package after unpacking. */
const mostBytes = 15_000_000

/** What may be in the package: built code with its types and source maps, documents, and the schema of rules. */
const expectedFiles =
  /^(dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)|docs\/[\w-]+\.md|(README|CHANGELOG|LICENSE)(\.md)?|package\.json|rule\.schema\.json)$/

interface PackedFile {
  readonly path: string
  readonly size: number
}

interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly PackedFile[]
}

interface Manifest {
  readonly [field: string]: unknown
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

/** Refuses what does not hold. */
function expect(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint)
}

function expectEqual(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  expect(a === b, `${what} is ${a}, where ${b} is expected`)
}

/** The environment without what npm tells its scripts of this repository, so that an npm inside works on its own folder. */
function outsideEnvironment(): NodeJS.ProcessEnv {
  const ofThisRun = /^(npm_(package_|lifecycle_|config_local_prefix$|command$)|NODE_OPTIONS$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)))
}

/** Runs a program to its end; the error of one that fails has what it printed. */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, {
      ...{ cwd, env: outsideEnvironment(), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}

/** Writes a program into the project, runs it with Node, and reads the line of JSON that it prints. */
function runProgram(project: string, file: string, text: string): Readonly<Record<string, unknown>> {
  writeFileSync(join(project, file), text)
  return JSON.parse(run(process.execPath, [file], project)) as Readonly<Record<string, unknown>>
}

/** Every path that `exports`, `main`, `module` and `types` lead to. */
function targetsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value.replace(/^\.\//, '')]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(targetsOf) : []
}

function checkFiles(packed: Packed): void {
  const strays = packed.files.filter(({ path }) => !expectedFiles.test(path)).map(({ path }) => path)
  expectEqual(strays, [], 'the list of stray files')
  const paths = new Set(packed.files.map(({ path }) => path))
  for (const needed of [
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'rule.schema.json',
    'docs/errors.md',
    'docs/rules.md',
  ]) {
    expect(paths.has(needed), `${needed} is missing`)
  }
  expect(packed.unpackedSize <= mostBytes, `${packed.unpackedSize} bytes unpacked are more than ${mostBytes}`)
}

function checkManifest(manifest: Manifest, packed: Packed): void {
  const paths = new Set(packed.files.map(({ path }) => path))
  const { exports, main, module, types } = manifest
  for (const target of targetsOf([exports, main, module, types])) {
    expect(paths.has(target), `package.json leads to ${target}, which is not in the package`)
  }
  expectEqual(
    [manifest.name, manifest.type, manifest.sideEffects, manifest.license, manifest.engines],
    ['crowdbit', 'module', false, 'Apache-2.0', { node: '>=20.12' }],
    'name, type, sideEffects, license and engines',
  )
  const atInstall = Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))
  expectEqual(atInstall, [], 'the list of scripts that run at installation')
  for (const [name, range] of Object.entries(manifest.dependencies)) {
    expect(
      /^[~^]?\d+\.\d+\.\d+$/.test(range),
      `the dependency ${name} is ${range}, where a range of versions is expected`,
    )
  }
}

/** Nothing of this machine may be in the package: no folder, no home, no registry. */
function checkPrivacy(installed: string, packed: Packed): void {
  const registries = /https?:\/\/[^\s"']*(registry|npmjs|npmmirror|artifactory|verdaccio)[^\s"']*/
  const local = [root, homedir(), tmpdir()].filter((path) => path.length > 4)
  for (const { path } of packed.files) {
    const text = readFileSync(join(installed, path), 'utf8')
    for (const place of local) expect(!text.includes(`${place}/`), `${path} names the folder ${place}`)
    if (path === 'package.json') expect(!registries.test(text), `package.json names ${registries.exec(text)?.[0]}`)
  }
}

/**
 * Source maps are shipped, since an error inside crowdbit is then shown at its line of TypeScript. They hold the sources
 * themselves, so that src needs not be in the package.
 */
function checkSourceMaps(installed: string, packed: Packed): void {
  const code = packed.files.filter(({ path }) => /\.c?js$/.test(path))
  for (const { path } of code) {
    const file = join(installed, `${path}.map`)
    expect(existsSync(file), `${path} has no source map`)
    const map = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[]; sourcesContent?: unknown[] }
    expect(map.sources.length === (map.sourcesContent?.length ?? 0), `${path}.map does not hold its sources`)
    expect(
      map.sources.every((source) => source.startsWith('../src/')),
      `${path}.map has a source outside of src`,
    )
  }
}

/** Compiles the typed program with the module settings that users have; declaration files are checked too. */
function checkTypes(project: string): void {
  const settings = [
    { file: 'typed.mts', module: 'node16', moduleResolution: 'node16' },
    { file: 'typed.cts', module: 'node16', moduleResolution: 'node16' },
    { file: 'typed.ts', module: 'esnext', moduleResolution: 'bundler' },
  ] as const
  const nodeTypes = { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] }
  for (const { file, module, moduleResolution } of settings) {
    writeFileSync(join(project, file), typedProgram)
    const config = `tsconfig.${file}.json`
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', lib: ['es2022', 'esnext.disposable'] },
      ...{ strict: true, skipLibCheck: false, noEmit: true, exactOptionalPropertyTypes: true, ...nodeTypes },
    }
    writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: [file] }))
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], project)
  }
}

/** Runs the rules alone where the native modules, and whatever else they don't need, are not installed. */
function checkRulesAlone(project: string, folder: string): void {
  const bare = join(folder, 'rules-alone')
  cpSync(project, bare, { recursive: true })
  for (const name of notForRules) rmSync(join(bare, 'node_modules', name), { recursive: true, force: true })
  const text = '精致妈妈 and tier = "T1" and job matches "^a+$"'
  const expected = { esm: text, commonjs: text, faults: ['RULE_UNKNOWN_TAG', 'RULE_UNKNOWN_TAG'] }
  expectEqual(runProgram(bare, 'rules.mjs', rulesProgram), expected, 'the answer of crowdbit/rules')
  let failed = false
  try {
    runProgram(bare, 'engine.cjs', commonjsProgram)
  } catch {
    failed = true
  }
  expect(failed, 'crowdbit itself ran without roaring, so this check proves nothing')
}

/** Packs, installs and checks; returns how many checks failed. */
function checkPackage(folder: string): number {
  let [passed, failed] = [0, 0]
  const check = (name: string, body: () => void): void => {
    const began = performance.now()
    try {
      body()
      passed++
      console.log(`ok      ${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${name}`)
    } catch (error) {
      failed++
      console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}\n`)
    }
  }

  const packing = run('npm', ['pack', '--json', '--pack-destination', folder], root)
  const [packed] = JSON.parse(packing) as [Packed]
  const project = join(folder, 'project')
  mkdirSync(project)
  const manifest = {
    ...{ name: 'consumer', version: '1.0.0', private: true },
    // npm 11 asks for leave to run install scripts; older ones run them, and skip what they don't know.
    allowScripts: { roaring: true, 'msgpackr-extract': true },
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2))
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']
  const installed = join(project, 'node_modules', 'crowdbit')

  check('files', () => checkFiles(packed))
  check('installs into an empty project', () => {
    run('npm', ['install', join(folder, packed.filename), ...quiet], project)
  })
  if (failed === 0 || existsSync(installed)) {
    check('package.json', () => {
      const text = readFileSync(join(installed, 'package.json'), 'utf8')
      checkManifest(JSON.parse(text) as Manifest, packed)
    })
    check('nothing of this machine', () => checkPrivacy(installed, packed))
    check('source maps', () => checkSourceMaps(installed, packed))
    check('ESM, CommonJS, both together, rule.schema.json', () => {
      const esm = runProgram(project, 'esm.mjs', esmProgram)
      const commonjs = runProgram(project, 'commonjs.cjs', commonjsProgram)
      expectEqual([esm.count, commonjs.count], [1, 1], 'the count in ESM and CommonJS')
      expectEqual(esm.names, commonjs.names, 'the list of names in ESM')
      expect(esm.across === true, 'an error of the CommonJS copy is no CrowdbitError of the ESM copy')
      expectEqual(esm.schema, 'https://json-schema.org/draft/2020-12/schema', '$schema of rule.schema.json')
    })
    check('crowdbit/rules without native modules', () => checkRulesAlone(project, folder))
    check('installs fast-check beside it', () => {
      const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        peerDependencies: Readonly<Record<string, string>>
      }
      run('npm', ['install', `fast-check@${peerDependencies['fast-check']}`, ...quiet], project)
    })
    check('crowdbit/testing in ESM and CommonJS', () => {
      const { esm, commonjs } = runProgram(project, 'testing.mjs', testingProgram)
      expectEqual(esm, commonjs, 'the report in ESM')
    })
    check('types: node16 as ESM and CommonJS, bundler', () => checkTypes(project))
  }
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_000).toLocaleString('en-US')} KB`
  const maps = packed.files.reduce((sum, { path, size }) => sum + (path.endsWith('.map') ? size : 0), 0)
  console.log(
    `\n${packed.filename}: ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked, of it ${kilobytes(maps)} source maps, ${packed.files.length} files`,
  )
  console.log(`package-check: ${passed} passed, ${failed} failed`)
  return failed
}

const options = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'crowdbit-package-'))
try {
  if (!options.includes('--no-build')) run('npm', ['run', 'build', '--silent'], root)
  process.exitCode = checkPackage(folder) === 0 ? 0 : 1
} finally {
  if (options.includes('--keep')) console.log(folder)
  else rmSync(folder, { recursive: true, force: true })
}
