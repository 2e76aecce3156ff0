import type { AudienceJournal } from '../../audiences/audience-record.ts'

/** Who numbers the mutations of an engine, and writes them down before they are done. */
export interface Recorder {
  /** Of the last mutation. */
  readonly sequence: number
  /** The journal of a workspace's audiences. */
  audiences(workspace: string): AudienceJournal
  /** Told that a workspace is about to be removed. */
  removeWorkspace(name: string): void
}
