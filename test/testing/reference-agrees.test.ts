import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RuleNode } from '../../src/rules/index.ts'
import { anyCase } from '../../src/testing/case-arbitrary.ts'
import { mapRule } from '../../src/testing/map-rule.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { campaign } from '../fast-check-config.ts'
import { sameMeanings } from './same-meaning.ts'

test('the reference gives one answer to two ways of saying the same', () => {
  const applied = new Map(sameMeanings.map(({ name }) => [name, 0]))
  const runs = campaign(700)
  fc.assert(
    fc.property(anyCase({ changes: 5, people: 20 }), ({ rule, ...tried }) => {
      const reference = new ReferencePopulation(tried.schema, tried)
      for (const change of tried.changes) reference.apply(change)
      const conditions: RuleNode[] = []
      mapRule(rule, (node) => {
        conditions.push(node)
        return node
      })
      for (const node of conditions) {
        for (const { name, rewrite } of sameMeanings) {
          const same = rewrite(node, (column) => reference.schema.get(column))
          if (same === null) continue
          applied.set(name, applied.get(name)! + 1)
          for (const asOf of tried.asOfs) {
            const [found, expected] = [reference.ids(same, asOf), reference.ids(node, asOf)]
            if (found.join() !== expected.join()) {
              throw new Error(`${name}: ${JSON.stringify(node)} has ${expected}, ${JSON.stringify(same)} has ${found}`)
            }
          }
        }
      }
    }),
    runs,
  )
  for (const [name, count] of applied) expect(count, name).toBeGreaterThan(0)
})
