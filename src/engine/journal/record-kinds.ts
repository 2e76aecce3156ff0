/** What a record of the log says. */
export type RecordKind =
  | 'putOne'
  | 'putMany'
  | 'members'
  | 'numbers'
  | 'trackOne'
  | 'trackMany'
  | 'remove'
  | 'retain'
  | 'addColumn'
  | 'dropColumn'
  | 'defineTag'
  | 'buildTag'
  | 'link'
  | 'unlink'
  | 'createAudience'
  | 'changeAudience'
  | 'renameAudience'
  | 'removeAudience'
  | 'removeWorkspace'

/**
 * The kinds of records in a log, by the number that stands first in each. A number is never given another meaning; docs/format.md
 * has the form of each.
 */
export const recordKinds: Readonly<Record<RecordKind, number>> = Object.freeze({
  putOne: 1,
  putMany: 2,
  members: 3,
  numbers: 4,
  trackOne: 5,
  trackMany: 6,
  remove: 7,
  retain: 8,
  addColumn: 9,
  dropColumn: 10,
  defineTag: 11,
  buildTag: 12,
  link: 13,
  unlink: 14,
  createAudience: 20,
  changeAudience: 21,
  renameAudience: 22,
  removeAudience: 23,
  removeWorkspace: 24,
})

/** Who a member change is done to, by number. */
export const memberActions: readonly ['replace', 'add', 'clear'] = Object.freeze(['replace', 'add', 'clear'] as const)
