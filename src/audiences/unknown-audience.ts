import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'

/** A name as audiences are looked up by it. */
export function nameAsked(name: string): string {
  return String(name).normalize('NFC').trim()
}

/** The error for a name that no audience of the workspace has. */
export function unknownAudience(name: string, names: Iterable<string>): CrowdbitError {
  const suggestion = nearestName(String(name), names)
  return new CrowdbitError(
    'AUDIENCE_UNKNOWN',
    `no audience ${show(name)} in this workspace.${didYouMean(suggestion)}`,
    { name, suggestion },
  )
}

/** The error for a version that an audience does not keep. */
export function unknownVersion(name: string, version: number | 'latest' | null): CrowdbitError {
  return new CrowdbitError('AUDIENCE_VERSION_UNKNOWN', `audience ${show(name)} keeps no version ${show(version)}`, {
    name,
    version,
  })
}
