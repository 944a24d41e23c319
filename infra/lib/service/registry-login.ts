// Why whoever pulls an image may ask for a login to every registry.

/** Acknowledged by the roles that pull images. */
export const registryLogin = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason: 'ecr:GetAuthorizationToken knows no resources; what can be pulled with it is limited beside it.',
};
