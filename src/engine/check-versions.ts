import { CrowdbitError } from '../base/crowdbit-error.ts'
import { columnSectionVersion } from '../columns/column-section.ts'
import { orderSectionVersion } from '../columns/order-section.ts'
import { eventSectionVersion } from '../events/event-sections.ts'
import { linkSectionVersion } from '../ids/link-section.ts'
import type { StoreReader } from '../store/store-reader.ts'
import {
  audienceSectionVersion,
  idPieceSectionVersion,
  idSectionName,
  idSectionVersion,
  linkSectionName,
  peopleSectionName,
  peopleSectionVersion,
} from './section-names.ts'

/** Refuses sections that a newer crowdbit wrote. @throws STORE_VERSION_UNSUPPORTED */
export function checkVersions(store: StoreReader): void {
  for (const { name, version } of store.sections) {
    const supported = versionOf(name)
    if (version > supported) {
      throw new CrowdbitError(
        'STORE_VERSION_UNSUPPORTED',
        `section ${name} has format ${version}, and this crowdbit reads up to ${supported}: upgrade crowdbit`,
        { section: name, found: version, supported },
      )
    }
  }
}

/** The highest version that is read of a section. */
function versionOf(name: string): number {
  if (name === idSectionName) return idSectionVersion
  if (name === linkSectionName) return linkSectionVersion
  if (name === peopleSectionName) return peopleSectionVersion
  if (name.startsWith('ids-')) return idPieceSectionVersion
  if (name.startsWith('column-')) return name.endsWith('-order') ? orderSectionVersion : columnSectionVersion
  if (name.startsWith('events-')) return eventSectionVersion
  return audienceSectionVersion
}
