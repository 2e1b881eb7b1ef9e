import type { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import type { Component } from '../metadata';

/** A store that runs in the namespace: its objects, and who may talk to it. */
export interface StoreChart {
  /** What its pods are; also the name of its NetworkPolicy. */
  readonly component: Component;
  /** Whether the environment has it, in the form this chart emits. */
  readonly runs: (env: Environment) => boolean;
  readonly emit: (scope: Construct, env: Environment) => void;
  readonly network: (env: Environment) => StoreNetwork;
}

/** A store as NetworkPolicies see it. Whatever is not said here is denied, DNS included. */
export interface StoreNetwork {
  /** The port its pods listen on for their clients. */
  readonly port: number;
  readonly clients: readonly Component[];
  /** Clients that exist for this store alone, such as a Job that sets it up. @default - none */
  readonly jobs?: readonly Component[];
  /** Labels of its pods. @default - those of the component */
  readonly pods?: Record<string, string>;
  /** What else may reach it, e.g. its operator. @default - nothing */
  readonly ingress?: readonly k8s.NetworkPolicyIngressRule[];
  /** Nothing is opened for it, whatever the user opens for all pods. @default - network.egress counts */
  readonly closed?: true;
  /** What it may reach itself. @default - nothing */
  readonly egress?: readonly k8s.NetworkPolicyEgressRule[];
}
