// What the tests read: the synthesized templates, as plain data with just enough types.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '../lib/environments';
import { namesOf } from '../lib/names';

export const output = join(__dirname, '../cdk.out');

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: { [key: string]: Json };
  readonly DependsOn?: Json;
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

export interface Template {
  readonly Parameters?: Record<string, { Type: string; Default?: string }>;
  readonly Resources: Record<string, Omit<Resource, 'id'>>;
  readonly Outputs?: Record<string, { Export?: Json }>;
}

type StackName = keyof ReturnType<typeof namesOf>['stacks'];

export const stackNames: readonly StackName[] = ['ecr', 'photobooth', 'monitoring', 'cicd'];

export function templateText(folder: string, environment: Environment, stack: StackName): string {
  const name = namesOf(environment.name).stacks[stack];
  return readFileSync(join(output, folder, `${name}.template.json`), 'utf8');
}

export function template(environment: Environment, stack: StackName): Template {
  return JSON.parse(templateText(environment.name, environment, stack)) as Template;
}

export function resources(from: Template, type?: string): Resource[] {
  return Object.entries(from.Resources)
    .map(([id, resource]) => ({ ...resource, id, Properties: resource.Properties ?? {} }))
    .filter((resource) => type === undefined || resource.Type === type);
}

/** The one resource of a type that a property tells from others. */
export function resource(from: Template, type: string, property?: string, value?: string): Resource {
  const found = resources(from, type).filter(
    (candidate) => property === undefined || candidate.Properties[property] === value,
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} of ${type} with ${property} ${value}`);
  }
  return only;
}

/** A value deep within, by keys and indices; undefined where there is none. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) {
      return inner[Number(key)];
    }
    return typeof inner === 'object' && inner !== null ? inner[key] : undefined;
  }, value);
}

/** A list, where something is one or many. */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

/** Every object within a value, itself included. */
export function* objectsIn(value: Json): Generator<{ [key: string]: Json }> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (!Array.isArray(value)) {
    yield value;
  }
  for (const inner of Object.values(value)) {
    yield* objectsIn(inner);
  }
}
