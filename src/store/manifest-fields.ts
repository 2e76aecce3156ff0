import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import { isSectionFileName, lastGeneration } from './file-names.ts'
import type { Manifest, SectionFile, SectionPlace } from './manifest.ts'
import type { PlainData } from './plain-data.ts'
import { PlainDataFault } from './plain-data-reader.ts'

/** Longest name of a section, in UTF-16 units. */
const longestSectionName = 1024

const fieldsOfVersion1 = ['generation', 'files', 'sections', 'meta']
const fieldsOfVersion2 = ['generation', 'storeId', 'sequence', 'log', 'files', 'sections', 'meta']

/** Whether a value can be the id of a store. */
export function isStoreId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

/** Whether a text can name a section. */
export function isSectionName(name: unknown): name is string {
  return typeof name === 'string' && name.length > 0 && name.length <= longestSectionName && isWellFormed(name)
}

/** Whether a value can be the version of a section's format. */
export function isSectionVersion(version: unknown): version is number {
  return isWhole(version, 1, 0xffffffff)
}

/**
 * Reads the payload of a manifest of a version of the format field by field: every type, range and reference, and that sections stay inside their
 * files without overlapping. Cost: O(files + sections · log sections).
 *
 * @throws PlainDataFault
 */
export function readManifestFields(payload: PlainData, formatVersion: number): Manifest {
  const first = formatVersion === 1
  const fields = record(payload, 'the payload', first ? fieldsOfVersion1 : fieldsOfVersion2)
  const generation = whole(fields.generation, 'generation', 1, lastGeneration)
  const files = list(fields.files, 'files').map((value, i) => readFile(value, `files[${i}]`))
  const sections = list(fields.sections, 'sections').map((value, i) => readSection(value, `sections[${i}]`, files))
  const fileNames = files.map((file) => file.name)
  const sectionNames = sections.map((section) => section.name)
  if (new Set(fileNames).size !== files.length) throw fault('a file that is listed twice', 'each file once')
  if (new Set(sectionNames).size !== sections.length) throw fault('a section that is listed twice', 'each section once')
  const inOrder = [...sections].sort((a, b) => a.file - b.file || a.offset - b.offset || a.bytes - b.bytes)
  inOrder.forEach((section, i) => {
    const before = inOrder[i - 1]
    if (before !== undefined && before.file === section.file && before.offset + before.bytes > section.offset) {
      throw fault(`the section ${show(section.name)} overlapping ${show(before.name)}`, 'sections beside each other')
    }
  })
  const common = { generation, files, sections, meta: fields.meta! }
  return first ? { ...common, storeId: null, sequence: 0, log: null } : { ...common, ...readOrigin(fields) }
}

/** What version 2 says about the log. */
function readOrigin(fields: Readonly<Record<string, PlainData>>): Pick<Manifest, 'storeId' | 'sequence' | 'log'> {
  const { storeId } = fields
  if (!isStoreId(storeId)) throw fault(`storeId ${show(storeId)}`, '32 hexadecimal digits')
  return {
    storeId,
    sequence: whole(fields.sequence, 'sequence', 0, Number.MAX_SAFE_INTEGER),
    log: fields.log === null ? null : whole(fields.log, 'log', 1, lastGeneration),
  }
}

function readFile(value: PlainData, place: string): SectionFile {
  const fields = record(value, place, ['name', 'bytes'])
  const { name } = fields
  if (typeof name !== 'string' || !isSectionFileName(name)) {
    throw fault(`${place}.name ${show(name)}`, 'the name of a file of sections')
  }
  return { name, bytes: whole(fields.bytes, `${place}.bytes`, 0, Number.MAX_SAFE_INTEGER) }
}

function readSection(value: PlainData, place: string, files: readonly SectionFile[]): SectionPlace {
  const fields = record(value, place, ['name', 'version', 'file', 'offset', 'bytes', 'sha256'])
  const { name, version, sha256 } = fields
  if (!isSectionName(name)) throw fault(`${place}.name ${show(name)}`, 'the name of a section')
  if (!isSectionVersion(version)) throw fault(`${place}.version ${show(version)}`, 'a whole number from 1')
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw fault(`${place}.sha256 ${show(sha256)}`, '64 hexadecimal digits')
  }
  const file = whole(fields.file, `${place}.file`, 0, files.length - 1)
  const room = files[file]!.bytes
  const offset = whole(fields.offset, `${place}.offset`, 0, room)
  const bytes = whole(fields.bytes, `${place}.bytes`, 0, room - offset)
  return { name, version, file, offset, bytes, sha256 }
}

function record(value: PlainData | undefined, place: string, keys: readonly string[]): Record<string, PlainData> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  const found = isRecord ? Object.keys(value) : []
  if (found.length !== keys.length || !keys.every((key) => found.includes(key))) {
    throw fault(`${place} ${show(value)}`, `an object with the keys ${keys.join(', ')}`)
  }
  return value as Record<string, PlainData>
}

function list(value: PlainData | undefined, place: string): readonly PlainData[] {
  if (!Array.isArray(value)) throw fault(`${place} ${show(value)}`, 'a list')
  return value as readonly PlainData[]
}

function whole(value: PlainData | undefined, place: string, least: number, most: number): number {
  if (!isWhole(value, least, most)) throw fault(`${place} ${show(value)}`, `a whole number from ${least} to ${most}`)
  return value
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

/** The fields have no offset of their own: the fault stands at the beginning of the payload. */
function fault(found: string, expected: string): PlainDataFault {
  return new PlainDataFault(0, found, expected)
}
