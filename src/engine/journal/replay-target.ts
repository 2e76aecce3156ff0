import type { AudienceRegistry } from '../../audiences/audience-registry.ts'
import type { Dataset } from '../../dataset/dataset.ts'

/** What records are done again in. */
export interface ReplayTarget {
  readonly dataset: Dataset
  /** The audiences of a workspace, which is made where it is missing. */
  registry(workspace: string): Pick<AudienceRegistry, 'replay'>
  removeWorkspace(name: string): void
}
