import type { Severity } from '../finding';
import type { Variable } from './variable';

/** What the vendor’s developers and the local emulator use. Known so that a copied line is noticed. */
export const development: readonly Variable[] = [
  harmful('STACK_ARTIFICIAL_DEVELOPMENT_DELAY_MS', 'Delays every answer by milliseconds.', {
    severity: 'error',
    except: ['0'],
    harm: 'Outside development every request fails with it.',
  }),
  harmful('STACK_ALLOW_DEVELOPMENT_KEY_OVERRIDE_DESPITE_PRODUCTION', 'Lets a development key stand in for any other.', {
    severity: 'error',
    harm: 'It opens every project to whoever has the development key.',
  }),
  harmful('STACK_ENABLE_HARDCODED_PASSKEY_CHALLENGE_FOR_TESTING', 'Makes passkey challenges predictable.', {
    severity: 'error',
    except: ['no', 'false'],
    harm: 'A passkey answer that was seen once can be used again by anyone.',
  }),
  harmful('STACK_FORWARD_MOCK_OAUTH_SERVER', 'Starts a forwarder to a mock OAuth server before the API.', {
    severity: 'error',
    on: ['true'],
    harm: 'The forwarder becomes the first process of the container, and it leads to a host that only Docker knows.',
  }),
  harmful('STACK_OAUTH_MOCK_URL', 'Mock OAuth server that stands in for real providers.', {
    severity: 'error',
    harm: 'Shared providers would be answered by a mock that lets anyone be anyone.',
  }),
  harmful('NEXT_PUBLIC_STACK_IS_LOCAL_EMULATOR', 'Turns the server into the local emulator.', {
    severity: 'error',
    on: ['true'],
    harm: 'Emulator endpoints and sign-in with well-known credentials are open.',
  }),
  harmful('NEXT_PUBLIC_STACK_IS_PREVIEW', 'Turns the dashboard into a preview.', {
    severity: 'warning',
    on: ['true'],
    harm: 'The dashboard behaves like a throw-away preview.',
  }),
  ...[
    'STACK_LOCAL_EMULATOR_HOST_MOUNT_ROOT',
    'STACK_LOCAL_EMULATOR_CONFIG_CONTENT',
    'STACK_LOCAL_EMULATOR_FILE_BRIDGE_URL',
    'STACK_LOCAL_EMULATOR_FILE_BRIDGE_TOKEN',
    'NEXT_PUBLIC_STACK_LOCAL_EMULATOR_CONFIG_FILE_PATH',
  ].map((name) =>
    harmful(
      name,
      'Wires the local emulator to the developer’s files.',
      { severity: 'warning', harm: 'It belongs to the local emulator and has no use here.' },
      name.endsWith('TOKEN'),
    ),
  ),
  harmless('NEXT_PUBLIC_STACK_INBUCKET_WEB_URL', 'Link to a local test mailbox.'),
  harmless('NEXT_PUBLIC_STACK_DOCS_BASE_URL', 'Where the dashboard’s links to the documentation lead.'),
  harmless(
    'NEXT_PUBLIC_STACK_ENABLE_DEVELOPMENT_FEATURES_PROJECT_IDS',
    'Projects whose dashboard shows unfinished features, as a JSON array of ids.',
  ),
  harmless('NEXT_PUBLIC_STACK_ENABLE_REACT_SCAN_IN_DEVELOPMENT', 'Shows what re-renders in the dashboard.'),
  harmless('NEXT_PUBLIC_VERSION_ALERTER_SEVERE_ONLY', 'Whether the dashboard tells of severe updates alone.'),
];

function harmful(
  name: string,
  doc: string,
  risk: { severity: Severity; on?: string[]; except?: string[]; harm: string },
  secret = false,
): Variable {
  return { name, group: 'development', secret, kind: 'text', doc, risk };
}

function harmless(name: string, doc: string): Variable {
  return { name, group: 'development', secret: false, kind: 'text', doc };
}
