import type { Dataset } from '../dataset/dataset.ts'
import { viewReadOnly } from '../dataset/released-parts.ts'
import type { AudienceDirectory } from '../planner/planner.ts'
import type { AudienceOwner, AudienceState } from './audience.ts'
import { AudienceLookups } from './audience-lookups.ts'
import { makeAudienceVersion, membersOfVersion } from './audience-version.ts'
import type { Audiences } from './audiences.ts'
import type { ListReport } from './list-members.ts'

/**
 * The audiences of one workspace as they were at one moment, which take no changes. Cost: one look at each version when they
 * are made; members are shared.
 */
export class FrozenAudiences extends AudienceLookups implements Audiences, AudienceDirectory, AudienceOwner {
  readonly revision = 0
  readonly #dataset: Dataset
  readonly #states = new Map<string, AudienceState>()

  /**
   * @param dataset the frozen one of the same moment
   * @param states those of the registry; they are copied
   */
  constructor(dataset: Dataset, states: Iterable<AudienceState>) {
    super()
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

  /** @throws VIEW_RELEASED */
  protected get byName(): ReadonlyMap<string, AudienceState> {
    this.#dataset.checkHeld()
    return this.#states
  }

  protected get owner(): AudienceOwner {
    return this
  }
}
