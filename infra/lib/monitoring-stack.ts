// PhotoboothMonitoring: the dashboard, the alarms and who hears of them, the saved queries and the budget.

import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EnvironmentProps } from './ecr-stack';
import { Alarms } from './monitoring/alarms';
import { BoothDashboard } from './monitoring/dashboard';
import { Metrics } from './monitoring/metrics';
import { addBudget, addTopic, watchDeployments } from './monitoring/notices';
import { addQueries } from './monitoring/queries';

export class MonitoringStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props);
    const { environment } = props;
    const metrics = new Metrics(this, environment);
    const topic = addTopic(this, environment);
    const failedDeployments = watchDeployments(this, environment, topic);
    const alarms = new Alarms(this, 'Alarms', environment, metrics, topic, failedDeployments);
    new BoothDashboard(this, 'Overview', environment, metrics, alarms.all);
    addQueries(this, environment);
    addBudget(this, environment, topic);
  }
}
