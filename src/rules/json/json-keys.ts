/** The keys of a rule's JSON: one that says what an object is, and those that may stand beside it. */

/** An operator that compares with a constant, or with two. */
export type NumberTestKey = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'between'

/** An operator beside `tag` or `property`. */
export type TagOperatorKey =
  | NumberTestKey
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
  | 'within'

/** A key that makes an object a rule about events. */
export type EventHeadKey = 'did' | 'first' | 'last' | 'sequence' | 'stopped' | 'resumed' | 'new' | 'regular'

/** A key that makes an object a rule; `property` one about an event, inside its filter. */
export type HeadKey =
  | 'tag'
  | 'property'
  | 'and'
  | 'or'
  | 'xor'
  | 'minus'
  | 'not'
  | 'atLeast'
  | 'audience'
  | 'everyone'
  | 'nobody'
  | EventHeadKey

/** The keys that objects of one place can have. */
export interface Vocabulary {
  /** Each key that says what an object is, with those that it allows beside it. */
  readonly heads: ReadonlyMap<string, readonly string[]>
  /** For each key that only stands beside others, those others. */
  readonly headsOf: ReadonlyMap<string, readonly string[]>
  /** All of them. */
  readonly keys: readonly string[]
}

export const numberTestKeys: readonly NumberTestKey[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between']

const tagOperators: readonly TagOperatorKey[] = [
  ...numberTestKeys,
  ...(['in', 'notIn', 'hasAny', 'hasAll', 'hasNone', 'startsWith', 'contains', 'matches'] as const),
  ...(['isSet', 'isNotSet', 'within'] as const),
]

const combinations = { and: [], or: [], xor: [], minus: [], not: [], atLeast: ['of'] } as const

/** The keys of a rule about people. */
export const ruleKeys: Vocabulary = vocabulary({
  tag: tagOperators,
  ...combinations,
  audience: ['version'],
  everyone: [],
  nobody: [],
  did: ['where', 'property', 'measure', 'window', ...numberTestKeys],
  first: ['where', 'test', 'window'],
  last: ['where', 'test', 'window'],
  sequence: ['absence', 'same', 'allowSameTime', 'window'],
  stopped: ['where', 'earlier', 'later'],
  resumed: ['where', 'earlier', 'gap', 'later'],
  new: ['where', 'window'],
  regular: ['where', 'times', 'periods', 'of', 'unit', 'weekStart'],
})

/** The keys of a rule about one event. */
export const filterKeys: Vocabulary = vocabulary({ property: tagOperators, ...combinations })

/** The keys of an event with its filter, where it is an object of its own. */
export const termKeys: readonly string[] = ['event', 'where', 'property', 'minus']

/** The keys of a step of a sequence. */
export const stepKeys: readonly string[] = [...termKeys, 'within', 'without']

/** The keys of a window by the one, or the two, that say which window it is. */
export const windowKeys: Vocabulary = vocabulary({
  ever: [],
  last: ['unit', 'includeCurrent', 'ago', 'weekStart'],
  from: ['to'],
  to: ['from'],
})

export function isTagOperatorKey(key: string): key is TagOperatorKey {
  return (tagOperators as readonly string[]).includes(key)
}

export function isNumberTestKey(key: string): key is NumberTestKey {
  return (numberTestKeys as readonly string[]).includes(key)
}

function vocabulary(heads: Readonly<Record<string, readonly string[]>>): Vocabulary {
  const headsOf = new Map<string, string[]>()
  for (const [head, keys] of Object.entries(heads)) {
    for (const key of keys) {
      if (Object.hasOwn(heads, key)) continue
      headsOf.set(key, [...(headsOf.get(key) ?? []), head])
    }
  }
  return { heads: new Map(Object.entries(heads)), headsOf, keys: [...Object.keys(heads), ...headsOf.keys()] }
}
