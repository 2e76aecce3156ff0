import { describe, expect, test } from 'vitest'
import type { RuleError } from '../../src/rules/fault.ts'
import type { TemplateDefinition, TemplateParameters } from '../../src/rules/template.ts'
import { refusal, shopRules } from './event-shop.ts'

const { template } = shopRules

/** The faults of a definition, or of a call, as `CODE path: message`. */
function faults(call: () => unknown): readonly string[] {
  const error = refusal(call)
  const { faults } = error as RuleError
  if (faults === undefined) return [error.message]
  return faults.map(({ code, path, message }) => `${code} ${path}: ${message}`)
}

function define(parameters: object, rule: object, more: object = {}): () => unknown {
  const definition = { name: 'bad', parameters, rule, ...more } as unknown as TemplateDefinition<TemplateParameters>
  return () => template(definition)
}

describe('a template of every type about numbers, time and events', () => {
  const definition = {
    name: 'spenders',
    title: { en: 'Spenders', zh: '高消费' },
    description: { en: 'Who spent much', zh: '花得多的人' },
    parameters: {
      what: { type: 'event', title: { en: 'Event', zh: '事件' } },
      money: { type: 'property', default: 'amount' },
      least: { type: 'number', min: 0, max: '1000000.5', default: '99.90' },
      days: { type: 'integer', default: 30 },
      ages: { type: 'numbers', min: 0, default: [18, 19] },
      since: { type: 'moment' },
      channel: { type: 'text', default: 'app' },
    },
    rule: {
      and: [
        {
          did: { param: 'what' },
          where: { property: 'channel', eq: { param: 'channel' } },
          property: { param: 'money' },
          measure: 'sum',
          window: { last: { param: 'days' }, unit: 'days' },
          gte: { param: 'least' },
        },
        { tag: 'joinedAt', gte: { param: 'since' } },
        { tag: 'spend', in: { param: 'ages' } },
      ],
    },
    example: { what: 'purchase', since: '2026-01-01', least: 10n },
  } as const satisfies TemplateDefinition<TemplateParameters>
  const made = template(definition)

  test('takes defaults and what is given', () => {
    expect(made.apply({ what: 'purchase', since: '2026-01-01' }).toJSON()).toEqual({
      and: [
        {
          did: 'purchase',
          where: { property: 'channel', eq: 'app' },
          property: 'amount',
          measure: 'sum',
          window: { last: 30, unit: 'days' },
          gte: '99.90',
        },
        { tag: 'joinedAt', gte: '2026-01-01' },
        { tag: 'spend', in: [18, 19] },
      ],
    })
    const given = made.apply({
      what: 'refund',
      since: new Date('2026-01-01T00:00:00Z'),
      least: 5n,
      ages: [1, '2.50', 3n],
      days: 7,
    })
    expect(given.toJSON()).toMatchObject({
      and: [
        { did: 'refund', window: { last: 7, unit: 'days' }, gte: '5' },
        { tag: 'joinedAt', gte: '2026-01-01T00:00:00.000Z' },
        { tag: 'spend', in: [1, '2.50', '3'] },
      ],
    })
  })

  test('says what it is in both languages, and is plain data', () => {
    expect(made.title).toEqual({ en: 'Spenders', zh: '高消费' })
    expect(made.description).toEqual({ en: 'Who spent much', zh: '花得多的人' })
    expect(made.example).toEqual({ what: 'purchase', since: '2026-01-01', least: '10' })
    const json = JSON.parse(JSON.stringify(made)) as ReturnType<typeof made.toJSON>
    expect(json).toEqual(made.toJSON())
    expect(template(json).toJSON()).toEqual(json)
    expect(made.apply(made.example!).toJSON()).toEqual(made.apply({ ...definition.example }).toJSON())
  })

  test('without title and example it has none', () => {
    const plain = template({ name: 'plain', parameters: {}, rule: { did: 'visit' } })
    expect([plain.title, plain.example]).toEqual([null, null])
    expect(plain.toJSON()).toEqual({ name: 'plain', description: '', parameters: {}, rule: { did: 'visit' } })
  })

  test.each<[object, string]>([
    [{ least: 'much' }, '$.least: parameter "least" is "much", where a decimal from 0 to 1000000.5 is expected'],
    [{ least: -0.01 }, '$.least: parameter "least" is -0.01, where a decimal from 0 to 1000000.5 is expected'],
    [
      { least: '1000000.51' },
      '$.least: parameter "least" is "1000000.51", where a decimal from 0 to 1000000.5 is expected',
    ],
    [{ least: Number.NaN }, '$.least: parameter "least" is NaN, where a decimal from 0 to 1000000.5 is expected'],
    [{ least: true }, '$.least: parameter "least" is true, where a decimal from 0 to 1000000.5 is expected'],
    [{ ages: 5 }, '$.ages: parameter "ages" is 5, where an array of decimals from 0 is expected'],
    [{ ages: [1, -1] }, '$.ages: parameter "ages" is an array of 2, where an array of decimals from 0 is expected'],
    [{ days: 1.5 }, '$.days: parameter "days" is 1.5, where a whole number from 1 to 9007199254740991 is expected'],
    [
      { since: 'yesterday' },
      '$.since: parameter "since" is "yesterday", where an instant or a date, such as "2026-11-20T09:00:00+08:00" or "2026-11-20", is expected',
    ],
    [
      { since: new Date(Number.NaN) },
      '$.since: parameter "since" is an object with the keys (none), where an instant or a date, such as "2026-11-20T09:00:00+08:00" or "2026-11-20", is expected',
    ],
    [
      { since: 1_700_000_000_000 },
      '$.since: parameter "since" is 1700000000000, where an instant or a date, such as "2026-11-20T09:00:00+08:00" or "2026-11-20", is expected',
    ],
    [{ what: 5 }, '$.what: parameter "what" is 5, where the name of an event is expected'],
    [{ money: null }, '$.money: parameter "money" is null, where the name of a property is expected'],
  ])('%j is refused', (values, fault) => {
    const given = { what: 'purchase', since: '2026-01-01', ...values } as never
    expect(faults(() => made.apply(given))).toEqual([`TEMPLATE_WRONG_TYPE ${fault}`])
  })
})

