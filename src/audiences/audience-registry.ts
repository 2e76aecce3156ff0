import type { Millis } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import type { CheckedClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { andNot, or, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { Members } from '../dataset/members.ts'
import { bitmapOfUserSet } from '../dataset/user-set.ts'
import type { AskOptions } from '../planner/ask-options.ts'
import type { AudienceDirectory, Planner } from '../planner/planner.ts'
import type { Preview } from '../planner/preview.ts'
import type { RuleNode } from '../rules/ast.ts'
import { RuleError } from '../rules/fault.ts'
import { Rule } from '../rules/rule.ts'
import type { Audience, AudienceChanges, AudienceKind, AudienceOwner, AudienceState } from './audience.ts'
import { AudienceLookups } from './audience-lookups.ts'
import type { AudienceFacts, AudienceJournal, AudienceRecord, RecordedVersion } from './audience-record.ts'
import {
  type AudienceVersion,
  forgetInVersion,
  makeAudienceVersion,
  membersOfVersion,
  mergeInVersion,
  type VersionFacts,
} from './audience-version.ts'
import type { Audiences, ListAudienceOptions, RuleAudienceOptions } from './audiences.ts'
import { type Bounds, type BoundsRemedy, checkBounds, checkSize } from './bounds.ts'
import { createStrangers, type ListOptions, type ListReport, readUpload } from './list-members.ts'
import { checkName } from './names.ts'
import { audiencesIn, pinnedVersions, renameInRule, tagsIn } from './names-in-rule.ts'

/** Versions kept of each audience, besides those that rules pin. */
const keptVersions = 3
/** Remedies that a refused size is told with. */
const mostRemedies = 3
/** Registries made so far, to tell them apart. */
let made = 0

/**
 * What stands behind `Audiences`: the audiences of one workspace, the look-ups that the planner asks, and what the engine
 * needs for removal, saving and loading.
 */
export class AudienceRegistry extends AudienceLookups implements Audiences, AudienceDirectory, AudienceOwner {
  readonly #dataset: Dataset
  readonly #clock: CheckedClock
  readonly #states = new Map<string, AudienceState>()
  #attached: Planner | null = null
  #revision = 0
  /** How often people were taken out of versions, or became others in them. */
  #removals = 0
  readonly #number = ++made
  /** Writes down every change before it is done; `null` where nobody does. */
  journal: AudienceJournal | null = null

  constructor(dataset: Dataset, clock: CheckedClock) {
    super()
    this.#dataset = dataset
    this.#clock = clock
  }

  protected get byName(): ReadonlyMap<string, AudienceState> {
    return this.#states
  }

  protected get owner(): AudienceOwner {
    return this
  }

  /**
   * Gives the planner that answers rules of this workspace, which itself looks audiences up here.
   */
  attach(planner: Planner): void {
    this.#attached = planner
  }

  /** Ends the registry with its workspace: audiences in it can no longer be changed or asked. */
  close(): void {
    this.#attached = null
    this.#states.clear()
    this.#revision++
  }

  /** @throws WORKSPACE_UNKNOWN once the workspace is removed */
  get #planner(): Planner {
    if (this.#attached === null) throw new CrowdbitError('WORKSPACE_UNKNOWN', 'the workspace has been removed')
    return this.#attached
  }

  get revision(): number {
    return this.#revision
  }

  /** What the members of all versions are: as long as it is the same, they are. */
  get stamp(): string {
    return `${this.#number}@${this.#revision},${this.#removals}`
  }

  create(options: RuleAudienceOptions): Audience {
    checkKeys(options, ['name', 'rule', 'bounds', 'kind', 'asOf'])
    const name = this.#newName(options.name)
    const kind = checkKind(options.kind)
    const bounds = checkBounds(options.bounds)
    const rule = this.#planner.read(options.rule)
    const version = this.#build(name, rule, bounds, 1, options)
    return this.#create({ name, kind, bounds, rule, versions: [version], lastUpload: null })
  }

  createList(options: ListAudienceOptions): Audience {
    checkKeys(options, ['name', 'members', 'bounds', 'kind', 'createUnknown'])
    const name = this.#newName(options.name)
    const kind = checkKind(options.kind)
    const bounds = checkBounds(options.bounds)
    const upload = readUpload(options.members, options, this.#dataset)
    checkSize(name, upload.report.matched, bounds, noRemedies)
    createStrangers(upload, this.#dataset)
    const version = this.#version(null, 1, upload.people)
    return this.#create({ name, kind, bounds, rule: null, versions: [version], lastUpload: upload.report })
  }

  rename(from: string, to: string): Audience {
    const state = this.state(from)
    const name = checkName(to, 'AUDIENCE_NAME_INVALID')
    if (name === state.name) return this.handle(state)
    this.#newName(name)
    this.journal?.write({ kind: 'renameAudience', from: state.name, to: name })
    this.#rename(state, name)
    return this.handle(state)
  }

  #rename(state: AudienceState, name: string): void {
    const before = state.name
    state.name = name
    // The map is made anew so that the listing keeps its order.
    const states = [...this.#states.values()]
    this.#states.clear()
    for (const other of states) {
      if (other.rule !== null) other.rule = Rule.of(renameInRule(other.rule.node, before, name))
      this.#states.set(other.name, other)
    }
    this.#revision++
  }

  remove(name: string): void {
    const state = this.state(name)
    const usedBy = [...this.#states.values()]
      .filter((other) => other.rule !== null && audiencesIn(other.rule.node).has(state.name))
      .map((other) => other.name)
    if (usedBy.length > 0) {
      throw new CrowdbitError(
        'AUDIENCE_IN_USE',
        `audience ${show(state.name)} is named by ${usedBy.map(show).join(', ')}. Remove or change ${usedBy.length === 1 ? 'that one' : 'those'} first.`,
        { name: state.name, usedBy },
      )
    }
    this.journal?.write({ kind: 'removeAudience', name: state.name })
    this.#states.delete(state.name)
    this.#revision++
  }

  isRemoved(state: AudienceState): boolean {
    return this.#states.get(state.name) !== state
  }

  rebuild(state: AudienceState, options: AskOptions): void {
    checkKeys(options, ['asOf'])
    if (state.rule === null)
      throw wrongKind(state.name, 'is a list, whose members are uploaded: use add, remove or replace')
    this.#change(state, state, this.#build(state.name, state.rule, state.bounds, nextNumber(state), options))
  }

  update(state: AudienceState, changes: AudienceChanges): void {
    checkKeys(changes, ['rule', 'bounds', 'kind', 'asOf'])
    const kind = changes.kind === undefined ? state.kind : checkKind(changes.kind)
    const bounds = checkBounds(changes.bounds, state.bounds)
    if (changes.rule !== undefined) {
      if (state.rule === null) throw wrongKind(state.name, 'is a list, which has no rule')
      const rule = this.#planner.read(changes.rule)
      // First, since it bounds the rule's size: what comes after walks the tree.
      this.#planner.check(rule)
      this.#checkCycle(state.name, rule)
      this.#checkDependents(state, rule)
      const version = this.#build(state.name, rule, bounds, nextNumber(state), changes)
      this.#change(state, { kind, bounds, rule }, version)
    } else {
      checkSize(state.name, state.versions.at(-1)!.size, bounds, noRemedies)
      this.#change(state, { kind, bounds, rule: state.rule }, null)
    }
  }

  changeList(
    state: AudienceState,
    action: 'add' | 'remove' | 'replace',
    members: Members,
    options: ListOptions,
  ): ListReport {
    if (state.rule !== null)
      throw wrongKind(state.name, 'follows a rule, so its members cannot be uploaded: use update({ rule })')
    const upload = readUpload(members, options, this.#dataset)
    const before = membersOfVersion(state.versions.at(-1)!)
    const size =
      action === 'replace'
        ? upload.report.matched
        : action === 'add'
          ? before.orCardinality(upload.people) + upload.create.length
          : before.andNotCardinality(upload.people)
    checkSize(state.name, size, state.bounds, noRemedies)
    createStrangers(upload, this.#dataset)
    const people =
      action === 'replace'
        ? upload.people
        : action === 'add'
          ? or(before, upload.people)
          : andNot(before, upload.people)
    if (people !== upload.people) upload.people.dispose()
    this.#change(state, state, this.#version(null, nextNumber(state), people))
    state.lastUpload = upload.report
    return upload.report
  }

  /**
   * Takes removed people out of every version.
   */
  forget(people: ReadonlyBitmap): void {
    this.#removals++
    for (const { versions } of this.#states.values()) for (const version of versions) forgetInVersion(version, people)
  }

  /**
   * Puts people in the places of those who became them, in every version: `to[i]` in that of `from[i]`.
   */
  merge(from: Uint32Array, to: Uint32Array): void {
    this.#removals++
    for (const { versions } of this.#states.values()) {
      for (const version of versions) mergeInVersion(version, from, to)
    }
  }

  /**
   * The audiences whose rules name a tag.
   */
  usersOfTag(tag: string): readonly string[] {
    return [...this.#states.values()]
      .filter((state) => state.rule !== null && tagsIn(state.rule.node).has(tag))
      .map((state) => state.name)
  }

  /**
   * Everything, for saving.
   */
  states(): IterableIterator<AudienceState> {
    return this.#states.values()
  }

  /**
   * Does again what a journal wrote down, on the audiences that there were then. It is written down here, too, where somebody does.
   *
   * @throws AUDIENCE_UNKNOWN, AUDIENCE_NAME_TAKEN and the other codes where the audiences are others
   */
  replay(record: AudienceRecord): void {
    switch (record.kind) {
      case 'createAudience': {
        const { audience, version } = record
        const name = this.#newName(audience.name)
        const bounds = checkBounds(audience.bounds)
        const made = makeAudienceVersion(version.facts, version.members, this.#dataset.ids)
        this.#create({ ...audience, name, bounds, versions: [made], lastUpload: null })
        break
      }
      case 'changeAudience': {
        const { audience, version } = record
        const made = version === null ? null : makeAudienceVersion(version.facts, version.members, this.#dataset.ids)
        this.#change(this.state(audience.name), audience, made)
        break
      }
      case 'renameAudience':
        this.rename(record.from, record.to)
        break
      case 'removeAudience':
        this.remove(record.name)
    }
  }

  /**
   * Puts an audience back that was saved.
   */
  restore(
    saved: Omit<AudienceState, 'versions' | 'lastUpload'>,
    versions: readonly (VersionFacts & { readonly members: ReadonlyBitmap })[],
  ): void {
    const name = this.#newName(saved.name)
    this.#put({
      ...saved,
      name,
      bounds: checkBounds(saved.bounds),
      versions: versions.map((version) => makeAudienceVersion(version, version.members, this.#dataset.ids)),
      lastUpload: null,
    })
  }

  /** The count and the members are of one instant. */
  #build(name: string, rule: Rule, bounds: Bounds, number: number, options: AskOptions): AudienceVersion {
    const planner = this.#planner
    const prepared = planner.prepare(rule)
    const asOf = planner.momentOf({ asOf: options.asOf })
    const size = prepared.count({ asOf })
    checkSize(name, size, bounds, () => this.#remedies(rule, bounds, asOf))
    return this.#version(prepared.hash, number, bitmapOfUserSet(prepared.select({ asOf })), asOf)
  }

  /** Parts without which the rule would fit, those that change the size least first. */
  #remedies(rule: Rule, bounds: Bounds, asOf: Millis): readonly BoundsRemedy[] {
    const preview = this.#previewOf(rule, asOf)
    if (preview === null) return []
    const { count, nodes } = preview
    return nodes
      .flatMap(({ path, rule: part, without }) =>
        // The first part of a minus is what the audience is about: without it, it would be everybody else.
        without === null || path.endsWith('.minus[0]') ? [] : [{ without: part, size: without }],
      )
      .filter(({ size }) => size >= bounds.min && size <= bounds.max)
      .sort((a, b) => Math.abs(a.size - count) - Math.abs(b.size - count))
      .slice(0, mostRemedies)
  }

  /** The counts of a rule's parts; `null` for a rule that is too large for them: then the error goes without remedies. */
  #previewOf(rule: Rule, asOf: Millis): Preview | null {
    try {
      return this.#planner.preview(rule, { asOf })
    } catch (error) {
      if (error instanceof CrowdbitError && error.code === 'RULE_TOO_LARGE') return null
      throw error
    }
  }

  #version(
    ruleHash: string | null,
    number: number,
    members: ReadonlyBitmap,
    asOf: Millis = this.#clock.now(),
  ): AudienceVersion {
    const facts = { number, ruleHash, asOf, dataVersion: this.#dataset.version }
    return makeAudienceVersion(facts, members, this.#dataset.ids)
  }

  #create(state: AudienceState): Audience {
    const { name, kind, bounds, rule, versions } = state
    this.journal?.write({
      kind: 'createAudience',
      audience: { name, kind, bounds, rule },
      version: recorded(versions[0]!),
    })
    return this.#put(state)
  }

  /** Changes what an audience is, and makes a version the one in force. */
  #change(
    state: AudienceState,
    { kind, bounds, rule }: Omit<AudienceFacts, 'name'>,
    version: AudienceVersion | null,
  ): void {
    this.journal?.write({
      kind: 'changeAudience',
      audience: { name: state.name, kind, bounds, rule },
      version: version === null ? null : recorded(version),
    })
    state.kind = kind
    state.bounds = bounds
    state.rule = rule
    if (version !== null) this.#addVersion(state, version)
  }

  #addVersion(state: AudienceState, version: AudienceVersion): void {
    const pinned = new Set<number>()
    for (const { rule } of this.#states.values()) {
      if (rule !== null) for (const number of pinnedVersions(rule.node, state.name)) pinned.add(number)
    }
    const versions = [...state.versions, version]
    state.versions = Object.freeze(
      versions.filter((kept, index) => index >= versions.length - keptVersions || pinned.has(kept.number)),
    )
    this.#revision++
  }

  /** Refuses a rule through which an audience would be defined by itself. */
  #checkCycle(name: string, rule: Rule): void {
    const seen = new Set<string>()
    const trail: string[] = [name]
    const visit = (node: RuleNode): void => {
      for (const named of audiencesIn(node)) {
        if (named === name) {
          const circle = [...trail, name].map(show).join(' → ')
          throw new RuleError([
            { code: 'RULE_CYCLE', message: `audience ${show(name)} would be defined by itself: ${circle}`, path: '$' },
          ])
        }
        const inner = this.#states.get(named)?.rule
        if (seen.has(named) || inner === null || inner === undefined) continue
        seen.add(named)
        trail.push(named)
        visit(inner.node)
        trail.pop()
      }
    }
    visit(rule.node)
  }

  /**
   * Refuses a rule with which an audience that names this one could no longer be asked, being too deep then.
   *
   * @throws RULE_TOO_DEEP
   */
  #checkDependents(state: AudienceState, rule: Rule): void {
    const before = state.rule
    const dependents = this.#reaching(state.name)
    try {
      state.rule = rule
      for (const other of dependents) if (other.rule !== null) this.#planner.prepare(other.rule)
    } finally {
      state.rule = before
    }
  }

  /** The audiences whose rules name this one, or name one that does, and so on. */
  #reaching(name: string): ReadonlySet<AudienceState> {
    const namedBy = new Map<string, AudienceState[]>()
    for (const state of this.#states.values()) {
      if (state.rule === null) continue
      for (const named of audiencesIn(state.rule.node)) namedBy.set(named, [...(namedBy.get(named) ?? []), state])
    }
    const found = new Set<AudienceState>()
    const waiting = [name]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const state of namedBy.get(next) ?? []) {
        if (found.has(state)) continue
        found.add(state)
        waiting.push(state.name)
      }
    }
    return found
  }

  #newName(name: string): string {
    const checked = checkName(name, 'AUDIENCE_NAME_INVALID')
    if (this.#states.has(checked)) {
      throw new CrowdbitError(
        'AUDIENCE_NAME_TAKEN',
        `there is an audience ${show(checked)} in this workspace already`,
        { name: checked },
      )
    }
    return checked
  }

  #put(state: AudienceState): Audience {
    this.#states.set(state.name, state)
    this.#revision++
    return this.handle(state)
  }
}

function recorded(version: AudienceVersion): RecordedVersion {
  const { number, ruleHash, asOf, dataVersion } = version
  return { facts: { number, ruleHash, asOf, dataVersion }, members: membersOfVersion(version) }
}

const noRemedies = (): readonly BoundsRemedy[] => []

function nextNumber(state: AudienceState): number {
  return state.versions.at(-1)!.number + 1
}

function checkKind(kind: AudienceKind = 'custom'): AudienceKind {
  if (kind !== 'official' && kind !== 'industry' && kind !== 'custom') {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `an audience's kind is "official", "industry" or "custom", not ${show(kind)}`,
      { kind },
    )
  }
  return kind
}

function wrongKind(name: string, why: string): CrowdbitError {
  return new CrowdbitError('AUDIENCE_WRONG_KIND', `audience ${show(name)} ${why}`, { name })
}
