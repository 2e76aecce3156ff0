import type { AudienceFacts, AudienceRecord, RecordedVersion } from '../../audiences/audience-record.ts'
import type { ReadonlyBitmap } from '../../bitmap/bitmap.ts'
import { readRule } from '../saved-rule.ts'
import { readBitmapBytes } from './decode-values.ts'
import type { MessagePackReader } from './message-pack-reader.ts'
import { recordKinds } from './record-kinds.ts'

/**
 * A change of audiences whose kind and workspace were read.
 *
 * @param people living people: members are among them
 * @throws MessagePackFault; STORE_CORRUPT for a rule that is none
 */
export function readAudienceRecord(kind: number, reader: MessagePackReader, people: ReadonlyBitmap): AudienceRecord {
  switch (kind) {
    case recordKinds.createAudience: {
      const audience = readFacts(reader)
      return { kind: 'createAudience', audience, version: readVersion(reader, people) }
    }
    case recordKinds.changeAudience: {
      const audience = readFacts(reader)
      return { kind: 'changeAudience', audience, version: reader.nil() ? null : readVersion(reader, people) }
    }
    case recordKinds.renameAudience: {
      const from = reader.text('the name of an audience')
      return { kind: 'renameAudience', from, to: reader.text('the name of an audience') }
    }
    case recordKinds.removeAudience:
      return { kind: 'removeAudience', name: reader.text('the name of an audience') }
    default:
      throw reader.fault(`a record of kind ${kind}`, 'a known kind')
  }
}

function readFacts(reader: MessagePackReader): AudienceFacts {
  const name = reader.text('the name of an audience')
  const kind = reader.text('the kind of an audience')
  if (kind !== 'official' && kind !== 'industry' && kind !== 'custom') {
    throw reader.fault(`the kind ${kind}`, 'official, industry or custom')
  }
  const bounds = { min: reader.whole('a bound'), max: reader.whole('a bound') }
  return { name, kind, bounds, rule: reader.nil() ? null : readRule(reader.text('a rule')) }
}

function readVersion(reader: MessagePackReader, people: ReadonlyBitmap): RecordedVersion {
  reader.arrayOf(5, 'a version')
  const facts = {
    number: reader.whole('the number of a version'),
    ruleHash: reader.nil() ? null : reader.text('the hash of a rule'),
    asOf: reader.instant(),
    dataVersion: reader.whole('a version of the data'),
  }
  const members = readBitmapBytes(reader)
  if (!members.isSubset(people)) {
    members.dispose()
    throw reader.fault('members who are no living people', 'members of an audience')
  }
  return { facts, members }
}
