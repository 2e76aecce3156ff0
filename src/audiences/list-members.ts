import type { DenseId, ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { type Bitmap, bitmapOf } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { checkLiving, type Members, readMembers } from '../dataset/members.ts'
import { idKey } from '../ids/id-key.ts'

/** What an upload to a list found (law 20). The four add up to what was given. */
export interface ListReport {
  /** Different living people, those created on request included. */
  readonly matched: number
  /** Different ids that nobody has; 0 where they are created. */
  readonly unknown: number
  /** Ids or dense numbers given again. */
  readonly duplicate: number
  /** What can't be an id: empty, too long, of a wrong type. */
  readonly invalid: number
}

/** How unknown ids of an upload are taken. */
export interface ListOptions {
  /** Makes people of ids that nobody has yet. @default false */
  readonly createUnknown?: boolean
}

/** An upload that was read: nothing has been created yet. */
export interface ReadUpload {
  /** Living people among those given. The caller's. */
  readonly people: Bitmap
  /** Ids to create, each once. */
  readonly create: readonly ExternalId[]
  readonly report: ListReport
}

/**
 * Tells apart whom an upload names, changing nothing.
 *
 * @throws MEMBERS_WRONG_TYPE, BITMAP_INVALID, DENSE_UNKNOWN
 */
export function readUpload(members: Members, options: ListOptions, dataset: Dataset): ReadUpload {
  const given = readMembers(members, dataset.ids)
  if (given.form === 'dense') {
    checkLiving(given.people, dataset.people.bitmap)
    return {
      people: given.people,
      create: [],
      report: { matched: given.people.size, unknown: 0, duplicate: duplicates(members, given.people), invalid: 0 },
    }
  }
  const found: DenseId[] = []
  const strangers = new Map<string, ExternalId>()
  let invalid = 0
  let unknown = 0
  for (const id of given.ids) {
    const person = findOrInvalid(id, dataset)
    if (person === null) invalid++
    else if (person === -1) {
      unknown++
      strangers.set(idKey(id), id)
    } else found.push(person)
  }
  const people = bitmapOf(found)
  const create = options.createUnknown === true ? [...strangers.values()] : []
  const report = {
    matched: people.size + create.length,
    unknown: strangers.size - create.length,
    duplicate: found.length - people.size + unknown - strangers.size,
    invalid,
  }
  return { people, create, report }
}

/** Dense numbers given again; bytes and user sets hold each once. */
function duplicates(members: Members, people: Bitmap): number {
  return members instanceof Uint32Array ? members.length - people.size : 0
}

/** The person of an id, -1 for nobody, `null` for what is not an id. */
function findOrInvalid(id: ExternalId, dataset: Dataset): DenseId | -1 | null {
  try {
    return dataset.find(id)
  } catch (error) {
    if (error instanceof CrowdbitError && error.code.startsWith('ID_')) return null
    throw error
  }
}

/** Gives people to the ids that are to be created, and puts them among `people`. */
export function createStrangers(upload: ReadUpload, dataset: Dataset): void {
  if (upload.create.length === 0) return
  dataset.apply({ kind: 'put', rows: upload.create.map((id) => [id, {}]) })
  upload.people.addMany(upload.create.map((id) => dataset.find(id)))
}
