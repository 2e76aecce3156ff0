import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { category, type Engine, event, flag, number, type SchemaSpec, timestamp } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { Rule } from '../../src/rules/rule.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { WrittenEvent } from '../../src/testing/population-change.ts'
import { peopleOf } from '../../src/testing/reference-evaluator.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { smallerRules } from '../../src/testing/smaller-rules.ts'
import { defaultFrame } from '../../src/testing/time-arbitrary.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { campaign } from '../fast-check-config.ts'
import { CrowdEngine } from '../testing/crowd-engine.ts'

const schema: SchemaSpec = {
  a: flag(),
  b: flag(),
  c: flag(),
  one: category(),
  tier: category({ values: ['T1', 'T2', 'T3'] }),
  many: category({ many: true }),
  likes: category({ many: true, values: ['T1', 'T2'] }),
  spend: number({ scale: 2 }),
  joined: timestamp(),
  buy: event({ product: category(), amount: number({ scale: 1 }), gift: flag() }),
  see: event({ product: category() }),
}

const { timeZone } = defaultFrame
const now = Date.parse(`${defaultFrame.date}T12:00:00Z`)
const asOfs = [now, Date.parse(`${defaultFrame.date}T00:00:00Z`)]

/** A population by arithmetic: flags of a half, a fifth and one person, absent values, many values, several at once. */
function fillIn(put: (id: ReturnType<typeof idAt>, row: Record<string, unknown>) => void): void {
  for (let person = 0; person < 60; person++) {
    put(idAt(person), {
      a: person % 2 === 0,
      b: person % 5 === 1,
      c: person === 33,
      one: person % 7 === 0 ? null : ['a', 'ab', 'é', '', 'T1', `v${person % 40}`][person % 6],
      tier: [null, 'T1', 'T1', 'T2'][person % 4],
      many: person % 3 === 0 ? [] : ['a', 'b', `v${person % 11}`].slice(person % 4 === 0 ? 2 : 0, 1 + (person % 3)),
      likes: person % 8 === 5 ? ['T1', 'T2'] : person % 8 === 3 ? ['T2'] : [],
      spend: person % 6 === 5 ? null : ['-1.28', 0, 0.05, 2.55, 10, 123.45, '90071992547409.91'][person % 7],
      joined: person % 9 === 4 ? null : Date.parse('2026-11-01') + person * 10.5 * 3_600_000,
    })
  }
}

/** Events by arithmetic: people with none, one and a dozen, at equal times, at midnights, after any question. */
function actIn(track: (event: string, id: ReturnType<typeof idAt>, values: WrittenEvent) => void): void {
  for (let person = 0; person < 60; person++) {
    for (let index = 0; index < [0, 1, 3, 12, 2][person % 5]!; index++) {
      const at = now + 10.5 * 3_600_000 - ((person * 7 + index * 5) % 50) * 6 * 3_600_000
      const product = ['T1', 'a', 'ab', null][(person + index) % 4]!
      track('see', idAt(person), { at: index % 3 === 0 ? at - 3_600_000 : at, product })
      if (index % 2 === person % 2) continue
      const amount = [null, 1.5, -1.5, 10, 0.1][(person + 2 * index) % 5]!
      track('buy', idAt(person), { at, product, amount, gift: index % 4 === 1 })
    }
  }
}

/** Compares many rules on one population; a rule that differs is made small. */
function compareRules(
  runs: number,
  engine: Engine<SchemaSpec>,
  expected: (node: RuleNode, asOf: number) => Uint32Array,
): void {
  const differsAt = (node: RuleNode, asOf: number): string | null => {
    const rule = Rule.of(node)
    const people = expected(node, asOf)
    const set = engine.select(rule, { asOf })
    const same = Buffer.from(set.dense().buffer).equals(Buffer.from(people.buffer))
    const sizes = [people.length, set.size, engine.count(rule, { asOf }), engine.explain(rule, { asOf }).count]
    set.release()
    return same && new Set(sizes).size === 1
      ? null
      : `people, select, count, explain as of ${asOf}: ${sizes.join(', ')}`
  }
  const differs = (node: RuleNode): string | null =>
    asOfs.map((asOf) => differsAt(node, asOf)).find((difference) => difference !== null) ?? null
  const smallest = (node: RuleNode): RuleNode => {
    for (const smaller of smallerRules(node)) if (differs(smaller) !== null) return smallest(smaller)
    return node
  }
  const holds = (node: RuleNode): void => {
    if (differs(node) === null) return
    const least = smallest(node)
    throw new Error(`${Rule.of(least)}\n${differs(least)}`)
  }
  fc.assert(fc.property(ruleFor(schema), holds), { ...campaign(runs), endOnFailure: true })
}

describe('many rules on one population', () => {
  const reference = new ReferencePopulation(schema, { timeZone, now })
  fillIn((id, row) => reference.put(id, row as never))
  actIn((name, id, values) => reference.track(name, id, values))

  test('sixty people', () => {
    const system = new CrowdbitSystem(schema, { timeZone, now })
    const { engine } = system
    fillIn((id, row) => system.put(id, row as never))
    actIn((name, id, values) => system.track({ kind: 'track', event: name, form: 'one', events: [[id, values]] }))
    expect(engine.select('c').dense()).toEqual(Uint32Array.of(33))
    const numbers = new Map([...reference.people.keys()].map((id, number) => [id, number]))
    compareRules(800, engine, (node, asOf) =>
      Uint32Array.from(peopleOf(node, reference.at(asOf)), (id) => numbers.get(id)!),
    )
  })

  test.each([
    ['one behind the other', false],
    ['among each other', true],
  ])('crowds %s', (_, mixed) => {
    const crowds = new CrowdEngine(mixed)
    crowds.load(reference)
    compareRules(120, crowds.engine, (node, asOf) => crowds.numbersOf(peopleOf(node, reference.at(asOf))))
  })
})
