/** What a change of the data does, as others are told of it. */
export type MutationKind =
  | 'put'
  | 'remove'
  | 'link'
  | 'unlink'
  | 'members'
  | 'numbers'
  | 'track'
  | 'retain'
  | 'defineTag'
  | 'buildTag'
  | 'addColumn'
  | 'dropColumn'
