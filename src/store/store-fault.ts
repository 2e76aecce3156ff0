import { CrowdbitError, type ErrorFacts } from '../base/crowdbit-error.ts'

/** What to do about a damaged store; ends every message of `STORE_CORRUPT`. */
const remedy = 'Restore the folder from a backup, or save the engine again'

/** The store's bytes aren't what was saved. */
export function corrupt(statement: string, facts: ErrorFacts, cause?: unknown): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `${statement}. ${remedy}`,
    facts,
    cause === undefined ? undefined : { cause },
  )
}

/** The operating system's code of an error (`ENOSPC` …), or `undefined`. */
export function errnoOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : undefined
}

/**
 * Does one thing with the file system, and says in an error what it was.
 *
 * @throws STORE_IO with the facts `path` and `errno`, and the file system's own error as cause.
 */
export async function io<T>(doing: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw ioFault(doing, path, error)
  }
}

/** As `io`, without waiting. */
export function ioSync<T>(doing: string, path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw ioFault(doing, path, error)
  }
}

/** What the file system refused, as an error of ours. */
export function ioFault(doing: string, path: string, error: unknown): CrowdbitError {
  const errno = errnoOf(error)
  const because = error instanceof Error ? error.message : String(error)
  return new CrowdbitError(
    'STORE_IO',
    `could not ${doing} ${path}: ${because}.${adviceFor(errno)}`,
    { path, errno: errno ?? null, doing },
    { cause: error },
  )
}

function adviceFor(errno: string | undefined): string {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return ' A save needs room for the old and the new content together: free some and save again'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ' The process needs the right to write into the folder'
    case 'EMFILE':
    case 'ENFILE':
      return ' Raise the limit of open files'
    default:
      return ' Check the disk and the path, and try again'
  }
}
