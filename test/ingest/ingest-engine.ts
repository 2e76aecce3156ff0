import {
  type CategorySpec,
  category,
  createEngine,
  type Engine,
  type FlagSpec,
  flag,
  type MultiCategorySpec,
} from '../../src/index.ts'

/** A column of each kind. */
export type TestSchema = {
  readonly vip: FlagSpec
  readonly level: CategorySpec<'金' | '银' | '铜'>
  readonly city: CategorySpec
  readonly interests: MultiCategorySpec
}

/** An engine with a column of each kind. */
export function ingestEngine(): Engine<TestSchema> {
  return createEngine({
    schema: {
      vip: flag(),
      level: category({ values: ['金', '银', '铜'] }),
      city: category(),
      interests: category({ many: true }),
    },
  })
}

/** An engine as a test looks into it. */
interface Inside {
  readonly size: number
  idOf(dense: number): string | number | bigint | undefined
  get(id: string | number | bigint): object | undefined
}

/** What an engine that nobody was removed from knows of each person, in the order of first sight. */
export function contentOf(engine: Inside): [id: unknown, values: object | undefined][] {
  return Array.from({ length: engine.size }, (_, dense) => {
    const id = engine.idOf(dense)!
    return [id, engine.get(id)]
  })
}
