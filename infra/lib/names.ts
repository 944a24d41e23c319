// What things are called in AWS. Stacks, pipeline, hooks and people find each other by these names.

import { deliveryOf, Shift } from './delivery/settings';
import { EnvironmentName } from './environments';

/** The names of one environment. */
export function namesOf(environment: EnvironmentName) {
  return {
    stacks: {
      ecr: `PhotoboothEcr-${environment}`,
      photobooth: `PhotoboothStack-${environment}`,
      monitoring: `PhotoboothMonitoring-${environment}`,
      cicd: `PhotoboothCicd-${environment}`,
    },
    repositories: {
      backend: `ai-photobooth-backend-${environment}`,
      frontend: `ai-photobooth-frontend-${environment}`,
      collector: `ai-photobooth-collector-${environment}`,
    },
    cluster: `photobooth-cluster-${environment}`,
    capacityProvider: `photobooth-gpu-${environment}`,
    gpuGroup: `photobooth-gpu-${environment}`,
    backend: {
      service: `photobooth-processing-${environment}`,
      taskFamily: `photobooth-processing-${environment}`,
      // A target group's name has 32 letters at most.
      blue: `booth-backend-blue-${environment}`,
      green: `booth-backend-green-${environment}`,
    },
    frontend: {
      service: `photobooth-frontend-${environment}`,
      taskFamily: `photobooth-frontend-${environment}`,
      blue: `booth-frontend-blue-${environment}`,
      green: `booth-frontend-green-${environment}`,
    },
    loadBalancer: `photobooth-${environment}`,
    firewall: `photobooth-${environment}`,
    database: `photobooth-${environment}`,
    rotation: `photobooth-rotation-${environment}`,
    pipeline: `ai-photobooth-pipeline-${environment}`,
    // CodeDeploy's application; the alarm on failed deployments listens for it.
    deployments: `ai-photobooth-${environment}`,
    deploymentGroups: {
      backend: `ai-photobooth-dg-${environment}`,
      frontend: `ai-photobooth-frontend-dg-${environment}`,
    },
    shift: shiftName(environment, deliveryOf(environment).shift),
    // Account and region follow, for buckets share their names with the whole world.
    artifacts: `ai-photobooth-artifacts-${environment}`,
    build: (what: string) => `photobooth-build-${what}-${environment}`,
    // AWS's own policy for CodeDeploy knows hooks by the beginning of these names, and so does everybody who debugs them.
    hook: (which: string) => `CodeDeployHook_${which}_${environment}`,
    validator: `photobooth-validate-${environment}`,
    eventReader: `photobooth-events-${environment}`,
    lostEvents: `photobooth-lost-events-${environment}`,
    dashboard: `photobooth-${environment}`,
    alarmTopic: `photobooth-alarms-${environment}`,
    alarm: (what: string) => `photobooth-${environment}-${what}`,
    logs: {
      backend: `/ai-photobooth/${environment}/backend`,
      frontend: `/ai-photobooth/${environment}/frontend`,
      collector: `/ai-photobooth/${environment}/collector`,
      // RDS writes to this one, and would make it without an end.
      database: `/aws/rds/cluster/photobooth-${environment}/postgresql`,
      flow: `/ai-photobooth/${environment}/network`,
      // WAF writes to no group that is called otherwise.
      firewall: `aws-waf-logs-photobooth-${environment}`,
    },
    deliveryLogs: {
      builds: `/ai-photobooth/${environment}/builds`,
      functions: `/ai-photobooth/${environment}/delivery`,
    },
    parameters: `/ai-photobooth/${environment}`,
  };
}

export type Names = ReturnType<typeof namesOf>;

/**
 * Of CodeDeploy's deployment configuration. It cannot be changed, and CloudFormation puts nothing in the place of what
 * keeps its name: other figures are another one.
 */
export function shiftName(environment: EnvironmentName, { kind, percent, minutes }: Shift): string {
  return `ai-photobooth-shift-${environment}-${kind}-${percent}-${minutes}`;
}
