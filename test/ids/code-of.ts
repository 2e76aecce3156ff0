import { CrowdbitError } from '../../src/base/crowdbit-error.ts'

/** The code of the CrowdbitError that a call throws; `undefined` where it throws none. Any other error is thrown on. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call()
  } catch (error) {
    if (error instanceof CrowdbitError) return error.code
    throw error
  }
  return undefined
}

/** fast-check's parameters: `CROWDBIT_SEED` and `CROWDBIT_PATH` replay a failure, `CROWDBIT_RUNS` multiplies the runs. */
export function runs(count: number): { numRuns: number; seed?: number; path?: string } {
  const { CROWDBIT_SEED, CROWDBIT_PATH, CROWDBIT_RUNS } = process.env
  return {
    numRuns: Math.ceil(count * Number(CROWDBIT_RUNS ?? 1)),
    ...(CROWDBIT_SEED === undefined ? {} : { seed: Number(CROWDBIT_SEED) }),
    ...(CROWDBIT_PATH === undefined ? {} : { path: CROWDBIT_PATH }),
  }
}
