import type { ColumnSpec, ExternalId, Rule } from '../index.ts'
import type {
  ListAudienceChange,
  ListChange,
  MembersChange,
  RebuildChange,
  RuleAudienceChange,
  TrackChange,
  ValuesChange,
  WrittenRow,
} from './population-change.ts'

/** A result now or later: systems behind a network answer later. */
export type Awaitable<Value> = Value | PromiseLike<Value>

/** What every question says beside its rule. */
export interface Question {
  /**
   * The instant for which it is asked, in milliseconds since 1970: windows end at it, and events after it are not seen
   * (law 11). Of no matter to a system without timestamps and events.
   */
  readonly asOf: number
}

/**
 * Any system that answers rules about people, as `checkAgainstReference` drives it. What is optional may be missing when
 * the cases are made without it: `leaveOut` of `CheckOptions`.
 *
 * Ids are texts, numbers and bigints, and `42` is another id than `'42'`; texts are in either normal form; a decimal is a
 * number, a bigint or a text, and an instant a `Date`, milliseconds or ISO 8601 text.
 */
export interface SegmentationSystem {
  /** Writes a row; whoever is written to is a person from then on, whatever is in the row. */
  put(id: ExternalId, row: WrittenRow): Awaitable<unknown>
  /** Writes several rows in order. @default `put` for each */
  putMany?(rows: readonly (readonly [ExternalId, WrittenRow])[]): Awaitable<unknown>
  /** Removes people with all that is known of them; unknown ids are passed over. Leave out `'remove'`. */
  remove?(ids: readonly ExternalId[]): Awaitable<unknown>
  /**
   * Says of pairs of ids that each is one person, all at once (law 4). Leave out `'link'`. A system that has it takes the rows of
   * one change by `putMany`: which values were written later decides.
   */
  link?(pairs: readonly (readonly [ExternalId, ExternalId])[]): Awaitable<unknown>
  /** Takes an id off its person; an unknown one is passed over. Leave out `'unlink'`. */
  unlink?(id: ExternalId): Awaitable<unknown>
  /** Leave out `'members'`. */
  changeMembers?(change: MembersChange): Awaitable<unknown>
  /** Leave out `'values'`. */
  changeValues?(change: ValuesChange): Awaitable<unknown>
  /** Adds events of one kind; whoever did one is a person from then on. Leave out `'track'`. */
  track?(change: TrackChange): Awaitable<unknown>
  /** Leave out `'addColumn'`. */
  addColumn?(column: string, spec: ColumnSpec): Awaitable<unknown>
  /** Leave out `'dropColumn'`. */
  dropColumn?(column: string): Awaitable<unknown>
  /** Leave out `'ruleAudience'`, or `'audience'` for no audiences at all. */
  createAudience?(change: RuleAudienceChange): Awaitable<unknown>
  /** Leave out `'listAudience'`, or `'audience'` for no audiences at all. */
  createList?(change: ListAudienceChange): Awaitable<unknown>
  /** Leave out `'rebuild'`. */
  rebuild?(change: RebuildChange): Awaitable<unknown>
  /** Leave out `'list'`. */
  changeList?(change: ListChange): Awaitable<unknown>
  /** How many people the rule has. `rule.node` is its tree, `rule.toJSON()` its JSON, `String(rule)` its text. */
  count(rule: Rule, question: Question): Awaitable<number>
  /** The people of the rule, in any order unless `inOrderOfFirstSight`. */
  ids(rule: Rule, question: Question): Awaitable<Iterable<ExternalId>>
  /** Whether one person is among them. @default not asked */
  matches?(id: ExternalId, rule: Rule, question: Question): Awaitable<boolean>
  /** Whether `ids` is in the order in which people were first seen (law 25). @default false */
  readonly inOrderOfFirstSight?: boolean
  /** Frees what the system holds; called after each case. */
  close?(): Awaitable<unknown>
}
