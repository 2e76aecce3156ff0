import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as crowdbit from '../../src/index.ts'
import { Rule } from '../../src/index.ts'
import * as testing from '../../src/testing/index.ts'
import {
  anyCase,
  type CheckOptions,
  CrowdbitSystem,
  checkAgainstReference,
  compareOnCase,
  type Question,
  ReferenceMismatch,
  ReferencePopulation,
  type SegmentationSystem,
  type SystemSettings,
  showCase,
} from '../../src/testing/index.ts'
import { campaign } from '../fast-check-config.ts'

/** crowdbit with a mistake: what is not in a list is taken for `not in`, people without a value included. */
class Careless extends CrowdbitSystem {
  override count(rule: Rule, question: Question): number {
    return super.count(this.#mistaken(rule), question)
  }

  override ids(rule: Rule, question: Question): crowdbit.ExternalId[] {
    return super.ids(this.#mistaken(rule), question)
  }

  #mistaken(rule: Rule): Rule {
    const careless = (json: unknown): unknown => {
      if (Array.isArray(json)) return json.map(careless)
      if (typeof json !== 'object' || json === null) return json
      if ('notIn' in json && 'tag' in json) return { not: { tag: json.tag, in: json.notIn } }
      return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, careless(value)]))
    }
    return Rule.read(careless(rule.toJSON()) as never)
  }
}

async function mismatch(
  create: (schema: crowdbit.SchemaSpec, settings: SystemSettings) => SegmentationSystem,
  options: CheckOptions,
): Promise<ReferenceMismatch> {
  try {
    await checkAgainstReference({ create }, options)
  } catch (error) {
    if (error instanceof ReferenceMismatch) return error
    throw error
  }
  throw new Error('no mismatch was found')
}

/** Cases for a system that does no more than it must. */
const poorOptions: CheckOptions = {
  leaveOut: ['audience', 'members', 'remove', 'link', 'unlink', 'addColumn', 'dropColumn'],
  columns: ['flag', 'category'],
}

