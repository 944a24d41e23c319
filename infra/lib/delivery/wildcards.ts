// Why a role's rights may name more than one resource: a reason for each kind, and a finding of cdk-nag for any other.

import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

const reasons: readonly [RegExp, string][] = [
  [/^\*$/, 'What is allowed on everything knows no resources, and only reads, or is limited by its condition.'],
  [/:task-set\/.+\/\*$|:task\/.+\/\*$/, 'Task sets and tasks have random names; it is limited to those of the photobooth\'s cluster.'],
  [/:task-definition\/.+:\*$/, 'Revisions are counted; it is limited to the families of the two services.'],
  [/:targetgroup\/.+\/\*$/, 'AWS adds letters to the name, which is written out.'],
  [/:listener-rule\/app\/.+\/\*$/, 'Rules have random names; it is limited to those of the photobooth\'s load balancer.'],
  [/:report-group\/.+-\*$/, 'CodeBuild makes a group for each report that the buildspec names; it is limited to those of the build.'],
  [
    /^<Artifacts\w+\.Arn>\/([\w-]+\*?\/)*[\w-]*\*$/,
    'Pipeline and builds make up the names of what they keep there; the bucket is theirs alone.',
  ],
];

/** Adds what the statements allow, with the reasons for what they leave open. */
export function allow(role: iam.Role, statements: readonly iam.PolicyStatement[]): void {
  for (const statement of statements) {
    role.addToPolicy(statement);
    for (const resource of statement.resources) {
      const text = asFound(cdk.Stack.of(role).resolve(resource));
      const reason = reasons.find(([kind]) => kind.test(text))?.[1];
      if (reason !== undefined) {
        cdk.Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${text}]`, reason });
      }
    }
  }
}

/** A resource as the finding spells it: references in angle brackets. */
function asFound(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as {
    Ref?: string;
    'Fn::GetAtt'?: string[];
    'Fn::Join'?: [string, unknown[]];
  };
  if (join !== undefined) {
    return join[1].map(asFound).join(join[0]);
  }
  return `<${Ref ?? attribute?.join('.')}>`;
}
