import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { category, createEngine, type Engine, flag, type SchemaSpec } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { Rule } from '../../src/rules/rule.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import { peopleOf } from '../../src/testing/reference-evaluator.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { smallerRules } from '../../src/testing/smaller-rules.ts'
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
}

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
    })
  }
}

/** Compares many rules on one population; a rule that differs is made small. */
function compareRules(runs: number, engine: Engine<SchemaSpec>, expected: (node: RuleNode) => Uint32Array): void {
  const differs = (node: RuleNode): string | null => {
    const rule = Rule.of(node)
    const people = expected(node)
    const set = engine.select(rule)
    const same = Buffer.from(set.dense().buffer).equals(Buffer.from(people.buffer))
    const sizes = [people.length, set.size, engine.count(rule), engine.explain(rule).count]
    set.release()
    return same && new Set(sizes).size === 1 ? null : `people, select, count, explain: ${sizes.join(', ')}`
  }
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
  const reference = new ReferencePopulation(schema)
  fillIn((id, row) => reference.put(id, row as never))

  test('sixty people', () => {
    const engine = createEngine({ schema })
    const system = new CrowdbitSystem(schema, engine)
    fillIn((id, row) => system.put(id, row as never))
    expect(engine.select('c').dense()).toEqual(Uint32Array.of(33))
    const numbers = new Map([...reference.people.keys()].map((id, number) => [id, number]))
    compareRules(1_800, engine, (node) => Uint32Array.from(peopleOf(node, reference), (id) => numbers.get(id)!))
  })

  test.each([
    ['one behind the other', false],
    ['among each other', true],
  ])('crowds %s', (_, mixed) => {
    const crowds = new CrowdEngine(mixed)
    crowds.load(reference)
    compareRules(400, crowds.engine, (node) => crowds.numbersOf(peopleOf(node, reference)))
  })
})
