import type { SegmentationCase } from './population-change.ts'
import { showCase } from './show-case.ts'

/** Where in a random run a failure was found: what replays it. */
export interface FailurePlace {
  readonly seed: number
  /** As fast-check writes it. */
  readonly path: string
}

/** A system and the reference differ. The message has the smallest case that was found, as a program, and how to replay it. */
export class ReferenceMismatch extends Error {
  override readonly name: string = 'ReferenceMismatch'
  readonly smallest: SegmentationCase
  readonly seed: number
  readonly path: string

  constructor(smallest: SegmentationCase, cause: unknown, place: FailurePlace) {
    const { seed, path } = place
    super(
      [
        'the system differs from the reference. The smallest case found:',
        '',
        showCase(smallest),
        `// ${cause instanceof Error ? cause.message : String(cause)}`,
        '',
        `Replay it with { seed: ${seed}, path: ${JSON.stringify(path)} } and the same other options.`,
      ].join('\n'),
      { cause },
    )
    this.smallest = smallest
    this.seed = seed
    this.path = path
  }
}
