import { anonymousVolume } from './rules/anonymous-volume.ts';
import { bindPathMissing } from './rules/bind-path-missing.ts';
import { containerNameWithReplicas } from './rules/container-name-with-replicas.ts';
import { dependencyCycle } from './rules/dependency-cycle.ts';
import { engineSocket } from './rules/engine-socket.ts';
import { healthcheckCannotFail } from './rules/healthcheck-cannot-fail.ts';
import { healthcheckCannotPass } from './rules/healthcheck-cannot-pass.ts';
import { healthcheckLongerThanGate } from './rules/healthcheck-longer-than-gate.ts';
import { healthcheckToolMissing } from './rules/healthcheck-tool-missing.ts';
import { healthyWithoutHealthcheck } from './rules/healthy-without-healthcheck.ts';
import { mutableTag } from './rules/mutable-tag.ts';
import { noMemoryLimit } from './rules/no-memory-limit.ts';
import { noRestartPolicy } from './rules/no-restart-policy.ts';
import { obsoleteKey } from './rules/obsolete-key.ts';
import { portUsedTwice } from './rules/port-used-twice.ts';
import { portsWithHostNetwork } from './rules/ports-with-host-network.ts';
import { privileged } from './rules/privileged.ts';
import { secretInEnvironment } from './rules/secret-in-environment.ts';
import { silenceWithoutEffect } from './rules/silence-without-effect.ts';
import { silenceWithoutReason } from './rules/silence-without-reason.ts';
import { startPeriodTooShort } from './rules/start-period-too-short.ts';
import { unusedConfig } from './rules/unused-config.ts';
import { unusedNetwork } from './rules/unused-network.ts';
import { unusedSecret } from './rules/unused-secret.ts';
import { unusedVolume } from './rules/unused-volume.ts';
import type { Rule } from './rule.ts';

/** Every rule of lint. A new one is one file and one line here. */
export const rules: readonly Rule[] = [
  healthcheckCannotFail,
  healthcheckCannotPass,
  healthcheckToolMissing,
  healthcheckLongerThanGate,
  healthyWithoutHealthcheck,
  startPeriodTooShort,
  noRestartPolicy,
  noMemoryLimit,
  mutableTag,
  portUsedTwice,
  portsWithHostNetwork,
  secretInEnvironment,
  privileged,
  engineSocket,
  bindPathMissing,
  anonymousVolume,
  unusedVolume,
  unusedNetwork,
  unusedSecret,
  unusedConfig,
  containerNameWithReplicas,
  dependencyCycle,
  obsoleteKey,
  silenceWithoutReason,
  silenceWithoutEffect,
];
