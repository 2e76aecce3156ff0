import {
  type CategoryTests,
  category,
  createEngine,
  flag,
  type MultiCategoryTests,
  type PreparedRule,
  type Rule,
  type UserSet,
} from '../../src/index.ts'
import { type Equal, holds } from './equal.ts'

// Checked by tsc, never run: see `npm run types`.

const schema = {
  vip: flag(),
  tier: category({ values: ['T1', 'T2'] }),
  job: category(),
  likes: category({ many: true }),
  sizes: category({ many: true, values: ['S', 'M'] }),
} as const

export function tags(): void {
  const { tag } = createEngine({ schema }).rules
  const vip = tag('vip')
  const tier = tag('tier')
  const job = tag('job')
  const likes = tag('likes')
  const sizes = tag('sizes')
  holds<Equal<typeof vip, Rule>>()
  holds<Equal<typeof tier, CategoryTests<'T1' | 'T2'>>>()
  holds<Equal<typeof job, CategoryTests<string>>>()
  holds<Equal<typeof likes, MultiCategoryTests<string>>>()
  holds<Equal<typeof sizes, MultiCategoryTests<'S' | 'M'>>>()
  const eq = tier.eq('T1')
  holds<Equal<typeof eq, Rule>>()

  tier.in(['T1', 'T2'])
  tier.notIn([])
  tier.startsWith('anything')
  tier.isSet()
  job.eq('anything')
  likes.hasAny(['anything'])
  sizes.hasAll(['S', 'M'])
  sizes.contains('anything')
  tier.eq({ param: 'city' })
  tier.in({ param: 'cities' })
  tier.in(['T1', { param: 'city' }])

  // @ts-expect-error: misspelt
  tag('wip')
  // @ts-expect-error: not one of the values
  tier.eq('T3')
  // @ts-expect-error: not one of the values
  tier.ne('t1')
  // @ts-expect-error: not one of the values
  tier.in(['T1', 'T3'])
  // @ts-expect-error: not one of the values
  tier.notIn(['T3'])
  // @ts-expect-error: not one of the values
  sizes.hasAny(['L'])
  // @ts-expect-error: not one of the values
  sizes.hasNone(['S', 'L'])
  // @ts-expect-error: a list
  tier.in('T1')
  // @ts-expect-error: text
  job.eq(5)
  // @ts-expect-error: null is asked by isNotSet
  job.eq(null)
  // @ts-expect-error: a pattern is text
  job.matches(/a/)
  // @ts-expect-error: for many values
  tier.hasAny(['T1'])
  // @ts-expect-error: for one value
  likes.eq('a')
  // @ts-expect-error: for one value
  likes.in(['a'])
  // @ts-expect-error: for a category
  vip.eq('x')
  // @ts-expect-error: a flag is the rule itself
  vip.isSet()
  // @ts-expect-error: a category is no rule yet
  tier.and(vip)
}

export function combinations(): void {
  const crowd = createEngine({ schema })
  const { tag, and, or, not, atLeast, audience, parse, print, fromJSON } = crowd.rules
  const vip = tag('vip')
  const rule = and(vip, 'likes has any ("a")', { tag: 'vip' }).or(vip).minus(vip).xor(vip).not()
  holds<Equal<typeof rule, Rule>>()
  atLeast(2, [vip, 'vip'])
  or()
  audience('pack', { version: 3 })
  audience('pack', { version: 'latest' })
  holds<Equal<ReturnType<typeof print>, string>>()
  holds<Equal<ReturnType<typeof parse>, Rule>>()
  print(vip, { language: 'zh' })
  fromJSON({ and: [{ tag: 'vip' }, { not: { tag: 'tier', eq: 'T1' } }] })

  // @ts-expect-error: a category is no rule yet
  and(tag('tier'))
  // @ts-expect-error: a rule is expected
  not(5)
  // @ts-expect-error: a list of rules
  atLeast(2, vip)
  // @ts-expect-error: k is a number
  atLeast('2', [vip])
  // @ts-expect-error: a number or latest
  audience('pack', { version: 'newest' })
  // @ts-expect-error: en or zh
  print(vip, { language: 'fr' })
  // @ts-expect-error: not an operator
  fromJSON({ nand: [{ tag: 'vip' }] })
  // @ts-expect-error: values are texts and numbers
  fromJSON({ tag: 'tier', eq: true })
  // @ts-expect-error: a tree does not change
  vip.node.kind = 'not'
}

export function questions(): void {
  const crowd = createEngine({ schema })
  const count = crowd.count('vip')
  const people = crowd.select({ tag: 'vip' })
  const prepared = crowd.prepare(crowd.rules.tag('vip'))
  const matches = prepared.matches('u1')
  holds<Equal<typeof count, number>>()
  holds<Equal<typeof people, UserSet>>()
  holds<Equal<typeof prepared, PreparedRule>>()
  holds<Equal<typeof matches, boolean>>()
  // @ts-expect-error: a rule is expected
  crowd.count(5)
  // @ts-expect-error: a rule is expected
  crowd.count()
  // @ts-expect-error: an id first
  crowd.matches('vip')
  // @ts-expect-error: a sample has a size
  people.sample()
  // @ts-expect-error: the cursor first
  people.page(10)
}

export function audiences(): void {
  const crowd = createEngine({ schema })
  crowd.audiences.create({ name: 'a', rule: 'vip', bounds: { min: 1 }, kind: 'official' })
  crowd.audiences.createList({ name: 'b', members: ['u1'], createUnknown: true })
  crowd.audiences.get('a').update({ bounds: { max: 5 } })
  // @ts-expect-error: a rule is needed
  crowd.audiences.create({ name: 'a' })
  // @ts-expect-error: members are needed
  crowd.audiences.createList({ name: 'b' })
  // @ts-expect-error: official, industry or custom
  crowd.audiences.create({ name: 'a', rule: 'vip', kind: 'own' })
  // @ts-expect-error: min and max
  crowd.audiences.create({ name: 'a', rule: 'vip', bounds: { most: 5 } })
  // @ts-expect-error: misspelt
  crowd.audiences.create({ name: 'a', rule: 'vip', bound: { min: 5 } })
  // @ts-expect-error: a name is changed by rename
  crowd.audiences.get('a').update({ name: 'c' })
  // @ts-expect-error: nothing of an audience is assigned
  crowd.audiences.get('a').kind = 'official'
}
