import type { AudienceFacts, AudienceRecord, RecordedVersion } from '../../audiences/audience-record.ts'
import { portableBytes } from '../../bitmap/bitmap.ts'
import { ruleToJson } from '../../rules/json/rule-to-json.ts'
import { begin } from './encode-mutation.ts'
import type { MessagePackWriter } from './message-pack-writer.ts'
import { recordKinds } from './record-kinds.ts'

/** Writes a change of a workspace's audiences as a record of the log. */
export function encodeAudienceRecord(workspace: string, record: AudienceRecord, out: MessagePackWriter): void {
  switch (record.kind) {
    case 'createAudience':
    case 'changeAudience':
      begin(out, recordKinds[record.kind], 7)
      out.text(workspace)
      encodeFacts(record.audience, out)
      if (record.version === null) out.nil()
      else encodeVersion(record.version, out)
      break
    case 'renameAudience':
      begin(out, recordKinds.renameAudience, 3)
      out.text(workspace)
      out.text(record.from)
      out.text(record.to)
      break
    case 'removeAudience':
      begin(out, recordKinds.removeAudience, 2)
      out.text(workspace)
      out.text(record.name)
  }
}

/** Writes the removal of a workspace as a record of the log. */
export function encodeWorkspaceRemoval(workspace: string, out: MessagePackWriter): void {
  begin(out, recordKinds.removeWorkspace, 1)
  out.text(workspace)
}

/** Five values. */
function encodeFacts({ name, kind, bounds, rule }: AudienceFacts, out: MessagePackWriter): void {
  out.text(name)
  out.text(kind)
  out.number(bounds.min)
  out.number(bounds.max)
  if (rule === null) out.nil()
  else out.text(JSON.stringify(ruleToJson(rule.node)))
}

function encodeVersion({ facts, members }: RecordedVersion, out: MessagePackWriter): void {
  out.array(5)
  out.number(facts.number)
  if (facts.ruleHash === null) out.nil()
  else out.text(facts.ruleHash)
  out.number(facts.asOf)
  out.number(facts.dataVersion)
  out.binary(portableBytes(members))
}
