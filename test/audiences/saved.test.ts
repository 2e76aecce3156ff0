import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CrowdbitError, createEngine, flag, loadEngine, type Rule } from '../../src/index.ts'

const schema = { vip: flag(), old: flag() }
const bounds = { min: 0 }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crowdbit-audiences-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('audiences come back from a save with their rules, bounds, kinds, versions and members', async () => {
  const crowd = createEngine({ schema })
  crowd.putMany([
    ['u1', { vip: true }],
    ['u2', { vip: true, old: true }],
    ['u3', {}],
  ])
  const pack = crowd.audiences.create({ name: '老客', rule: 'vip', bounds, kind: 'official' })
  crowd.audiences.create({ name: 'user', rule: 'audience 老客 version 1 minus old', bounds })
  crowd.workspace('north').audiences.createList({ name: 'list', members: ['u3', 'u1'], bounds: { min: 1, max: 9 } })
  crowd.put('u3', { vip: true })
  pack.rebuild()
  await crowd.save(folder)

  const again = await loadEngine(folder, { schema })
  expect(again.workspaces()).toEqual(['default', 'north'])
  for (const [before, after] of [
    [crowd.audiences, again.audiences],
    [crowd.workspace('north').audiences, again.workspace('north').audiences],
  ] as const) {
    const shown = (audiences: typeof before): unknown =>
      audiences.list().map((audience) => ({
        name: audience.name,
        kind: audience.kind,
        source: audience.source,
        bounds: audience.bounds,
        rule: audience.rule?.toJSON() ?? null,
        versions: audience.versions.map((version) => ({
          number: version.number,
          ruleHash: version.ruleHash,
          asOf: version.asOf,
          dataVersion: version.dataVersion,
          ids: [...version.ids()],
        })),
      }))
    expect(shown(after)).toEqual(shown(before))
  }
  expect(again.workspace('north').audiences.get('list').lastUpload).toBeNull()
  again.remove('u1')
  expect(again.audiences.get('老客').versions.map(({ size }) => size)).toEqual([1, 2])
  expect(again.audiences.get('老客').rebuild().number).toBe(3)
})

test('a rule that is within the limits of its engine survives a save, also where the default ones are lower', async () => {
  const limits = { depth: 400, nodes: 50_000 }
  const crowd = createEngine({ schema, limits })
  crowd.putMany([
    ['u1', { vip: true }],
    ['u2', {}],
  ])
  let deep: Rule = crowd.rules.tag('vip')
  for (let i = 0; i < 301; i++) deep = deep.not()
  const wide = crowd.rules.or(...Array.from({ length: 30_000 }, () => 'vip'))
  crowd.audiences.create({ name: 'deep', rule: deep, bounds })
  crowd.audiences.create({ name: 'wide', rule: wide, bounds })
  await crowd.save(folder)
  const again = await loadEngine(folder, { schema, limits })
  expect([...again.select('audience deep')]).toEqual(['u2'])
  expect([...again.select('audience wide')]).toEqual(['u1'])
  expect(again.audiences.get('deep').rule?.node).toEqual(deep.node)
  // The limits were saved too; an engine with lower ones could not ask the rule, so it is not loaded.
  expect((await loadEngine(folder, { schema })).count('audience deep')).toBe(1)
  const refused = await loadEngine(folder, { schema, limits: { depth: 200 } }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CrowdbitError)
  expect(String(refused)).toContain('nested deeper than 200')
})
