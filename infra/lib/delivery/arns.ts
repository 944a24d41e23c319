// Where things are that other stacks made, told from their names: what the pipeline's roles are limited to.

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EnvironmentName } from '../environments';
import { Names, namesOf } from '../names';
import { secretName, secrets } from '../parameters';

/** The two services, each with a deployment group of its own. */
export type Part = 'backend' | 'frontend';

export const parts: readonly Part[] = ['backend', 'frontend'];

export class Arns {
  private readonly stack: cdk.Stack;
  private readonly names: Names;

  constructor(
    scope: Construct,
    private readonly environment: EnvironmentName,
  ) {
    this.stack = cdk.Stack.of(scope);
    this.names = namesOf(environment);
  }

  get cluster(): string {
    return this.format('ecs', 'cluster', this.names.cluster);
  }

  get services(): string[] {
    return parts.map((part) => this.format('ecs', 'service', `${this.names.cluster}/${this.names[part].service}`));
  }

  /** Both have random names. */
  get taskSetsAndTasks(): string[] {
    const { cluster } = this.names;
    const sets = parts.map((part) => this.format('ecs', 'task-set', `${cluster}/${this.names[part].service}/*`));
    return [...sets, this.format('ecs', 'task', `${cluster}/*`)];
  }

  get taskFamilies(): string[] {
    return parts.map((part) => this.format('ecs', 'task-definition', `${this.names[part].taskFamily}:*`));
  }

  get targetGroups(): string[] {
    const names = parts.flatMap((part) => [this.names[part].blue, this.names[part].green]);
    return names.map((name) => this.format('elasticloadbalancing', 'targetgroup', `${name}/*`));
  }

  get listenerRules(): string {
    return this.format('elasticloadbalancing', 'listener-rule', `app/${this.names.loadBalancer}/*`);
  }

  get application(): string {
    return this.colon('codedeploy', 'application', this.names.deployments);
  }

  get deploymentGroups(): string[] {
    const { deployments, deploymentGroups } = this.names;
    return parts.map((part) => this.colon('codedeploy', 'deploymentgroup', `${deployments}/${deploymentGroups[part]}`));
  }

  get deploymentConfig(): string {
    return this.colon('codedeploy', 'deploymentconfig', this.names.shift);
  }

  get pipeline(): string {
    return this.stack.formatArn({ service: 'codepipeline', resource: this.names.pipeline });
  }

  /** Of the topic that mails the operator. */
  get topic(): string {
    return this.stack.formatArn({ service: 'sns', resource: this.names.alarmTopic });
  }

  /** Secrets Manager adds six letters to the name. */
  get testTraffic(): string {
    return this.colon('secretsmanager', 'secret', `${secretName(this.environment, secrets.testTraffic)}-??????`);
  }

  repository(part: Part): string {
    return this.format('ecr', 'repository', this.names.repositories[part]);
  }

  build(what: string): string {
    return this.format('codebuild', 'project', this.names.build(what));
  }

  reports(what: string): string {
    return this.format('codebuild', 'report-group', `${this.names.build(what)}-*`);
  }

  function(name: string): string {
    return this.colon('lambda', 'function', name);
  }

  private format(service: string, resource: string, resourceName: string): string {
    return this.stack.formatArn({ service, resource, resourceName });
  }

  private colon(service: string, resource: string, resourceName: string): string {
    return this.stack.formatArn({ service, resource, resourceName, arnFormat: cdk.ArnFormat.COLON_RESOURCE_NAME });
  }
}
