import fc from 'fast-check'
import { anyCase, type CaseOptions } from '../../src/testing/case-arbitrary.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { ReferenceMismatch } from '../../src/testing/reference-mismatch.ts'
import { smallestCase } from '../../src/testing/smallest-case.ts'
import { campaign } from '../fast-check-config.ts'
import { drawFrom } from './draw-from.ts'

/**
 * Runs a check on random cases; a failure is made small and printed as a program, with the seed and path that replay it
 * in CROWDBIT_SEED and CROWDBIT_PATH. The second argument of the check draws numbers that follow from the case's run.
 */
export async function assertOnCases(
  runs: number,
  check: (tried: SegmentationCase, draw: (below: number) => number) => unknown,
  options: CaseOptions = {},
  change: (tried: SegmentationCase) => SegmentationCase = (tried) => tried,
): Promise<void> {
  const run = async (tried: SegmentationCase, salt: number): Promise<void> => {
    await check(tried, drawFrom(salt))
  }
  const result = await fc.check(fc.asyncProperty(anyCase(options).map(change), fc.nat(), run), {
    ...(campaign(runs) as fc.Parameters<[SegmentationCase, number]>),
    endOnFailure: true,
  })
  if (result.counterexample === null) {
    if (result.failed) throw new Error(fc.defaultReportMessage(result))
    return
  }
  const [first, salt] = result.counterexample
  const failure = async (tried: SegmentationCase): Promise<unknown> => {
    try {
      await run(tried, salt)
      return null
    } catch (error) {
      return error
    }
  }
  const smallest = await smallestCase(first, async (tried) => (await failure(tried)) !== null, options.leaveOut)
  const cause = (await failure(smallest)) ?? result.errorInstance
  throw new ReferenceMismatch(smallest, cause, { seed: result.seed, path: result.counterexamplePath ?? '' })
}
