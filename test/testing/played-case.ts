import type { Engine, SchemaSpec } from '../../src/index.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { PopulationChange, SegmentationCase } from '../../src/testing/population-change.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'

/** An engine and the reference after the same changes. */
export interface PlayedCase {
  readonly system: CrowdbitSystem
  readonly engine: Engine<SchemaSpec>
  readonly reference: ReferencePopulation
  /** Makes one more change in both. */
  play(change: PopulationChange): void
}

/** An engine and a reference that have seen the first `count` changes of a case. */
export function playCase(
  { schema, changes, timeZone, now }: SegmentationCase,
  count: number = changes.length,
  system: CrowdbitSystem = new CrowdbitSystem(schema, { timeZone, now }),
): PlayedCase {
  const reference = new ReferencePopulation(schema, { timeZone, now })
  const play = (change: PopulationChange): void => {
    applyToCrowdbit(change, system)
    reference.apply(change)
  }
  for (const change of changes.slice(0, count)) play(change)
  return { system, engine: system.engine, reference, play }
}

/** Makes a change in an engine, at once: `applyChange` answers later, as systems behind a network do. */
export function applyToCrowdbit(change: PopulationChange, system: CrowdbitSystem): void {
  switch (change.kind) {
    case 'put':
      if (change.rows.length === 1) system.put(...change.rows[0]!)
      else system.putMany(change.rows)
      break
    case 'remove':
      system.remove(change.ids)
      break
    case 'link':
      system.link(change.pairs)
      break
    case 'unlink':
      system.unlink(change.id)
      break
    case 'members':
      system.changeMembers(change)
      break
    case 'values':
      system.changeValues(change)
      break
    case 'track':
      system.track(change)
      break
    case 'addColumn':
      system.addColumn(change.column, change.spec)
      break
    case 'dropColumn':
      system.dropColumn(change.column)
      break
    case 'ruleAudience':
      system.createAudience(change)
      break
    case 'listAudience':
      system.createList(change)
      break
    case 'rebuild':
      system.rebuild(change)
      break
    case 'list':
      system.changeList(change)
  }
}