describe('checkAgainstReference', () => {
  test('finds nothing wrong with crowdbit, and says what it did', async () => {
    const report = await checkAgainstReference(
      { create: (schema, settings) => new CrowdbitSystem(schema, settings) },
      { runs: 100, seed: 1 },
    )
    expect(report).toMatchObject({ runs: 100, seed: 1 })
    expect(report.telling).toBeGreaterThan(20)
  })

  test('finds a mistake, makes it small, prints it as a program, and replays it', async () => {
    const create = (schema: crowdbit.SchemaSpec, settings: SystemSettings): Careless => new Careless(schema, settings)
    const found = await mismatch(create, { runs: 1_000, seed: 1 })
    expect(found.message).toMatch(
      /^the system differs from the reference. The smallest case found:\n\nconst crowd = createEngine\(\{ schema: .*\n/,
    )
    expect(found.message).toMatch(
      /crowd\.count\(".* not in \(\)"(, \{ asOf: .* \})?\)\n\/\/ people: expected \[\], found \[/,
    )
    expect(found.smallest.changes.length).toBeLessThanOrEqual(2)
    const again = await mismatch(create, { runs: 1_000, seed: found.seed, path: found.path })
    expect(again.message).toBe(found.message)
  })

  test('finds mistakes about time and events, and makes them small', async () => {
    const mistakes: readonly (readonly [sign: RegExp, create: Parameters<typeof mismatch>[0]])[] = [
      // Days are those of UTC.
      [/timeZone: "/, (schema, settings) => new CrowdbitSystem(schema, { ...settings, timeZone: 'UTC' })],
      // What is at asOf is not seen.
      [
        /\{ asOf: "/,
        (schema, settings) => {
          const system = new CrowdbitSystem(schema, settings)
          const earlier = ({ asOf }: Question): Question => ({ asOf: asOf - 1 })
          return {
            put: (id, row) => system.put(id, row),
            track: (change) => system.track(change),
            count: (rule, question) => system.count(rule, earlier(question)),
            ids: (rule, question) => system.ids(rule, earlier(question)),
          }
        },
      ],
      // An event with an id seen before counts again.
      [
        /eventId: .*\n.*eventId: /,
        (schema, settings) => {
          const system = new CrowdbitSystem(schema, settings)
          return {
            put: (id, row) => system.put(id, row),
            track: (change) => {
              const events = change.events.map(([id, values]) => [id, { ...values, eventId: null }] as const)
              system.track({ ...change, events })
            },
            count: (rule, question) => system.count(rule, question),
            ids: (rule, question) => system.ids(rule, question),
          }
        },
      ],
    ]
    for (const [sign, create] of mistakes) {
      const leaveOut = [...poorOptions.leaveOut!, 'values' as const]
      const found = await mismatch(create, { runs: 2_000, seed: 1, leaveOut, columns: ['event'] })
      expect(found.message).toMatch(sign)
      expect(found.smallest.changes.length).toBeLessThanOrEqual(2)
    }
  })

  test('refuses to pass over a change that the system cannot make', async () => {
    const poor = (schema: crowdbit.SchemaSpec): SegmentationSystem => {
      const system = new CrowdbitSystem(schema)
      return {
        put: (id, row) => system.put(id, row),
        count: (rule) => system.count(rule),
        ids: (rule) => system.ids(rule),
      }
    }
    const found = await mismatch(poor, { runs: 100, seed: 1 })
    expect(found.message).toContain('the system under test has no method')
    await checkAgainstReference({ create: poor }, { runs: 100, ...poorOptions })
  })

  test('waits for systems that answer later, and closes them', async () => {
    let open = 0
    const create = async (schema: crowdbit.SchemaSpec): Promise<SegmentationSystem> => {
      const system = new CrowdbitSystem(schema)
      open++
      return {
        put: async (id, row) => system.put(id, row),
        count: async (rule) => system.count(rule),
        ids: async (rule) => system.ids(rule).reverse(),
        close: async () => open--,
      }
    }
    await checkAgainstReference({ create }, { runs: 20, ...poorOptions })
    expect(open).toBe(0)
  })
})

test('a case is printed as a program that runs and gives the answer', async () => {
  await fc.assert(
    fc.asyncProperty(anyCase(), async (tried) => {
      await compareOnCase({ create: (schema, settings) => new CrowdbitSystem(schema, settings) }, tried)
      const { createEngine, flag, category, number, timestamp, event } = crowdbit
      const makers = { flag, category, number, timestamp, event }
      const names = { createEngine, ...makers, portableBytesOf: testing.portableBytesOf }
      const lines = showCase(tried).split('\n')
      const program = new Function(...Object.keys(names), [...lines.slice(0, -1), `return ${lines.at(-1)}`].join('\n'))
      const reference = new ReferencePopulation(tried.schema, tried)
      for (const change of tried.changes) reference.apply(change)
      expect(program(...Object.values(names))).toBe(reference.ids(tried.rule, tried.asOfs.at(-1)).length)
    }),
    campaign(80),
  )
})

test('docs/testing.md: its program runs and prints what it says', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/testing.md'), 'utf8')
  const [program, output, more] = [...page.matchAll(/```(?:ts|text)\n([\s\S]*?)```/g)].map((block) => block[1]!)
  const { default: ts } = await import('typescript')
  const body = `${program}\n${more}`.replace(/^import .*\n/gm, '')
  const code = ts.transpile(`export {}\n${body}`, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext })
  const scope = { ...crowdbit, ...testing }
  const printed: string[] = []
  const console = { log: (...parts: unknown[]) => printed.push(parts.map(String).join(' ')) }
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor
  const run = new AsyncFunction('console', ...Object.keys(scope), code.replace('export {};', ''))
  await run(console, ...Object.values(scope))
  expect(`${printed.join('\n')}\n`).toBe(output)
})
