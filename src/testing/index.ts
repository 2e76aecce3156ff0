// What every rule means, as a model with plain sets, and random cases to compare a system with it: crowdbit or yours.

export { applyChange } from './apply-change.ts'
// Generators
export { anyCase, type CaseOptions, caseFor } from './case-arbitrary.ts'
export { type ChangeOptions, changeFor, rowFor, trackOf } from './change-arbitrary.ts'
// Changes and cases as data
export { changeFits, ruleFits } from './change-fits.ts'
// Comparing
export {
  type CheckOptions,
  type CheckReport,
  type ComparedAnswer,
  checkAgainstReference,
  compareAnswer,
  compareOnCase,
  type SystemMaker,
} from './compare.ts'
export { CrowdbitSystem } from './crowdbit-system.ts'
export { anyPattern } from './pattern-arbitrary.ts'
export type {
  AddColumnChange,
  ChangeKind,
  DropColumnChange,
  LinkChange,
  ListAudienceChange,
  ListChange,
  MemberForm,
  MembersChange,
  PopulationChange,
  PutChange,
  RebuildChange,
  RemoveChange,
  RuleAudienceChange,
  SegmentationCase,
  SystemSettings,
  TrackChange,
  UnlinkChange,
  ValuesChange,
  WrittenEvent,
  WrittenRow,
  WrittenValue,
} from './population-change.ts'
export { portableBytesOf } from './portable-bytes.ts'
// The model
export { holds, peopleOf } from './reference-evaluator.ts'
export { type FailurePlace, ReferenceMismatch } from './reference-mismatch.ts'
export { decimalNumber, decimalOf, decimalText, type ReferenceDecimal } from './reference-numbers.ts'
export { ReferencePopulation } from './reference-population.ts'
export { boundsOf, periodsOf, type ReferenceBounds } from './reference-time.ts'
export type {
  ReferenceAudience,
  ReferenceEvent,
  ReferencePerson,
  ReferenceValue,
  ReferenceView,
} from './reference-view.ts'
export { conditionFor, type RuleOptions, ruleFor } from './rule-arbitrary.ts'
export { anySchema, schemaOf } from './schema-arbitrary.ts'
export type { Awaitable, Question, SegmentationSystem } from './segmentation-system.ts'
export { showCase } from './show-case.ts'
export { anyFrame, type TimeFrame } from './time-arbitrary.ts'
export { anyId, idAt } from './value-arbitrary.ts'
