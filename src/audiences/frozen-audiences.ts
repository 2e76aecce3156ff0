import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { viewReadOnly } from '../dataset/released-parts.ts'
import type { AudienceDirectory } from '../planner/planner.ts'
import type { RuleNode } from '../rules/ast.ts'
import { type Audience, type AudienceOwner, type AudienceState, makeAudience } from './audience.ts'
import { makeAudienceVersion, membersOfVersion } from './audience-version.ts'
import type { AudienceFilter, Audiences } from './audiences.ts'
import type { ListReport } from './list-members.ts'
import { selectAudiences } from './select-audiences.ts'
import { nameAsked, unknownAudience, unknownVersion } from './unknown-audience.ts'

/**
 * The audiences of one workspace as they were at one moment, which take no changes. Cost: one look at each version when they
 * are made; members are shared.
 */
export class FrozenAudiences implements Audiences, AudienceDirectory, AudienceOwner {
  readonly revision = 0
  readonly #dataset: Dataset
  readonly #states = new Map<string, AudienceState>()
  readonly #handles = new Map<string, Audience>()

  /**
   * @param dataset the frozen one of the same moment
   * @param states those of the registry; they are copied
   */
  constructor(dataset: Dataset, states: Iterable<AudienceState>) {
    this.#dataset = dataset
    for (const state of states) {
      this.#states.set(state.name, {
        ...state,
        // The living versions lose the people who are removed.
        versions: Object.freeze(
          state.versions.map((version) => makeAudienceVersion(version, membersOfVersion(version), dataset.ids)),
        ),
      })
    }
  }

  create(): never {
    throw viewReadOnly()
  }

  createList(): never {
    throw viewReadOnly()
  }

  rename(): never {
    throw viewReadOnly()
  }

  remove(): never {
    throw viewReadOnly()
  }

  rebuild(): never {
    throw viewReadOnly()
  }

  update(): never {
    throw viewReadOnly()
  }

  changeList(): ListReport {
    throw viewReadOnly()
  }

  isRemoved(): boolean {
    return false
  }

  get(name: string): Audience {
    return this.#handle(this.#state(name))
  }

  has(name: string): boolean {
    return this.#held.has(nameAsked(name))
  }

  list(filter: AudienceFilter = {}): readonly Audience[] {
    return selectAudiences(
      Array.from(this.#held.values(), (state) => this.#handle(state)),
      filter,
    )
  }

  names(): IterableIterator<string> {
    return this.#held.keys()
  }

  hasVersion(name: string, version: number | 'latest'): boolean {
    if (version === 'latest') return this.has(name)
    return this.#held.get(name)?.versions.some((kept) => kept.number === version) === true
  }

  ruleOf(name: string): RuleNode | null {
    return this.#state(name).rule?.node ?? null
  }

  members(name: string, version: number | 'latest' | null): ReadonlyBitmap {
    const { versions } = this.#state(name)
    const asked = typeof version === 'number' ? versions.find((kept) => kept.number === version) : versions.at(-1)
    if (asked === undefined) throw unknownVersion(name, version)
    return membersOfVersion(asked)
  }

  /** @throws VIEW_RELEASED */
  get #held(): ReadonlyMap<string, AudienceState> {
    this.#dataset.checkHeld()
    return this.#states
  }

  #state(name: string): AudienceState {
    const state = this.#held.get(nameAsked(name))
    if (state === undefined) throw unknownAudience(name, this.#states.keys())
    return state
  }

  #handle(state: AudienceState): Audience {
    let audience = this.#handles.get(state.name)
    if (audience === undefined) {
      audience = makeAudience(state, this)
      this.#handles.set(state.name, audience)
    }
    return audience
  }
}
