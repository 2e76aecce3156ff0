import { CrowdbitError } from '../base/crowdbit-error.ts'
import { oneAtATime } from './directory-queue.ts'
import { generationOf, manifestName, pathOf, temporaryManifestName } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { encodeManifest } from './manifest-format.ts'
import { copyPlainData, type PlainData } from './plain-data.ts'
import { readManifestBytes } from './read-manifest.ts'
import { makeSavePlace, nextGeneration } from './save-place.ts'
import type { SectionSource } from './section.ts'
import { SectionWriter } from './section-writer.ts'
import { io } from './store-fault.ts'

const defaultFileBytes = 64 * 1024 * 1024

/** How a store is laid out on the disk. */
export interface SaveOptions {
  /**
   * Sections go into one file until it holds this many bytes, so that a thousand small ones cost few files and syncs.
   * @default 67_108_864 (64 MiB)
   */
  readonly fileBytes?: number
}

/**
 * Saves sections and meta as the whole content of the store in `directory`, in place of what it held. When it resolves,
 * the new content survives a loss of power. When it rejects, or the process or machine dies on the way, the folder
 * opens with the old content or with the new one, whole; docs/format.md argues each case.
 *
 * Saves into one folder by one process run one after the other, in the order of the calls; sections and meta are read
 * when their turn comes. Saving from two processes at once is a mistake that is mostly, not always, noticed.
 *
 * Cost: O(bytes); a few MiB of memory besides the chunks of the sections; disk room for old and new content together.
 *
 * @throws STORE_IO when the file system refuses, or when the folder holds something else than a store;
 *   STORE_VERSION_UNSUPPORTED when a newer crowdbit saved there; INTERNAL for sections or meta that aren't well formed;
 *   what the chunks of a section throw.
 */
export async function saveStore(
  fs: FileSystem,
  directory: string,
  sections: Iterable<SectionSource> | AsyncIterable<SectionSource>,
  meta: PlainData,
  options: SaveOptions = {},
): Promise<void> {
  // One at a time as well, so that the saves of a folder queue up in the order of the calls.
  const place = await oneAtATime(fs, '', () => makeSavePlace(fs, directory))
  await oneAtATime(fs, place, () => saveNow(fs, place, sections, meta, options.fileBytes ?? defaultFileBytes))
}

async function saveNow(
  fs: FileSystem,
  directory: string,
  sections: Iterable<SectionSource> | AsyncIterable<SectionSource>,
  meta: PlainData,
  fileBytes: number,
): Promise<void> {
  const metaCopy = copyPlainData(meta)
  const generation = await nextGeneration(fs, directory)
  const writer = new SectionWriter(fs, directory, generation, fileBytes)
  let manifest: Uint8Array
  try {
    for await (const section of sections) await writer.add(section)
    await writer.finish()
    manifest = encodeManifest({ generation, files: writer.files, sections: writer.sections, meta: metaCopy })
    await writer.writeAside(temporaryManifestName(generation), manifest)
    await refuseOtherSaver(fs, directory, generation, writer.files.length + 1)
    // The manifest may only become visible when every file that it names is sure to be found.
    await io('sync the folder', directory, () => fs.syncDirectory(directory))
  } catch (error) {
    await writer.abandon()
    await removeFiles(fs, directory, writer.created)
    throw error
  }
  await commit(fs, directory, generation, manifest, writer.created)
  const older = (await fs.list(directory).catch(() => [])).filter(
    (name) => (generationOf(name) ?? generation) < generation,
  )
  await removeFiles(fs, directory, older)
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
