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

export function templatesOfEvents(): void {
  const { template } = createEngine({ schema: { vip: flag() } }).rules
  const made = template({
    name: 'spenders',
    title: { en: 'Spenders', zh: '高消费' },
    description: 'Who spent much',
    parameters: {
      what: { type: 'event', title: { en: 'Event', zh: '事件' } },
      money: { type: 'property', default: 'amount', title: 'the amount' },
      least: { type: 'number', min: 0, max: '1000.5', default: '99.90' },
      ages: { type: 'numbers', default: [18, '19'] },
      since: { type: 'moment' },
    },
    rule: { did: { param: 'what' } },
    example: { what: 'purchase', since: '2026-01-01' },
  })
  type Values = TemplateArguments<typeof made.parameters>
  holds<Equal<Values['what'], string>>()
  holds<Equal<Values['money'], string | undefined>>()
  holds<Equal<Values['least'], number | bigint | string | undefined>>()
  holds<Equal<Values['ages'], readonly (number | bigint | string)[] | undefined>>()
  holds<Equal<Values['since'], string | Date>>()
  holds<Equal<typeof made.example, Values | null>>()
  made.apply({ what: 'purchase', since: new Date(), least: 5n, ages: [1, '2.5'] })
  template(made.toJSON())

  // @ts-expect-error: since is missing
  made.apply({ what: 'purchase' })
  // @ts-expect-error: a moment is text or a Date
  made.apply({ what: 'purchase', since: 5 })
  // @ts-expect-error: a list
  made.apply({ what: 'purchase', since: '2026-01-01', ages: 5 })
  // @ts-expect-error: a number or its text
  made.apply({ what: 'purchase', since: '2026-01-01', least: true })

  // @ts-expect-error: both languages
  template({ name: 'x', title: { en: 'x' }, parameters: {}, rule: 'vip' })
  // @ts-expect-error: the default of a number is one
  template({ name: 'x', parameters: { a: { type: 'number', default: [5] } }, rule: 'vip' })
  // @ts-expect-error: the default of a moment is text
  template({ name: 'x', parameters: { a: { type: 'moment', default: 5 } }, rule: 'vip' })
  // @ts-expect-error: the example lacks a value
  template({ name: 'x', parameters: { a: { type: 'event' } }, rule: { did: { param: 'a' } }, example: {} })
  // @ts-expect-error: a is a name
  template({ name: 'x', parameters: { a: { type: 'event' } }, rule: { did: { param: 'a' } }, example: { a: 5 } })
}
