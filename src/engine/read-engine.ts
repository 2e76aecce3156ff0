import { ByteReader } from '../base/byte-reader.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { type Bitmap, rangeBitmap } from '../bitmap/bitmap.ts'
import { readBitmap } from '../bitmap/bitmap-section.ts'
import { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import { columnSectionVersion, readColumnSection } from '../columns/column-section.ts'
import { Dataset } from '../dataset/dataset.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { FileSystem } from '../store/file-system.ts'
import { openStore } from '../store/open-store.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { damaged, readMeta, type SavedAudience, type SavedMeta } from './saved-meta.ts'
import {
  audienceSectionName,
  audienceSectionVersion,
  columnSectionName,
  idSectionName,
  idSectionVersion,
} from './section-names.ts'
import { registryOf, type Workspace } from './workspace.ts'

/** A saved engine that was read, with its audiences yet to be put into workspaces. */
export interface ReadEngine {
  readonly dataset: Dataset
  readonly meta: SavedMeta
  /** Puts the audiences of the workspace at a position back. @throws STORE_CORRUPT */
  restoreAudiences(position: number, workspace: Workspace): void
}

/**
 * Reads a saved engine and trusts nothing of it: every checksum, length, bitmap, id, name and rule is checked before it
 * is used.
 *
 * @throws STORE_NOT_FOUND, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO
 */
export async function readEngine(fs: FileSystem, directory: string): Promise<ReadEngine> {
  const store = await openStore(fs, directory)
  try {
    const meta = readMeta(store.meta)
    checkVersions(store)
    const ids = IdDictionary.load(await store.read(idSectionName))
    const people = livingPeople(ids)
    const columns = new Map<string, Column>()
    let position = 0
    for (const [name, spec] of meta.schema.entries()) {
      const section = columnSectionName(position++)
      columns.set(name, readColumnSection(await store.read(section), section, spec, people))
    }
    const members = await Promise.all(meta.workspaces.map((_, workspace) => store.read(audienceSectionName(workspace))))
    const dataset = Dataset.from({ schema: meta.schema, ids, people: new Posting(people), columns }, meta.dataVersion)
    return {
      dataset,
      meta,
      restoreAudiences(index, workspace) {
        const section = audienceSectionName(index)
        const reader = new ByteReader(members[index]!, section)
        for (const audience of meta.workspaces[index]!.audiences) restore(audience, reader, people, workspace)
        reader.end()
      },
    }
  } finally {
    await store.close()
  }
}

/** `U` follows from the ids: whoever has one that was not removed. */
function livingPeople(ids: IdDictionary): Bitmap {
  const people = rangeBitmap(0, ids.size)
  if (ids.liveCount < ids.size) {
    for (let person = 0; person < ids.size; person++) if (!ids.isLive(person)) people.delete(person)
  }
  return people
}

function checkVersions(store: StoreReader): void {
  for (const { name, version } of store.sections) {
    const known =
      name === idSectionName
        ? idSectionVersion
        : name.startsWith('column-')
          ? columnSectionVersion
          : audienceSectionVersion
    if (version > known) {
      throw new CrowdbitError(
        'STORE_VERSION_UNSUPPORTED',
        `section ${name} has format ${version}, and this crowdbit reads up to ${known}: upgrade crowdbit`,
        { section: name, found: version, supported: known },
      )
    }
  }
}

function restore(audience: SavedAudience, reader: ByteReader, people: Bitmap, workspace: Workspace): void {
  const versions = audience.versions.map((version) => ({
    ...version,
    members: readBitmap(reader, `version ${version.number} of an audience`, people),
  }))
  try {
    registryOf(workspace).restore(audience, versions)
  } catch (error) {
    throw error instanceof CrowdbitError ? damaged(error.message, error) : error
  }
}
