/** The vocabulary by which placeholders are told from secrets (placeholder.ts). */

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Whose it is to be. */
export const YOURS = list('your tu votre dein mein ihr');

/** They ask by themselves. */
export const PLEAS = list(
  'changeme changethis changeit replaceme replacethis placeholder fixme todo tbd fillme insertme',
);

/** They ask when something points to what is asked for. */
export const ORDERS = list(
  'change changed replace replaced fill put insert enter add paste set provide use type write specify generate generated choose create update edit cambia cambiar reemplazar ersetzen',
);

/** What an order points to. */
export const POINTERS = list(
  'this that me it in with by before after now to my your our the a an some here please using from esto',
);

/** What a length is counted in. */
export const UNITS = list('char chars character characters byte bytes bit bits digit digits letter letters');

/** What stands beside a length. */
export const LENGTHS = list('least min minimum long random exactly length');

/** What is asked for. */
export const NOUNS = list(
  `secret secrets password passwords passwd passphrase pass pwd pw token key keys string value credential credentials api auth
   database db user username name email mail domain host hostname server url uri bucket project client id account company org
   region endpoint dsn smtp webhook private public random secure strong long base base64 base64url hex uuid jwt salt hash
   encryption signing session cookie ip site website cron admin license real actual own`,
);

/** Words of which one makes clear what several of the others are. */
export const SAYING = list(
  'secret secrets password passwords passwd passphrase pass pwd pw key keys token credential test tests dev demo default sample example dummy fake mock insecure unsafe random admin string chars characters bytes change',
);

/** What people take for a secret in guides, compose files and on their own machines. */
const COMMON = list(
  `super top very my mysecret some any our the this is a an for of in and or at me it to be with test tests testing tester dev development develop
   local localhost demo sample samples example examples dummy fake mock foo bar baz default defaults initial temp tmp temporary
   insecure unsafe unsecure secure secured safe root admin administrator guest sa postgres postgresql pg mysql redis mongo mongodb
   clickhouse minio minioadmin rabbitmq svix smtp stack stackauth stackframe hexclave stackhex cron server internal
   welcome letmein qwerty qwertz azerty iloveyou monkey dragon master hunter trustno sunshine football baseball princess abc abcd
   passw0rd p4ssw0rd pa55word passwort motdepasse contrasena clave geheim secreto kennwort toor pass word hello world deadbeef
   cafebabe please now here please must should value values text data app application prod production staging
   docker compose kubernetes k8s helm vendor supersecret changeit chars char characters bytes byte random string not real configured set used`,
);

/** All of them. */
export const KNOWN: ReadonlySet<string> = new Set([
  ...PLEAS,
  ...ORDERS,
  ...POINTERS,
  ...UNITS,
  ...LENGTHS,
  ...NOUNS,
  ...COMMON,
  'your',
]);

/** Letters of the longest. */
export const LONGEST = Math.max(...Array.from(KNOWN, (word) => word.length));
