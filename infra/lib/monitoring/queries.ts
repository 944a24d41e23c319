// Saved Logs Insights queries: the questions that are asked of the log when something is wrong.

import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Environment } from '../environments';
import { namesOf } from '../names';

/** The backend logs JSON lines: level, target, message, its fields, and the span with request or portrait. */
const backendQueries: Record<string, string[]> = {
  'errors, newest first': [
    'fields @timestamp, level, target, message, span.name',
    "filter level in ['ERROR', 'WARN']",
    'sort @timestamp desc',
    'limit 200',
  ],
  'errors by kind': [
    "filter level in ['ERROR', 'WARN']",
    'stats count(*) as lines by level, target, message',
    'sort lines desc',
    'limit 50',
  ],
  'failed portraits': [
    'fields @timestamp, message, photo, code, span.photo, @logStream',
    'filter message like /^(no portrait of photo|photo .* ended with|attempt .* failed)/',
    'sort @timestamp desc',
    'limit 100',
  ],
  'one portrait, start to finish': [
    'fields @timestamp, level, message, @logStream',
    "filter @message like 'PUT-THE-PHOTO-ID-HERE'",
    'sort @timestamp asc',
    'limit 500',
  ],
  'starts and stops of tasks': [
    'fields @timestamp, message, @logStream',
    'filter message like /(?i)(listening on|told to stop|models are warm|up to date)/',
    'sort @timestamp desc',
    'limit 100',
  ],
};

export function addQueries(scope: Construct, environment: Environment): void {
  const names = namesOf(environment.name);
  const backend = logs.LogGroup.fromLogGroupName(scope, 'BackendLog', names.logs.backend);
  for (const [title, lines] of Object.entries(backendQueries)) {
    new logs.CfnQueryDefinition(scope, `Query-${title.replaceAll(/\W+/g, '-')}`, {
      name: `photobooth-${environment.name}/${title}`,
      logGroupNames: [backend.logGroupName],
      queryString: lines.join('\n| '),
    });
  }
  new logs.CfnQueryDefinition(scope, 'Query-blocked', {
    name: `photobooth-${environment.name}/blocked by the firewall`,
    logGroupNames: [names.logs.firewall],
    queryString: [
      'fields @timestamp, terminatingRuleId, httpRequest.clientIp, httpRequest.uri',
      'stats count(*) as requests by terminatingRuleId, httpRequest.clientIp, httpRequest.uri',
      'sort requests desc',
      'limit 100',
    ].join('\n| '),
  });
}
