import { expect } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { createRuleBuilder, type RuleBuilder } from '../../src/rules/rule-builder.ts'
import {
  type CategorySpec,
  category,
  type EventSpec,
  event,
  type FlagSpec,
  flag,
  type NumberSpec,
  number,
  type TimestampSpec,
  timestamp,
} from '../../src/schema/column-spec.ts'
import { Schema } from '../../src/schema/schema.ts'

type EventShop = {
  readonly vip: FlagSpec
  readonly tier: CategorySpec<'T1' | 'T2'>
  readonly spend: NumberSpec
  readonly joinedAt: TimestampSpec
  readonly purchase: EventSpec<{
    readonly product: CategorySpec
    readonly channel: CategorySpec<'app' | 'web'>
    readonly gift: FlagSpec
    readonly amount: NumberSpec
    readonly café: CategorySpec
  }>
  readonly refund: EventSpec<{ readonly product: CategorySpec; readonly amount: NumberSpec }>
  readonly browse: EventSpec<{ readonly category: CategorySpec; readonly product: CategorySpec }>
  readonly visit: EventSpec<Record<never, never>>
}

/** A schema with every kind of column, for tests of the builder. */
export const eventShop: EventShop = {
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
}

const schema = Schema.from(eventShop)

/** Its rules, without an engine. */
export const shopRules: RuleBuilder<EventShop> = createRuleBuilder<EventShop>(() => schema, defaultRuleLimits)

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
