import { tagsIn } from '../audiences/names-in-rule.ts'
import type { ExternalId, Millis } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import { cloneBitmap } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { DerivedCase, DerivedTag } from '../dataset/derived-tag.ts'
import { bitmapOfUserSet } from '../dataset/user-set.ts'
import type { AskOptions } from '../planner/ask-options.ts'
import type { Planner } from '../planner/planner.ts'
import { asksTheTime } from '../rules/asks-the-time.ts'
import * as make from '../rules/make-node.ts'
import { Rule, type RuleInput } from '../rules/rule.ts'
import { type CategorySpec, category, type FlagSpec, flag } from '../schema/column-spec.ts'

/** How a derived tag is kept. */
export interface DerivedTagOptions {
  /**
   * `live`: a question that names the tag asks its rule, so that it is never out of date. `built`: its people are those of the last
   * build, until `rebuild`; `status` says whether they still are what the rule would give.
   * @default 'live'
   */
  readonly mode?: 'live' | 'built'
}

/**
 * Whether the people of a tag are what its rule gives now. `live`: always. `fresh`: as built, and nothing has happened
 * since. `stale`: data was written since (`data`), or the rule asks about the time, which has gone on (`time`); the people may still
 * be the same.
 */
export type DerivedTagStatus =
  | { readonly state: 'live' }
  | { readonly state: 'fresh'; readonly asOf: Millis }
  | { readonly state: 'stale'; readonly asOf: Millis; readonly because: 'data' | 'time' }

/** A tag whose people follow from rules. */
export interface DerivedTagInfo {
  readonly name: string
  readonly mode: 'live' | 'built'
  /** The rules by value, in order: the first that holds gives a person's value. A flag has one, of value `null`. */
  readonly rules: readonly { readonly value: string | null; readonly rule: Rule }[]
  readonly status: DerivedTagStatus
}

/** The rule of a derived flag, or the rules of a derived category with their values, in order. */
export type DerivedRules = RuleInput | readonly (readonly [value: string, rule: RuleInput])[]

/** The derived tags of an engine. */
export interface DerivedTags {
  /**
   * The derived tag of this name.
   *
   * @example
   * ```ts
   * crowd.defineTag('大客户', 'spend >= 900')
   * crowd.derivedTags.get('大客户').status // { state: 'live' }
   * ```
   * @throws TAG_UNKNOWN
   */
  get(name: string): DerivedTagInfo
  /** All of them, in the order in which they were defined. */
  list(): readonly DerivedTagInfo[]
  /**
   * Asks the rules of a built tag again, as of now unless told otherwise, and puts their people in the place of those there were.
   * Cost: that of `select` for each value.
   *
   * @example
   * ```ts
   * const wider = crowd.defineTag('大客户', 'spend >= 900', { mode: 'built' })
   * crowd.put('u1', { spend: 5000 })
   * crowd.derivedTags.get('大客户').status.state // stale
   * wider.count('大客户') // 100
   * crowd.derivedTags.rebuild('大客户').status.state // fresh
   * wider.count('大客户') // 101
   * ```
   * @throws TAG_UNKNOWN; SCHEMA_COLUMN_WRONG_KIND for a live tag, which is never out of date
   */
  rebuild(name: string, options?: AskOptions): DerivedTagInfo
}

/** What stands behind `Engine.defineTag` and `Engine.derivedTags`. */
export class DerivedTagKeeper implements DerivedTags {
  readonly #dataset: Dataset
  readonly #planner: Planner

  /** @param planner one that knows no audience: a derived tag belongs to all workspaces. */
  constructor(dataset: Dataset, planner: Planner) {
    this.#dataset = dataset
    this.#planner = planner
  }

  /** Checks the rules, adds the column, and builds it where that is its mode: whole or not at all. */
  define(name: string, rules: DerivedRules, options: DerivedTagOptions): void {
    checkKeys(options, ['mode'])
    const { mode = 'live' } = options
    if (mode !== 'live' && mode !== 'built') {
      throw new CrowdbitError('OPTION_INVALID', `the mode is ${show(mode)}, where 'live' or 'built' is expected`)
    }
    const planner = this.#planner
    const cases = readCases(rules, planner)
    // A tag that isn't there yet can't be named, so that no tag is defined by itself.
    for (const { rule } of cases) planner.prepare(Rule.of(rule))
    const tag: DerivedTag = { cases, mode, built: null }
    this.#dataset.apply({ kind: 'defineTag', column: name, spec: specOf(cases), tag })
    if (mode === 'built') this.rebuild(name)
  }

  get(name: string): DerivedTagInfo {
    return this.#info(String(name).normalize('NFC'), this.#tag(name))
  }