test('a constant beside a name that is a parameter is a text, a number or a moment, as is declared', () => {
  const { tag, value } = { tag: { type: 'tag' }, value: { param: 'value' } } as const
  for (const [type, given] of [
    ['text', 'T1'],
    ['number', 5],
    ['integer', 5],
    ['moment', '2026-01-01'],
  ] as const) {
    const made = template({
      name: 'equal',
      parameters: { tag, value: { type } } as TemplateParameters,
      rule: { tag: { param: 'tag' }, eq: value },
    })
    expect(made.apply({ tag: 'tier', value: given } as never).toJSON()).toEqual({ tag: 'tier', eq: given })
  }
})

describe('a template that is not well formed', () => {
  const did = { did: 'purchase', gte: { param: 'x' } }
  test.each<[string, () => unknown, ...string[]]>([
    [
      'a text where a number belongs',
      define({ x: { type: 'text' } }, { tag: 'spend', gte: { param: 'x' } }),
      'TEMPLATE_INVALID $.gte: the parameter $x is declared as "text" but stands where "number" or "integer" belongs',
    ],
    [
      'a number where a whole one belongs',
      define({ x: { type: 'number' } }, { did: 'visit', window: { last: { param: 'x' }, unit: 'days' } }),
      'TEMPLATE_INVALID $.window.last: the parameter $x is declared as "number" but stands where "integer" belongs',
    ],
    [
      'a list where one value belongs',
      define({ t: { type: 'tag' }, x: { type: 'numbers' } }, { tag: { param: 't' }, eq: { param: 'x' } }),
      'TEMPLATE_INVALID $.eq: the parameter $x is declared as "numbers" but stands where "text", "number", "integer" or "moment" belongs',
    ],
    [
      'a tag where an event belongs',
      define({ x: { type: 'tag' } }, { did: { param: 'x' } }),
      'TEMPLATE_INVALID $.did: the parameter $x is declared as "tag" but stands where "event" belongs',
    ],
    [
      'a tag where a property belongs',
      define({ x: { type: 'tag' } }, { did: 'purchase', where: { property: { param: 'x' } } }),
      'TEMPLATE_INVALID $.where.property: the parameter $x is declared as "tag" but stands where "property" belongs',
    ],
    [
      'places of two types',
      define({ x: { type: 'integer' } }, { and: [did, { tag: 'tier', eq: { param: 'x' } }] }),
      'TEMPLATE_INVALID $.and[1].eq: the parameter $x is declared as "integer" but stands where "text" belongs',
    ],
    [
      'a reversed range',
      define({ x: { type: 'number', min: '2.5', max: 2 } }, did),
      'TEMPLATE_INVALID $: the parameter "x" goes from "2.5" to 2, where decimals with min <= max are expected',
    ],
    [
      'a bound that is no number',
      define({ x: { type: 'number', min: 'low' } }, did),
      'TEMPLATE_INVALID $: the parameter "x" goes from "low" to undefined, where decimals with min <= max are expected',
    ],
    [
      'a default outside of the range',
      define({ x: { type: 'number', min: 1, default: 0.5 } }, did),
      'TEMPLATE_INVALID $: the default of "x" is 0.5, where a decimal from 1 is expected',
    ],
    [
      'an example that does not fit',
      define({ x: { type: 'number' } }, did, { example: { x: 'y', z: 1 } }),
      'TEMPLATE_INVALID $: the example does not fit: template "bad" has no parameter "z". Did you mean x?',
      'TEMPLATE_INVALID $: the example does not fit: parameter "x" is "y", where a decimal is expected',
    ],
    [
      'an example that lacks a value',
      define({ x: { type: 'number' } }, did, { example: {} }),
      'TEMPLATE_INVALID $: the example does not fit: template "bad" needs a value for "x"',
    ],
    [
      'an example that is none',
      define({ x: { type: 'number' } }, did, { example: 5 }),
      'TEMPLATE_INVALID: the example of template "bad" is 5, where an object by parameter is expected',
    ],
    [
      'a title of one language',
      define({ x: { type: 'number' } }, did, { title: { en: 'x' } }),
      'TEMPLATE_INVALID: the title of template "bad" is an object with the keys "en", where a text or { en, zh } of two texts is expected',
    ],
    [
      'a title that is a number',
      define({ x: { type: 'number', title: 5 } }, did),
      'TEMPLATE_INVALID: the title of the parameter "x" is 5, where a text or { en, zh } of two texts is expected',
    ],
    [
      'a description that is a list',
      define({ x: { type: 'number' } }, did, { description: [] }),
      'TEMPLATE_INVALID: the description of template "bad" is an array of 0, where a text or { en, zh } of two texts is expected',
    ],
    [
      'a rule with faults of its own',
      define({ x: { type: 'integer' } }, { did: 'purchase', where: { property: 'amout', eq: { param: 'x' } } }),
      'RULE_UNKNOWN_PROPERTY $.where.property: event purchase has no property amout. Did you mean amount?',
    ],
    [
      'a parameter that it does not declare',
      define({}, { sequence: [{ event: 'visit' }, { event: 'visit', within: { hours: { param: 'x' } } }] }),
      'TEMPLATE_UNKNOWN_PARAMETER $.sequence[1].within.hours: the template declares no parameter $x.',
    ],
  ])('%s', (_, call, ...expected) => {
    expect(faults(call)).toEqual(expected)
  })
})
