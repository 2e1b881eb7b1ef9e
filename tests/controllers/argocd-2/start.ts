import { startArgo } from '../argocd/lib/start-argo';

export default () => startArgo('argocd-2');
