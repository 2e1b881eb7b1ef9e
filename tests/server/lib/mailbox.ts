/** An e-mail as Mailpit's API shows it. */
export interface Mail {
  readonly ID: string;
  readonly Subject: string;
  readonly From: { readonly Address: string };
  readonly HTML: string;
  readonly Text: string;
}

/** What has arrived at Mailpit. */
export interface Mailbox {
  /** E-mails to an address, the newest first, without their content. */
  messages(to: string): Promise<Pick<Mail, 'ID' | 'Subject'>[]>;
  read(id: string): Promise<Mail>;
}

export function mailbox(at: () => Promise<(port: number) => string>): Mailbox {
  // biome-ignore lint/suspicious/noExplicitAny: Mailpit's answers have no type here
  const get = async (path: string): Promise<any> => {
    const response = await fetch(`${(await at())(8025)}/api/v1/${path}`);
    if (!response.ok) throw new Error(`Mailpit: ${path}: ${response.status}`);
    return response.json();
  };
  return {
    messages: async (to) => (await get(`search?query=${encodeURIComponent(`to:"${to}"`)}&limit=1000`)).messages,
    read: (id) => get(`message/${id}`),
  };
}
