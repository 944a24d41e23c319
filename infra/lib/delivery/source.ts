// Where the pipeline's source comes from: GitHub, by a connection; by a token only where `-c source=oauth` asks for it.

import * as cdk from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EnvironmentName } from '../environments';
import { namesOf } from '../names';
import { operatorValues, readParameter, secretName, secrets } from '../parameters';

const branch = 'main';

export const sourceAction = 'Source';

type Action = codepipeline.CfnPipeline.ActionDeclarationProperty;

export interface Source {
  readonly action: Action;
  /** What the pipeline's role needs for it. */
  readonly rights: iam.PolicyStatement[];
  /** Makes GitHub tell of commits, where the connection does not. */
  readonly listen: (pipeline: codepipeline.CfnPipeline) => void;
}

export function sourceOf(scope: Construct, environment: EnvironmentName, output: string): Source {
  const kind: unknown = scope.node.tryGetContext('source') ?? 'connection';
  const repository = readParameter(scope, environment, operatorValues.repository);
  const common = { name: sourceAction, outputArtifacts: [{ name: output }], runOrder: 1 };
  switch (kind) {
    case 'connection':
      return byConnection(readParameter(scope, environment, operatorValues.connectionArn), repository, common);
    case 'oauth':
      return byToken(scope, environment, repository, common);
    default:
      throw new Error(`--context source=... must be connection or oauth, not ${JSON.stringify(kind)}`);
  }
}

type Common = Pick<Action, 'name' | 'outputArtifacts' | 'runOrder'>;

function byConnection(connection: string, repository: string, common: Common): Source {
  return {
    action: {
      ...common,
      actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
      configuration: {
        ConnectionArn: connection,
        FullRepositoryId: repository,
        BranchName: branch,
        OutputArtifactFormat: 'CODE_ZIP',
      },
    },
    rights: [
      new iam.PolicyStatement({
        sid: 'Connection',
        // The service has two names, and its connections too.
        actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
        resources: [connection],
      }),
    ],
    listen: () => undefined,
  };
}

function byToken(scope: Construct, environment: EnvironmentName, repository: string, common: Common): Source {
  const token = cdk.SecretValue.secretsManager(secretName(environment, secrets.githubToken)).unsafeUnwrap();
  const [owner, name] = [0, 1].map((index) => cdk.Fn.select(index, cdk.Fn.split('/', repository)));
  return {
    action: {
      ...common,
      actionTypeId: { category: 'Source', owner: 'ThirdParty', provider: 'GitHub', version: '1' },
      configuration: { Owner: owner, Repo: name, Branch: branch, OAuthToken: token, PollForSourceChanges: false },
    },
    rights: [],
    listen: (pipeline) => {
      new codepipeline.CfnWebhook(scope, 'Webhook', {
        authentication: 'GITHUB_HMAC',
        authenticationConfiguration: { secretToken: token },
        filters: [{ jsonPath: '$.ref', matchEquals: 'refs/heads/{Branch}' }],
        targetAction: sourceAction,
        targetPipeline: namesOf(environment).pipeline,
        targetPipelineVersion: cdk.Token.asNumber(pipeline.attrVersion),
        registerWithThirdParty: true,
      });
    },
  };
}
