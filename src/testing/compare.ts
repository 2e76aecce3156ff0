import fc from 'fast-check'
import { type ExternalId, Rule, type SchemaSpec } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import { applyChange } from './apply-change.ts'
import { anyCase, type CaseOptions, leftOut } from './case-arbitrary.ts'
import { ruleFits } from './change-fits.ts'
import type { SegmentationCase, SystemSettings } from './population-change.ts'
import { peopleOf } from './reference-evaluator.ts'
import { ReferenceMismatch } from './reference-mismatch.ts'
import { ReferencePopulation } from './reference-population.ts'
import type { ReferenceView } from './reference-view.ts'
import type { Awaitable, SegmentationSystem } from './segmentation-system.ts'
import { readsTime, showIds, showInstant } from './show-case.ts'
import { smallestCase } from './smallest-case.ts'

/** What is tested: a maker of systems. */
export interface SystemMaker {
  /** A system with these columns and without people, in this zone and at this time. Called for every case. */
  create(schema: SchemaSpec, settings: SystemSettings): Awaitable<SegmentationSystem>
}

/** How long and from where to test. */
export interface CheckOptions extends CaseOptions {
  /** Cases to try. @default 100 */
  readonly runs?: number
  /** Seed of the cases; a failure prints it. @default random */
  readonly seed?: number
  /** Where in the run of the seed to begin; a failure prints it. @default the beginning */
  readonly path?: string
}

/** What a check without a failure did. */
export interface CheckReport {
  /** Cases tried. */
  readonly runs: number
  readonly seed: number
  /** Answers that were compared: each a count, the people, and the truth for each person. */
  readonly answers: number
  /** Of them, those that were neither nobody nor everyone. */
  readonly telling: number
}

/**
 * Compares a system with the reference on random cases: schema, people, changes, rule. Each rule is asked when half of the
 * changes are made, if it fits then, and at the end, for several instants.
 *
 * Cost: some milliseconds a case, beside what the system takes.
 *
 * @throws ReferenceMismatch with the smallest case found, as a program, and the seed and path that replay it.
 */
export async function checkAgainstReference(maker: SystemMaker, options: CheckOptions = {}): Promise<CheckReport> {
  const { runs = 100, seed, path, ...caseOptions } = options
  let answers = 0
  let telling = 0
  const property = fc.asyncProperty(anyCase(caseOptions), async (tried) => {
    for (const { expected, universe } of await compareOnCase(maker, tried)) {
      answers++
      if (expected > 0 && expected < universe) telling++
    }
  })
  const result = await fc.check(property, {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
    // `smallestCase` does it better.
    endOnFailure: true,
  })
  if (result.counterexample === null) return { runs: result.numRuns, seed: result.seed, answers, telling }
  const failure = async (tried: SegmentationCase): Promise<unknown> => {
    try {
      await compareOnCase(maker, tried)
      return null
    } catch (error) {
      return error
    }
  }
  const fails = async (tried: SegmentationCase): Promise<boolean> => (await failure(tried)) !== null
  const smallest = await smallestCase(result.counterexample[0], fails, leftOut(caseOptions))
  throw new ReferenceMismatch(smallest, (await failure(smallest)) ?? result.errorInstance, {
    seed: result.seed,
    path: result.counterexamplePath ?? '',
  })
}

/** The sizes of one answer that was compared. */
export interface ComparedAnswer {
  readonly expected: number
  readonly universe: number
}

/**
 * Plays one case on a new system and on the reference, and compares.
 *
 * @throws Error that says what differs.
 */
export async function compareOnCase(maker: SystemMaker, tried: SegmentationCase): Promise<readonly ComparedAnswer[]> {
  const { schema, changes, rule, asOfs, timeZone, now } = tried
  const reference = new ReferencePopulation(schema, { timeZone, now })
  const system = await maker.create(schema, { timeZone, now })
  const compared: ComparedAnswer[] = []
  const half = Math.floor(changes.length / 2)
  const compare = async (instants: readonly number[]): Promise<void> => {
    for (const asOf of instants) compared.push(await compareAnswer(rule, reference.at(asOf), system))
  }
  try {
    for (const [index, change] of changes.entries()) {
      if (index === half && ruleFits(rule, reference)) await compare(asOfs.slice(0, 1))
      await applyChange(change, system)
      reference.apply(change)
    }
    await compare(asOfs)
  } finally {
    await system.close?.()
  }
  return compared
}

/**
 * Asks the system and the reference one rule, for the instant at which the reference is seen: the count, the people, and
 * each person alone.
 *
 * @throws Error that says what differs.
 */
export async function compareAnswer(
  node: RuleNode,
  reference: ReferenceView,
  system: SegmentationSystem,
): Promise<ComparedAnswer> {
  const rule = Rule.of(node)
  const question = { asOf: reference.asOf }
  const then = readsTime(node) ? ` as of ${showInstant(reference.asOf)}` : ''
  const expected = [...peopleOf(node, reference)]
  const found = [...(await system.ids(rule, question))]
  const count = await system.count(rule, question)
  expectPeople(expected, found, system.inOrderOfFirstSight === true, then)
  if (count !== expected.length) throw new Error(`count${then}: expected ${expected.length}, found ${count}`)
  if (system.matches !== undefined) {
    const people = new Set(expected)
    for (const id of reference.people.keys()) {
      const matches = await system.matches(id, rule, question)
      if (matches !== people.has(id))
        throw new Error(`matches(${showIds([id])})${then}: expected ${people.has(id)}, found ${matches}`)
    }
  }
  return { expected: expected.length, universe: reference.people.size }
}

function expectPeople(
  expected: readonly ExternalId[],
  found: readonly ExternalId[],
  inOrder: boolean,
  then: string,
): void {
  const missing = expected.filter((id) => !found.includes(id))
  const extra = found.filter((id) => !expected.includes(id))
  const same = found.length === expected.length && missing.length === 0 && extra.length === 0
  if (same && (!inOrder || expected.every((id, index) => id === found[index]))) return
  const reason = same ? 'in another order' : `missing ${showIds(missing)}, too many ${showIds(extra)}`
  throw new Error(`people${then}: expected ${showIds(expected)}, found ${showIds(found)}: ${reason}`)
}
