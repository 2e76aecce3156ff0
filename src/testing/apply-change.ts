import type { ChangeKind, PopulationChange } from './population-change.ts'
import type { Awaitable, SegmentationSystem } from './segmentation-system.ts'

/** Makes a change in a system. @throws Error where the system lacks the method */
export async function applyChange(change: PopulationChange, system: SegmentationSystem): Promise<void> {
  const apply = applyBy[change.kind] as (change: PopulationChange, system: SegmentationSystem) => Awaitable<unknown>
  await apply(change, system)
}

type ApplyBy = {
  readonly [Kind in ChangeKind]: (
    change: PopulationChange & { readonly kind: Kind },
    system: SegmentationSystem,
  ) => Awaitable<unknown>
}

const applyBy: ApplyBy = {
  async put({ rows }, system) {
    if (rows.length > 1 && system.putMany !== undefined) await system.putMany(rows)
    else for (const [id, row] of rows) await system.put(id, row)
  },
  remove: (change, system) => (system.remove ?? missing('remove', change)).call(system, change.ids),
  link: (change, system) => (system.link ?? missing('link', change)).call(system, change.pairs),
  unlink: (change, system) => (system.unlink ?? missing('unlink', change)).call(system, change.id),
  members: (change, system) => (system.changeMembers ?? missing('changeMembers', change)).call(system, change),
  values: (change, system) => (system.changeValues ?? missing('changeValues', change)).call(system, change),
  track: (change, system) => (system.track ?? missing('track', change)).call(system, change),
  addColumn: (change, system) =>
    (system.addColumn ?? missing('addColumn', change)).call(system, change.column, change.spec),
  dropColumn: (change, system) => (system.dropColumn ?? missing('dropColumn', change)).call(system, change.column),
  ruleAudience: (change, system) => (system.createAudience ?? missing('createAudience', change)).call(system, change),
  listAudience: (change, system) => (system.createList ?? missing('createList', change)).call(system, change),
  rebuild: (change, system) => (system.rebuild ?? missing('rebuild', change)).call(system, change),
  list: (change, system) => (system.changeList ?? missing('changeList', change)).call(system, change),
}

function missing(method: string, change: PopulationChange): never {
  throw new Error(
    `the system under test has no method ${method}: give it one, or leave such changes out with leaveOut: ['${change.kind}']`,
  )
}
