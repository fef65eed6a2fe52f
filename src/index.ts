// Topology files, without a broker.
export { compile, type Compiled, type CompileOptions } from './operations/files/compile.ts'
export { explain } from './operations/files/explain.ts'
export { type GeneratedTypes, generateTypes } from './operations/files/generate-types.ts'
export {
  init,
  type InitOptions,
  type StarterFile,
  type Workflow,
  WORKFLOWS,
} from './operations/files/init/starter-files.ts'
export { render, type Rendered, type RenderOptions } from './operations/files/render.ts'
export { type SchemaName, topologySchema } from './operations/files/topology-schema.ts'
export { validate } from './operations/files/validate.ts'
export type { ConfiguredName } from './desired/declaration/declare.ts'
export type { EnvironmentSettings, Loaded } from './desired/load/load-topology.ts'
export type { DefinitionsOptions, TopologyOptions } from './operations/session/options.ts'

// Existing brokers.
export {
  type AcceptedFindings,
  type Fix,
  type FixEdit,
  lint,
  type Linted,
  type LintFinding,
  type LintOptions,
  type LintRunOptions,
  type LintSettings,
  type LintSeverity,
  type RuleOptions,
  type RuleSetting,
  type Violation,
} from './operations/insight/lint.ts'
export { type LintedRun, lintRuns, type LintRunsOptions } from './operations/workspace/lint-runs.ts'
export { fixLint, type FixedFinding, type LintFixes } from './operations/insight/lint-fixes.ts'
export { type LintSettingsOptions, readLintSettings } from './operations/insight/read-lint-settings.ts'
export {
  type ExportChoices,
  type ExportedFile,
  type ExportedFiles,
  exportFiles,
  type ExportOptions,
  type ExportVerification,
  type LeftOut,
  type ReferencedSecret,
  type SplitRule,
} from './operations/insight/export.ts'
export { type ImportFormat, importFiles, type ImportOptions } from './operations/insight/import.ts'
export { definitions, type DefinitionsText, type WriteDefinitionsOptions } from './operations/insight/definitions.ts'

// Changes of a broker.
export { apply, type ApplyOptions, destroy } from './operations/change/apply.ts'
export {
  type AppliedRun,
  type AppliedRuns,
  applyRuns,
  type ApplyRunOptions,
  type ApplyRunsOptions,
  type DestroyRunsOptions,
  type ExecuteRunsOptions,
  type SavedRunOptions,
  destroyRuns,
} from './operations/workspace/apply-runs.ts'
export { type PlannedRun, type PlannedRuns, type PlanRunOptions, planRuns } from './operations/workspace/plan-runs.ts'
export { type ValidRun, type ValidRuns, validateRuns } from './operations/workspace/validate-runs.ts'
export { drift, type Drift, type DriftOptions } from './operations/operate/drift.ts'
export { driftEventText, watchDrift } from './operations/operate/watch-drift.ts'
export type * from './operations/operate/watch-drift.ts'
export type { Applied, ExecuteOptions } from './operations/change/execute.ts'
export type { PlanAdditions } from './render/result/plan-additions.ts'
export type { PlanLintOptions } from './operations/change/lint-plan.ts'
export type { ModeOptions } from './operations/change/mode-options.ts'
export type { UnmanagedOptions } from './operations/change/survey-of-plan.ts'
export { owners, type OwnersOptions } from './operations/ownership/owners.ts'
export type { Owner } from './operations/ownership/read-owners.ts'
export { isPending, plan, type Planned } from './operations/change/plan.ts'
export { release, type Released, type ReleaseOptions } from './operations/ownership/release.ts'
export { show } from './operations/change/show.ts'
export { applySaved, type ApplySavedOptions } from './operations/saved/apply-saved.ts'
export type { ReferenceOptions } from './operations/saved/resolve-references.ts'
export { formatSavedPlan, undoPlan, type UndoOptions } from './operations/saved/saved-files.ts'
export { isComplete, type MovedMessages, type Outcome, type OutcomeStatus, type Report } from './apply/report.ts'

