import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { RuleLimits } from '../../src/base/limits.ts'
import { type Fault, RuleError } from '../../src/rules/fault.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'

/** What tests of rules as JSON share. */

/** The published schema. */
export const ruleSchema: {
  readonly $defs: Readonly<
    Record<string, { readonly oneOf?: readonly { readonly $ref: string }[]; readonly examples?: readonly object[] }>
  >
} = JSON.parse(readFileSync(new URL('../../rule.schema.json', import.meta.url), 'utf8'))

/** Whether a value fits the published schema. */
export const fitsSchema: ValidateFunction = new Ajv2020({ strict: true, allErrors: false }).compile(ruleSchema)

/** The faults for which JSON is refused, as `CODE path: message`. */
export function jsonFaults(json: unknown, limits?: RuleLimits): readonly string[] {
  return faultsOf(json, limits).map(({ code, path, message }) => `${code} ${path}: ${message}`)
}

/** The faults for which JSON is refused. */
export function faultsOf(json: unknown, limits?: RuleLimits): readonly Fault[] {
  try {
    ruleFromJson(json, limits)
  } catch (error) {
    if (error instanceof RuleError) return error.faults
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(json)}`)
}

/** What stands at a path in JSON. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json
  for (const [, key, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
    value = (value as Record<string, unknown>)[key ?? index!]
  }
  return value
}
