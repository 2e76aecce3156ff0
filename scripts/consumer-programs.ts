/** Programs of somebody who installed the package: what `package-check` runs and compiles in an empty project. */

/** ESM: asks a rule, and prints what the other checks compare. */
export const esmProgram = `
import { CrowdbitError, category, createEngine, flag } from 'crowdbit'
import * as everything from 'crowdbit'
import { createRequire } from 'node:module'

const crowd = createEngine({ schema: { 精致妈妈: flag(), tier: category() } })
crowd.put('u1', { 精致妈妈: true, tier: 'T1' })
crowd.put('u2', { 精致妈妈: true })
const require = createRequire(import.meta.url)
const commonjs = require('crowdbit')
let across = false
try {
  commonjs.createEngine({ schema: {} }).count('nothing')
} catch (error) {
  across = error instanceof CrowdbitError && error.code === 'RULE_UNKNOWN_TAG'
}
const schema = require('crowdbit/rule.schema.json')
console.log(JSON.stringify({
  count: crowd.count('精致妈妈 minus tier = "T1"'),
  names: Object.keys(everything).sort(),
  across,
  schema: schema.$schema,
  version: require('crowdbit/package.json').version,
}))
`

/** CommonJS: the same. */
export const commonjsProgram = `
const crowdbit = require('crowdbit')
const { createEngine, flag, category } = crowdbit
const crowd = createEngine({ schema: { 精致妈妈: flag(), tier: category() } })
crowd.put('u1', { 精致妈妈: true, tier: 'T1' })
crowd.put('u2', { 精致妈妈: true })
console.log(JSON.stringify({ count: crowd.count('精致妈妈 minus tier = "T1"'), names: Object.keys(crowdbit).sort() }))
`

/** Rules alone, in both module systems: runs where no native module is installed. */
export const rulesProgram = `
import { createRequire } from 'node:module'
import { Rule, Schema, parseRule, validateRule, defaultRuleLimits } from 'crowdbit/rules'

const text = '精致妈妈 and tier = "T1" and job matches "^a+$"'
const audiences = { has: () => false, names: () => [], hasVersion: () => false }
const schema = Schema.from({ 精致妈妈: { kind: 'flag' } })
const faults = validateRule(parseRule(text, defaultRuleLimits).node, { schema, audiences, limits: defaultRuleLimits })
const commonjs = createRequire(import.meta.url)('crowdbit/rules')
console.log(JSON.stringify({
  esm: String(Rule.read(text)),
  commonjs: String(commonjs.Rule.read(text)),
  faults: faults.map((fault) => fault.code),
}))
`

/** The test kit, in both module systems. */
export const testingProgram = `
import { createRequire } from 'node:module'
import { CrowdbitSystem, checkAgainstReference } from 'crowdbit/testing'

const commonjs = createRequire(import.meta.url)('crowdbit/testing')
const esm = await checkAgainstReference({ create: (schema) => new CrowdbitSystem(schema) }, { runs: 5, seed: 1 })
const other = await commonjs.checkAgainstReference({ create: (schema) => new commonjs.CrowdbitSystem(schema) }, { runs: 5, seed: 1 })
console.log(JSON.stringify({ esm, commonjs: other }))
`

/** TypeScript: compiled as ESM and as CommonJS, never run. What has to be refused is expected to be. */
export const typedProgram = `
import { CrowdbitError, category, createEngine, flag, type Page, type UserSet } from 'crowdbit'
import { Rule, type RuleNode } from 'crowdbit/rules'
import { checkAgainstReference, CrowdbitSystem } from 'crowdbit/testing'

const crowd = createEngine({ schema: { 精致妈妈: flag(), tier: category({ values: ['T1', 'T2'] }) } })
crowd.put('u1', { 精致妈妈: true, tier: 'T1' })
const people: UserSet = crowd.select(crowd.rules.tag('tier').eq('T1').and(crowd.rules.tag('精致妈妈')))
const page: Page = people.page(null, 10)
const rule: Rule = Rule.read('精致妈妈')
const node: RuleNode = rule.node
const count: number = crowd.count(rule)
const code: string = new CrowdbitError('INTERNAL', 'for the type').code
const report: Promise<{ readonly runs: number }> = checkAgainstReference({ create: (schema) => new CrowdbitSystem(schema) })

// @ts-expect-error a tag that is not in the schema
crowd.rules.tag('精致妈咪')
// @ts-expect-error a value that is not in the list
crowd.rules.tag('tier').eq('T9')
// @ts-expect-error a flag takes true or false
crowd.put('u1', { 精致妈妈: 'yes' })

export const used: readonly unknown[] = [page, node, count, code, report]
`
