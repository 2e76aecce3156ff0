import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { RuleNode } from '../rules/ast.ts'
import { type Audience, type AudienceOwner, type AudienceState, makeAudience } from './audience.ts'
import { membersOfVersion } from './audience-version.ts'
import type { AudienceFilter } from './audiences.ts'

/** Finding audiences by their names: the same in a registry, which changes them, and in a view, which doesn't. */
export abstract class AudienceLookups {
  readonly #handles = new WeakMap<AudienceState, Audience>()

  /** The audiences by name, in the order in which they were created. */
  protected abstract get byName(): ReadonlyMap<string, AudienceState>

  /** What audiences ask to change them. */
  protected abstract get owner(): AudienceOwner

  get(name: string): Audience {
    return this.handle(this.state(name))
  }

  has(name: string): boolean {
    return this.byName.has(nameAsked(name))
  }

  list(filter: AudienceFilter = {}): readonly Audience[] {
    const all = Array.from(this.byName.values(), (state) => this.handle(state))
    checkKeys(filter, ['kind', 'source'])
    return all
      .filter((audience) => filter.kind === undefined || audience.kind === filter.kind)
      .filter((audience) => filter.source === undefined || audience.source === filter.source)
  }

  names(): IterableIterator<string> {
    return this.byName.keys()
  }

  hasVersion(name: string, version: number | 'latest'): boolean {
    if (version === 'latest') return this.has(name)
    return this.byName.get(name)?.versions.some((kept) => kept.number === version) === true
  }

  ruleOf(name: string): RuleNode | null {
    return this.state(name).rule?.node ?? null
  }

  members(name: string, version: number | 'latest' | null): ReadonlyBitmap {
    const { versions } = this.state(name)
    const asked = typeof version === 'number' ? versions.find((kept) => kept.number === version) : versions.at(-1)
    if (asked !== undefined) return membersOfVersion(asked)
    throw new CrowdbitError('AUDIENCE_VERSION_UNKNOWN', `audience ${show(name)} keeps no version ${show(version)}`, {
      name,
      version,
    })
  }

  /** @throws AUDIENCE_UNKNOWN */
  protected state(name: string): AudienceState {
    const { byName } = this
    const state = byName.get(nameAsked(name))
    if (state !== undefined) return state
    const suggestion = nearestName(String(name), byName.keys())
    throw new CrowdbitError(
      'AUDIENCE_UNKNOWN',
      `no audience ${show(name)} in this workspace.${didYouMean(suggestion)}`,
      { name, suggestion },
    )
  }

  /** The one object that shows an audience. */
  protected handle(state: AudienceState): Audience {
    let audience = this.#handles.get(state)
    if (audience === undefined) {
      audience = makeAudience(state, this.owner)
      this.#handles.set(state, audience)
    }
    return audience
  }
}

/** A name as audiences are looked up by it. */
function nameAsked(name: string): string {
  return String(name).normalize('NFC').trim()
}
