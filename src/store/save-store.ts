import { randomBytes } from 'node:crypto'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { refuseLocked } from './directory-lock.ts'
import { oneAtATime } from './directory-queue.ts'
import { generationOf, lockName, manifestName, pathOf, temporaryManifestName } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { keptFiles, superseded } from './kept-files.ts'
import { encodeManifest } from './manifest-format.ts'
import { copyPlainData, type PlainData } from './plain-data.ts'
import { processFacts } from './process-facts.ts'
import { readManifestBytes } from './read-manifest.ts'
import { lookAtSavePlace, makeSavePlace, refuseLog } from './save-place.ts'
import type { SectionSource } from './section.ts'
import { SectionWriter } from './section-writer.ts'
import { io } from './store-fault.ts'

const defaultFileBytes = 4 * 1024 * 1024
const defaultAloneBytes = 1024 * 1024

/** What is saved beside the sections, and how a store is laid out on the disk. */
export interface SaveOptions {
  /**
   * The sections hold every mutation up to this one.
   * @default 0
   */
  readonly sequence?: number
  /**
   * Names the store, 32 hexadecimal digits.
   * @default that of the save which is there, else by chance
   */
  readonly storeId?: string
  /** For who keeps a log in the folder, and its lock; every other save is refused where there is either. */
  readonly owner?: SaveOwner
  /**
   * Short sections go into one file until it holds this many bytes, so that a thousand of them cost few files and syncs.
   * @default 4_194_304 (4 MiB)
   */
  readonly fileBytes?: number
  /**
   * A section of more bytes has a file of its own, so that it can be kept by itself when the next save doesn't change it.
   * @default 1_048_576 (1 MiB)
   */
  readonly aloneBytes?: number
}

/** What the keeper of a log adds to a save. */
export interface SaveOwner {
  /** Ordinal of the segment that goes on behind the sections. It is on the medium. */
  readonly log: number
  /** Called right before the commit. What it throws ends the save, with nothing changed. */
  mayCommit(): Promise<void>
}

/** What a save did. */
export interface SaveReport {
  /** Bytes of sections that were written. */
  readonly bytesWritten: number
  /** Bytes of sections that were kept from the save before. */
  readonly bytesKept: number
  /** Files of sections that the store has now. */
  readonly files: number
}

/**
 * Saves sections and meta as the whole content of the store in `directory`, in place of what it held. When it resolves,
 * the new content survives a loss of power. When it rejects, or the process or machine dies on the way, the folder
 * opens with the old content or with the new one, whole; docs/format.md argues each case.
 *
 * Saves into one folder by one process run one after the other, in the order of the calls; sections and meta are read
 * when their turn comes. Saving from two processes at once is a mistake that is mostly, not always, noticed.
 *
 * Cost: O(bytes that are written); a few MiB of memory besides the chunks of the sections; disk room for old and new content together.
 *
 * @throws STORE_IO when the file system refuses, or when the folder holds something else than a store, or a log;
 *   STORE_LOCKED when an engine has the folder open;
 *   STORE_VERSION_UNSUPPORTED when a newer crowdbit saved there; INTERNAL for sections or meta that aren't well formed;
 *   what the chunks of a section throw.
 */
export async function saveStore(
  fs: FileSystem,
  directory: string,
  sections: Iterable<SectionSource> | AsyncIterable<SectionSource>,
  meta: PlainData,
  options: SaveOptions = {},
): Promise<SaveReport> {
  // One at a time as well, so that the saves of a folder queue up in the order of the calls.
  const place = await oneAtATime(fs, '', () => makeSavePlace(fs, directory))
  return oneAtATime(fs, place, () => saveNow(fs, place, sections, meta, options))
}

async function saveNow(
  fs: FileSystem,
  directory: string,
  sections: Iterable<SectionSource> | AsyncIterable<SectionSource>,
  meta: PlainData,
  options: SaveOptions,
): Promise<SaveReport> {
  const metaCopy = copyPlainData(meta)
  const { sequence = 0, owner, fileBytes = defaultFileBytes, aloneBytes = defaultAloneBytes } = options
  const { generation, present, names } = await lookAtSavePlace(fs, directory)
  if (owner === undefined) {
    if (names.includes(lockName)) await refuseLocked(fs, directory, processFacts)
    refuseLog(directory, names)
  }
  const sources: SectionSource[] = []
  for await (const section of sections) sources.push(section)
  const kept = await keptFiles(fs, directory, present, sources, fileBytes / 4)
  const writer = new SectionWriter(fs, directory, generation, { fileBytes, aloneBytes })
  for (const file of kept.files) writer.keepFile(file)
  let manifest: Uint8Array
  try {
    for (const source of sources) {
      const there = kept.sections.get(source.name)
      if (there === undefined) await writer.add(source)
      else writer.keep(there.place, there.file)
    }
    await writer.finish()
    manifest = encodeManifest({
      generation,
      storeId: options.storeId ?? present?.storeId ?? randomBytes(16).toString('hex'),
      sequence,
      log: owner?.log ?? null,
      files: writer.files,
      sections: writer.sections,
      meta: metaCopy,
    })
    const written = writer.created.length + 1
    await writer.writeAside(temporaryManifestName(generation), manifest)
    await refuseOtherSaver(fs, directory, generation, written)
    // The manifest may only become visible when every file that it names is sure to be found.
    await io('sync the folder', directory, () => fs.syncDirectory(directory))
    await owner?.mayCommit()
  } catch (error) {
    await writer.abandon()
    await removeFiles(fs, directory, writer.created)
    throw error
  }
  await commit(fs, directory, generation, manifest, writer.created)
  const there = await fs.list(directory).catch(() => [])
  await removeFiles(fs, directory, superseded(there, generation, writer.files))
  const bytesKept = kept.files.reduce((sum, file) => sum + file.bytes, 0)
  return { bytesWritten: writer.bytesWritten, bytesKept, files: writer.files.length }
}

/** Another process that saves here has the next generation, or has removed ours. */
async function refuseOtherSaver(fs: FileSystem, directory: string, generation: number, written: number): Promise<void> {
  const generations = (await io('list the folder', directory, () => fs.list(directory))).map(generationOf)
  const ours = generations.filter((of) => of === generation).length
  const later = generations.some((of) => of !== null && of > generation)
  if (ours === written && !later) return
  throw new CrowdbitError(
    'STORE_IO',
    `another process saves into ${directory} at the same time. One process at a time may save there: nothing was changed`,
    { path: directory, found: later ? 'a later save' : `${ours} files`, expected: `${written} files`, errno: null },
  )
}

/** Puts the new manifest in the place of the old one. From the rename on, nothing may be removed on an error. */
async function commit(
  fs: FileSystem,
  directory: string,
  generation: number,
  manifest: Uint8Array,
  created: readonly string[],
): Promise<void> {
  const from = pathOf(directory, temporaryManifestName(generation))
  const to = pathOf(directory, manifestName)
  try {
    await io('rename', from, () => fs.rename(from, to))
  } catch (error) {
    // A network file system may report an error for a rename that it did. Only a manifest that is seen tells.
    const seen = await readManifestBytes(fs, directory).catch(() => undefined)
    if (seen === undefined) throw error
    if (seen === null || Buffer.compare(seen, manifest) !== 0) {
      await removeFiles(fs, directory, created)
      throw error
    }
  }
  await io('sync the folder after the save was put in place', directory, () => fs.syncDirectory(directory))
}

/** Removes files. One that can't be removed does no harm; the next save tries again. */
async function removeFiles(fs: FileSystem, directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await fs.remove(pathOf(directory, name)).catch(() => {})
}
