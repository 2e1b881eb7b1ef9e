import { startArgo } from './lib/start-argo';

export default () => startArgo('argocd');
