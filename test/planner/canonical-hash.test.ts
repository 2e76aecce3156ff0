import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { category, createEngine, type Engine, flag, type SchemaSpec } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { Rule } from '../../src/rules/rule.ts'
import { ruleFor } from '../../src/testing/rule-arbitrary.ts'
import { anySchema } from '../../src/testing/schema-arbitrary.ts'
import { smallerRules } from '../../src/testing/smaller-rules.ts'
import { campaign } from '../fast-check-config.ts'
import { drawFrom } from '../testing/draw-from.ts'
import { anySteps, equivalences, rewriteSomewhere } from '../testing/equivalent-rules.ts'

describe('the hash does not split: the same said otherwise', () => {
  for (const law of equivalences) {
    test(law.name, () => {
      const rule = anySchema.chain((schema) => fc.tuple(fc.constant(schema), ruleFor(schema)))
      fc.assert(
        fc.property(rule, fc.nat(10_000), ([schema, asked], salt) => {
          const engine = createEngine({ schema })
          const split = (node: RuleNode): RuleNode | null => {
            const same = rewriteSomewhere(node, law, drawFrom(salt), schema)
            return same === null || engine.hash(Rule.of(same)) === engine.hash(Rule.of(node)) ? null : same
          }
          const found = split(asked)
          if (found === null) return
          const smallest = smallestSplit(asked, split)
          throw new Error(`${Rule.of(smallest)}\nhas another hash than\n${Rule.of(split(smallest)!)}`)
        }),
        { ...campaign(60), endOnFailure: true },
      )
    })
  }

  test('several laws after each other', () => {
    const rule = anySchema.chain((schema) => fc.tuple(fc.constant(schema), ruleFor(schema)))
    fc.assert(
      fc.property(rule, anySteps, ([schema, asked], steps) => {
        const engine = createEngine({ schema })
        const split = (node: RuleNode): RuleNode | null => {
          const hash = engine.hash(Rule.of(node))
          let same = node
          for (const [law, salt] of steps)
            same = rewriteSomewhere(same, equivalences[law]!, drawFrom(salt), schema) ?? same
          return engine.hash(Rule.of(same)) === hash ? null : same
        }
        if (split(asked) === null) return
        const smallest = smallestSplit(asked, split)
        const names = steps.map(([law]) => equivalences[law]!.name).join(', then ')
        throw new Error(`${names}: ${Rule.of(smallest)}\nhas another hash than\n${Rule.of(split(smallest)!)}`)
      }),
      { ...campaign(600), endOnFailure: true },
    )
  })
})

// Pairs that once had two hashes: a search that implies a value, lists that contain each other, what is settled two levels
// down, what is wanted and unwanted, complements that were not made by negation.
test.each([
  [
    'likes contains "a" minus likes has none ("x") minus likes is not set',
    'likes contains "a" minus (likes has none ("x") or likes is not set)',
  ],
  [
    'likes has any ("x") minus likes has none ("y", "x") minus not likes contains "a"',
    'likes has any ("x") minus (likes has none ("y", "x") or not likes contains "a")',
  ],
  [
    '(likes is set minus tier != "x") or (tier != "x" or tier is set)',
    '(likes is set minus tier != "x") or tier != "x" or tier is set',
  ],
  ['tier = "x" and tier != "x" and tier != "y"', 'nobody'],
  ['tier in ("x", "y") and tier != "y"', 'tier = "x"'],
  ['(tier in ("x", "y") and (tier in ("x", "y") or vip)) and tier in ("y", "z")', 'tier = "y"'],
  [
    'at least 2 of (vip, tier = "x", likes is set) and at least 2 of (not vip, not tier = "x", likes is not set)',
    'nobody',
  ],
])('%s', (rule, same) => {
  const engine = createEngine({ schema: { vip: flag(), tier: category(), likes: category({ many: true }) } })
  expect(engine.hash(rule)).toBe(engine.hash(same))
})

function smallestSplit(rule: RuleNode, split: (node: RuleNode) => RuleNode | null): RuleNode {
  for (const smaller of smallerRules(rule)) if (split(smaller) !== null) return smallestSplit(smaller, split)
  return rule
}

describe('the hash does not join: on people of every kind', () => {
  const schema = {
    a: flag(),
    b: flag(),
    c: flag(),
    one: category({ values: ['x', 'y'] }),
    many: category({ many: true, values: ['x', 'y'] }),
  } satisfies SchemaSpec

  /** One person for each combination of values: 2 × 2 × 2 flags, 3 states of `one`, 4 of `many`. */
  const everyKind = (): Engine<SchemaSpec> => {
    const engine: Engine<SchemaSpec> = createEngine({ schema: schema as SchemaSpec })
    for (let kind = 0; kind < 96; kind++) {
      const one = [null, 'x', 'y'][Math.floor(kind / 8) % 3]!
      const many = [[], ['x'], ['y'], ['x', 'y']][Math.floor(kind / 24)]!
      engine.put(kind, { a: (kind & 1) > 0, b: (kind & 2) > 0, c: (kind & 4) > 0, one, many } as never)
    }
    return engine
  }

  test('rules of one hash have the same people', () => {
    const engine = everyKind()
    const byHash = new Map<string, { people: string; rule: Rule }>()
    fc.assert(
      fc.property(ruleFor(schema), (node) => {
        const rule = Rule.of(node)
        const hash = engine.hash(rule)
        const people = engine.select(rule).dense().join()
        const known = byHash.get(hash)
        if (known !== undefined && known.people !== people) throw new Error(`${known.rule}\nhas the hash of\n${rule}`)
        byHash.set(hash, { people, rule })
      }),
      campaign(1_500),
    )
    expect(byHash.size).toBeGreaterThan(100)
  })
})
