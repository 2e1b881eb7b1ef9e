import { BACKUP_SECRET, MIGRATION_SECRET, namespaceOf, SECRET_NAME } from '../config/secrets/names';
import type { Settings } from '../config/settings';

/** The command that makes a lost secrets.env again from the Secrets in the cluster, readable for the owner alone. */
export function recovery(name: string, settings: Settings): string {
  const template = `'{{range .items}}{{range $name, $value := .data}}{{$name}}={{$value | base64decode}}{{"\\n"}}{{end}}{{end}}'`;
  return [
    `(umask 077; kubectl -n ${namespaceOf(name, settings)} get secret ${SECRET_NAME} ${MIGRATION_SECRET} ${BACKUP_SECRET} --ignore-not-found \\`,
    `  -o go-template=${template} > environments/${name}/secrets.env)`,
  ].join('\n');
}
