/** The keys of a rule's JSON: one that says what the object is, and those that may stand beside it. */

/** An operator beside `tag`. */
export type TagOperatorKey =
  | 'eq'
  | 'ne'
  | 'in'
  | 'notIn'
  | 'hasAny'
  | 'hasAll'
  | 'hasNone'
  | 'startsWith'
  | 'contains'
  | 'matches'
  | 'isSet'
  | 'isNotSet'

/** A key that makes an object a rule. */
export type HeadKey = 'tag' | 'and' | 'or' | 'xor' | 'minus' | 'not' | 'atLeast' | 'audience' | 'everyone' | 'nobody'

const tagOperatorKeys: readonly TagOperatorKey[] = [
  ...(['eq', 'ne', 'in', 'notIn', 'hasAny', 'hasAll', 'hasNone'] as const),
  ...(['startsWith', 'contains', 'matches', 'isSet', 'isNotSet'] as const),
]

/** Each head key with the keys that it allows beside it. */
export const keysBeside: Readonly<Record<HeadKey, readonly string[]>> = {
  tag: tagOperatorKeys,
  and: [],
  or: [],
  xor: [],
  minus: [],
  not: [],
  atLeast: ['of'],
  audience: ['version'],
  everyone: [],
  nobody: [],
}

/** For each key that only stands beside another, that other. */
export const headOf: ReadonlyMap<string, HeadKey> = new Map(
  (Object.entries(keysBeside) as [HeadKey, readonly string[]][]).flatMap(([head, keys]) =>
    keys.map((key): [string, HeadKey] => [key, head]),
  ),
)

/** Every key of a rule. */
export const allKeys: readonly string[] = [...Object.keys(keysBeside), ...headOf.keys()]

export function isHeadKey(key: string): key is HeadKey {
  return Object.hasOwn(keysBeside, key)
}

export function isTagOperatorKey(key: string): key is TagOperatorKey {
  return headOf.get(key) === 'tag'
}
