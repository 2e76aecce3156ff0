import { checkKeys } from '../base/check-keys.ts'
import type { Audience } from './audience.ts'
import type { AudienceFilter } from './audiences.ts'

/** The audiences that a filter lets through, in their order. @throws OPTION_INVALID */
export function selectAudiences(all: Iterable<Audience>, filter: AudienceFilter): readonly Audience[] {
  checkKeys(filter, ['kind', 'source'])
  return [...all]
    .filter((audience) => filter.kind === undefined || audience.kind === filter.kind)
    .filter((audience) => filter.source === undefined || audience.source === filter.source)
}
