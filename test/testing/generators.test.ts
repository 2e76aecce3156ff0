import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPortableBitmap } from '../../src/bitmap/portable-format.ts'
import { category, createEngine, event, flag, number } from '../../src/index.ts'
import { childRules, eventTerms, isEventNode, type RuleNode } from '../../src/rules/ast.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import {
  anyCase,
  caseFor,
  changeFits,
  portableBytesOf,
  ReferencePopulation,
  ruleFits,
} from '../../src/testing/index.ts'
import { campaign } from '../fast-check-config.ts'

const kindsOfRule = [
  ...['everyone', 'nobody', 'has', 'isSet', 'isNotSet', 'eq', 'ne', 'in', 'notIn', 'hasAny', 'hasAll', 'hasNone'],
  ...['startsWith', 'contains', 'matches', 'audience', 'not', 'and', 'or', 'xor', 'minus', 'atLeast'],
  ...['lt', 'lte', 'gt', 'gte', 'between', 'within'],
  ...['behaviour', 'first', 'last', 'sequence', 'stopped', 'resumed', 'new', 'regular'],
]
const kindsOfChange = [
  ...['put', 'remove', 'members', 'addColumn', 'dropColumn', 'ruleAudience', 'listAudience', 'rebuild', 'list'],
  ...['values', 'track', 'link', 'unlink'],
]

const everyForm = ['array', 'iterable', 'dense', 'bytes']
const formsOfWriting = [
  ...['replace', 'add', 'clear'].flatMap((action) => everyForm.map((form) => `${action} ${form}`)),
  ...['set array', 'set dense', 'one', 'rows', 'columns', 'dense'],
]

describe('cases', () => {
  test('fit at every step, reach every kind, and give answers that tell something', () => {
    const rules = new Set<string>()
    const changes = new Set<string>()
    const forms = new Set<string>()
    let telling = 0
    let wide = 0
    let shared = 0
    const visit = (node: RuleNode, seen: Set<string>): void => {
      rules.add(node.kind)
      if (childRules(node).length > 0 && seen.has(printRule(node))) shared++
      seen.add(printRule(node))
      for (const part of childRules(node)) visit(part, seen)
    }
    const runs = campaign(400)
    fc.assert(
      fc.property(anyCase(), (tried) => {
        const reference = new ReferencePopulation(tried.schema, tried)
        for (const change of tried.changes) {
          expect(changeFits(change, reference)).toBe(true)
          reference.apply(change)
          changes.add(change.kind)
          if (change.kind === 'members' || change.kind === 'values') forms.add(`${change.action} ${change.form}`)
          if (change.kind === 'track') forms.add(change.form)
        }
        expect(ruleFits(tried.rule, reference)).toBe(true)
        visit(tried.rule, new Set())
        const { length } = reference.ids(tried.rule, tried.asOfs[0])
        if (length > 0 && length < reference.people.size) telling++
        const values = [...reference.schema.keys()].map((column) => {
          const having = [...reference.people.values()].flatMap((person) => {
            const value = person.get(column)
            return value instanceof Set ? [...(value as ReadonlySet<string>)] : [value]
          })
          return new Set(having).size
        })
        if (values.some((count) => count > 33)) wide++
      }),
      runs,
    )
    expect([...rules].sort()).toEqual(kindsOfRule.toSorted())
    expect([...changes].sort()).toEqual(kindsOfChange.toSorted())
    expect([...forms].sort()).toEqual(formsOfWriting.toSorted())
    expect(telling / runs.numRuns!).toBeGreaterThan(0.25)
    expect(wide).toBeGreaterThan(0)
    expect(shared).toBeGreaterThan(20)
  })

  test('leave out what the system does not have', () => {
    const kinds = ['matches', 'atLeast', 'audience', 'lte', 'sequence', 'first', 'last'] as const
    const changes = ['members', 'values', 'remove', 'link', 'unlink', 'addColumn', 'dropColumn'] as const
    const leaveOut = [...kinds, ...changes]
    const schema = { vip: flag(), tier: category(), spend: number(), buy: event({ amount: number() }) }
    fc.assert(
      fc.property(caseFor(schema, { leaveOut, people: 5, changes: 3 }), (tried) => {
        const visit = (node: RuleNode): void => {
          expect(leaveOut).not.toContain(node.kind)
          if (isEventNode(node)) for (const { where } of eventTerms(node)) if (where !== null) visit(where)
          childRules(node).forEach(visit)
        }
        visit(tried.rule)
        expect(tried.schema).toEqual(schema)
        expect(tried.changes.length).toBeLessThanOrEqual(5 + 14 + 3)
        for (const { kind } of tried.changes) expect(['put', 'track']).toContain(kind)
      }),
      campaign(200),
    )
  })

  test('have only columns of the kinds that are wanted, and play where they are told to', () => {
    const frame = { timeZone: 'Asia/Tokyo', date: '2026-07-01' }
    fc.assert(
      fc.property(anyCase({ columns: ['flag', 'number'], frame }), ({ schema, timeZone, now, asOfs }) => {
        for (const { kind } of Object.values(schema)) expect(['flag', 'number']).toContain(kind)
        expect(timeZone).toBe('Asia/Tokyo')
        for (const at of [now, ...asOfs]) expect(Math.abs(at - Date.parse('2026-07-01'))).toBeLessThan(10 * 86_400_000)
      }),
      campaign(50),
    )
  })
})

test('portable bytes by hand are what the engine writes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(200_000), { maxLength: 300 }), (numbers) => {
      const bytes = portableBytesOf(numbers)
      expect(checkPortableBitmap(bytes).cardinality).toBe(numbers.length)
    }),
    campaign(100),
  )
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany(Array.from({ length: 70_000 }, (_, i) => [i, { vip: i % 1_000 === 7 }]))
  const vips = crowd.select('vip')
  expect(portableBytesOf(vips.dense())).toEqual(new Uint8Array(vips.portableBytes()))
})
