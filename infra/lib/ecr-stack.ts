// PhotoboothEcr: what must be there before the first service starts: image repositories, settings and secrets.

import * as cdk from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Environment } from './environments';
import { namesOf } from './names';
import { parameterName, secretName, secrets, settings } from './parameters';
import { removalPolicyOf } from './retention';

export interface EnvironmentProps extends cdk.StackProps {
  readonly environment: Environment;
}

/** Images of the last releases that a rollback may want. */
const keptImages = 20;

export class EcrStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const { environment } = props;
    const { repositories } = namesOf(environment.name);
    this.addRepository('Backend', repositories.backend, environment);
    this.addRepository('Frontend', repositories.frontend, environment);
    this.addRepository('Collector', repositories.collector, environment);
    this.addSettings(environment);
    this.addOperatorSecrets(environment);
  }

  private addRepository(id: string, name: string, environment: Environment): void {
    new ecr.Repository(this, id, {
      repositoryName: name,
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      encryption: ecr.RepositoryEncryption.AES_256,
      emptyOnDelete: !environment.isKept,
      removalPolicy: removalPolicyOf(environment),
      lifecycleRules: [
        {
          description: 'layers that no tag names',
          rulePriority: 1,
          tagStatus: ecr.TagStatus.UNTAGGED,
          maxImageAge: cdk.Duration.days(1),
        },
        {
          description: 'releases that nobody rolls back to',
          rulePriority: 2,
          tagStatus: ecr.TagStatus.ANY,
          maxImageCount: keptImages,
        },
      ],
    });
  }

  /** First values only: CloudFormation touches a parameter again when the value here changes. */
  private addSettings(environment: Environment): void {
    const values: Record<keyof typeof settings, string> = {
      environment: environment.name,
      region: cdk.Aws.REGION,
      logRetentionDays: String(environment.logRetentionDays),
      minCapacity: String(environment.backend.minTasks),
      maxCapacity: String(environment.backend.maxTasks),
      processingTimeoutMs: String(environment.processingTimeoutMs),
      enableXray: String(environment.enableXray),
      enableWaf: String(environment.enableWaf),
    };
    for (const key of Object.keys(settings) as (keyof typeof settings)[]) {
      new ssm.StringParameter(this, `Setting-${key}`, {
        parameterName: parameterName(environment.name, settings[key]),
        stringValue: values[key],
        ...(key === 'enableXray' || key === 'enableWaf' ? { allowedPattern: '^(true|false)$' } : {}),
      });
    }
  }

  /** Filled by operators; until then they hold something random that nobody accepts. */
  private addOperatorSecrets(environment: Environment): void {
    const purposes = {
      [secrets.githubToken]: 'GitHub token of the pipeline, used only with -c source=oauth',
      [secrets.externalApiKeys]: 'Keys of external services, as a JSON object; the booth itself needs none',
    };
    for (const [key, description] of Object.entries(purposes)) {
      const secret = new secretsmanager.Secret(this, `Secret-${key}`, {
        secretName: secretName(environment.name, key as keyof typeof purposes),
        description,
        removalPolicy: removalPolicyOf(environment),
      });
      cdk.Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason: 'What is in it is issued elsewhere: only the operator can rotate it (infra/README.md).',
      });
    }
  }
}
