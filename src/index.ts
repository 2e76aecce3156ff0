// The public names of crowdbit, grouped; a test keeps the list.

// Audiences
export type {
  Audience,
  AudienceChanges,
  AudienceJson,
  AudienceKind,
  AudienceSource,
  VersionDiff,
} from './audiences/audience.ts'
export type { AudienceVersion, VersionFacts } from './audiences/audience-version.ts'
export type {
  AudienceFilter,
  AudienceOptions,
  Audiences,
  ListAudienceOptions,
  RuleAudienceOptions,
} from './audiences/audiences.ts'
export { type Bounds, type BoundsRemedy, defaultBounds } from './audiences/bounds.ts'
export type { ListOptions, ListReport } from './audiences/list-members.ts'
// Errors and small types
export type { DenseId, ExternalId, Millis } from './base/brand.ts'
export type { Clock } from './base/clock.ts'
export { CrowdbitError, type ErrorFacts } from './base/crowdbit-error.ts'
export { type ErrorCode, errorCodes } from './base/error-codes.ts'
export { defaultRuleLimits, type RuleLimits } from './base/limits.ts'
// Tracking
export type { GivenEventPeople } from './dataset/event-people.ts'
// Answers
export type { Members } from './dataset/members.ts'
export { type Page, type SampleOptions, UserSet } from './dataset/user-set.ts'
// Engines
export type { BulkReport } from './engine/bulk-report.ts'
// Changes
export type { Change, ChangeRecord } from './engine/changes/change.ts'
export type { ChangeFeedStats } from './engine/changes/change-feed.ts'
export type {
  DescribedChange,
  DescribedEvent,
  DescribedPeople,
  DescribedValue,
  DescribedVersion,
} from './engine/changes/described-change.ts'
export type { ChangesOptions } from './engine/changes/engine-changes.ts'
export { createEngine, type EngineOptions, type EngineSettings } from './engine/create-engine.ts'
export type {
  DerivedRules,
  DerivedTagInfo,
  DerivedTagOptions,
  DerivedTagStatus,
  DerivedTags,
} from './engine/derived-tags.ts'
// Diagnostics
export type {
  CheckpointMessage,
  QueryMessage,
  QueryTrace,
  QuestionKind,
  RecoveryMessage,
  RejectedWriteMessage,
  WriteKind,
} from './engine/diagnostics/messages.ts'
export type { RecoveryReport } from './engine/durable/recovery-report.ts'
export { Engine, type EngineStats, type RemovalReport, type WriteReport } from './engine/engine.ts'
export type { EngineHealth } from './engine/health.ts'
export type { RecordKind } from './engine/journal/record-kinds.ts'
export { type LoadOptions, loadEngine } from './engine/load-engine.ts'
export type { NumberWriter, TimestampWriter } from './engine/number-writer.ts'
export { type OpenOptions, openEngine } from './engine/open-engine.ts'
export { type RepairLoss, type RepairOptions, type RepairReport, repairEngine } from './engine/repair-engine.ts'
export type { BackupReport } from './engine/save-engine.ts'
export type { CategoryWriter, FlagWriter, TagWriter, TagWriters } from './engine/tag-writer.ts'
export type { EventsOptions, TrackedEvent } from './engine/tracked-event.ts'
export { verifyEngine } from './engine/verify-engine.ts'
export { View } from './engine/view.ts'
export { Workspace } from './engine/workspace.ts'
export type { LinkReport, RetentionReport, TrackReport } from './engine/write-report.ts'
export type {
  CategoryMapping,
  ColumnMapping,
  ColumnMappings,
  EmptyText,
  FlagMapping,
  MultiCategoryMapping,
  NumberMapping,
  TimestampMapping,
} from './ingest/column-mapping.ts'
export { csv, csvFile } from './ingest/csv.ts'
export type { CsvOptions } from './ingest/csv-options.ts'
// Imports
export type { AtMapping, EventIngestOptions, PropertyMappings } from './ingest/event-ingest-options.ts'
export type { IngestOptions } from './ingest/ingest-options.ts'
export type { EventIngestReport, IngestProgress, IngestReport, RejectedRow } from './ingest/ingest-report.ts'
export type { IngestSource } from './ingest/ingest-source.ts'
export type { ByteInput } from './ingest/input-bytes.ts'
export type { AnyIterable } from './ingest/input-iterator.ts'
export { type NdjsonOptions, ndjson, ndjsonFile } from './ingest/ndjson.ts'
export { records } from './ingest/records.ts'
// Insight
export type { Aggregate } from './insight/aggregate.ts'
export type { CubeOptions, CubeRow } from './insight/cube.ts'
export type { Bin, Histogram, HistogramOptions } from './insight/histogram.ts'
export type { GroupingNames, Insight, NumberNames } from './insight/insight.ts'
export type { QuantileOptions } from './insight/quantiles.ts'
export type { RankedPerson, TopOptions } from './insight/top.ts'
export type { AskOptions, AwaitOptions } from './planner/ask-options.ts'
export type { ExplainedBounds, ExplainedWindow } from './planner/explain-windows.ts'
export type { Explanation, ExplanationData, PlanStep } from './planner/explanation.ts'
export type {
  DecidingChain,
  DecidingCount,
  DecidingCounts,
  DecidingEvent,
  DecidingValue,
  PersonExplanation,
  PersonStep,
} from './planner/person-explanation.ts'
export type { PreparedRule } from './planner/prepared-rule.ts'
export type { Preview, PreviewNode } from './planner/preview.ts'
// Rules: more under crowdbit/rules, which also runs in a browser
export type { Behaviour } from './rules/build/behaviour.ts'
export type { Did, DidAny } from './rules/build/did.ts'
export type { DurationOption } from './rules/build/duration.ts'
export type { CategoryOperators, EventFilter, NumberOperators } from './rules/build/event-filter.ts'
export type { Addend, SomeEvents } from './rules/build/event-types.ts'
export type { NewlyOptions, RegularOptions, ResumedOptions, StoppedOptions } from './rules/build/lifecycle.ts'
export type { MeasureTests } from './rules/build/measure-tests.ts'
export type { NumberTests } from './rules/build/number-tests.ts'
export type { Occurrence } from './rules/build/occurrence.ts'
export type { NumberOperand, TimeOperand } from './rules/build/operand.ts'
export type { ClosedSequence, FollowOptions, Sequence, WithoutOptions } from './rules/build/sequence.ts'
export type { TimestampTests } from './rules/build/timestamp-tests.ts'
export type { LastOptions, RangeOptions, WeekOptions } from './rules/build/windows.ts'
export { type Fault, RuleError, type Span } from './rules/fault.ts'
export type { FilterJson, RuleJson, WindowJson } from './rules/json/rule-json.ts'
/** The templates that ship: `crowd.rules.template(templates.cartWithoutOrder).apply({ hours: 24 })`. */
export * as templates from './rules/library/all-templates.ts'
export { Rule, type RuleInput } from './rules/rule.ts'
export type { RuleBuilder } from './rules/rule-builder.ts'
export type { CategoryTests, MultiCategoryTests, TagTests } from './rules/tag-tests.ts'
export type {
  Template,
  TemplateArguments,
  TemplateDefinition,
  TemplateParameter,
  TemplateParameters,
  Title,
} from './rules/template.ts'
// Schemas
export {
  type CategoryMerge,
  type CategoryOptions,
  type CategorySpec,
  type ColumnSpec,
  category,
  type EventOptions,
  type EventSpec,
  event,
  type FlagSpec,
  flag,
  type MergePolicy,
  type MultiCategorySpec,
  type NumberOptions,
  type NumberSpec,
  number,
  type PropertiesSpec,
  type PropertySpec,
  type SchemaSpec,
  type TimestampMerge,
  type TimestampOptions,
  type TimestampSpec,
  timestamp,
  type ValueColumnSpec,
} from './schema/column-spec.ts'
export type {
  Decimal,
  EventArrays,
  EventNames,
  EventValues,
  Instant,
  Person,
  Readable,
  Row,
  ValueColumns,
  ValueEdit,
  Writable,
} from './schema/row.ts'
// Folders
export type { Durability } from './store/durability.ts'
export type { CheckpointReport } from './store/durable-store.ts'
export type { LogCut } from './store/recover-log.ts'
export type { LastCheckpoint, StoreHealth, StoreProblem } from './store/store-health.ts'
