import { expect, test } from 'vitest'
import { checkAgainstReference } from '../../src/testing/compare.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import { campaign } from '../fast-check-config.ts'

test('100,000 rules: the engine gives the answers of the reference', async () => {
  const { numRuns = 1, ...place } = campaign(100_000)
  const began = performance.now()
  const report = await checkAgainstReference(
    { create: (schema, settings) => new CrowdbitSystem(schema, settings) },
    {
      runs: numRuns,
      ...(place.seed === undefined ? {} : { seed: place.seed }),
      ...(place.path === undefined ? {} : { path: place.path }),
    },
  )
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(
    `${report.runs} cases, ${report.answers} answers, ${report.telling} neither nobody nor everyone, seed ${report.seed}: ${seconds} s`,
  )
  expect(report.runs).toBe(numRuns)
  // Half an hour to an hour on two cores.
}, 10_800_000)
