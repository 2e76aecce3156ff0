import { expect } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { createRuleBuilder, type RuleBuilder } from '../../src/rules/rule-builder.ts'
import { category, event, flag, number, timestamp } from '../../src/schema/column-spec.ts'
import { Schema } from '../../src/schema/schema.ts'

/** A schema with every kind of column, for tests of the builder. */
export const eventShop = {
  vip: flag(),
  tier: category({ values: ['T1', 'T2'] }),
  spend: number({ scale: 2 }),
  joinedAt: timestamp(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web'] }),
    gift: flag(),
    amount: number({ scale: 2 }),
    café: category(),
  }),
  refund: event({ product: category(), amount: number({ scale: 2 }) }),
  browse: event({ category: category(), product: category() }),
  visit: event(),
} as const

const schema = Schema.from(eventShop)

/** Its rules, without an engine. */
export const shopRules: RuleBuilder<typeof eventShop> = createRuleBuilder<typeof eventShop>(
  () => schema,
  defaultRuleLimits,
)

/** The CrowdbitError that a call throws. (That of `laws/refusal.ts` loads the whole engine, which these tests do without.) */
export function refusal(call: () => unknown): CrowdbitError {
  try {
    call()
  } catch (error) {
    if (error instanceof CrowdbitError) return error
    throw error
  }
  return expect.unreachable('the call was not refused')
}
