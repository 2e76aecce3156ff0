/**
 * Writes into package-lock.json the optional packages of other platforms that npm left out: it does where the registry or
 * node_modules has only those of this machine, and `npm ci` then refuses the lock file everywhere, this machine included.
 *
 *   npx tsx scripts/complete-lock.ts
 *
 * Only exact versions are written, as the packages that want them name them. Their checksums are not known here, and are
 * left to npm. Run it after each change of the dependencies; a test says when it is needed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '..', 'package-lock.json')

interface LockedPackage {
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  packages: Record<string, LockedPackage>
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']

/** Whether a package at `path` finds a dependency in the lock file: beside it, or in any folder above. */
function isLocked(lock: Lock, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true
    if (folder === '') return false
  }
}

/** The entry of a platform's package, whose name ends in the system, the processor and, on Linux, the C library. */
function entryOf(name: string, version: string, wantedBy: LockedPackage): object {
  const words = name.slice(name.indexOf('/') + 1).split('-')
  const at = words.findIndex((word) => systems.includes(word))
  if (at === -1 || at + 1 >= words.length || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new Error(
      `${name}@${version} is missing from the lock file, and is no package of a platform: run npm install`,
    )
  }
  const [os, cpu, abi] = words.slice(at)
  return {
    version,
    cpu: [cpu],
    ...(wantedBy.dev === true ? { dev: true } : {}),
    ...(os === 'linux' && abi !== undefined ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [os],
  }
}

const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock
const added: Record<string, object> = {}
for (const [path, locked] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    if (!isLocked(lock, path, name)) added[`node_modules/${name}`] = entryOf(name, version, locked)
  }
}
const packages = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(packages) as Lock['packages']
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${Object.keys(added).length} packages of other platforms were added to package-lock.json`)
