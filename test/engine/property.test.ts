import { describe, expect, test } from 'vitest'
import {
  category,
  createEngine,
  type Engine,
  type ExternalId,
  flag,
  type PreparedRule,
  type SchemaSpec,
  type UserSet,
} from '../../src/index.ts'
import { childRules, type RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import { changeFits, ruleFits } from '../../src/testing/change-fits.ts'
import type { PopulationChange, SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import {
  checkAnswers,
  checkExplain,
  checkExplainMatch,
  checkPreview,
  checkUserSet,
  shownValue,
  world,
} from '../testing/check-answers.ts'
import { playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'

/** Another rule for each audience by rule, then its old one again. */
function rebuildsOf({ changes, asOfs }: SegmentationCase): readonly PopulationChange[] {
  return changes.flatMap((change) =>
    change.kind === 'ruleAudience'
      ? [
          { kind: 'rebuild', name: change.name, rule: make.everyone(), asOf: change.asOf } as const,
          { kind: 'rebuild', name: change.name, rule: change.rule, asOf: asOfs[0]! } as const,
        ]
      : [],
  )
}

/** Columns with values, and a rule that each of them takes. */
function presences({ schema }: Engine<SchemaSpec>): readonly RuleNode[] {
  return Object.entries(schema).map(([tag, { kind }]) =>
    kind === 'event' ? make.behaviour('count', [make.eventTerm(tag)]) : make.presence('isSet', tag),
  )
}

describe('the engine gives the answers of the reference', () => {
  test('count, select, has, matches', async () => {
    await assertOnCases(250, (tried) => {
      const { engine, reference } = playCase(tried)
      for (const asOf of tried.asOfs) checkAnswers(engine, reference.at(asOf), tried.rule)
    })
  })

  test('law 11: without an instant, that of the clock', async () => {
    await assertOnCases(60, (tried) => {
      const { engine, reference } = playCase(tried)
      const rule = Rule.of(tried.rule)
      const expected = reference.ids(tried.rule)
      expect([...engine.select(rule)]).toEqual(expected)
      expect([engine.count(rule), engine.prepare(rule).count()]).toEqual([expected.length, expected.length])
      expect(engine.explain(rule)).toMatchObject({ count: expected.length, asOf: tried.now })
    })
  })

  test('the same with many values in each column', async () => {
    const check = (tried: SegmentationCase): void => {
      const { engine, reference } = playCase(tried)
      checkAnswers(engine, reference.at(tried.asOfs[0]!), tried.rule)
      checkPreview(engine, reference.at(tried.asOfs[0]!), tried.rule)
    }
    await assertOnCases(150, check, {}, widen)
  })

  test('what is known of each person', async () => {
    await assertOnCases(150, (tried) => {
      const { engine, reference } = playCase(tried)
      expect(engine.size).toBe(reference.people.size)
      for (const id of world) {
        const person = reference.people.get(reference.aliases.get(id) ?? id)
        const found = engine.get(id)
        expect(engine.idsOf(id)).toEqual(reference.idsOf(id))
        expect(engine.has(id)).toBe(person !== undefined)
        expect(found === undefined).toBe(person === undefined)
        if (person === undefined || found === undefined) continue
        expect(Object.keys(found).sort()).toEqual([...person.keys()].sort())
        for (const [column, value] of Object.entries(found)) {
          expect(value).toEqual(shownValue(person.get(column)!, value))
        }
      }
    })
  })

  test('the events of each person', async () => {
    await assertOnCases(150, (tried) => {
      const { engine, reference } = playCase(tried)
      for (const id of world) {
        for (const [name, { kind }] of Object.entries(engine.schema)) {
          if (kind !== 'event') continue
          const expected = (reference.events.get(reference.aliases.get(id) ?? id) ?? [])
            .filter(({ event }) => event === name)
            .map(({ at, eventId, properties }) => ({
              at: new Date(at),
              ...(eventId === null ? {} : { eventId }),
              ...Object.fromEntries([...properties].map(([key, value]) => [key, shownValue(value, null)])),
            }))
            .sort((a, b) => a.at.getTime() - b.at.getTime())
          expect(engine.events(id, name as never)).toEqual(expected)
        }
      }
    })
  })

  test('after each change, by a rule prepared once, by text, and anew', async () => {
    await assertOnCases(150, (tried) => {
      const { engine, reference, play } = playCase(tried, 0)
      const rule = Rule.of(tried.rule)
      let prepared = ruleFits(tried.rule, reference) ? engine.prepare(rule) : null
      for (const [index, change] of tried.changes.entries()) {
        play(change)
        const asOf = tried.asOfs[index % tried.asOfs.length]!
        if (!ruleFits(tried.rule, reference)) {
          if (prepared !== null) expect(() => prepared!.count()).toThrow(/RULE_/)
          continue
        }
        prepared ??= engine.prepare(rule)
        const expected = reference.ids(tried.rule, asOf)
        expect(prepared.count({ asOf })).toBe(expected.length)
        expect([...prepared.select({ asOf })]).toEqual(expected)
        expect(engine.count(String(rule), { asOf })).toBe(expected.length)
        expect(engine.count(rule, { asOf })).toBe(expected.length)
        for (const id of world.slice(0, 12)) {
          expect(prepared.matches(id, { asOf })).toBe(expected.includes(reference.aliases.get(id) ?? id))
        }
      }
    })
  })

  test('an audience after each change, by rules prepared once and by text', async () => {
    await assertOnCases(100, (tried) => {
      const { engine, reference, play } = playCase(tried, 0)
      const prepared = new Map<string, PreparedRule>()
      for (const change of [...tried.changes, ...rebuildsOf(tried)]) {
        // A rule may name a column or version that has gone meanwhile.
        if (!changeFits(change, reference)) continue
        play(change)
        for (const name of reference.audiences.keys()) {
          for (const version of [null, 'latest'] as const) {
            const rule = Rule.of(make.not(make.audience(name, version)))
            const expected = reference.ids(rule.node)
            const known = prepared.get(String(rule)) ?? engine.prepare(rule)
            prepared.set(String(rule), known)
            expect(known.count()).toBe(expected.length)
            expect([...known.select()]).toEqual(expected)
            expect(engine.count(String(rule))).toBe(expected.length)
            for (const id of world.slice(0, 6)) {
              expect(known.matches(id)).toBe(expected.includes(reference.aliases.get(id) ?? id))
            }
          }
        }
      }
    })
  })

  test('preview', async () => {
    await assertOnCases(250, (tried) => {
      const { engine, reference } = playCase(tried)
      checkPreview(engine, reference.at(tried.asOfs[0]!), tried.rule)
    })
  })

  test('explain and explainMatch', async () => {
    await assertOnCases(150, (tried, draw) => {
      const { engine, reference: population } = playCase(tried)
      const reference = population.at(tried.asOfs[0]!)
      checkExplain(engine, reference, tried.rule)
      checkExplainMatch(engine, reference, tried.rule, world[draw(world.length)]!)
      for (const id of [...reference.people.keys()].slice(0, 3)) {
        checkExplainMatch(engine, reference, tried.rule, id)
      }
    })
  })

  test('user sets: pages, samples, algebra', async () => {
    await assertOnCases(200, (tried, draw) => {
      const { engine, reference } = playCase(tried)
      const rules = [tried.rule, ...childRules(tried.rule), ...presences(engine)]
      const picks = Array.from({ length: 1 + draw(3) }, () => rules[draw(rules.length)]!)
      const sets = picks.map((rule) => engine.select(Rule.of(rule)))
      const people = picks.map((rule) => new Set(reference.ids(rule)))
      const [first, ...others] = sets as [UserSet, ...UserSet[]]
      const membersOf = (test: (id: ExternalId) => boolean): ExternalId[] => [...reference.people.keys()].filter(test)
      const inside = (id: ExternalId): number => people.filter((set) => set.has(id)).length
      checkUserSet(first, [...people[0]!], draw)
      checkUserSet(
        first.and(...others),
        membersOf((id) => inside(id) === people.length),
        draw,
      )
      checkUserSet(
        first.or(...others),
        membersOf((id) => inside(id) > 0),
        draw,
      )
      checkUserSet(
        first.xor(...others),
        membersOf((id) => inside(id) % 2 === 1),
        draw,
      )
      checkUserSet(
        first.minus(...others),
        membersOf((id) => people[0]!.has(id) && inside(id) === 1),
        draw,
      )
      for (const [index, other] of others.entries()) {
        const [a, b] = [people[0]!, people[index + 1]!]
        const both = [...a].filter((id) => b.has(id)).length
        expect(first.andCount(other)).toBe(both)
        expect(first.orCount(other)).toBe(a.size + b.size - both)
        expect(first.xorCount(other)).toBe(a.size + b.size - 2 * both)
        expect(first.minusCount(other)).toBe(a.size - both)
        expect(first.intersects(other)).toBe(both > 0)
        expect(first.isSubsetOf(other)).toBe(both === a.size)
        expect(first.equals(other)).toBe(both === a.size && both === b.size)
      }
    })
  })

  test('a sample does not depend on the order in which people came', async () => {
    await assertOnCases(100, (tried, draw) => {
      const { engine, reference } = playCase(tried)
      const people = reference.ids(tried.rule)
      const other = createEngine({ schema: {} })
      const order = people.map((id) => [draw(1_000_000), id] as const).sort(([a], [b]) => a - b)
      other.putMany(order.map(([, id]) => [id, {}]))
      const count = draw(people.length + 1)
      const drawn = engine.select(Rule.of(tried.rule)).sample(count)
      expect(new Set(other.select('everyone').sample(count))).toEqual(new Set(drawn))
    })
  })

  test('a selection stays as it was, but for people who are removed', async () => {
    await assertOnCases(200, (tried) => {
      const half = Math.floor(tried.changes.length / 2)
      const { engine, reference, play } = playCase(tried, half)
      const taken: { readonly set: UserSet; people: ExternalId[]; readonly size: number }[] = []
      const take = (rule: Rule): void => {
        const people = reference.ids(rule.node)
        taken.push({ set: engine.select(rule), people, size: people.length })
      }
      for (const change of tried.changes.slice(half)) {
        if (ruleFits(tried.rule, reference)) take(Rule.of(tried.rule))
        for (const rule of presences(engine)) take(Rule.of(rule))
        take(Rule.read('everyone'))
        play(change)
        // Who comes back later is a new person; who became another has no name of its own.
        const gone = (id: ExternalId): boolean =>
          reference.aliases.has(id) || (change.kind === 'remove' && !reference.people.has(id))
        for (const one of taken) one.people = one.people.filter((id) => !gone(id))
      }
      for (const { set, people, size } of taken) {
        expect([...set]).toEqual(people)
        expect(set.size).toBe(size)
      }
    })
  })

  test('audiences: versions and members', async () => {
    await assertOnCases(200, (tried) => {
      const { engine, reference } = playCase(tried)
      for (const [name, { rule, versions }] of reference.audiences) {
        const audience = engine.audiences.get(name)
        expect(audience.rule?.node ?? null).toEqual(rule)
        expect(audience.version.number).toBe(versions.size)
        for (const version of audience.versions) {
          const members = versions.get(version.number)!
          expect(version.size).toBe(members.size)
          expect(new Set(version.ids())).toEqual(members)
        }
        for (const asOf of tried.asOfs) checkAnswers(engine, reference.at(asOf), Rule.read({ audience: name }).node)
        checkAnswers(engine, reference, Rule.read({ audience: name, version: 'latest' }).node)
        checkAnswers(engine, reference, Rule.read({ audience: name, version: versions.size }).node)
      }
    })
  })

  test('a column that comes back as another kind', () => {
    const engine = createEngine({ schema: { vip: flag(), tier: category() } })
    engine.put('u1', { vip: true, tier: 'a' })
    const prepared = engine.prepare('tier is set and vip')
    const both = 'tier is set and not vip is set'
    expect([prepared.count(), engine.count(both)]).toEqual([1, 0])
    const other = engine
      .dropColumn('tier')
      .dropColumn('vip')
      .addColumn('tier', category({ many: true }))
      .addColumn('vip', category())
    expect(() => prepared.count()).toThrow('RULE_WRONG_OPERATOR')
    other.put('u1', { tier: ['a', 'b'] })
    expect(other.count(both)).toBe(1)
    // Two values contradict each other in a column of one value only.
    expect(other.count('tier has any ("a") and tier has any ("b")')).toBe(1)
    const again = other.dropColumn('tier').addColumn('tier', flag()).dropColumn('vip').addColumn('vip', flag())
    expect([prepared.count(), again.count(both)]).toEqual([0, 0])
    again.put('u1', { vip: true, tier: true })
    expect([prepared.count(), again.count(both)]).toEqual([1, 0])
  })
})
