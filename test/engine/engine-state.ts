import { insideOf } from '../../src/engine/engine.ts'
import type { Engine, ExternalId, SchemaSpec } from '../../src/index.ts'

/** All that an engine shows of itself, as plain data: of the people named, of its schema, audiences and derived tags. */
export function stateOf(engine: Engine<SchemaSpec>, ids: Iterable<ExternalId>): unknown {
  const { dataset } = insideOf(engine)
  const kinds = Object.entries(engine.schema).filter(([, { kind }]) => kind === 'event')
  return {
    size: engine.size,
    version: dataset.version,
    schema: engine.schema,
    columns: Object.keys(engine.schema),
    people: [...ids].map((id) => [
      id,
      engine.denseOf(id),
      engine.get(id),
      kinds.map(([name]) => [name, engine.events(id, name as never)]),
    ]),
    events: [...dataset.eventNames()].map((name) => {
      const { size, dayCount, eventIdCount, today } = dataset.event(name)!
      return { name, size, dayCount, eventIdCount, today }
    }),
    derived: engine.derivedTags.list().map(({ name, mode, rules, status }) => ({
      name,
      mode,
      status,
      rules: rules.map(({ value, rule }) => [value, String(rule)]),
    })),
    workspaces: engine.workspaces().map((name) => [
      name,
      engine
        .workspace(name)
        .audiences.list()
        .map((audience) => ({
          name: audience.name,
          kind: audience.kind,
          bounds: audience.bounds,
          rule: audience.rule === null ? null : String(audience.rule),
          versions: audience.versions.map(({ number, ruleHash, asOf, dataVersion, size }) => ({
            number,
            ruleHash,
            asOf,
            dataVersion,
            size,
          })),
          members: audience.versions.map((version) => [...version.people().dense()]),
        })),
    ]),
  }
}
