import { category, createEngine, flag, type Rule, type TemplateArguments } from '../../src/index.ts'
import { type Equal, holds } from './equal.ts'

// Checked by tsc, never run: see `npm run types`.

export function templates(): void {
  const { template } = createEngine({ schema: { vip: flag(), tier: category() } }).rules
  const made = template({
    name: 'newcomers',
    parameters: {
      who: { type: 'tag' },
      city: { type: 'text' },
      cities: { type: 'texts', default: ['T1'] },
      k: { type: 'integer', default: 2, min: 1, max: 3 },
      pack: { type: 'audience' },
    },
    rule: 'at least $k of ($who, tier = $city, tier in $cities) minus audience $pack',
  })
  const rule = made.apply({ who: 'vip', city: 'T1', pack: '老客' })
  holds<Equal<typeof rule, Rule>>()
  made.apply({ who: 'vip', city: 'T1', pack: '老客', cities: [], k: 3 })
  made.apply({ who: 'vip', city: 'T1', pack: '老客', cities: undefined, k: undefined })
  holds<Equal<keyof typeof made.parameters, 'who' | 'city' | 'cities' | 'k' | 'pack'>>()

  type Values = TemplateArguments<typeof made.parameters>
  holds<Equal<Values['city'], string>>()
  holds<Equal<Values['cities'], readonly string[] | undefined>>()
  holds<Equal<Values['k'], number | undefined>>()

  // @ts-expect-error: city and pack are missing
  made.apply({ who: 'vip' })
  // @ts-expect-error: everything is missing
  made.apply({})
  // @ts-expect-error: everything is missing
  made.apply()
  // @ts-expect-error: who is a name
  made.apply({ who: 5, city: 'T1', pack: '老客' })
  // @ts-expect-error: city is a text
  made.apply({ who: 'vip', city: ['T1'], pack: '老客' })
  // @ts-expect-error: cities is a list
  made.apply({ who: 'vip', city: 'T1', pack: '老客', cities: 'T1' })
  // @ts-expect-error: k is a number
  made.apply({ who: 'vip', city: 'T1', pack: '老客', k: '2' })
  // @ts-expect-error: what is needed cannot be undefined
  made.apply({ who: undefined, city: 'T1', pack: '老客' })
  // @ts-expect-error: no such parameter
  made.apply({ who: 'vip', city: 'T1', pack: '老客', town: 'x' })

  // @ts-expect-error: no such type
  template({ name: 'x', parameters: { a: { type: 'decimal' } }, rule: 'at least $a of (vip)' })
  // @ts-expect-error: the default of a text is a text
  template({ name: 'x', parameters: { a: { type: 'text', default: 5 } }, rule: 'tier = $a' })
  // @ts-expect-error: the default of texts is a list
  template({ name: 'x', parameters: { a: { type: 'texts', default: 'T1' } }, rule: 'tier in $a' })
  // @ts-expect-error: a rule is needed
  template({ name: 'x', parameters: {} })
  // @ts-expect-error: parameters are needed, if only {}
  template({ name: 'x', rule: 'vip' })

  const plain = template({ name: 'plain', parameters: {}, rule: 'vip' })
  plain.apply({})
}
