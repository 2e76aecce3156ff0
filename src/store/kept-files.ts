import { generationOf, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { Manifest, SectionFile, SectionPlace } from './manifest.ts'
import type { SectionSource } from './section.ts'

/** More small files than this are written anew together, so that a thousand saves don't leave a thousand files. */
const mostSmallFiles = 16

/** What a save takes over from the one before. */
export interface Kept {
  readonly files: readonly SectionFile[]
  /** By name of the section: where it stands, and which of `files` that is. */
  readonly sections: ReadonlyMap<string, { readonly place: SectionPlace; readonly file: number }>
}

/**
 * Which files of the present save a new one can keep: those that are there at their full length, and of which every
 * section is in the new save and unchanged. No file is kept for a part of it, so no removed bytes stay in one.
 *
 * Cost: O(files + sections), a look at each file that may be kept.
 */
export async function keptFiles(
  fs: FileSystem,
  directory: string,
  present: Manifest | null,
  sources: readonly SectionSource[],
  smallBytes: number,
): Promise<Kept> {
  const sections = new Map<string, { readonly place: SectionPlace; readonly file: number }>()
  if (present === null || !sources.some((source) => source.unchanged === true)) return { files: [], sections }
  const unchanged = new Map(sources.filter((source) => source.unchanged === true).map((one) => [one.name, one.version]))
  const inside: SectionPlace[][] = present.files.map(() => [])
  for (const section of present.sections) inside[section.file]!.push(section)
  const whole = inside.map(
    (places) => places.length > 0 && places.every((place) => unchanged.get(place.name) === place.version),
  )
  const files: SectionFile[] = []
  const small = present.files.filter((file, i) => whole[i] === true && file.bytes < smallBytes)
  for (const [i, file] of present.files.entries()) {
    if (whole[i] !== true || (small.length > mostSmallFiles && file.bytes < smallBytes)) continue
    if ((await lengthOf(fs, pathOf(directory, file.name))) !== file.bytes) continue
    const kept = files.push(file) - 1
    for (const place of inside[i]!) sections.set(place.name, { place, file: kept })
  }
  return { files, sections }
}

/** Files of earlier generations that the new save doesn't name. */
export function superseded(names: readonly string[], generation: number, files: readonly SectionFile[]): string[] {
  const named = new Set(files.map((file) => file.name))
  return names.filter((name) => (generationOf(name) ?? generation) < generation && !named.has(name))
}

async function lengthOf(fs: FileSystem, path: string): Promise<number | null> {
  try {
    const file = await fs.open(path)
    await file.close().catch(() => {})
    return file.size
  } catch {
    return null
  }
}
