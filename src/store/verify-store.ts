import { CrowdbitError } from '../base/crowdbit-error.ts'
import { besideWriter } from './beside-writer.ts'
import { manifestName, pathOf } from './file-names.ts'
import type { FileSystem, ReadFile } from './file-system.ts'
import { logOrdinals, logSource } from './log-source.ts'
import type { Manifest } from './manifest.ts'
import { decodeManifest } from './manifest-format.ts'
import { openStoreOnce } from './open-store.ts'
import { readLog } from './read-log.ts'
import { readManifestBytes } from './read-manifest.ts'
import { errnoOf, io } from './store-fault.ts'
import { type OpenSectionFile, StoreReader } from './store-reader.ts'

/** A place where a folder isn't what was written there. */
export interface StoreFinding {
  readonly path: string
  /** In bytes; `null` where it is the whole file. */
  readonly offset: number | null
  /** The section that it is in, if any. */
  readonly section?: string
  readonly found: string
  readonly expected: string
  /** `torn tail`: what a loss of power leaves at the end of a log, and opening the folder cuts off. Nothing that was safe is missing. */
  readonly severity: 'damage' | 'torn tail'
}

/** What `verifyStore` found. */
export interface StoreVerification {
  /** Empty where all is well. */
  readonly findings: readonly StoreFinding[]
  /** Sections whose every byte was right. */
  readonly sections: number
  /** Records of the log behind the snapshot that were read. */
  readonly records: number
  /** Bytes of sections and log that were read. */
  readonly bytes: number
  /** The last mutation of snapshot and log that can be read. */
  readonly sequence: number
}

/**
 * Reads every byte of a folder that counts, without opening it: no lock is taken and nothing is changed, so it may be done
 * while an engine runs there, or to a backup. Of a log that is being written the end may look torn.
 *
 * Cost: reading the folder once; a few MiB of memory.
 *
 * @throws STORE_NOT_FOUND where there is neither a snapshot nor a log; STORE_VERSION_UNSUPPORTED; STORE_IO
 */
export function verifyStore(fs: FileSystem, directory: string): Promise<StoreVerification> {
  return besideWriter(
    fs,
    directory,
    () => verifyNow(fs, directory),
    ({ findings }) => findings.length === 0,
  )
}

async function verifyNow(fs: FileSystem, directory: string): Promise<StoreVerification> {
  const findings: StoreFinding[] = []
  const snapshot = await openSnapshot(fs, directory, findings)
  try {
    // Without the manifest nobody can say which segments count.
    if (snapshot === null && findings.length > 0) return { findings, sections: 0, records: 0, bytes: 0, sequence: 0 }
    // The log comes first: the next checkpoint removes it, while the files of sections are open.
    const content = await readLog(fs, await logSource(fs, directory, snapshot), () => {})
    const [sections, sectionBytes] = await readSections(snapshot, findings)
    const { fault, records, sequence } = content
    if (fault !== null) {
      const { path, offset, found, expected } = fault
      findings.push({ path, offset, found, expected, severity: fault.kind === 'torn' ? 'torn tail' : 'damage' })
    }
    const bytes = content.segments.reduce((sum, { size }) => sum + size, sectionBytes)
    return { findings, sections, records, bytes, sequence }
  } finally {
    await snapshot?.close()
  }
}

async function openSnapshot(fs: FileSystem, directory: string, findings: StoreFinding[]): Promise<StoreReader | null> {
  try {
    return await openStoreOnce(fs, directory)
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    if (error.code === 'STORE_CORRUPT') return openDamaged(fs, directory, findings)
    if (error.code !== 'STORE_NOT_FOUND') throw error
    const ordinals = await logOrdinals(fs, directory).catch(() => [])
    if (ordinals.length === 0) throw error
    return null
  }
}

/** A store of which files are missing or have another length: what is there can be read. `null` without its manifest. */
async function openDamaged(fs: FileSystem, directory: string, findings: StoreFinding[]): Promise<StoreReader | null> {
  const manifestPath = pathOf(directory, manifestName)
  let manifest: Manifest
  try {
    manifest = decodeManifest((await readManifestBytes(fs, directory)) ?? new Uint8Array(0), manifestPath)
  } catch (error) {
    findings.push(findingOf(error, manifestPath))
    return null
  }
  const files: OpenSectionFile[] = []
  for (const { name, bytes } of manifest.files) {
    const path = pathOf(directory, name)
    const file = await io('open', path, () =>
      fs.open(path).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return null
        throw error
      }),
    )
    const found = file === null ? 'no file' : `${file.size} bytes`
    if (file?.size !== bytes) {
      findings.push({ path, offset: null, found, expected: `${bytes} bytes`, severity: 'damage' })
    }
    files.push({ path, file: file ?? noFile })
  }
  return new StoreReader(manifest, files)
}

const noFile: ReadFile = { size: 0, read: async () => 0, close: async () => {} }

async function readSections(
  snapshot: StoreReader | null,
  findings: StoreFinding[],
): Promise<[sections: number, bytes: number]> {
  let sections = 0
  let bytes = 0
  for (const { name, bytes: length } of snapshot?.sections ?? []) {
    try {
      for await (const _ of snapshot!.readChunks(name)) {
        // Only its checksum is asked for.
      }
      sections++
    } catch (error) {
      findings.push({ ...findingOf(error, name), section: name })
    }
    bytes += length
  }
  return [sections, bytes]
}

/** @throws what isn't damage */
function findingOf(error: unknown, path: string): StoreFinding {
  if (!(error instanceof CrowdbitError) || error.code !== 'STORE_CORRUPT') throw error
  const { facts } = error
  return {
    path: typeof facts.path === 'string' ? facts.path : path,
    offset: typeof facts.offset === 'number' ? facts.offset : null,
    found: String(facts.found),
    expected: String(facts.expected),
    severity: 'damage',
  }
}
