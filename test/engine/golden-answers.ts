import type { Engine, ExternalId, SchemaSpec } from '../../src/index.ts'

/** What the engine of a golden store answers, as plain data. */
export interface GoldenAnswers {
  readonly size: number
  readonly schema: unknown
  readonly workspaces: readonly string[]
  /** Ids by rule, integers with a `#` before them. */
  readonly answers: Readonly<Record<string, readonly string[]>>
  readonly people: Readonly<
    Record<
      string,
      { readonly dense: number; readonly values: unknown; readonly purchases: unknown; readonly ids: readonly string[] }
    >
  >
  readonly versions: unknown
}

/** @param ids of the people that are described, as they are written in a golden store */
export function goldenAnswers(
  crowd: Engine<SchemaSpec>,
  rules: readonly string[],
  ids: readonly string[],
): GoldenAnswers {
  const people = ids.map((text) => {
    const id = idOf(text)
    const purchases = crowd.events(id, 'purchase' as never)
    return [text, { dense: crowd.denseOf(id), values: crowd.get(id), purchases, ids: crowd.idsOf(id).map(textOf) }]
  })
  const versions = crowd.audiences
    .list()
    .map(({ name, kind, bounds, versions }) => [
      name,
      kind,
      bounds,
      versions.map(({ number, ruleHash, asOf, dataVersion, size }) => ({ number, ruleHash, asOf, dataVersion, size })),
    ])
  const answers = {
    size: crowd.size,
    schema: crowd.schema,
    workspaces: crowd.workspaces(),
    answers: Object.fromEntries(rules.map((rule) => [rule, Array.from(crowd.select(rule).ids(), textOf)])),
    people: Object.fromEntries(people),
    versions,
  }
  // As JSON gives it.
  return JSON.parse(JSON.stringify(answers))
}

/** An id as it is written in a golden store. */
export function idOf(text: string): ExternalId {
  return text.startsWith('#') ? BigInt(text.slice(1)) : text
}

function textOf(id: ExternalId): string {
  return typeof id === 'string' ? id : `#${id}`
}
