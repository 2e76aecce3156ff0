/** The file that names all others. Its replacement is the commit. */
export const manifestName = 'MANIFEST'

/** Largest generation: a file name holds at most 12 digits of it. */
export const lastGeneration = 999_999_999_999

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
