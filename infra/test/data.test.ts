// Data: encrypted, soon forgotten where it is guests', kept and restorable where it must be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allEnvironments } from '../lib/environments';
import { namesOf } from '../lib/names';
import { at, listOf, resource, resources, template } from './templates';

for (const environment of allEnvironments) {
  const booth = template(environment, 'photobooth');
  const first = template(environment, 'ecr');
  const photos = () => {
    const buckets = resources(booth, 'AWS::S3::Bucket');
    const found = buckets.find(({ Properties }) => Properties['CorsConfiguration'] !== undefined);
    assert.ok(found);
    return found;
  };

  test(`${environment.name}: photos are forgotten after a day, portraits after a week`, () => {
    const rules = listOf(at(photos().Properties['LifecycleConfiguration'], 'Rules'));
    const days = (prefix: string) => at(rules.find((rule) => at(rule, 'Prefix') === prefix), 'ExpirationInDays');
    assert.equal(days('uploads/'), 1);
    assert.equal(days('results/'), 7);
    const parts = rules.map((rule) => at(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'));
    assert.ok(parts.includes(1));
    assert.ok(rules.every((rule) => at(rule, 'Status') === 'Enabled'));
    // With versions an expired photo would stay as a noncurrent one.
    assert.equal(photos().Properties['VersioningConfiguration'], undefined);
  });

  test(`${environment.name}: buckets are private and encrypted`, () => {
    for (const { id, Properties } of resources(booth, 'AWS::S3::Bucket')) {
      const blocked = Properties['PublicAccessBlockConfiguration'];
      for (const way of ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']) {
        assert.equal(at(blocked, way), true, id);
      }
      assert.ok(Properties['BucketEncryption'], id);
    }
  });

  test(`${environment.name}: load balancers of this account write their logs, under its number alone`, () => {
    const statements = resources(booth, 'AWS::S3::BucketPolicy').flatMap(({ Properties }) =>
      listOf(at(Properties['PolicyDocument'], 'Statement')),
    );
    const [delivery, ...more] = statements.filter((entry) => at(entry, 'Sid') === 'LoadBalancerLogs');
    assert.deepEqual(more, []);
    assert.equal(at(delivery, 'Principal', 'Service'), 'logdelivery.elasticloadbalancing.amazonaws.com');
    assert.equal(at(delivery, 'Condition'), undefined);
    assert.match(JSON.stringify(at(delivery, 'Resource')), /\/load-balancer\/AWSLogs\/",\{"Ref":"AWS::AccountId"\},"\/\*"/);
  });

  test(`${environment.name}: browsers upload from our page alone`, () => {
    const [rule, ...more] = listOf(at(photos().Properties['CorsConfiguration'], 'CorsRules'));
    assert.deepEqual(more, []);
    assert.deepEqual(at(rule, 'AllowedMethods'), ['PUT', 'GET']);
    assert.match(JSON.stringify(at(rule, 'AllowedOrigins')), /"https:\/\/",\{"Ref":"SsmParameterValue\w*domainname/);
  });

  test(`${environment.name}: the bucket's name is one that the backend takes`, () => {
    const name = JSON.stringify(photos().Properties['BucketName']);
    const longest = `ai-photobooth-${environment.name}-123456789012-ap-southeast-1`;
    assert.ok(name.includes(`ai-photobooth-${environment.name}-`));
    assert.match(longest, /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  });

  test(`${environment.name}: the database is encrypted at rest and on its way, and its password rotates monthly`, () => {
    const cluster = resource(booth, 'AWS::RDS::DBCluster').Properties;
    assert.equal(cluster['StorageEncrypted'], true);
    assert.equal(cluster['BackupRetentionPeriod'], environment.database.backupDays);
    assert.equal(cluster['DeletionProtection'], environment.isKept);
    assert.match(JSON.stringify(cluster['MasterUserPassword']), /resolve:secretsmanager/);
    const manners = resource(booth, 'AWS::RDS::DBClusterParameterGroup').Properties['Parameters'];
    assert.equal(at(manners, 'rds.force_ssl'), '1');
    const fallback = resource(booth, 'AWS::SecretsManager::RotationSchedule').Properties;
    assert.equal(at(fallback['RotationRules'], 'ScheduleExpression'), 'rate(45 days)');
    const calls = resources(booth, 'AWS::IAM::Policy').flatMap(({ Properties }) =>
      listOf(at(Properties['PolicyDocument'], 'Statement')).filter((entry) => at(entry, 'Action') === 'lambda:InvokeFunction'),
    );
    // Who rotates is asked for both: the secret, and the function that it is rotated with.
    assert.deepEqual(calls.map((entry) => at(entry, 'Resource')), [fallback['RotationLambdaARN']]);
    assert.equal(resource(booth, 'AWS::Events::Rule').Properties['ScheduleExpression'], 'cron(15 4 1 * ? *)');
    const instances = resources(booth, 'AWS::RDS::DBInstance');
    assert.equal(instances.length, 1 + environment.database.readers);
    assert.ok(instances.every(({ Properties }) => Properties['PubliclyAccessible'] === false));
  });

  test(`${environment.name}: what is kept survives its stack, but not a first deployment that failed`, () => {
    const kept = 'RetainExceptOnCreate';
    const policies = [
      ['AWS::RDS::DBCluster', 'Snapshot', 1],
      ['AWS::S3::Bucket', kept, 3],
      ['AWS::Logs::LogGroup', kept, 8],
      ['AWS::ECR::Repository', kept, 3],
      ['AWS::KMS::Key', kept, 1],
    ] as const;
    const stacks = [first, booth, template(environment, 'cicd')];
    for (const [type, policy, count] of policies) {
      const found = stacks.flatMap((stack) => resources(stack, type));
      assert.equal(found.length, count, type);
      for (const { id, DeletionPolicy } of found) {
        assert.equal(DeletionPolicy, environment.isKept ? policy : 'Delete', id);
      }
    }
    for (const { id, DeletionPolicy } of resources(first, 'AWS::SecretsManager::Secret')) {
      assert.equal(DeletionPolicy, environment.isKept ? kept : 'Delete', id);
    }
  });

  test(`${environment.name}: every log has an end`, () => {
    const groups = resources(booth, 'AWS::Logs::LogGroup');
    const names = groups.map(({ Properties }) => Properties['LogGroupName']);
    assert.deepEqual(names.sort(), Object.values(namesOf(environment.name).logs).sort());
    for (const { id, Properties } of groups) {
      const parameter = String(at(Properties['RetentionInDays'], 'Ref'));
      assert.match(booth.Parameters?.[parameter]?.Default ?? '', /\/log-retention-days$/, id);
    }
  });

  test(`${environment.name}: images are scanned, never overwritten, and old ones go`, () => {
    const repositories = resources(first, 'AWS::ECR::Repository');
    assert.equal(repositories.length, 3);
    for (const { id, Properties } of repositories) {
      assert.equal(Properties['ImageTagMutability'], 'IMMUTABLE', id);
      assert.equal(at(Properties['ImageScanningConfiguration'], 'ScanOnPush'), true, id);
      const rules = JSON.parse(String(at(Properties['LifecyclePolicy'], 'LifecyclePolicyText'))) as { rules: unknown[] };
      assert.equal(rules.rules.length, 2, id);
    }
  });
}
