import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An example of docs/errors.md: a program, and the message of the error that it ends with, or that it prints. */
export interface ErrorExample {
  /** `rejected`: the fault is of a row, and stands in the report that the program prints. */
  readonly kind: 'error' | 'rejected'
  readonly code: string
  /** The heading under which it stands. */
  readonly heading: string
  readonly program: string
  /** The text block after it; `null` where there is none. */
  readonly message: string | null
}

/** docs/errors.md, taken apart. */
export interface ErrorsPage {
  /** The headings of the third level, in order. */
  readonly headings: readonly string[]
  /** What every example begins with. */
  readonly setup: string
  readonly examples: readonly ErrorExample[]
}

/** Where the page is. */
export const errorsPageFile: string = join(import.meta.dirname, '../../docs/errors.md')

/** Reads docs/errors.md. */
export function readErrorsPage(): ErrorsPage {
  const page = readFileSync(errorsPageFile, 'utf8')
  const sections = page.split(/^### /m).slice(1)
  return {
    headings: sections.map((section) => section.split('\n')[0]!),
    setup: /^```ts setup\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '',
    examples: sections.flatMap((section) =>
      [...section.matchAll(/^```ts (error|rejected)=(\w+)\n([\s\S]*?)^```$(?:\n\n^```text\n([\s\S]*?)^```$)?/gm)].map(
        (block) => ({
          heading: section.split('\n')[0]!,
          kind: block[1] as ErrorExample['kind'],
          code: block[2]!,
          program: block[3]!,
          message: block[4] ?? null,
        }),
      ),
    ),
  }
}