// Plans.
export type { TakenOver } from './broker/records/hand-over.ts'
export type { SlotBinding, SlotRule } from './model/binding-slot.ts'
export type { NotExported } from './model/not-exported.ts'
export type { DerivedLoss } from './model/policies/derived-effects.ts'
export type { Unsupported } from './plan/broker-support/abilities.ts'
export type { SelfDeletion } from './plan/steps/deletes-itself.ts'
export type { RequiredRight, ResourceRight, Right, TagRight, TopicRight, VhostRight } from './plan/guards/right.ts'
export type { HoldingProblem } from './plan/migration/holding-problem.ts'
export type { LengthKey } from './plan/migration/length-limits.ts'
export type { CapturedLoss, KnownOwners, LimitNote, Note, UnmanagedNote, UnreadKind, Unsuitable } from './plan/note.ts'
export type { OwnerState } from './plan/ownership/owner-state.ts'
export type { OwnershipChanges } from './plan/ownership/ownership-changes.ts'
export type { MaxDeletes, PlannedMode } from './plan/plan-mode.ts'
export type { BoundPlan, SavedPlan } from './plan/saved/saved-plan.ts'
export type { Block, UncountedFor, MoveObstacle } from './plan/block.ts'
export type {
  AffectedObject,
  Change,
  ChangeOf,
  CreateOf,
  DeleteOf,
  Difference,
  FixedKind,
  Impact,
  RebindGap,
  RebindOf,
  RenameOf,
  ReplaceHow,
  ReplaceOf,
  UpdateOf,
} from './plan/change.ts'
export type { Elsewhere, PlannedOwnership, RecordChange } from './plan/ownership/planned-ownership.ts'
export type * from './plan/plan.ts'

// Topologies: what files ask for, and what a broker holds.
export type { DeadLetterRoute } from './model/routing/dead-letter-route.ts'
export type { Desired, HandOver } from './model/desired.ts'
export { format, formatFiles, type FormatFilesOptions, type FormattedFile } from './operations/files/format.ts'
export type { DescribedPart, Description, Descriptions } from './model/descriptions.ts'
export type * from './model/routes.ts'
export type { Arguments, ArgumentValue } from './model/arguments.ts'
export type { DerivedForm, WrittenValue } from './model/values/written-value.ts'
export type {
  Binding,
  Credential,
  Declared,
  DestinationType,
  Exchange,
  GlobalParameter,
  Kind,
  ObjectOf,
  Parameter,
  ParameterValue,
  Permission,
  Policy,
  Queue,
  Topology,
  TopicPermission,
  User,
  UserLimits,
  VirtualHost,
  VirtualHostLimits,
  WrittenSecret,
} from './model/topology.ts'
export type { QueueRole } from './model/queue-role.ts'

// The broker.
export type { AmqpTarget, TlsTexts } from './broker/amqp/connections/amqp-target.ts'
export type { ManagementConnection, TlsOptions } from './broker/management/connection.ts'
export { ManagementError, UnreachableError } from './broker/management/errors.ts'
export type { BrokerOptions } from './operations/session/options.ts'
export {
  type BackgroundBroker,
  type BackgroundOptions,
  startBackgroundBroker,
  type StartBackgroundOptions,
  type StartedBroker,
  statusBackgroundBroker,
  stopBackgroundBroker,
} from './operations/operate/background-broker.ts'
export { checkUpgrade, needsFixes, type UpgradeOptions } from './operations/operate/upgrade.ts'
export type {
  UpgradeEffect,
  UpgradeFeature,
  UpgradeIssue,
  UpgradeStage,
} from './operate/doctor/upgrade/upgrade-issue.ts'
export type { UpgradeReport } from './operate/doctor/upgrade/upgrade-report.ts'
export { doctor, type DoctorOptions, hasSymptoms } from './operations/operate/doctor.ts'
export type { CheckResult, DoctorSeverity, Symptom, Undecided, UndecidedReason } from './operate/doctor/check.ts'
export type { Checkup } from './operate/doctor/checkup.ts'
export type { DoctorLimits } from './operate/doctor/limits.ts'
export type { HealthPart } from './broker/snapshot/health.ts'
export type { Login, Origin } from './testing/throwaway/broker.ts'
export type { StartBrokerOptions } from './testing/throwaway/start-broker.ts'

