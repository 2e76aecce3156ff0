import type fc from 'fast-check'

/**
 * How a property test runs: `runs` times `CROWDBIT_RUNS`, from the seed and path of a failure where `CROWDBIT_SEED` and
 * `CROWDBIT_PATH` give them. fast-check prints both when a property fails.
 *
 * @example `fc.assert(fc.property(anyRule, holds), campaign(1_000))`
 */
export function campaign(runs: number): fc.Parameters<unknown> {
  const { CROWDBIT_SEED: seed, CROWDBIT_PATH: path, CROWDBIT_RUNS: multiplier } = process.env
  return {
    numRuns: Math.max(1, Math.ceil(runs * numberFrom('CROWDBIT_RUNS', multiplier, 1))),
    ...(isGiven(seed) ? { seed: numberFrom('CROWDBIT_SEED', seed, 0) } : {}),
    ...(isGiven(path) ? { path } : {}),
  }
}

function numberFrom(name: string, text: string | undefined, otherwise: number): number {
  if (!isGiven(text)) return otherwise
  const number = Number(text)
  if (!Number.isFinite(number)) throw new Error(`${name}: found ${text}, expected a number`)
  return number
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
