import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** The house rules of CONTRIBUTING.md that no linter proves, and what package.json promises. */

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as Record<string, unknown>

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .sort()

describe('package.json', () => {
  it('has exactly these runtime dependencies', () => {
    expect(Object.keys(manifest.dependencies as object)).toEqual(['csv-parse', 'msgpackr', 're2js', 'roaring'])
    expect(Object.keys(manifest.peerDependencies as object)).toEqual(['fast-check'])
    expect(manifest.peerDependenciesMeta).toEqual({ 'fast-check': { optional: true } })
    expect(manifest.optionalDependencies).toBeUndefined()
  })

  it('runs on Node 20.12 and later, as an ES module without side effects', () => {
    expect(manifest.engines).toEqual({ node: '>=20.12' })
    expect(manifest.type).toBe('module')
    expect(manifest.sideEffects).toBe(false)
  })

  it('ships what is built, the documents and the schema of rules', () => {
    expect(manifest.files).toEqual(['dist', 'docs', 'rule.schema.json', 'CHANGELOG.md'])
  })

  it('leads each entry point to its code and types in both module systems', () => {
    const entry = (name: string): object => ({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    })
    expect(manifest.exports).toEqual({
      '.': entry('index'),
      './rules': entry('rules'),
      './testing': entry('testing'),
      './rule.schema.json': './rule.schema.json',
      './package.json': './package.json',
    })
  })

  it('lets exactly those dependencies run scripts at installation that build native code', () => {
    expect(manifest.allowScripts).toEqual({ roaring: true, 'msgpackr-extract': true, esbuild: true })
  })
})

describe('package-lock.json', () => {
  const lock = read('package-lock.json')

  it('names no registry, so that it installs from any', () => {
    expect(lock).not.toContain('"resolved"')
    expect(lock).not.toMatch(/https?:\/\/[^"/]*(registry|npmjs|npmmirror|artifactory|nexus|verdaccio)/)
  })

  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> }

  it('has the optional packages of all platforms, without which npm ci refuses it: scripts/complete-lock.ts adds them', () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(name)),
    )
    expect(missing).toEqual([])
  })

  it('pins by a checksum everything but the packages of other platforms', () => {
    const unpinned = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined)
    expect(unpinned.filter(([, { optional, os }]) => !(optional === true && os !== undefined))).toEqual([])
  })

  const isLocked = (name: string): boolean =>
    Object.keys(packages).some((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
})

interface LockedPackage {
  readonly integrity?: string
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

describe('src', () => {
  it('is TypeScript in kebab-case, with index.ts at the entry points only', () => {
    const wrong = sources.filter(
      (path) => !/^([a-z][a-z0-9]*(-[a-z0-9]+)*\/)+[a-z][a-z0-9]*(-[a-z0-9]+)*\.ts$/.test(path),
    )
    expect(wrong).toEqual([])
    const entries = sources.filter((path) => basename(path) === 'index.ts')
    expect(entries).toEqual(['src/index.ts', 'src/rules/index.ts', 'src/testing/index.ts'])
    expect(sources.filter((path) => /^(utils?|types|helpers?|common|misc)\.ts$/.test(basename(path)))).toEqual([])
  })

  it('has no any, no default export, and no file of more than 600 lines', () => {
    const faults = sources.flatMap((path) => {
      const text = read(path)
      const lines = text.split('\n').length - 1
      return [...placesOfFaults(path, text), ...(lines > 600 ? [`${path} has ${lines} lines`] : [])]
    })
    expect(faults).toEqual([])
  })
})

/** Where a file says `any` as a type, or exports by default. */
function placesOfFaults(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
  const found: string[] = []
  const add = (node: ts.Node, what: string): void => {
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1} ${what}`)
  }
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) add(node, 'any')
    const isDefault =
      ts.isExportAssignment(node) ||
      node.kind === ts.SyntaxKind.DefaultKeyword ||
      (ts.isExportSpecifier(node) && node.name.text === 'default')
    if (isDefault) add(node, 'export default')
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