  list(): readonly DerivedTagInfo[] {
    return [...this.#dataset.derivedTags()].map(([name, tag]) => this.#info(name, tag))
  }

  rebuild(name: string, options: AskOptions = {}): DerivedTagInfo {
    const { cases, mode } = this.#tag(name)
    if (mode === 'live') {
      throw new CrowdbitError(
        'SCHEMA_COLUMN_WRONG_KIND',
        `derived tag ${show(name)} is live: each question asks its rule, so there is nothing to rebuild`,
        { name },
      )
    }
    const planner = this.#planner
    const asOf = planner.momentOf(options)
    const people = cases.map(({ rule }, index) => {
      const before = cases.slice(0, index).map((other) => other.rule)
      const set = planner.select(Rule.of(make.minus([rule, ...before])), { asOf })
      const bitmap = cloneBitmap(bitmapOfUserSet(set))
      set.release()
      return bitmap
    })
    const built = { asOf, dataVersion: this.#dataset.version + 1 }
    this.#dataset.apply({ kind: 'buildTag', column: name, built, people })
    return this.get(name)
  }

  /** Derived tags whose rules name a column. */
  usersOf(column: string): readonly string[] {
    return [...this.#dataset.derivedTags()].flatMap(([name, { cases }]) =>
      cases.some(({ rule }) => tagsIn(rule).has(column)) ? [name] : [],
    )
  }

  isLive(name: string): boolean {
    return this.#dataset.derivedTag(name)?.mode === 'live'
  }

  /** How many people a live tag has as of an instant. Cost: a count of its rules. */
  sizeOf(name: string, asOf: Millis): number {
    return this.#planner.count(Rule.of(make.presence('isSet', name)), { asOf })
  }

  /** What a live tag gives a person as of an instant: `true` for a flag, the value of a category; `undefined` for nothing. */
  valueOf(name: string, id: ExternalId, asOf: Millis): string | true | undefined {
    const planner = this.#planner
    const found = this.#tag(name).cases.find(({ rule }) => planner.matches(id, Rule.of(rule), { asOf }))
    return found === undefined ? undefined : (found.value ?? true)
  }

  /**
   * Checks the rules of tags that were loaded.
   *
   * @throws the RULE_… codes
   */
  check(): void {
    for (const [, { cases }] of this.#dataset.derivedTags())
      for (const { rule } of cases) this.#planner.prepare(Rule.of(rule))
  }

  #tag(name: string): DerivedTag {
    const tag = typeof name === 'string' ? this.#dataset.derivedTag(name) : null
    if (tag !== null) return tag
    const suggestion = nearestName(
      String(name),
      [...this.#dataset.derivedTags()].map(([known]) => known),
    )
    throw new CrowdbitError('TAG_UNKNOWN', `no derived tag ${show(name)} in this engine.${didYouMean(suggestion)}`, {
      name,
      suggestion,
    })
  }

  #info(name: string, tag: DerivedTag): DerivedTagInfo {
    return Object.freeze({
      name,
      mode: tag.mode,
      rules: tag.cases.map(({ value, rule }) => ({ value, rule: Rule.of(rule) })),
      status: this.#status(tag),
    })
  }

  #status({ mode, built, cases }: DerivedTag): DerivedTagStatus {
    if (mode === 'live' || built === null) return { state: 'live' }
    const { asOf, dataVersion } = built
    if (this.#writtenSince(cases, dataVersion)) return { state: 'stale', asOf, because: 'data' }
    const movesOn = this.#asksTheTime(cases) && this.#planner.momentOf({}) !== asOf
    return movesOn ? { state: 'stale', asOf, because: 'time' } : { state: 'fresh', asOf }
  }

  /** Whether people came or went, or a column that a rule names was written: those of live tags by their own rules. */
  #writtenSince(cases: readonly DerivedCase[], version: number): boolean {
    const dataset = this.#dataset
    if (dataset.peopleWrittenAt > version) return true
    return cases.some(({ rule }) =>
      [...tagsIn(rule)].some((name) => {
        const tag = dataset.derivedTag(name)
        if (tag !== null && tag.mode === 'live') return this.#writtenSince(tag.cases, version)
        return dataset.writtenAt(name) > version
      }),
    )
  }

  /** Whether a rule, or that of a live tag that it names, depends on the instant of the question. */
  #asksTheTime(cases: readonly DerivedCase[]): boolean {
    return cases.some(({ rule }) =>
      asksTheTime(rule, (column) => {
        const tag = this.#dataset.derivedTag(column)
        return tag !== null && tag.mode === 'live' && this.#asksTheTime(tag.cases)
      }),
    )
  }
}

function readCases(rules: DerivedRules, planner: Planner): readonly DerivedCase[] {
  if (!isList(rules)) return [{ value: null, rule: planner.read(rules).node }]
  return rules.map((pair: readonly [string, RuleInput]) => {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') {
      throw new CrowdbitError('OPTION_INVALID', `${show(pair)} stands where a pair of a value and its rule is expected`)
    }
    return { value: pair[0].normalize('NFC'), rule: planner.read(pair[1]).node }
  })
}

function isList(rules: DerivedRules): rules is readonly (readonly [string, RuleInput])[] {
  return Array.isArray(rules)
}

function specOf(cases: readonly DerivedCase[]): FlagSpec | CategorySpec {
  return cases.length === 1 && cases[0]!.value === null
    ? flag()
    : category({ values: cases.map(({ value }) => value!) })
}