// The objects on a broker.
export {
  breaking,
  breakingRuns,
  type BreakingChange,
  type BreakingOptions,
  type BreakingReport,
  isBreaking,
} from './operations/insight/breaking.ts'
export { BREAKING_RULES, type BreakingRule } from './insight/breaking/breaking-rules.ts'
export type { BreakingFinding, ChangeClass, NotContained } from './insight/breaking/version.ts'
export type { ShownBreakingReport } from './render/breaking/breaking-text.ts'
export type { ChangeForUsers } from './render/result/command-result.ts'
export { reachesCoverage, survey, type SurveyOptions } from './operations/insight/survey.ts'
export type { DefinitionsSource, LiveSource, SourceOptions } from './operations/insight/take-snapshot.ts'
export type { BrokerIdentity } from './broker/live/live.ts'
export type { SnapshotSource, StatisticsModes } from './broker/snapshot/snapshot.ts'
export type { Unread, UnknownPart, UnknownReason } from './broker/snapshot/unknown.ts'
export type { ConsumingProgram } from './insight/survey/clients.ts'
export type { CountedKind, KindCount } from './insight/survey/count-kinds.ts'
export type { Coverage, LabelCoverage, ProjectCoverage } from './insight/survey/coverage.ts'
export type { ConsumerChange, Evidence, UsedQueue } from './insight/survey/evidence.ts'
export type { BrokerLint, LintCounts, RuleCount } from './insight/survey/lint-counts.ts'
export type { StandOut, StandOutKind } from './insight/survey/stands-out.ts'
export type { Survey, SurveyedFramework, SurveyedGroup, SurveyedVhost } from './insight/survey/survey.ts'
export type { PlanSurvey } from './insight/survey/survey-for-plan.ts'
export type { CoveredKind, SetAside } from './insight/survey/surveyed-object.ts'
export type { UnmanagedObject } from './insight/survey/unmanaged.ts'

// The routes of messages through a topology.
export { trace, type TraceOptions, type TraceTarget } from './operations/insight/trace.ts'
export { test, type TestedFile, type TestOptions, type TestReport, type TestResult } from './operations/insight/test.ts'
export type { LiveTestOptions } from './operations/live-tests/live-tests.ts'
export type { TestOutcome } from './insight/tests/check-test.ts'
export type { RoutedOptions } from './operations/insight/read-routed-vhosts.ts'
export type { MessageTrace, QueueTrace, Trace } from './insight/trace/trace.ts'
export type { TracedBinding, TracedExchange } from './insight/trace/traced-exchange.ts'
export type { Fate, TimeToLive, TracedExpiry, TracedFailure, TracedQueue } from './insight/trace/traced-queue.ts'
export type { UsersAllowed } from './insight/trace/users-allowed.ts'
export type { FailureEnd, FailurePath, RetryStep } from './insight/routing/failure-path.ts'
export type { Headers } from './insight/routing/headers-index.ts'
export type { HeaderValue, TypedValue } from './insight/routing/header-value.ts'
export type { QueueSettings } from './insight/routing/queue-settings.ts'
export type { Choice, Doubt, Reach } from './insight/routing/reach.ts'

// Pictures and references.
export { docs } from './operations/pictures/docs.ts'
export type * from './insight/docs/documented.ts'
export { graph, type GraphOptions } from './operations/pictures/graph.ts'
export { type SurveyPage, surveyPage } from './operations/pictures/survey-page.ts'
export { graphPage, type GraphPageOptions } from './operations/pictures/graph-page.ts'
export type { PageFinding, RoutedTopology, TopologyPage } from './insight/page/topology-page.ts'
export type * from './insight/graph/graph.ts'

