/** The file that names all others. Its replacement is the commit. */
export const manifestName = 'MANIFEST'

/** Largest generation, and largest ordinal of a segment: a file name holds at most 12 digits of it. */
export const lastGeneration = 999_999_999_999

/** The file that keeps a second process out of the folder. */
export const lockName = 'LOCK'

/** Name of the `index`-th file of sections (from 1) of a generation. */
export function sectionFileName(generation: number, index: number): string {
  return `${pad(generation, 6)}-${pad(index, 4)}.crowdbit`
}

/** Name that a generation's manifest has before it is `MANIFEST`. */
export function temporaryManifestName(generation: number): string {
  return `${pad(generation, 6)}-MANIFEST.crowdbit`
}

/** Generation of a file that a save made, or `null` for every other name: only those are ever removed. */
export function generationOf(name: string): number | null {
  const match = /^(\d{6,12})-(MANIFEST|\d{4,12})\.crowdbit$/.exec(name)
  if (match === null) return null
  const generation = Number(match[1])
  const canonical =
    match[2] === 'MANIFEST' ? temporaryManifestName(generation) : sectionFileName(generation, Number(match[2]))
  return generation >= 1 && canonical === name ? generation : null
}

/** Name of a segment of the log: segments count by themselves, from 1. */
export function logSegmentName(ordinal: number): string {
  return `log-${pad(ordinal, 12)}.crowdbit`
}

/** Ordinal of a segment of the log, or `null` for every other name. */
export function logOrdinalOf(name: string): number | null {
  const match = /^log-(\d{12})\.crowdbit$/.exec(name)
  return match === null || Number(match[1]) === 0 ? null : Number(match[1])
}

/** Name that a lock whose owner is gone is given, so that only one process puts its own in the place. */
export function staleLockName(token: string): string {
  return `${lockName}-${token}`
}

/** Whether the name is that of a lock, or of one whose owner is gone. */
export function isLockName(name: string): boolean {
  return /^LOCK(-[0-9a-f]{32})?$/.test(name)
}

/** Whether a file of this name is made by a store, so that it isn't the user's. */
export function isStoreName(name: string): boolean {
  return generationOf(name) !== null || logOrdinalOf(name) !== null || isLockName(name) || name === manifestName
}

/** Whether the name is that of a file of sections. */
export function isSectionFileName(name: string): boolean {
  return generationOf(name) !== null && !name.includes(manifestName)
}

/** A name inside a directory, as a path. */
export function pathOf(directory: string, name: string): string {
  return /[/\\]$/.test(directory) ? `${directory}${name}` : `${directory}/${name}`
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
