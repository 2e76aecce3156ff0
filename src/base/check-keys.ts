import { CrowdbitError } from './crowdbit-error.ts'
import { didYouMean, nearestName } from './did-you-mean.ts'
import { show } from './show.ts'

/**
 * Refuses options that mean nothing: most are misspelt.
 *
 * @throws OPTION_INVALID
 */
export function checkKeys(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new CrowdbitError('OPTION_INVALID', `the options are ${show(options)}, where an object is expected`)
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    const suggestion = nearestName(key, known)
    throw new CrowdbitError('OPTION_INVALID', `there is no option ${show(key)}.${didYouMean(suggestion)}`, {
      option: key,
      suggestion,
    })
  }
}