// Dead letters.
export type { DeadLetterChoice } from './operations/dead-letters/dead-letter-choice.ts'
export type { DeadLetterOptions, FromFiles } from './operations/dead-letters/dead-letter-session.ts'
export { listDeadLetters, type ListOptions } from './operations/dead-letters/list-dead-letters.ts'
export { peekDeadLetters, type PeekOptions } from './operations/dead-letters/peek-dead-letters.ts'
export { purgeDeadLetters, type PurgeOptions } from './operations/dead-letters/purge-dead-letters.ts'
export { replayDeadLetters, type ReplayOptions } from './operations/dead-letters/replay-dead-letters.ts'
export type { MessageFilter } from './operate/dead-letters/message-filter.ts'
export type { DeadLetter } from './operate/dead-letters/dead-letter.ts'
export type { Peeked, PeekedLetter } from './operate/dead-letters/peek.ts'
export type { PurgeFound } from './operate/dead-letters/purge.ts'
export type { QueueMessages, Replayed } from './operate/dead-letters/replay.ts'
export type { Summary } from './operate/dead-letters/summary.ts'
export type * from './operate/dead-letters/reports.ts'

// Results as text.
export type { FormatOptions, ResultFormatOptions } from './render/formats/format-options.ts'
export {
  formatDeadLetterList,
  formatPeekReport,
  formatPurgeReport,
  formatReplayReport,
} from './render/formats/format-dead-letters.ts'
export { type FindingFormatOptions, formatFinding, formatFindings } from './render/formats/format-finding.ts'
export { type DocumentOptions, formatResult } from './render/formats/format-result.ts'
export type { CommandResult, RunFailure, RunResult } from './render/result/command-result.ts'
export { formatExplanations } from './render/explanations-text.ts'
export type { ExplanationText, RuleExplanation } from './diagnostics/explanations/explanation.ts'
export type { Explanation, ExplanationKind } from './render/explanations-text.ts'
export { formatLint, type LintFormatOptions } from './render/formats/format-lint.ts'
export type { LintReport } from './render/lint/lint-text.ts'
export { formatBreaking } from './render/formats/format-breaking.ts'
export {
  type CheckupFormatOptions,
  formatCheckup,
  formatUpgrade,
  type UpgradeFormatOptions,
} from './render/formats/format-doctor.ts'
export { formatSurvey, type SurveyFormatOptions } from './render/formats/format-survey.ts'
export { formatTests, type TestsFormatOptions } from './render/formats/format-tests.ts'
export type { ShownFile, ShownTests } from './render/tests/tests-text.ts'
export { type DocsFormatOptions, formatDocs } from './render/formats/format-docs.ts'
export { drawGraph } from './render/formats/draw-graph.ts'
export { drawPage } from './render/formats/draw-page.ts'
export { formatGraph, type GraphFormatOptions } from './render/formats/format-graph.ts'
export { formatTrace, type TraceFormatOptions } from './render/formats/format-trace.ts'
export { formatOwners } from './render/owners-text.ts'
export { formatPlan, formatReport, type PlanFormatOptions, type ReportedRun } from './render/formats/format-plan.ts'
export type { ShownOwner } from './render/owners-text.ts'

// Findings and errors.
export { ERROR_CODES, type ErrorCode } from './diagnostics/error-code.ts'
export {
  explainFinding,
  type Finding,
  type FindingArguments,
  type FindingCode,
  type FindingOf,
  type FindingText,
} from './diagnostics/findings/finding.ts'
export type { Sentence, Severity } from './diagnostics/findings/kind.ts'
export { MissingPackageError } from './diagnostics/import-optional.ts'
export type { Location, RelatedLocation } from './diagnostics/location.ts'
export { InvalidInputError, WarrenError } from './diagnostics/warren-error.ts'
export { Secret } from './model/secrets/secret.ts'
