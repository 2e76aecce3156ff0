import { beforeEach, expect, test } from 'vitest'
import type { CrowdbitError, Workspace } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'
import { openShop, type Shop } from './shop.ts'

const bounds = { min: 0 }
const secret = 'secret plan 42'
let crowd: Shop['crowd']
let north: Workspace
let south: Workspace

beforeEach(() => {
  crowd = openShop().crowd
  north = crowd.workspace('north')
  south = crowd.workspace('south')
  north.audiences.create({ name: secret, rule: 'vip', bounds })
  north.audiences.createList({ name: `${secret} list`, members: ['u1'], bounds })
})

test('all workspaces ask of the same people and tags', () => {
  crowd.put('new', { vip: true })
  for (const workspace of [north, south, crowd.workspace('default')]) {
    expect(workspace.count('vip')).toBe(151)
    expect(workspace.matches('new', 'vip')).toBe(true)
    expect(workspace.select('vip').has('new')).toBe(true)
    expect(workspace.explain('vip').universe).toBe(301)
    expect(workspace.preview('vip').count).toBe(151)
    expect(workspace.prepare('vip').count()).toBe(151)
    expect(workspace.explainMatch('new', 'vip')?.holds).toBe(true)
  }
  expect(north.hash('vip')).toBe(south.hash('vip'))
  expect(north.select('vip').equals(south.select('vip'))).toBe(true)
})

test('the engine’s own methods are those of the default workspace', () => {
  crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  expect(crowd.workspace('default').count('audience pack')).toBe(150)
  expect(refusal(() => north.count('audience pack')).code).toBe('RULE_UNKNOWN_AUDIENCE')
  expect(crowd.workspaces()).toEqual(['default', 'north', 'south'])
})

test('every error of one workspace, near to a name of another, says nothing of it', () => {
  const near = 'secret plan 41'
  const calls: ((workspace: Workspace) => unknown)[] = [
    (workspace) => workspace.count(`audience "${near}"`),
    (workspace) => workspace.select({ audience: near }),
    (workspace) => workspace.matches('u1', { not: { audience: near } }),
    (workspace) => workspace.explain(`vip and audience "${near}"`),
    (workspace) => workspace.explainMatch('u1', { audience: near, version: 'latest' }),
    (workspace) => workspace.preview({ audience: near, version: 1 }),
    (workspace) => workspace.prepare(crowd.rules.audience(near)),
    (workspace) => workspace.hash(crowd.rules.audience(near)),
    (workspace) => workspace.audiences.get(near),
    (workspace) => workspace.audiences.remove(near),
    (workspace) => workspace.audiences.rename(near, 'x'),
    (workspace) => workspace.audiences.create({ name: 'x', rule: { audience: near }, bounds }),
  ]
  const text = (error: CrowdbitError): string => error.message + JSON.stringify(error.facts)
  for (const call of calls) {
    // In its own workspace the name is the hint, so the trap works; elsewhere nothing of it is told.
    expect(text(refusal(() => call(north)))).toContain(secret)
    expect(text(refusal(() => call(south)))).not.toContain(secret)
    expect(text(refusal(() => call(crowd.workspace('default'))))).not.toContain(secret)
  }
})

test('whether a name is free does not depend on other workspaces', () => {
  expect(south.audiences.create({ name: secret, rule: 'old', bounds }).size).toBe(100)
  expect(north.audiences.get(secret).size).toBe(150)
  expect(north.audiences.list().map(({ name }) => name)).toEqual([secret, `${secret} list`])
  expect(south.audiences.list().map(({ name }) => name)).toEqual([secret])
})

test('a text that both ask is answered for each', () => {
  south.audiences.create({ name: secret, rule: 'old', bounds })
  const text = `audience "${secret}"`
  for (let i = 0; i < 3; i++) expect([north.count(text), south.count(text)]).toEqual([150, 100])
})

test('what one workspace changes leaves the prepared rules of another alone', () => {
  south.audiences.create({ name: secret, rule: 'old', bounds })
  const prepared = south.prepare(`audience "${secret}"`)
  north.audiences.rename(secret, 'renamed')
  north.audiences.remove('renamed')
  expect(prepared.count()).toBe(100)
})

test('a removed workspace is gone with its audiences, and its name begins anew', () => {
  crowd.removeWorkspace('north')
  expect(crowd.workspaces()).toEqual(['default', 'south'])
  crowd.dropColumn('old')
  expect(crowd.workspace('north').audiences.list()).toEqual([])
  const error = refusal(() => crowd.removeWorkspace('sauth'))
  expect(error.code).toBe('WORKSPACE_UNKNOWN')
  crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  crowd.removeWorkspace('default')
  expect(crowd.audiences.list()).toEqual([])
  expect(crowd.count('vip')).toBe(150)
})
