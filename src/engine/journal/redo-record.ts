import type { Dataset } from '../../dataset/dataset.ts'
import type { Mutation } from '../../dataset/mutation.ts'
import { readAudienceRecord } from './decode-audience.ts'
import { readMutation } from './decode-mutation.ts'
import type { MessagePackReader } from './message-pack-reader.ts'
import { recordKinds } from './record-kinds.ts'
import type { ReplayTarget } from './replay-target.ts'

/**
 * Does a record again whose kind was read, of any but one row or one event: whole or not at all.
 *
 * @throws MessagePackFault for bytes that are no record; the codes of writes for one that doesn't fit the data
 */
export function redoRecord(kind: number, fields: number, reader: MessagePackReader, target: ReplayTarget): void {
  const { dataset } = target
  const mutation = readMutation(kind, fields, reader, dataset)
  if (mutation !== null) {
    reader.end()
    if (mutation.kind === 'buildTag') checkBuild(mutation, reader, dataset)
    dataset.apply(mutation)
    return
  }
  const workspace = reader.text('the name of a workspace')
  if (kind === recordKinds.removeWorkspace) {
    reader.end()
    target.removeWorkspace(workspace)
    return
  }
  const change = readAudienceRecord(kind, reader, dataset.people.bitmap)
  reader.end()
  target.registry(workspace).replay(change)
}

/** What the data takes for granted of a build. */
function checkBuild(build: Mutation & { kind: 'buildTag' }, reader: MessagePackReader, dataset: Dataset): void {
  const tag = dataset.derivedTag(build.column)
  if (tag?.mode === 'built' && tag.cases.length === build.people.length) return
  for (const people of build.people) people.dispose()
  throw reader.fault('the people of a tag', 'a built tag that the engine has, and people for each of its rules')
}
